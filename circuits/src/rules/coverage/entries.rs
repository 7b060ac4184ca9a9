//! A witness's side: its sealed entries, of which the batch uses those that are possible.

use super::super::common::{MemberWires, Words};
use super::super::record;
use super::classes::{Classes, Nested};
use super::multiset::Multiset;
use crate::gadgets::Gadgets;
use crate::input::{Input, Row, Signer};
use ark_ff::One;
use ergon_types::cell::{COORDINATE_BITS, HALF, OFFSET_BITS, REACH_BITS};
use ergon_types::field::{self, Fr};
use ergon_types::record::Body;
use ergon_types::record::witness::{CLASS_BITS, ENTRIES_PER_WORD, ENTRY_BITS, Hearing, Hearings};

/// Bits of the prover's choice about an entry: used, claimed class.
pub(super) const CHOICE_BITS: usize = 1 + CLASS_BITS;

/// The fields of one entry.
struct EntryWires<W> {
    class: Nested<W>,
    a: W,
    b: W,
    cell: W,
    member: W,
    packed: W,
}

/// Adds the entries of witness `index` to what is heard.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    input: &Input,
    words: &Words<G::Wire>,
    (witness, head): (&MemberWires<G::Wire>, &G::Wire),
    index: usize,
    classes: &Classes<G::Wire>,
    heard: &mut Multiset<G::Wire>,
) {
    let signed = input.signed(Signer::Witness(index));
    let empty = Hearings::new(input.bundle.membership.cohort);
    let hearings =
        if let Body::Witness(hearings) = &signed.record.body { hearings } else { &empty };
    let values = hearings.entries();
    let entries: Vec<_> = values.iter().map(|entry| unpack(g, *entry)).collect();
    // The covered cohort is the batch's own word: a record about another cohort has another hash.
    let packed: Vec<_> = entries.iter().map(|entry| entry.packed.clone()).collect();
    let mut body = vec![words.cohort.clone()];
    body.extend(packed.chunks(ENTRIES_PER_WORD).map(|chunk| g.pack(chunk, ENTRY_BITS)));
    let record = record::verify(g, words, witness, head, &signed, &body);

    for (entry, value) in entries.iter().zip(&values) {
        let row = if signed.included { claimant(&input.rows, index, *value) } else { None };
        let used = g.allocate(Fr::from(row.is_some()));
        let unused = g.sub(&record.included, &used);
        g.enforce("a used entry is a bit and of an included witness", &used, &unused, &g.zero());
        within_reach(g, entry, &used, classes);
        let claimed = claim(g, entry, row);
        heard.push(g, [&claimed, &entry.cell, &entry.member], index, &used);
        let choice = g.linear(&[(Fr::one(), &used), (Fr::from(2u64), &claimed)]);
        heard.choose(choice);
    }
}

/// Allocates an entry's 30 bits.
fn unpack<G: Gadgets>(g: &mut G, entry: u64) -> EntryWires<G::Wire> {
    let bits: Vec<_> = (0..ENTRY_BITS).map(|i| g.bit("entry bit", (entry >> i) & 1 == 1)).collect();
    let (class, rest) = bits.split_at(CLASS_BITS);
    let (cell, member) = rest.split_at(OFFSET_BITS);
    let both = g.mul("class is 3", &class[0], &class[1]);
    let either = g.linear(&[(Fr::one(), &class[0]), (Fr::one(), &class[1]), (-Fr::one(), &both)]);
    let half = g.constant(Fr::from(HALF));
    let (b, a) = cell.split_at(COORDINATE_BITS);
    EntryWires {
        class: [either, class[1].clone(), both],
        a: g.sub(&g.pack(a, 1), &half),
        b: g.sub(&g.pack(b, 1), &half),
        cell: g.pack(cell, 1),
        member: g.pack(member, 1),
        packed: g.pack(&bits, 1),
    }
}

/// Asserts for a used entry: squared distance between cell and member ≤ reach of its class.
fn within_reach<G: Gadgets>(
    g: &mut G,
    entry: &EntryWires<G::Wire>,
    used: &G::Wire,
    classes: &Classes<G::Wire>,
) {
    // a² + b² − ab
    let across = g.sub(&entry.a, &entry.b);
    let across = g.mul("distance a·(a − b)", &entry.a, &across);
    let along = g.mul("distance b²", &entry.b, &entry.b);
    let reach = classes.reach(g, &entry.class);
    // What is not used has room for any distance.
    let room = field::power_of_two(REACH_BITS);
    let slack = g.linear(&[
        (Fr::one(), &reach),
        (-Fr::one(), &across),
        (-Fr::one(), &along),
        (room, &g.not(used)),
    ]);
    g.bits("signal is possible at that distance", &slack, REACH_BITS + 1);
}

/// The class that the batch claims for an entry: at most the entry's own.
fn claim<G: Gadgets>(g: &mut G, entry: &EntryWires<G::Wire>, row: Option<&Row>) -> G::Wire {
    let claimed = row.map_or(0, |row| row.class);
    let mut bits = Vec::with_capacity(entry.class.len());
    for (attested, least) in entry.class.iter().zip(1..) {
        let bit = g.allocate(Fr::from(claimed >= least));
        let left = g.sub(attested, &bit);
        g.enforce("claimed class is attested", &bit, &left, &g.zero());
        bits.push(bit);
    }
    g.sum(&bits)
}

/// The row that uses this entry of this witness.
fn claimant(plan: &[Vec<Row>], witness: usize, entry: u64) -> Option<&Row> {
    let hearing = Hearing::from_entry(entry);
    let rows = plan.get(usize::from(hearing.member))?;
    rows.iter().find(|row| row.witnesses[witness] && row.offset == hearing.offset)
}
