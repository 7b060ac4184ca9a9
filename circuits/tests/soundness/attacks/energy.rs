//! Attacks on the energy statement.

use super::{Attack, Forged, idle, pays};
use crate::fixture::*;
use crate::places::Places;
use ark_ff::Field;
use ergon_circuits::{Input, Scope};
use ergon_types::record::energy::Meter;
use ergon_types::{Body, Fr, Kind, MeterState, State, field};

const MEMBER: Scope = Scope::Member(0);
const TOP: u64 = 1 << 48;

pub(super) fn attacks() -> Vec<Attack> {
    vec![
        idle("generation has 16 bits", a_generation_out_of_range),
        pays("start counter has 48 bits", a_start_below_zero),
        pays("end counter has 48 bits", a_counter_past_its_range),
        pays("presence is a bit", a_tampered_slot_is_present_thrice),
        pays("tamper is a bit", a_tampered_slot_is_minus_tampered),
        pays("delta has 20 bits", a_negative_delta_lends_presence),
        pays("deltas do not exceed the counters", deltas_above_the_counters),
        pays("start is not below the settled counter", a_counter_is_settled_twice),
        pays("generation is the certified one", an_uncertified_generation),
        pays("attribute has 48 bits", an_old_generation_lends_nameplate),
        pays("limit has 40 bits", a_quotient_that_is_a_fraction),
        pays("limit's remainder is not negative", a_quotient_rounded_up),
        idle("limit's remainder is below 400", a_quotient_too_small),
        pays("delta is within the nameplate", a_delta_is_claimed_to_be_within),
        pays("settled generation has 16 bits", the_counter_lends_a_new_generation),
        pays("settled counter has 48 bits", a_fraction_makes_a_new_generation),
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

/// Only of a member left out: an included one's generation is the certified one, which has a range of its own.
fn a_generation_out_of_range() -> (Input, Forged) {
    let mut input = plain(meter(&[1]));
    input.included[0] = false;
    (input, [(value("generation has 16 bits"), Fr::from(1u64 << 16))].into())
}

/// start − 2^48 and end + 1 are the same word.
fn a_start_below_zero() -> (Input, Forged) {
    let mut meter = meter(&[1000, 1000]);
    meter.end -= 2;
    let forged = [
        (value("start counter has 48 bits"), Fr::from(meter.start) - Fr::from(TOP)),
        (value("end counter has 48 bits"), Fr::from(meter.end + 1)),
    ];
    (plain(meter), forged.into())
}

fn a_counter_past_its_range() -> (Input, Forged) {
    let meter = Meter { start: TOP - 10, end: TOP + 5, ..meter(&[5]) };
    (plain(meter), Forged::new())
}

fn tampered(slack: u64) -> Meter {
    let mut meter = meter(&[100]);
    meter.quarters[0].tamper = true;
    meter.end += slack;
    meter
}

/// 1 + 2·1 = 3 + 2·0.
fn a_tampered_slot_is_present_thrice() -> (Input, Forged) {
    let bit = |label| places().squared(label, MEMBER)[0];
    let forged =
        [(bit("presence is a bit"), Fr::from(3u64)), (bit("tamper is a bit"), Fr::from(0u64))];
    (plain(tampered(0)), forged.into())
}

/// 2·1 + 4·delta = 2·(−1) + 4·(delta + 1), and 1 − (−1) = 2.
fn a_tampered_slot_is_minus_tampered() -> (Input, Forged) {
    let tamper = places().squared("tamper is a bit", MEMBER)[0];
    let forged = [(tamper, -Fr::from(1u64)), (value("delta has 20 bits"), Fr::from(101u64))];
    (plain(tampered(1)), forged.into())
}

/// A delta of 2^20 less in an unpaid slot makes room for the presence bit of the next.
fn a_negative_delta_lends_presence() -> (Input, Forged) {
    let mut meter = meter(&[2000, 100]);
    meter.quarters[0].tamper = true;
    meter.quarters[1].present = false;
    let forged = [
        (value("delta has 20 bits"), Fr::from(2000u64) - Fr::from(1u64 << 20)),
        (places().squared("presence is a bit", MEMBER)[1], Fr::from(1u64)),
    ];
    (plain(meter), forged.into())
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
    let bits = places().squared("attribute has 48 bits", MEMBER);
    let forged = [(bits[0], field::power_of_two(32)), (bits[32], Fr::from(0u64))];
    (plain(Meter { generation: 0, ..meter(&[100_000]) }), forged.into())
}

/// 630,399 = 400·q + 1 has a solution in the field.
fn a_quotient_that_is_a_fraction() -> (Input, Forged) {
    let quotient = Fr::from(630_398u64) * Fr::from(400u64).inverse().unwrap();
    (plain(meter(&[1_000_000])), [(value("limit has 40 bits"), quotient)].into())
}

/// 6,003 W at 105 % leave a remainder of 314, and 399 + 400 − 314 still has 9 bits.
fn a_quotient_rounded_up() -> (Input, Forged) {
    let mut cohort = Cohort::new(Kind::Energy, 6003 | (1 << 32));
    cohort.sign(0, Body::Energy(meter(&[1577])));
    (input(cohort.seal()), [(value("limit has 40 bits"), Fr::from(1577u64))].into())
}

/// 6,001 W at 105 % leave a remainder of 104, and 104 + 400 still has 9 bits.
fn a_quotient_too_small() -> (Input, Forged) {
    let mut cohort = Cohort::new(Kind::Energy, 6001 | (1 << 32));
    cohort.sign(0, Body::Energy(meter(&[1576])));
    (input(cohort.seal()), [(value("limit has 40 bits"), Fr::from(1575u64))].into())
}

fn a_delta_is_claimed_to_be_within() -> (Input, Forged) {
    let highest = places().squared("delta is within the nameplate", MEMBER)[20];
    (plain(meter(&[2000])), [(highest, Fr::from(1u64))].into())
}

/// Generation + 2^16 and counter − 1 are the same entry of the state.
fn the_counter_lends_a_new_generation() -> (Input, Forged) {
    let forged = [
        (value("settled generation has 16 bits"), Fr::from(1u64 + (1 << 16))),
        (value("settled counter has 48 bits"), Fr::from(4999u64)),
    ];
    (settled(meter(&[100]), 5000), forged.into())
}

/// Generation + 1 and counter − 2^−16 are the same entry of the state.
fn a_fraction_makes_a_new_generation() -> (Input, Forged) {
    let step = field::power_of_two(16).inverse().unwrap();
    let forged = [
        (value("settled generation has 16 bits"), Fr::from(2u64)),
        (value("settled counter has 48 bits"), Fr::from(5000u64) - step),
    ];
    (settled(meter(&[100]), 5000), forged.into())
}

/// A governed word; the contract also refuses it.
fn a_margin_out_of_range() -> (Input, Forged) {
    let margin = places().ranged("margin has 8 bits", Scope::Cohort)[0];
    (plain(meter(&[1700])), [(margin, Fr::from(256u64))].into())
}

/// The second slot's weight of 1 is 256 of the first's.
fn a_weight_grows() -> (Input, Forged) {
    let bits = places().squared("weights fit their word", Scope::Cohort);
    let forged = [(bits[0], Fr::from(257u64)), (bits[8], Fr::from(0u64))];
    (plain(meter(&[10])), forged.into())
}
