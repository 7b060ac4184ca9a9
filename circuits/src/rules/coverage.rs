//! coverage: distinct cells, attested by independent witnesses at possible signal strengths (§ 6.4).

mod cells;
mod entries;

use super::common::{MemberWires, Words};
use super::uptime::pack_slots;
use super::{Work, common, record, tiers};
use crate::gadgets::{Gadgets, Scope};
use crate::input::{Input, ROWS, Signer};
use cells::Classes;
use ergon_types::Membership;
use ergon_types::record::slots::SLOTS;
use ergon_types::tag::Tag;

/// A claimed observation on either side of the multiset argument: its packed value and whether it is used.
struct Observation<W> {
    value: W,
    used: W,
}

/// Bits of an observation: an entry, then the witness.
const OBSERVATION_BITS: usize = 33;
/// Observations with their used bits in one absorbed word.
const OBSERVATIONS_PER_WORD: usize = 7;
/// Used bits in one absorbed word.
const USED_PER_WORD: usize = 248;

/// Units of all members, the witness root, and the witnesses' sealed heads.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    input: &Input,
    words: &Words<G::Wire>,
    members: &[MemberWires<G::Wire>],
    heads: &[G::Wire],
) -> (Work<G::Wire>, G::Wire, Vec<G::Wire>) {
    let none = Membership { cohort: 0, region: 0, members: Vec::new() };
    let cohort = input.bundle.witnesses.as_ref().unwrap_or(&none);
    let witnesses = common::members(g, words, cohort, &words.witness_cohort);
    let witness_heads = common::heads(g, &input.bundle.seal.witness_heads);

    let tiers = tiers::unpack(g, &words.policy[0]);
    g.bits("number of witnesses has 8 bits", &words.policy[1], 8);
    let classes = Classes::unpack(g, &words.policy[2]);

    let mut heard = Vec::new();
    for (index, (witness, head)) in witnesses.members.iter().zip(&witness_heads).enumerate() {
        g.enter(Scope::Witness(index));
        heard.extend(entries::rule(g, input, words, witness, head, index));
    }

    let (mut units, mut measured, mut claimed) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (member, head)) in members.iter().zip(heads).enumerate() {
        g.enter(Scope::Member(index));
        let signed = input.signed(Signer::Member(index));
        let slots = signed.record.slots();
        let slots: Vec<_> = (0..SLOTS).map(|s| g.bit("slot is a bit", slots.get(s))).collect();
        let body = pack_slots(g, &slots);
        let record = record::verify(g, words, member, head, &signed, &body);
        let alive = g.sum(&slots);
        let multiplier = tiers::multiplier(g, &tiers, &alive);

        let rows = &input.rows[index][..input.rows[index].len().min(ROWS)];
        let needed = &words.policy[1];
        let served = cells::rule(g, (index, member), &witnesses.members, &classes, needed, rows);
        claimed.extend(served.observations);
        let earned = g.mul("units of the epoch", &served.weight, &multiplier);
        units.push(g.mul("units are included", &record.included, &earned));
        measured.push(g.mul("cells are included", &record.included, &served.cells));
    }

    g.enter(Scope::Cohort);
    same_multiset(g, &witness_heads, &heard, &claimed);
    let (state_before, state_after) = (g.zero(), g.zero());
    (Work { units, measured, state_before, state_after }, witnesses.root, witness_heads)
}

/// The used observations on both sides are the same multiset: Π (α − value) over each side agrees at a challenge
/// that commits to everything chosen before it (Schwartz–Zippel, degree below 2^10 over a 254-bit field).
fn same_multiset<G: Gadgets>(
    g: &mut G,
    witness_heads: &[G::Wire],
    heard: &[Observation<G::Wire>],
    claimed: &[Observation<G::Wire>],
) {
    let mut committed = witness_heads.to_vec();
    let used: Vec<_> = heard.iter().map(|observation| observation.used.clone()).collect();
    committed.extend(used.chunks(USED_PER_WORD).map(|chunk| g.pack(chunk, 1)));
    let rows: Vec<_> =
        claimed.iter().flat_map(|row| [row.used.clone(), row.value.clone()]).collect();
    committed.extend(
        rows.chunks(2 * OBSERVATIONS_PER_WORD)
            .map(|chunk| {
                let pairs: Vec<_> = chunk.chunks(2).map(|pair| g.pack(pair, 1)).collect();
                g.pack(&pairs, OBSERVATION_BITS + 1)
            })
            .collect::<Vec<_>>(),
    );
    let challenge = g.hash_vector(Tag::CHALLENGE, &committed);
    let left = product(g, heard, &challenge);
    let right = product(g, claimed, &challenge);
    g.equal("claimed cells are the witnessed ones", &left, &right);
}

/// Π over the used observations of (α − value).
fn product<G: Gadgets>(
    g: &mut G,
    observations: &[Observation<G::Wire>],
    challenge: &G::Wire,
) -> G::Wire {
    let one = g.one();
    let mut product = g.one();
    for Observation { value, used } in observations {
        let factor = g.sub(challenge, value);
        let factor = g.select("factor of a used observation", used, &factor, &one);
        product = g.mul("product of the observations", &product, &factor);
    }
    product
}
