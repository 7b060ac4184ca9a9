//! Attacks on the energy statement.

use super::{Attack, Forged, pays};
use crate::fixture::*;
use crate::places::Places;
use ark_ff::Field;
use ergon_circuits::{Input, Scope};
use ergon_types::record::energy::{COUNTER_BITS, DELTA_BITS, Meter};
use ergon_types::{Body, Fr, Kind, MeterState, State, field};

const MEMBER: Scope = Scope::Member(0);
/// The most that 6 kW are paid for a slot.
const LIMIT: u64 = 1575;

pub(super) fn attacks() -> Vec<Attack> {
    vec![
        pays("start counter has 48 bits", a_start_below_zero),
        pays("presence is a bit", a_slot_is_present_thrice),
        pays("tamper is a bit of a present slot", half_of_another_slot_is_tampered),
        pays("deltas do not exceed the counters", deltas_above_the_counters),
        pays("start is not below the settled counter", a_counter_is_settled_twice),
        pays("generation is the certified one", an_uncertified_generation),
        pays("attribute has 48 bits", an_old_generation_lends_nameplate),
        pays("limit's weight is a bit", a_weight_of_the_limit_lends_to_another),
        pays("limit's remainder has 19 bits", a_negative_remainder),
        pays("limit is within the nameplate", a_limit_above_the_nameplate),
        pays("delta is within the nameplate", a_delta_above_the_nameplate),
        pays("margin has 8 bits", a_margin_out_of_range),
        pays("weights fit their word", a_weight_grows),
    ]
}

fn places() -> &'static Places {
    Places::of(Kind::Energy)
}

/// The variable of the first value with this range.
fn value(label: &str) -> usize {
    places().ranged(label, MEMBER)[0]
}

fn alone(label: &str) -> Vec<usize> {
    places().alone(label, MEMBER)
}

fn signed(meter: Meter) -> Cohort {
    let mut cohort = Cohort::new(Kind::Energy, SIX_KILOWATTS);
    cohort.sign(0, Body::Energy(meter));
    cohort
}

fn plain(meter: Meter) -> Input {
    input(signed(meter).seal())
}

fn settled(meter: Meter, end: u64) -> Input {
    let mut cohort = signed(meter);
    let state = MeterState { generation: 1, end, salt: Fr::from(5u64) };
    cohort.bundle.state = Some(State(vec![state; MEMBERS]));
    input(cohort.seal())
}

/// start − 2^48 and a tampered first slot are the same word, and leave room for deltas above the counters.
fn a_start_below_zero() -> (Input, Forged) {
    let mut meter = meter(&[1000, 1000]);
    meter.end -= 2;
    let top = field::power_of_two(COUNTER_BITS);
    let forged = [
        (value("start counter has 48 bits"), Fr::from(meter.start) - top),
        (alone("tamper is a bit of a present slot")[0], Fr::from(1u64)),
        (value("deltas do not exceed the counters"), top - Fr::from(2u64)),
    ];
    (plain(meter), forged.into())
}

/// 1 + 2·100 = 3 + 2·99.
fn a_slot_is_present_thrice() -> (Input, Forged) {
    let delta = alone("delta is within the nameplate");
    let mut forged: Forged =
        (0..DELTA_BITS).map(|i| (delta[i], Fr::from((99u64 >> i) & 1))).collect();
    forged.insert(alone("presence is a bit")[0], Fr::from(3u64));
    let mut meter = meter(&[100]);
    meter.end += 1;
    (plain(meter), forged)
}

/// The first slot's tamper bit as half of the second's.
fn half_of_another_slot_is_tampered() -> (Input, Forged) {
    let mut meter = meter(&[100, 0]);
    meter.quarters[0].tamper = true;
    let tamper = alone("tamper is a bit of a present slot");
    let half = Fr::from(2u64).inverse().unwrap();
    (plain(meter), [(tamper[0], Fr::from(0u64)), (tamper[1], half)].into())
}

fn deltas_above_the_counters() -> (Input, Forged) {
    let mut meter = meter(&[100]);
    meter.end -= 1;
    (plain(meter), Forged::new())
}

fn a_counter_is_settled_twice() -> (Input, Forged) {
    (settled(meter(&[100]), 1001), Forged::new())
}

fn an_uncertified_generation() -> (Input, Forged) {
    (plain(Meter { generation: 2, ..meter(&[100]) }), Forged::new())
}

/// The certified generation's 1 is 2^32 W more of nameplate.
fn an_old_generation_lends_nameplate() -> (Input, Forged) {
    let bits = alone("attribute has 48 bits");
    let forged = [(bits[0], field::power_of_two(32)), (bits[32], Fr::from(0u64))];
    (plain(Meter { generation: 0, ..meter(&[100_000]) }), forged.into())
}

/// g₀ + 2·g₁ = (g₀ + 2000) + 2·(g₁ − 1000), and a delta of 2,001 is the first weight.
fn a_weight_of_the_limit_lends_to_another() -> (Input, Forged) {
    let weights = alone("limit's weight is a bit");
    let delta = alone("delta is within the nameplate");
    let mut forged: Forged = (0..DELTA_BITS).map(|i| (delta[i], Fr::from(0u64))).collect();
    forged.insert(delta[0], Fr::from(2001u64));
    forged.insert(weights[0], Fr::from(2001u64));
    forged.insert(weights[1], -Fr::from(999u64));
    (plain(meter(&[2001])), forged)
}

/// All weights, and what they are too much as a debt.
fn a_negative_remainder() -> (Input, Forged) {
    let weights = alone("limit's weight is a bit");
    let sum = (1u64 << weights.len()) - 1;
    let mut forged: Forged = weights.into_iter().map(|w| (w, Fr::from(1u64))).collect();
    let remainder = Fr::from(LIMIT) - Fr::from(sum);
    forged.insert(value("limit's remainder has 19 bits"), remainder);
    (plain(meter(&[2000])), forged)
}

/// 2^19 more of a large plant's limit would let a slot's watt-hours reach into the next slot: 2^20 of them are that
/// slot's presence. With the remainder's 19 bits nothing can reach that far.
#[test]
fn the_largest_limit_of_any_nameplate_is_below_the_next_slot() {
    let weights = alone("limit's weight is a bit");
    let rows = places().rows("limit's remainder has 19 bits", MEMBER);
    let remainder_bits = rows.filter(|row| row.a == row.b).count();
    let largest = (1u64 << weights.len()) - 1 + (1 << remainder_bits) - 1;
    assert!(largest < 1 << DELTA_BITS);
}

fn a_limit_above_the_nameplate() -> (Input, Forged) {
    let remainder = value("limit's remainder has 19 bits");
    (plain(meter(&[2000])), [(remainder, Fr::from(1000u64))].into())
}

fn a_delta_above_the_nameplate() -> (Input, Forged) {
    (plain(meter(&[2000])), Forged::new())
}

/// A governed word; the contract also refuses it.
fn a_margin_out_of_range() -> (Input, Forged) {
    let margin = places().ranged("margin has 8 bits", Scope::Cohort)[0];
    (plain(meter(&[1700])), [(margin, Fr::from(256u64))].into())
}

/// The second slot's weight of 1 is 256 of the first's.
fn a_weight_grows() -> (Input, Forged) {
    let bits = places().alone("weights fit their word", Scope::Cohort);
    let forged = [(bits[0], Fr::from(257u64)), (bits[8], Fr::from(0u64))];
    (plain(meter(&[10])), forged.into())
}
