//! A member's side: its paid cells in order, each attested by as many independent witnesses as the policy needs.

use super::super::common::MemberWires;
use super::classes::Paid;
use super::multiset::Multiset;
use crate::gadgets::Gadgets;
use crate::id::WITNESSES;
use crate::input::{ROWS, Row};
use ark_ff::One;
use ergon_types::cell::OFFSET_BITS;
use ergon_types::field::{self, Fr};
use ergon_types::policy::CLASSES;

/// Bits of the prover's choice of a row: step, witnesses, class.
pub(super) const CHOICE_BITS: usize = OFFSET_BITS + WITNESSES + 2;

/// Asserts the rows of one member and adds what they claim.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    (index, member): (usize, &MemberWires<G::Wire>),
    witnesses: &[MemberWires<G::Wire>],
    needed: &G::Wire,
    plan: &[Row],
    claimed: &mut Multiset<G::Wire>,
) -> Paid<G::Wire> {
    let place = g.constant(Fr::from(index as u64));
    let mut independent = Vec::with_capacity(witnesses.len());
    for witness in witnesses {
        let difference = g.sub(&witness.operator, &member.operator);
        let own = g.is_zero("witness's operator is the member's", &difference);
        independent.push(g.not(&own));
    }
    let mut cells = Vec::with_capacity(ROWS);
    let mut of_class: [Vec<_>; CLASSES - 1] = Default::default();
    // Each row's cell is above the one before: no cell is paid twice. Unused rows go on by ones.
    let mut next = g.zero();
    for place_of_row in 0..ROWS {
        let row = plan.get(place_of_row);
        let free = g.value(&next);
        let cell = g.allocate(row.map_or(free, |row| Fr::from(row.offset.code())));
        let step = g.sub(&cell, &next);
        let steps = g.bits("cells increase strictly", &step, OFFSET_BITS);
        next = g.add(&cell, &g.one());

        let used = g.bit("a paid cell is a bit", row.is_some());
        let mut flags = Vec::with_capacity(WITNESSES);
        for (witness, independent) in independent.iter().enumerate() {
            let flag = g.allocate(Fr::from(row.is_some_and(|row| row.witnesses[witness])));
            let left = g.sub(independent, &flag);
            g.enforce("a witness is independent", &flag, &left, &g.zero());
            flags.push(flag);
        }
        let attesting = g.sum(&flags);
        g.enforce("a paid cell has the needed witnesses", &used, needed, &attesting);

        let mut classes = Vec::with_capacity(of_class.len());
        let mut outer = used.clone();
        for (least, of_class) in (1..).zip(&mut of_class) {
            let inner = g.allocate(Fr::from(row.is_some_and(|row| row.class >= least)));
            let left = g.sub(&outer, &inner);
            g.enforce("classes of a paid cell are nested", &inner, &left, &g.zero());
            of_class.push(inner.clone());
            classes.push(inner.clone());
            outer = inner;
        }
        let class = g.sum(&classes);
        for (witness, flag) in flags.iter().enumerate() {
            claimed.push(g, [&class, &cell, &place], witness, flag);
        }
        let choice = g.linear(&[
            (Fr::one(), &g.pack(&steps, 1)),
            (field::power_of_two(OFFSET_BITS), &g.pack(&flags, 1)),
            (field::power_of_two(OFFSET_BITS + WITNESSES), &class),
        ]);
        claimed.choose(choice);
        cells.push(used);
    }
    Paid { cells: g.sum(&cells), of_class: of_class.map(|bits| g.sum(&bits)) }
}
