//! A signed record: `included` gates it, and 0 stands in a dummy key and message (§ 6, § 6.1).

use super::common::{MemberWires, Words};
use crate::gadgets::{Gadgets, Point};
use crate::input::{Signed, dummy_key};
use ergon_types::field::Fr;
use ergon_types::tag::Tag;

/// A member's record as the rules see it.
pub(super) struct RecordWires<W> {
    /// 1 if the batch counts this record.
    pub(super) included: W,
    /// Its salt.
    pub(super) salt: W,
}

/// Asserts for an included record: its place is not empty, the sealed head is the hash of these words, and the
/// place's key signed it. The words are free when it is not included.
pub(super) fn verify<G: Gadgets>(
    g: &mut G,
    words: &Words<G::Wire>,
    member: &MemberWires<G::Wire>,
    head: &G::Wire,
    signed: &Signed,
    body: &[G::Wire],
) -> RecordWires<G::Wire> {
    let included = g.bit("included is a bit", signed.included);
    let empty = g.is_zero("place is empty", &member.device);
    g.enforce("an included place is not empty", &included, &empty, &g.zero());

    let header = &signed.record.header;
    let counter = g.allocate(Fr::from(header.counter));
    let nonce = g.allocate(header.nonce);
    let salt = g.allocate(header.salt);
    let mut entries = vec![words.network.clone(), member.device.clone(), words.epoch.clone()];
    entries.extend([counter, nonce, salt.clone()]);
    entries.extend_from_slice(body);
    let message = g.hash_vector(Tag::record(signed.record.body.schema()), &entries);
    let difference = g.sub(&message, head);
    g.enforce("record is the sealed one", &included, &difference, &g.zero());

    let dummy = dummy_key().public();
    let [x, y] = [dummy.point().x, dummy.point().y].map(|entry| g.constant(entry));
    let key = Point {
        x: g.select("key of the signature", &included, &member.key.x, &x),
        y: g.select("key of the signature", &included, &member.key.y, &y),
    };
    let message = g.mul("message of the signature", &included, head);
    g.verify_signature(&key, &message, &signed.signature);
    RecordWires { included, salt }
}
