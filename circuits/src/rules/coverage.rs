//! coverage: distinct cells, attested by independent witnesses at possible signal strengths (§ 6.4).

mod classes;
mod entries;
mod multiset;
mod rows;

use super::common::{MemberWires, Words};
use super::uptime::pack_slots;
use super::{Work, common, record, tiers};
use crate::gadgets::{Gadgets, Scope};
use crate::input::{Input, Signer};
use ark_ff::Field;
use classes::Classes;
use ergon_types::Membership;
use ergon_types::record::slots::SLOTS;
use multiset::Multiset;

/// Units of all members, the witness root, and the witnesses' sealed heads.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    input: &Input,
    words: &Words<G::Wire>,
    members: &[MemberWires<G::Wire>],
    heads: &[G::Wire],
) -> (Work<G::Wire>, G::Wire, Vec<G::Wire>) {
    let none = Membership { cohort: 0, region: 0, members: Vec::new() };
    let cohort = input.bundle.witnesses.as_ref().unwrap_or(&none);
    let witnesses =
        common::members(g, [&words.chain_id, &words.registry, &words.witness_cohort], cohort);
    let witness_heads = common::heads(g, &input.bundle.seal.witness_heads);

    let tiers = tiers::unpack(g, &words.policy[0]);
    let classes = Classes::unpack(g, &words.policy[2]);
    let needed = &words.policy[1];
    let inverse = g.allocate(g.value(needed).inverse().unwrap_or_default());
    g.enforce("policy needs a witness", needed, &inverse, &g.one());

    let mut heard = Multiset::new(entries::CHOICE_BITS);
    for (index, (witness, head)) in witnesses.members.iter().zip(&witness_heads).enumerate() {
        g.enter(Scope::Witness(index));
        entries::rule(g, input, words, (witness, head), index, &classes, &mut heard);
    }

    let mut claimed = Multiset::new(rows::CHOICE_BITS);
    let (mut units, mut measured) = (Vec::new(), Vec::new());
    for (index, (member, head)) in members.iter().zip(heads).enumerate() {
        g.enter(Scope::Member(index));
        let signed = input.signed(Signer::Member(index));
        let slots = signed.record.slots();
        let slots: Vec<_> = (0..SLOTS).map(|s| g.bit("slot is a bit", slots.get(s))).collect();
        let body = pack_slots(g, &slots);
        let record = record::verify(g, words, member, head, &signed, &body);
        let alive = g.sum(&slots);
        let multiplier = tiers::multiplier(g, &tiers, &alive);

        let plan = &input.rows[index];
        let paid = rows::rule(g, (index, member), &witnesses.members, needed, plan, &mut claimed);
        let weight = classes.weight(g, &paid);
        let earned = g.mul("units of the epoch", &weight, &multiplier);
        units.push(g.mul("units are included", &record.included, &earned));
        measured.push(g.mul("cells are included", &record.included, &paid.cells));
    }

    g.enter(Scope::Cohort);
    multiset::equal(g, &witness_heads, &heard, &claimed);
    (Work::stateless(g, units, measured), witnesses.root, witness_heads)
}
