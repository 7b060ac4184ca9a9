//! Who is left out earns nothing and keeps its state, whatever the prover makes of the free record (§ 6).

use crate::fixture::*;
use crate::places::Places;
use ergon_circuits::{Input, Scope, Statement};
use ergon_types::{Body, Fr, Kind, MeterState, State};
use std::collections::BTreeMap;

const MEMBER: Scope = Scope::Member(0);

/// Leaves member 0 out, forges its free record, and returns the words, whose rows all hold.
fn words(mut input: Input, forged: BTreeMap<usize, Fr>) -> Vec<Fr> {
    input.included[0] = false;
    let circuit = Statement::from_input(input).circuit(Fr::from(1_000_003u64));
    let (system, words) = circuit.forge(forged);
    assert_eq!(system.first_unsatisfied().map(|row| row.label), None);
    words
}

fn assert_unpaid(words: &[Fr]) {
    assert_eq!(words[words.len() - MEMBERS], Fr::from(0u64));
    assert_ne!(words[words.len() - MEMBERS + 1], Fr::from(0u64), "another member is paid");
}

#[test]
fn sealed_arrivals_of_a_member_left_out_are_not_paid() {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    (0..2).for_each(|index| cohort.sign(index, Body::Uptime(slots(0..288))));
    assert_unpaid(&words(input(cohort.seal()), BTreeMap::new()));
}

#[test]
fn invented_watt_hours_of_a_member_left_out_are_not_paid_and_its_state_stays() {
    let mut cohort = Cohort::new(Kind::Energy, SIX_KILOWATTS);
    let state = MeterState { generation: 1, end: 1000, salt: Fr::from(5u64) };
    cohort.bundle.state = Some(State(vec![state; MEMBERS]));
    (0..2).for_each(|index| cohort.sign(index, Body::Energy(meter(&[10]))));
    let bundle = cohort.seal();
    let places = Places::of(Kind::Energy);
    let value = |label| places.ranged(label, MEMBER)[0];
    let invented = BTreeMap::from([
        (places.alone("presence is a bit", MEMBER)[0], Fr::from(1u64)),
        (places.alone("delta is within the nameplate", MEMBER)[0], Fr::from(1u64)),
        (places.alone("limit's weight is a bit", MEMBER)[0], Fr::from(1u64)),
        (value("start counter has 48 bits"), Fr::from(7u64)),
        (value("deltas do not exceed the counters"), Fr::from(5000u64)),
    ]);
    let without = words(input(bundle.clone()), BTreeMap::new());
    let forged = words(input(bundle), invented);
    assert_unpaid(&forged);
    assert_eq!(forged, without, "the state after is the same too");
}

#[test]
fn observed_cells_of_a_member_left_out_are_not_paid() {
    let heard = [hearing(0, 1, 3), hearing(1, 1, 3)];
    let mut input = input(covered(&[&heard]).seal());
    input.rows[0] = vec![row(1, 3, &[0])];
    let slots = Places::of(Kind::Coverage).alone("slot is a bit", MEMBER);
    let forged = slots.into_iter().map(|slot| (slot, Fr::from(1u64))).collect();
    assert_unpaid(&words(input, forged));
}
