//! omission: a seal that leaves out what its attestor acknowledged of a record (§ 6.8).
//!
//! Either another record is sealed, to which the attestor may have an answer (§ 6.9), or a slot of uptime is missing.

use super::common::{self, Sealing, signed_seal};
use crate::gadgets::{Gadgets, Point, Scope};
use crate::omission::Omission;
use ergon_types::Schema;
use ergon_types::field::Fr;
use ergon_types::record::slots::{SLOTS, SLOTS_PER_WORD};
use ergon_types::tag::Tag;

/// What is sealed for the device.
struct Sealed<W> {
    /// Of the membership that has its place.
    root: W,
    head: W,
    /// The arrival words; uptime only.
    arrivals: Vec<W>,
}

/// The words, after asserting that the key signed acknowledgement and seal and that the seal lacks what is acknowledged.
pub(crate) fn omission<G: Gadgets>(g: &mut G, evidence: &Omission) -> Vec<G::Wire> {
    let all: Vec<_> = evidence.words().into_iter().map(|word| g.allocate(word)).collect();
    let network = g.hash_vector(Tag::NETWORK, &all[..2]);
    let attestor = Point { x: all[4].clone(), y: all[5].clone() };
    let of = Sealing { network: &network, epoch: &all[2], cohort: &all[3], attestor: &attestor };
    let (device, schema) = (&all[7], evidence.ack().schema);
    g.enter(Scope::Seal(0));
    let sealed = sealed(g, evidence, &all[0], &of, device);
    g.equal("root is the sealed one", &sealed.root, &all[8]);
    g.equal("head is the sealed one", &sealed.head, &all[9]);
    g.enter(Scope::Record(0));
    // Nothing is owed to a cohort that the witness does not cover.
    let covered = (schema == Schema::Witness).then_some(&all[3]);
    let [counter, message] =
        common::record(g, [&network, device, &all[2]], evidence.record(), covered);
    g.equal("counter is the acknowledged one", &counter, &all[10]);
    let slot = acknowledged(g, evidence, &of, device, message.clone());

    g.enter(Scope::Cohort);
    let difference = g.sub(&message, &sealed.head);
    let same = g.is_zero("the acknowledged record is sealed", &difference);
    if schema == Schema::Uptime {
        let arrival = &all[11];
        let other = g.not(arrival);
        g.enforce("another record is sealed", &other, &same, &g.zero());
        let (arrived, picked) = arrived(g, &sealed.arrivals, evidence.ack().slot);
        let difference = g.sub(&picked, &slot);
        g.enforce("the slot is the acknowledged one", arrival, &difference, &g.zero());
        g.enforce("arrival is missing", arrival, &arrived, &g.zero());
    } else {
        g.equal("another record is sealed", &same, &g.zero());
        g.equal("arrivals are of uptime", &all[11], &g.zero());
    }
    all
}

/// The slot of an acknowledgement that the attestor signed for the device's record with this message (§ 3.6).
fn acknowledged<G: Gadgets>(
    g: &mut G,
    evidence: &Omission,
    of: &Sealing<'_, G::Wire>,
    device: &G::Wire,
    message: G::Wire,
) -> G::Wire {
    let ack = evidence.ack();
    let schema = g.constant(Fr::from(ack.schema as u64));
    let [slot, nonce] = [Fr::from(ack.slot), ack.nonce].map(|value| g.allocate(value));
    let [network, epoch] = [of.network, of.epoch].map(Clone::clone);
    let entries = [network, device.clone(), epoch, schema, message, slot.clone(), nonce];
    let message = g.hash_vector(Tag::ACK, &entries);
    g.verify_signature(of.attestor, &message, &ack.signature);
    slot
}

/// Opens the seal (§ 4) and in it the membership that has the device.
fn sealed<G: Gadgets>(
    g: &mut G,
    evidence: &Omission,
    chain_id: &G::Wire,
    of: &Sealing<'_, G::Wire>,
    device: &G::Wire,
) -> Sealed<G::Wire> {
    let (seal, signature) = evidence.seal();
    let (schema, places) = (evidence.ack().schema, evidence.places());
    let registry = g.allocate(evidence.network().registry.entry());
    let witness = schema == Schema::Witness;
    let cohort = if witness { g.allocate(Fr::from(places.cohort)) } else { of.cohort.clone() };
    let members = common::members(g, [chain_id, &registry, &cohort], places);
    let root = members.root.clone();
    let other = g.allocate(if witness { seal.membership_root } else { seal.witness_root });
    let [first, second] = if witness { [other, members.root] } else { [members.root, other] };
    let heads = common::heads(g, &seal.heads);
    let arrivals: Vec<_> = seal
        .arrivals
        .iter()
        .map(|slots| slots.words().map(|word| g.allocate(word)).to_vec())
        .collect();
    let witness_heads = common::heads(g, &seal.witness_heads);
    let mut entries = vec![first, second, g.allocate(seal.salt)];
    for (index, head) in heads.iter().enumerate() {
        entries.push(head.clone());
        entries.extend(arrivals.get(index).cloned().unwrap_or_default());
    }
    entries.extend_from_slice(&witness_heads);
    let content = g.hash_vector(Tag::seal(seal.kind), &entries);
    signed_seal(g, of, &content, signature);

    let chosen = evidence.place();
    let place: Vec<_> =
        (0..members.members.len()).map(|i| g.bit("place is a bit", i == chosen)).collect();
    let sum = g.sum(&place);
    g.equal("one place is chosen", &sum, &g.one());
    let devices: Vec<_> = members.members.iter().map(|member| member.device.clone()).collect();
    let found = choose(g, "device of the place", &place, &devices);
    g.equal("the place is the device's", &found, device);
    let head =
        choose(g, "head of the place", &place, if witness { &witness_heads } else { &heads });
    let words = if arrivals.is_empty() { 0 } else { (SLOTS / SLOTS_PER_WORD) as usize };
    let arrivals = (0..words)
        .map(|word| {
            let words: Vec<_> = arrivals.iter().map(|words| words[word].clone()).collect();
            choose(g, "arrivals of the place", &place, &words)
        })
        .collect();
    Sealed { root, head, arrivals }
}

/// `Σ placeᵢ · valueᵢ`.
fn choose<G: Gadgets>(
    g: &mut G,
    label: &'static str,
    place: &[G::Wire],
    values: &[G::Wire],
) -> G::Wire {
    let chosen: Vec<_> =
        place.iter().zip(values).map(|(place, value)| g.mul(label, place, value)).collect();
    g.sum(&chosen)
}

/// Whether the picked slot is among the arrivals, and which slot it is.
fn arrived<G: Gadgets>(g: &mut G, words: &[G::Wire], number: u32) -> (G::Wire, G::Wire) {
    let mut arrivals = Vec::with_capacity(SLOTS as usize);
    for word in words {
        arrivals.extend(g.bits("arrivals have 144 bits", word, SLOTS_PER_WORD as usize));
    }
    let number = if number < SLOTS { number } else { 0 };
    let picks: Vec<_> = (0..SLOTS).map(|slot| g.bit("pick is a bit", slot == number)).collect();
    let sum = g.sum(&picks);
    g.equal("one slot is picked", &sum, &g.one());
    let terms: Vec<_> = (0..SLOTS).map(Fr::from).zip(&picks).collect();
    let picked = g.linear(&terms);
    (choose(g, "arrival of the slot", &picks, &arrivals), picked)
}
