//! energy: watt-hours delivered within the nameplate, each once (§ 6.3).

use super::common::{MemberWires, Words};
use super::{Work, record, tiers};
use crate::gadgets::{Gadgets, Scope};
use crate::input::{Input, Signer};
use ark_ff::One;
use ergon_types::field::{self, Fr};
use ergon_types::policy::WEIGHTS_PER_WORD;
use ergon_types::record::Body;
use ergon_types::record::energy::{
    COUNTER_BITS, DELTA_BITS, GENERATION_BITS, Meter, QUARTER_BITS, QUARTERS_PER_WORD,
};
use ergon_types::state::MeterState;
use ergon_types::tag::Tag;

const NAMEPLATE_BITS: usize = 32;
const MARGIN_BITS: usize = 8;
const WEIGHT_BITS: usize = 8;
/// A quarter hour of 1 W at 1 % is 1/400 Wh.
const LIMIT_DIVISOR: u64 = 400;

/// The unpacked policy: tiers, margin, weight of each slot.
struct PolicyWires<W> {
    tiers: tiers::Tiers<W>,
    margin: W,
    weights: Vec<W>,
}

/// Generation, counter and salt of one member's state.
struct StateWires<W> {
    generation: W,
    end: W,
    salt: W,
}

/// One quarter hour.
struct QuarterWires<W> {
    present: W,
    tamper: W,
    delta: W,
}

/// Units of all members and the state's two commitments.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    input: &Input,
    words: &Words<G::Wire>,
    members: &[MemberWires<G::Wire>],
    heads: &[G::Wire],
) -> Work<G::Wire> {
    let policy = unpack(g, &words.policy);
    let (mut units, mut measured) = (Vec::new(), Vec::new());
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let genesis = vec![MeterState::genesis(); members.len()];
    let states = input.bundle.state.as_ref().map_or(&genesis, |state| &state.0);
    for (index, (member, head)) in members.iter().zip(heads).enumerate() {
        g.enter(Scope::Member(index));
        let state = open_state(g, &states[index], &mut before);
        let signed = input.signed(Signer::Member(index));
        let empty = Meter::default();
        let meter = if let Body::Energy(meter) = &signed.record.body { meter } else { &empty };

        let bits = |g: &mut G, label, value: u64, width| {
            let wire = g.allocate(Fr::from(value));
            g.bits(label, &wire, width);
            wire
        };
        let generation =
            bits(g, "generation has 16 bits", u64::from(meter.generation), GENERATION_BITS);
        let start = bits(g, "start counter has 48 bits", meter.start, COUNTER_BITS);
        let end = bits(g, "end counter has 48 bits", meter.end, COUNTER_BITS);
        let quarters = quarters(g, meter);
        let body = pack_body(g, [&generation, &start, &end], &quarters);
        let record = record::verify(g, words, member, head, &signed, &body);

        let attributed: Vec<_> = quarters.iter().map(|q| q.delta.clone()).collect();
        let attributed = g.sum(&attributed);
        let minus = -Fr::one();
        let unattributed = g.linear(&[(Fr::one(), &end), (minus, &start), (minus, &attributed)]);
        g.bits("deltas do not exceed the counters", &unattributed, COUNTER_BITS);

        let (nameplate, certified) = attribute(g, &member.attribute);
        let other = g.sub(&generation, &certified);
        g.enforce("generation is the certified one", &record.included, &other, &g.zero());
        let renewed = g.sub(&certified, &state.generation);
        let same = g.is_zero("generation is the settled one", &renewed);
        let continues = g.mul("counter continues", &record.included, &same);
        let advance = g.sub(&start, &state.end);
        let advance = g.mul("counter's advance", &continues, &advance);
        g.bits("start is not below the settled counter", &advance, COUNTER_BITS);

        let limit = limit(g, &nameplate, &policy.margin);
        let (paid, weighted) = pay(g, &quarters, &limit, &policy.weights);
        let present: Vec<_> = quarters.iter().map(|q| q.present.clone()).collect();
        let present = g.sum(&present);
        let multiplier = tiers::multiplier(g, &policy.tiers, &present);
        let earned = g.mul("units of the epoch", &weighted, &multiplier);
        units.push(g.mul("units are included", &record.included, &earned));
        measured.push(g.mul("watt-hours are included", &record.included, &paid));

        let kept = [&state.generation, &state.end, &state.salt];
        let new = [&certified, &end, &record.salt];
        let [generation, end, salt] =
            std::array::from_fn(|i| g.select("state after", &record.included, new[i], kept[i]));
        after.extend([pack_state(g, &generation, &end), salt]);
    }
    g.enter(Scope::Cohort);
    let state_before = g.hash_vector(Tag::STATE, &before);
    let state_after = g.hash_vector(Tag::STATE, &after);
    Work { units, measured, state_before, state_after }
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

/// Opens one member's state; both parts are ranged, so that the packing is unique.
fn open_state<G: Gadgets>(
    g: &mut G,
    state: &MeterState,
    entries: &mut Vec<G::Wire>,
) -> StateWires<G::Wire> {
    let generation = g.allocate(Fr::from(u64::from(state.generation)));
    g.bits("settled generation has 16 bits", &generation, GENERATION_BITS);
    let end = g.allocate(Fr::from(state.end));
    g.bits("settled counter has 48 bits", &end, COUNTER_BITS);
    let salt = g.allocate(state.salt);
    entries.extend([pack_state(g, &generation, &end), salt.clone()]);
    StateWires { generation, end, salt }
}

fn pack_state<G: Gadgets>(g: &G, generation: &G::Wire, end: &G::Wire) -> G::Wire {
    g.linear(&[(Fr::one(), generation), (field::power_of_two(GENERATION_BITS), end)])
}

fn quarters<G: Gadgets>(g: &mut G, meter: &Meter) -> Vec<QuarterWires<G::Wire>> {
    let mut wires = Vec::with_capacity(meter.quarters.len());
    for quarter in &meter.quarters {
        let present = g.bit("presence is a bit", quarter.present);
        let tamper = g.bit("tamper is a bit", quarter.tamper);
        let delta = g.allocate(Fr::from(quarter.delta));
        g.bits("delta has 20 bits", &delta, DELTA_BITS);
        wires.push(QuarterWires { present, tamper, delta });
    }
    wires
}

/// The record's ten words (§ 3.2).
fn pack_body<G: Gadgets>(
    g: &G,
    [generation, start, end]: [&G::Wire; 3],
    quarters: &[QuarterWires<G::Wire>],
) -> Vec<G::Wire> {
    let mut body = vec![g.linear(&[
        (Fr::one(), generation),
        (field::power_of_two(GENERATION_BITS), start),
        (field::power_of_two(GENERATION_BITS + COUNTER_BITS), end),
    ])];
    let quarters: Vec<_> = quarters
        .iter()
        .map(|q| {
            let [one, two, four] = [1u64, 2, 4].map(Fr::from);
            g.linear(&[(one, &q.present), (two, &q.tamper), (four, &q.delta)])
        })
        .collect();
    body.extend(quarters.chunks(QUARTERS_PER_WORD).map(|chunk| g.pack(chunk, QUARTER_BITS)));
    body
}

/// Nameplate and certified generation of a member's attribute (§ 5.3).
fn attribute<G: Gadgets>(g: &mut G, attribute: &G::Wire) -> (G::Wire, G::Wire) {
    let bits = g.bits("attribute has 48 bits", attribute, NAMEPLATE_BITS + GENERATION_BITS);
    (g.pack(&bits[..NAMEPLATE_BITS], 1), g.pack(&bits[NAMEPLATE_BITS..], 1))
}

/// Most watt-hours that a slot is paid for: ⌈nameplate·margin / 400⌉, at most 2^20 − 1.
/// Rounded up because a register that ticks whole watt-hours can show up to one more than was delivered.
fn limit<G: Gadgets>(g: &mut G, nameplate: &G::Wire, margin: &G::Wire) -> G::Wire {
    let product = g.mul("nameplate with margin", nameplate, margin);
    let product = g.add(&product, &g.constant(Fr::from(LIMIT_DIVISOR - 1)));
    let value = field::bits(&g.value(&product), 0, NAMEPLATE_BITS + MARGIN_BITS + 1);
    let quotient = g.allocate(Fr::from(value / LIMIT_DIVISOR));
    let high = g.bits("limit has 40 bits", &quotient, NAMEPLATE_BITS + MARGIN_BITS);
    let remainder = g.linear(&[(Fr::one(), &product), (-Fr::from(LIMIT_DIVISOR), &quotient)]);
    g.bits("limit's remainder is not negative", &remainder, 9);
    let below = g.sub(&g.constant(Fr::from(LIMIT_DIVISOR - 1)), &remainder);
    g.bits("limit's remainder is below 400", &below, 9);
    let low = g.pack(&high[..DELTA_BITS], 1);
    let above = g.sum(&high[DELTA_BITS..]);
    let fits = g.is_zero("limit fits a delta", &above);
    let largest = g.constant(Fr::from((1u64 << DELTA_BITS) - 1));
    g.select("limit of a slot", &fits, &low, &largest)
}

/// Σ paid deltas and Σ paid deltas × weight.
fn pay<G: Gadgets>(
    g: &mut G,
    quarters: &[QuarterWires<G::Wire>],
    limit: &G::Wire,
    weights: &[G::Wire],
) -> (G::Wire, G::Wire) {
    let (mut paid, mut weighted) = (Vec::new(), Vec::new());
    for (quarter, weight) in quarters.iter().zip(weights) {
        let within = g.at_least("delta is within the nameplate", limit, &quarter.delta, DELTA_BITS);
        let sound = g.not(&quarter.tamper);
        let recorded = g.mul("slot is present and sound", &quarter.present, &sound);
        let payable = g.mul("slot is paid", &recorded, &within);
        let delta = g.mul("paid delta", &payable, &quarter.delta);
        weighted.push(g.mul("weighted delta", &delta, weight));
        paid.push(delta);
    }
    (g.sum(&paid), g.sum(&weighted))
}
