//! answer: what is sealed of a device is a record that its key signed after the acknowledged one (§ 6.9).

use super::common;
use crate::answer::Answer;
use crate::gadgets::{Gadgets, Point, Scope};
use ark_ff::One;
use ergon_types::field::Fr;
use ergon_types::tag::Tag;

/// Bits of a packet's counter (§ 3.1).
const COUNTER_BITS: usize = 64;

/// The words, after asserting that the head is a record of the device and epoch that the key signed, with a higher
/// counter.
pub(crate) fn answer<G: Gadgets>(g: &mut G, answer: &Answer) -> Vec<G::Wire> {
    let all: Vec<_> = answer.words().into_iter().map(|word| g.allocate(word)).collect();
    let network = g.hash_vector(Tag::NETWORK, &all[..2]);
    let key = Point { x: all[4].clone(), y: all[5].clone() };
    g.enter(Scope::Record(0));
    let [counter, message] =
        common::record(g, [&network, &all[3], &all[2]], &answer.packet().record, None);
    g.equal("the sealed head is this record", &message, &all[6]);
    g.verify_signature(&key, &message, &answer.packet().signature);
    let minus = -Fr::one();
    let later = g.linear(&[(Fr::one(), &counter), (minus, &all[7]), (minus, &g.one())]);
    g.bits("the record is later", &later, COUNTER_BITS);
    all
}
