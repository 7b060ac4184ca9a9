//! A witness's side: its sealed entries, strictly increasing, of which the batch uses some.

use super::super::common::{MemberWires, Words};
use super::super::record;
use super::Observation;
use crate::gadgets::Gadgets;
use crate::input::{Input, Row, Signer};
use ark_ff::One;
use ergon_types::cell::CELL_BITS;
use ergon_types::field::{self, Fr};
use ergon_types::record::Body;
use ergon_types::record::witness::{
    CLASS_BITS, ENTRIES_PER_WORD, ENTRY_BITS, Hearings, MEMBER_BITS,
};

const KEY_BITS: usize = CELL_BITS + MEMBER_BITS;

/// The entries of witness `index` as observations.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    input: &Input,
    words: &Words<G::Wire>,
    witness: &MemberWires<G::Wire>,
    head: &G::Wire,
    index: usize,
) -> Vec<Observation<G::Wire>> {
    let signed = input.signed(Signer::Witness(index));
    let empty = Hearings::new(input.bundle.membership.cohort);
    let hearings =
        if let Body::Witness(hearings) = &signed.record.body { hearings } else { &empty };
    let mut entries = Vec::new();
    let mut last: Option<G::Wire> = None;
    for entry in hearings.entries() {
        let class: [_; CLASS_BITS] =
            std::array::from_fn(|i| g.bit("class has 2 bits", (entry >> i) & 1 == 1));
        let class = g.pack(&class, 1);
        let key = g.allocate(Fr::from(entry >> CLASS_BITS));
        // The first key and all steps are ranged, and so is the last key: none can wrap around the field.
        let step = match &last {
            None => key.clone(),
            Some(last) => g.sub(&g.sub(&key, last), &g.one()),
        };
        g.bits("entries increase strictly", &step, KEY_BITS);
        entries.push(g.linear(&[(Fr::one(), &class), (field::power_of_two(CLASS_BITS), &key)]));
        last = Some(key);
    }
    if let Some(last) = last {
        g.bits("last entry has 31 bits", &last, KEY_BITS);
    }
    // The covered cohort is the batch's own word: a record about another cohort has another hash.
    let mut body = vec![words.cohort.clone()];
    body.extend(entries.chunks(ENTRIES_PER_WORD).map(|chunk| g.pack(chunk, ENTRY_BITS)));
    let record = record::verify(g, words, witness, head, &signed, &body);

    let excluded = g.not(&record.included);
    let place = Fr::from(index as u64) * field::power_of_two(ENTRY_BITS);
    let mut observations = Vec::with_capacity(entries.len());
    let used = hearings
        .entries()
        .into_iter()
        .map(|entry| signed.included && uses(&input.rows, index, entry));
    for (entry, used) in entries.iter().zip(used) {
        let used = g.bit("used is a bit", used);
        g.enforce("a used entry is of an included witness", &used, &excluded, &g.zero());
        let value = g.add(entry, &g.constant(place));
        observations.push(Observation { value, used });
    }
    observations
}

/// Whether the plan uses this entry of this witness.
fn uses(plan: &[Vec<Row>], witness: usize, entry: u64) -> bool {
    let member = (entry >> (CLASS_BITS + CELL_BITS)) as usize;
    let cell = ((entry >> CLASS_BITS) & ((1 << CELL_BITS) - 1)) as u32;
    plan.get(member)
        .is_some_and(|rows| rows.iter().any(|row| row.witness == witness && row.cell.0 == cell))
}
