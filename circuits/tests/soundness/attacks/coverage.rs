//! Attacks on the coverage statement.

use super::{Attack, Forged, pays};
use crate::fixture::*;
use crate::places::Places;
use ergon_circuits::{Input, Row, Scope};
use ergon_types::record::witness::{ENTRY_BITS, Hearing};
use ergon_types::{Fr, Kind, Policy, field};

const MEMBER: Scope = Scope::Member(0);
const WITNESS: Scope = Scope::Witness(0);
const USED: &str = "a used entry is a bit and of an included witness";
const CLAIMED: &str = "claimed class is attested";

pub(super) fn attacks() -> Vec<Attack> {
    vec![
        pays("policy needs a witness", a_policy_without_witnesses),
        pays("share of an observation", a_share_of_nothing),
        pays("classes fit their word", a_weight_grows),
        pays("entry bit", a_class_borrows_from_its_cell),
        pays(USED, entries_that_nobody_signed),
        pays("signal is possible at that distance", a_strong_signal_from_afar),
        pays(CLAIMED, a_better_class_than_heard),
        pays("cells increase strictly", a_cell_twice),
        pays("a paid cell is a bit", a_cell_that_counts_twice),
        pays("a witness is independent", an_operators_own_witness),
        pays("a paid cell has the needed witnesses", a_cell_without_a_witness),
        pays("classes of a paid cell are nested", the_best_class_alone),
        pays("claimed cells are the witnessed ones", a_cell_nobody_heard),
    ]
}

fn places() -> &'static Places {
    Places::of(Kind::Coverage)
}

/// Rows of member 0 as the prover likes, none of the others.
fn forced(cohort: Cohort, rows: Vec<Row>) -> Input {
    let mut input = input(cohort.seal());
    input.rows = vec![Vec::new(); MEMBERS];
    input.rows[0] = rows;
    input
}

/// Classes with these weights, possible at any distance.
fn weighing(mut cohort: Cohort, weights: [u8; 4]) -> Cohort {
    if let Policy::Coverage { classes, .. } = &mut cohort.bundle.policy {
        for (class, weight) in classes.iter_mut().zip(weights) {
            (class.weight, class.reach) = (weight, 1000);
        }
    }
    cohort
}

fn one() -> Fr {
    Fr::from(1u64)
}

fn zero() -> Fr {
    Fr::from(0u64)
}

/// A governed word; the contract also refuses it. A cell of nobody would be paid.
fn a_policy_without_witnesses() -> (Input, Forged) {
    let mut cohort = covered(&[&[hearing(0, 1, 3)]]);
    if let Policy::Coverage { witnesses, .. } = &mut cohort.bundle.policy {
        *witnesses = 0;
    }
    (forced(cohort, vec![row(1, 3, &[])]), Forged::new())
}

/// The second class's weight of 2 is 2^33 of the first's.
fn a_weight_grows() -> (Input, Forged) {
    let bits = places().alone("classes fit their word", Scope::Cohort);
    let weight = one() + field::power_of_two(33);
    let forged = [(bits[0], weight), (bits[33], zero())];
    (input(covered(&[&[hearing(0, 1, 0)]]).seal()), forged.into())
}

/// Class bits 2 and 1 are "at least class 1, 2" once and "at least class 3" twice, one of them enough; they lend 4
/// from the cell, which becomes the one before.
fn a_class_borrows_from_its_cell() -> (Input, Forged) {
    let cohort = weighing(covered(&[&[hearing(0, 9, 0)]]), [1, 2, 3, 4]);
    let bits = places().alone("entry bit", WITNESS);
    let claimed = places().alone(CLAIMED, WITNESS);
    let forged = [
        (bits[0], Fr::from(2u64)),
        (bits[1], one()),
        (bits[2], zero()),
        (places().alone(USED, WITNESS)[0], one()),
        (claimed[0], one()),
        (claimed[1], zero()),
        (claimed[2], Fr::from(2u64)),
    ];
    (forced(cohort, vec![row(8, 3, &[0])]), forged.into())
}

/// The free entries of a witness that is left out.
fn entries_that_nobody_signed() -> (Input, Forged) {
    let entry = hearing(0, 1, 3).entry();
    let bits = places().alone("entry bit", WITNESS);
    let mut forged: Forged =
        (0..ENTRY_BITS).map(|i| (bits[i], Fr::from((entry >> i) & 1))).collect();
    forged.insert(places().alone(USED, WITNESS)[0], one());
    let claimed = places().alone(CLAIMED, WITNESS);
    forged.extend(claimed[..3].iter().map(|bit| (*bit, one())));
    (forced(covered(&[]), vec![row(1, 3, &[0])]), forged)
}

fn a_strong_signal_from_afar() -> (Input, Forged) {
    (forced(covered(&[&[hearing(0, FAR, 2)]]), vec![row(FAR, 2, &[0])]), Forged::new())
}

fn a_better_class_than_heard() -> (Input, Forged) {
    (forced(covered(&[&[hearing(0, 1, 0)]]), vec![row(1, 3, &[0])]), Forged::new())
}

/// A step of −1.
fn a_cell_twice() -> (Input, Forged) {
    let heard: &[Hearing] = &[hearing(0, 1, 3)];
    let rows = vec![row(1, 3, &[0]), row(1, 3, &[1])];
    (forced(covered(&[heard, heard]), rows), Forged::new())
}

/// As two cells, of two witnesses.
fn a_cell_that_counts_twice() -> (Input, Forged) {
    let heard: &[Hearing] = &[hearing(0, 1, 0)];
    let used = places().alone("a paid cell is a bit", MEMBER)[0];
    (forced(covered(&[heard, heard]), vec![row(1, 0, &[0, 1])]), [(used, Fr::from(2u64))].into())
}

fn an_operators_own_witness() -> (Input, Forged) {
    let mut cohort = covered(&[&[hearing(0, 1, 3)]]);
    let operator = cohort.bundle.membership.members[0].unwrap().operator;
    let witnesses = cohort.bundle.witnesses.as_mut().unwrap();
    witnesses.members[0].as_mut().unwrap().operator = operator;
    (forced(cohort, vec![row(1, 3, &[0])]), Forged::new())
}

fn a_cell_without_a_witness() -> (Input, Forged) {
    (forced(covered(&[]), vec![row(1, 3, &[])]), Forged::new())
}

/// Class 1 is heard, and claimed as "at least class 3" without the classes below.
fn the_best_class_alone() -> (Input, Forged) {
    let cohort = weighing(covered(&[&[hearing(0, 1, 1)]]), [1, 2, 3, 100]);
    let classes = places().alone("classes of a paid cell are nested", MEMBER);
    (forced(cohort, vec![row(1, 1, &[0])]), [(classes[0], zero()), (classes[2], one())].into())
}

/// The claim's share as 0, as if it were no claim; the witnesses' 512 shares come first.
fn a_share_of_nothing() -> (Input, Forged) {
    let share = places().alone("share of an observation", Scope::Cohort)[512];
    (forced(covered(&[&[]]), vec![row(1, 3, &[0])]), [(share, zero())].into())
}

fn a_cell_nobody_heard() -> (Input, Forged) {
    (forced(covered(&[&[]]), vec![row(1, 3, &[0])]), Forged::new())
}
