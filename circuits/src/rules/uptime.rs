//! uptime: slots that both the device's record and the attestor's arrivals have (§ 6.2).

use super::common::{MemberWires, Words};
use super::{Work, record, tiers};
use crate::gadgets::{Gadgets, Scope};
use crate::input::{Input, Signer};
use ergon_types::record::slots::{SLOTS, SLOTS_PER_WORD};

/// Units of all members, and the arrival words that go into the seal.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    input: &Input,
    words: &Words<G::Wire>,
    members: &[MemberWires<G::Wire>],
    heads: &[G::Wire],
) -> (Work<G::Wire>, Vec<Vec<G::Wire>>) {
    let tiers = tiers::unpack(g, &words.policy[0]);
    let (mut units, mut measured, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (member, head)) in members.iter().zip(heads).enumerate() {
        g.enter(Scope::Member(index));
        let signed = input.signed(Signer::Member(index));
        let arrivals = input.bundle.seal.arrivals[index];
        // A record that is left out is free: the arrivals stand in for its slots.
        let slots = if signed.included { signed.record.slots() } else { arrivals };
        let (mut recorded, mut arrived) = (Vec::new(), Vec::new());
        for slot in 0..SLOTS {
            let bit = g.bit("slot is a bit", slots.get(slot));
            let arrival = g.allocate(u64::from(arrivals.get(slot)).into());
            let missing = g.sub(&arrival, &bit);
            g.enforce("an arrival is a recorded slot or none", &arrival, &missing, &g.zero());
            recorded.push(bit);
            arrived.push(arrival);
        }
        let body = pack_slots(g, &recorded);
        let record = record::verify(g, words, member, head, &signed, &body);
        let alive = g.sum(&arrived);
        let multiplier = tiers::multiplier(g, &tiers, &alive);
        units.push(g.mul("units are included", &record.included, &multiplier));
        measured.push(g.mul("slots are included", &record.included, &alive));
        sealed.push(pack_slots(g, &arrived));
    }
    (Work::stateless(g, units, measured), sealed)
}

/// The two words of 288 slots.
pub(super) fn pack_slots<G: Gadgets>(g: &G, slots: &[G::Wire]) -> Vec<G::Wire> {
    slots.chunks(SLOTS_PER_WORD as usize).map(|chunk| g.pack(chunk, 1)).collect()
}
