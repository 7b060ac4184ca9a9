//! Attacks on the uptime statement and on what all kinds unpack alike.

use super::{Attack, Forged, pays};
use crate::fixture::*;
use crate::places::Places;
use ergon_circuits::{Input, Scope};
use ergon_types::policy::MINIMUM_BITS;
use ergon_types::{Body, Fr, Kind, Policy, field};

const MEMBER: Scope = Scope::Member(0);

pub(super) fn attacks() -> Vec<Attack> {
    vec![
        pays("slot is a bit", one_slot_counts_twice),
        pays("an arrival is a recorded slot or none", arrivals_without_a_record),
        pays("tiers fit their word", an_increment_grows),
        pays("tier is reached", a_tier_is_claimed),
    ]
}

fn cohort(count: u32) -> Cohort {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.sign(0, Body::Uptime(slots(0..count)));
    cohort
}

/// A slot's bit moves to the slot below as a 2: the same word, one slot more.
fn one_slot_counts_twice() -> (Input, Forged) {
    let mut cohort = Cohort::new(Kind::Uptime, 0);
    cohort.sign(0, Body::Uptime(slots(1..144)));
    let places = Places::of(Kind::Uptime);
    let recorded = places.alone("slot is a bit", MEMBER);
    // Each arrival is allocated right after its recorded slot.
    let arrival = |slot: usize| recorded[slot] + 1;
    let (none, two) = (Fr::from(0u64), Fr::from(2u64));
    let forged = [(recorded[0], two), (arrival(0), two), (recorded[1], none), (arrival(1), none)];
    (input(cohort.seal()), forged.into())
}

fn arrivals_without_a_record() -> (Input, Forged) {
    let mut bundle = cohort(10).seal();
    bundle.seal.arrivals[0] = slots(0..288);
    resign(&mut bundle);
    (input(bundle), Forged::new())
}

/// The second tier's increment lends 1 to the first's, where it is worth 2^32.
fn an_increment_grows() -> (Input, Forged) {
    let bits = Places::of(Kind::Uptime).alone("tiers fit their word", Scope::Cohort);
    let mut cohort = cohort(288);
    if let Policy::Uptime { tiers } = &mut cohort.bundle.policy {
        tiers[0].increment = 1;
        tiers[1].increment = 1;
    }
    let forged = [(bits[16], Fr::from(1u64) + field::power_of_two(32)), (bits[48], Fr::from(0u64))];
    (input(cohort.seal()), forged.into())
}

/// The comparison's highest bit is set without the bits below making up for it.
fn a_tier_is_claimed() -> (Input, Forged) {
    let bits = Places::of(Kind::Uptime).alone("tier is reached", MEMBER);
    (input(cohort(100).seal()), [(bits[MINIMUM_BITS], Fr::from(1u64))].into())
}
