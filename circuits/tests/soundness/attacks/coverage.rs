//! Attacks on the coverage statement.

use super::{Attack, Forged, idle, pays};
use crate::fixture::*;
use crate::places::Places;
use ark_ff::Field;
use ergon_circuits::r1cs::evaluate;
use ergon_circuits::{Input, Row, Scope, Statement};
use ergon_types::cell::{Cell, axial_of_bit};
use ergon_types::record::witness::Hearing;
use ergon_types::{Fr, Kind, Policy, field};

const MEMBER: Scope = Scope::Member(0);
const WITNESS: Scope = Scope::Witness(0);
/// A cell about 147 spacings from the centre: possible for class 1, not for class 2.
const FAR: u32 = 4 << 15;

pub(super) fn attacks() -> Vec<Attack> {
    vec![
        idle("number of witnesses has 8 bits", a_number_of_witnesses_out_of_range),
        pays("classes fit their word", a_weight_grows),
        idle("class has 2 bits", a_class_borrows_from_its_cell),
        pays("entries increase strictly", an_entry_moves_to_another_witness),
        pays("last entry has 31 bits", an_entry_past_its_range),
        pays("used is a bit", two_entries_are_used_in_part),
        pays("a used entry is of an included witness", entries_that_nobody_signed),
        pays("claimed cells are the witnessed ones", a_cell_nobody_heard),
        pays("attribute has 32 bits", an_attribute_out_of_range),
        pays("a witness is independent", an_operators_own_witness),
        pays("cell bit", a_cell_with_bits_of_another_place),
        pays("digit is not 7", a_phantom_cell),
        pays("class bit", a_class_with_twice_a_bit),
        pays("witness bit", two_halves_of_other_witnesses),
        pays("a used row has one witness", no_witness_at_all),
        pays("signal is possible at that distance", a_strong_signal_from_afar),
        pays("used rows come first", an_unused_row_between),
        pays("rows increase strictly", a_cell_in_two_places),
    ]
}

fn places() -> &'static Places {
    Places::of(Kind::Coverage)
}

fn bits(label: &str) -> Vec<usize> {
    places().squared(label, MEMBER)
}

/// Rows of member 0 as the prover likes, none of the others.
fn forced(cohort: Cohort, rows: Vec<Row>) -> Input {
    let mut input = input(cohort.seal());
    input.rows = vec![Vec::new(); MEMBERS];
    input.rows[0] = rows;
    input
}

/// As `covered`, but the witness `index` belongs to member 0's operator.
fn own(index: usize, heard: &[&[Hearing]]) -> Cohort {
    let mut cohort = covered(heard);
    let operator = cohort.bundle.membership.members[0].unwrap().operator;
    let witnesses = cohort.bundle.witnesses.as_mut().unwrap();
    witnesses.members[index].as_mut().unwrap().operator = operator;
    cohort
}

/// A governed word; the contract also refuses it. No cell has that many witnesses.
fn a_number_of_witnesses_out_of_range() -> (Input, Forged) {
    let word = places().ranged("number of witnesses has 8 bits", Scope::Cohort)[0];
    (input(covered(&[]).seal()), [(word, Fr::from(257u64))].into())
}

/// The second class's weight of 2 is 2^33 of the first's.
fn a_weight_grows() -> (Input, Forged) {
    let bits = places().squared("classes fit their word", Scope::Cohort);
    let weight = Fr::from(1u64) + field::power_of_two(33);
    let forged = [(bits[0], weight), (bits[33], Fr::from(0u64))];
    (input(covered(&[&[hearing(0, 1, 0)]]).seal()), forged.into())
}

/// class + 4 and cell − 1 are the same entry; the entry is used as a whole.
fn a_class_borrows_from_its_cell() -> (Input, Forged) {
    let class = places().squared("class has 2 bits", WITNESS)[0];
    let key = places().ranged("entries increase strictly", WITNESS)[0];
    let forged = [(class, Fr::from(4u64)), (key, Fr::from(4u64))];
    (input(covered(&[&[hearing(0, 5, 0)]]).seal()), forged.into())
}

/// An entry that lends 2^31 from the next, by its class, is the next witness's.
fn an_entry_moves_to_another_witness() -> (Input, Forged) {
    let cohort = own(0, &[&[hearing(0, 1, 3), hearing(1, 2, 1)]]);
    let forged = [
        (places().ranged("entries increase strictly", WITNESS)[0], Fr::from(1u64 + (1 << 29))),
        (places().squared("class has 2 bits", WITNESS)[2], Fr::from(0u64)),
        (places().squared("used is a bit", WITNESS)[0], Fr::from(1u64)),
    ];
    (forced(cohort, vec![row(1, 3, 1)]), forged.into())
}

/// A device signs an entry of 29 bits, which no packet can carry.
fn an_entry_past_its_range() -> (Input, Forged) {
    let cells = (0..).filter(|cell| !Cell(*cell).is_phantom()).take(127);
    let heard: Vec<_> = cells.chain([1 << 29]).map(|cell| hearing(0, cell, 0)).collect();
    (input(covered(&[&heard]).seal()), Forged::new())
}

/// Used bits t and −t/2 leave the committed word as it is, and t solves for the product that a claimed cell needs.
fn two_entries_are_used_in_part() -> (Input, Forged) {
    let used = places().squared("used is a bit", WITNESS);
    let two = Fr::from(2u64);
    (8..)
        .filter(|cell| !Cell(*cell).is_phantom())
        .find_map(|cell| {
            let cohort = covered(&[&[hearing(1, 1, 0), hearing(1, 2, 0)]]);
            let input = forced(cohort, vec![row(cell, 3, 0)]);
            let system = Statement::from_input(input.clone()).circuit(Fr::from(1u64)).synthesize();
            // The first two heard entries come first, member 0's first row after all of the heard.
            let factors: Vec<Fr> = system
                .rows()
                .iter()
                .filter(|row| row.label == "factor of a used observation")
                .map(|row| evaluate(&row.b, system.assignment()))
                .collect();
            let (first, second, claimed) = (factors[0], factors[1], factors[512]);
            // (1 − 2t·first)(1 + t·second) = 1 + claimed
            let a = two * first * second;
            let b = two * first - second;
            let root = (b.square() - Fr::from(4u64) * a * claimed).sqrt()?;
            let t = (root - b) / (two * a);
            Some((input, [(used[0], -two * t), (used[1], t)].into()))
        })
        .unwrap()
}

fn entries_that_nobody_signed() -> (Input, Forged) {
    let class = places().squared("class has 2 bits", WITNESS);
    let forged = [
        (class[0], Fr::from(1u64)),
        (class[1], Fr::from(1u64)),
        (places().ranged("entries increase strictly", WITNESS)[0], Fr::from(1u64)),
        (places().squared("used is a bit", WITNESS)[0], Fr::from(1u64)),
    ];
    (forced(covered(&[]), vec![row(1, 3, 0)]), forged.into())
}

fn a_cell_nobody_heard() -> (Input, Forged) {
    (forced(covered(&[&[]]), vec![row(1, 3, 0)]), Forged::new())
}

/// The registry refuses it.
fn an_attribute_out_of_range() -> (Input, Forged) {
    let mut cohort = covered(&[&[hearing(0, 1, 3)]]);
    cohort.bundle.membership.members[0].as_mut().unwrap().attribute += 1 << 40;
    (input(cohort.seal()), Forged::new())
}

fn an_operators_own_witness() -> (Input, Forged) {
    (forced(own(0, &[&[hearing(0, 1, 3)]]), vec![row(1, 3, 0)]), Forged::new())
}

/// Three bits of other digits that sum to the cell's number and to the centre's position.
fn a_cell_with_bits_of_another_place() -> (Input, Forged) {
    let chosen = [0usize, 4, 8];
    let column = |bit: usize| {
        let (a, b) = axial_of_bit(bit);
        [Fr::from(1u64 << bit), Fr::from(i64::from(a)), Fr::from(i64::from(b))]
    };
    let matrix = chosen.map(column);
    let wanted = [Fr::from(u64::from(FAR)), Fr::from(0u64), Fr::from(0u64)];
    let whole = determinant(&matrix).inverse().unwrap();
    let cell = bits("cell bit");
    let mut forged: Forged = (0..21).map(|bit| (cell[bit], Fr::from(0u64))).collect();
    for (place, bit) in chosen.into_iter().enumerate() {
        let mut replaced = matrix;
        replaced[place] = wanted;
        forged.insert(cell[bit], determinant(&replaced) * whole);
    }
    (forced(covered(&[&[hearing(0, FAR, 2)]]), vec![row(FAR, 2, 0)]), forged)
}

fn determinant([x, y, z]: &[[Fr; 3]; 3]) -> Fr {
    x[0] * (y[1] * z[2] - y[2] * z[1]) - y[0] * (x[1] * z[2] - x[2] * z[1])
        + z[0] * (x[1] * y[2] - x[2] * y[1])
}

fn a_phantom_cell() -> (Input, Forged) {
    let phantom = 7 << 3;
    (forced(covered(&[&[hearing(0, phantom, 0)]]), vec![row(phantom, 0, 0)]), Forged::new())
}

/// Class 2 as twice class 1 instead of its own bit.
fn a_class_with_twice_a_bit() -> (Input, Forged) {
    let mut cohort = covered(&[&[hearing(0, 1, 2)]]);
    if let Policy::Coverage { classes, .. } = &mut cohort.bundle.policy {
        for (class, weight) in classes.iter_mut().zip([0, 10, 1, 1]) {
            (class.weight, class.reach) = (weight, 1000);
        }
    }
    let class = bits("class bit");
    let forged = [(class[0], Fr::from(2u64)), (class[1], Fr::from(0u64))];
    (input(cohort.seal()), forged.into())
}

/// ½·0 + ½·2 is 1, the operator's own witness.
fn two_halves_of_other_witnesses() -> (Input, Forged) {
    let half = Fr::from(2u64).inverse().unwrap();
    let witness = bits("witness bit");
    let forged = [(witness[0], half), (witness[1], Fr::from(0u64)), (witness[2], half)];
    let cohort = own(1, &[&[], &[hearing(0, 1, 3)]]);
    (forced(cohort, vec![row(1, 3, 1)]), forged.into())
}

/// Without any bit the index is 0, the operator's own witness.
fn no_witness_at_all() -> (Input, Forged) {
    let cohort = own(0, &[&[hearing(0, 1, 3)]]);
    let forged = [(bits("witness bit")[0], Fr::from(0u64))];
    (forced(cohort, vec![row(1, 3, 0)]), forged.into())
}

fn a_strong_signal_from_afar() -> (Input, Forged) {
    (forced(covered(&[&[hearing(0, FAR, 2)]]), vec![row(FAR, 2, 0)]), Forged::new())
}

/// An unused row of a smaller cell hides that a cell comes again.
fn an_unused_row_between() -> (Input, Forged) {
    let cohort = covered(&[&[hearing(0, 1, 3)], &[hearing(0, 1, 3)]]);
    let none = Fr::from(0u64);
    let forged = [(bits("used is a bit")[1], none), (bits("witness bit")[4], none)];
    (forced(cohort, vec![row(1, 3, 0), row(0, 3, 0), row(1, 3, 1)]), forged.into())
}

fn a_cell_in_two_places() -> (Input, Forged) {
    let cohort = covered(&[&[hearing(0, 1, 3), hearing(0, 2, 3)], &[hearing(0, 1, 3)]]);
    (forced(cohort, vec![row(1, 3, 0), row(2, 3, 0), row(1, 3, 1)]), Forged::new())
}
