//! energy: watt-hours delivered within the nameplate, each once (§ 6.3).

mod limit;

use super::common::{MemberWires, Words};
use super::{Work, record, tiers};
use crate::gadgets::{Gadgets, Scope};
use crate::input::{Input, Signer};
use ark_ff::One;
use ergon_types::field::{self, Fr};
use ergon_types::policy::WEIGHTS_PER_WORD;
use ergon_types::record::Body;
use ergon_types::record::energy::{
    COUNTER_BITS, END_SHIFT, GENERATION_BITS, Meter, QUARTER_BITS, QUARTERS_PER_WORD, TAMPER_SHIFT,
};
use ergon_types::state::{MeterState, SETTLED_BITS};
use ergon_types::tag::Tag;
use limit::Limit;

const NAMEPLATE_BITS: usize = 32;
const MARGIN_BITS: usize = 8;
const WEIGHT_BITS: usize = 8;

/// The unpacked policy: tiers, margin, weight of each slot.
struct PolicyWires<W> {
    tiers: tiers::Tiers<W>,
    margin: W,
    weights: Vec<W>,
}

/// One member's state: the counter with its generation above it, and the salt that hides them.
struct StateWires<W> {
    counter: W,
    salt: W,
}

/// One quarter hour.
pub(super) struct QuarterWires<W> {
    pub(super) present: W,
    pub(super) tamper: W,
    pub(super) delta: W,
}

/// Units of all members, the state's two commitments and, as the state depends on it, who is included.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    input: &Input,
    words: &Words<G::Wire>,
    members: &[MemberWires<G::Wire>],
    heads: &[G::Wire],
) -> Work<G::Wire> {
    let policy = unpack(g, &words.policy);
    let (mut units, mut measured) = (Vec::new(), Vec::new());
    let (mut before, mut after, mut included) = (Vec::new(), Vec::new(), Vec::new());
    let genesis = vec![MeterState::genesis(); members.len()];
    let states = input.bundle.state.as_ref().map_or(&genesis, |state| &state.0);
    for (index, (member, head)) in members.iter().zip(heads).enumerate() {
        g.enter(Scope::Member(index));
        let state = open_state(g, &states[index]);
        let signed = input.signed(Signer::Member(index));
        let empty = Meter::default();
        let meter = if let Body::Energy(meter) = &signed.record.body { meter } else { &empty };

        let generation = g.allocate(Fr::from(u64::from(meter.generation)));
        let start = g.allocate(Fr::from(meter.start));
        g.bits("start counter has 48 bits", &start, COUNTER_BITS);
        let (nameplate, certified) = attribute(g, &member.attribute);
        let limit = Limit::of(g, &nameplate, &policy.margin);
        let quarters = quarters(g, meter, &limit);
        let deltas: Vec<_> = quarters.iter().map(|q| q.delta.clone()).collect();
        let attributed = g.sum(&deltas);
        let advance = Fr::from(meter.end) - Fr::from(meter.start);
        let unattributed = g.allocate(advance - g.value(&attributed));
        g.bits("deltas do not exceed the counters", &unattributed, COUNTER_BITS);
        // Below 2^50 whatever is signed, and the highest field of its word: the packing is unique.
        let end = g.sum(&[start.clone(), attributed, unattributed]);
        let body = pack_body(g, [&generation, &start, &end], &quarters);
        let record = record::verify(g, words, member, head, &signed, &body);

        let other = g.sub(&generation, &certified);
        g.enforce("generation is the certified one", &record.included, &other, &g.zero());
        let continued = pack_counter(g, &certified, &start);
        let advance = g.sub(&continued, &state.counter);
        let advance = g.mul("counter's advance", &record.included, &advance);
        g.bits("start is not below the settled counter", &advance, SETTLED_BITS + GENERATION_BITS);

        let (paid, weighted) = pay(g, &quarters, &policy.weights);
        let present: Vec<_> = quarters.iter().map(|q| q.present.clone()).collect();
        let present = g.sum(&present);
        let multiplier = tiers::multiplier(g, &policy.tiers, &present);
        let earned = g.mul("units of the epoch", &weighted, &multiplier);
        units.push(g.mul("units are included", &record.included, &earned));
        measured.push(g.mul("watt-hours are included", &record.included, &paid));

        let settled = pack_counter(g, &certified, &end);
        after.extend([
            g.select("state after", &record.included, &settled, &state.counter),
            g.select("state after", &record.included, &record.salt, &state.salt),
        ]);
        before.extend([state.counter, state.salt]);
        included.push(record.included);
    }
    g.enter(Scope::Cohort);
    let state_before = g.hash_vector(Tag::STATE, &before);
    let state_after = g.hash_vector(Tag::STATE, &after);
    let included = g.pack(&included, 1);
    Work { units, measured, state_before, state_after, included }
}

fn unpack<G: Gadgets>(g: &mut G, words: &[G::Wire]) -> PolicyWires<G::Wire> {
    let tiers = tiers::unpack(g, &words[0]);
    g.bits("margin has 8 bits", &words[1], MARGIN_BITS);
    let mut weights = Vec::new();
    for word in &words[2..] {
        let bits = g.bits("weights fit their word", word, WEIGHT_BITS * WEIGHTS_PER_WORD);
        weights.extend(bits.chunks(WEIGHT_BITS).map(|bits| g.pack(bits, 1)));
    }
    PolicyWires { tiers, margin: words[1].clone(), weights }
}

/// One member's state as it was committed to. It is never unpacked: of two counters with their generations
/// above them, the larger is the later.
fn open_state<G: Gadgets>(g: &mut G, state: &MeterState) -> StateWires<G::Wire> {
    StateWires { counter: g.allocate(state.packed()), salt: g.allocate(state.salt) }
}

fn pack_counter<G: Gadgets>(g: &G, generation: &G::Wire, counter: &G::Wire) -> G::Wire {
    g.linear(&[(Fr::one(), counter), (field::power_of_two(SETTLED_BITS), generation)])
}

fn quarters<G: Gadgets>(
    g: &mut G,
    meter: &Meter,
    limit: &Limit<G::Wire>,
) -> Vec<QuarterWires<G::Wire>> {
    let mut wires = Vec::with_capacity(meter.quarters.len());
    for quarter in &meter.quarters {
        let present = g.bit("presence is a bit", quarter.present);
        let tamper = g.allocate(Fr::from(quarter.tamper));
        let untouched = g.sub(&present, &tamper);
        g.enforce("tamper is a bit of a present slot", &tamper, &untouched, &g.zero());
        let delta = limit.up_to(g, quarter.delta);
        wires.push(QuarterWires { present, tamper, delta });
    }
    wires
}

/// The record's nine words (§ 3.2).
pub(super) fn pack_body<G: Gadgets>(
    g: &G,
    [generation, start, end]: [&G::Wire; 3],
    quarters: &[QuarterWires<G::Wire>],
) -> Vec<G::Wire> {
    let tampers: Vec<_> = quarters.iter().map(|q| q.tamper.clone()).collect();
    let mut body = vec![g.linear(&[
        (Fr::one(), generation),
        (field::power_of_two(GENERATION_BITS), start),
        (field::power_of_two(TAMPER_SHIFT), &g.pack(&tampers, 1)),
        (field::power_of_two(END_SHIFT), end),
    ])];
    let quarters: Vec<_> = quarters
        .iter()
        .map(|q| g.linear(&[(Fr::one(), &q.present), (Fr::from(2u64), &q.delta)]))
        .collect();
    body.extend(quarters.chunks(QUARTERS_PER_WORD).map(|chunk| g.pack(chunk, QUARTER_BITS)));
    body
}

/// Nameplate and certified generation of a member's attribute (§ 5.3).
fn attribute<G: Gadgets>(g: &mut G, attribute: &G::Wire) -> (G::Wire, G::Wire) {
    let bits = g.bits("attribute has 48 bits", attribute, NAMEPLATE_BITS + GENERATION_BITS);
    (g.pack(&bits[..NAMEPLATE_BITS], 1), g.pack(&bits[NAMEPLATE_BITS..], 1))
}

/// Σ paid deltas and Σ paid deltas × weight: of slots that are present and without tampering.
fn pay<G: Gadgets>(
    g: &mut G,
    quarters: &[QuarterWires<G::Wire>],
    weights: &[G::Wire],
) -> (G::Wire, G::Wire) {
    let (mut paid, mut weighted) = (Vec::new(), Vec::new());
    for (quarter, weight) in quarters.iter().zip(weights) {
        let sound = g.sub(&quarter.present, &quarter.tamper);
        let delta = g.mul("paid delta", &sound, &quarter.delta);
        weighted.push(g.mul("weighted delta", &delta, weight));
        paid.push(delta);
    }
    (g.sum(&paid), g.sum(&weighted))
}
