//! second seal: two different seals of one cohort and epoch, signed by one key (§ 6.7).
//!
//! Equal contents have one message, however often it is signed: only a difference of the contents convicts.

use super::common::{Sealing, signed_seal};
use crate::gadgets::{Gadgets, Point, Scope};
use crate::second_seal::SecondSeal;
use ark_ff::Field;
use ergon_types::tag::Tag;

/// The words, after asserting that the key signed both seals and that they differ.
pub(crate) fn second_seal<G: Gadgets>(g: &mut G, evidence: &SecondSeal) -> Vec<G::Wire> {
    let all: Vec<_> = evidence.words().into_iter().map(|word| g.allocate(word)).collect();
    let network = g.hash_vector(Tag::NETWORK, &all[..2]);
    let attestor = Point { x: all[4].clone(), y: all[5].clone() };
    let of = Sealing { network: &network, epoch: &all[2], cohort: &all[3], attestor: &attestor };
    let mut contents = Vec::with_capacity(evidence.seals().len());
    for (index, (content, signature)) in evidence.seals().iter().enumerate() {
        g.enter(Scope::Seal(index));
        let content = g.allocate(*content);
        signed_seal(g, &of, &content, signature);
        contents.push(content);
    }
    g.enter(Scope::Cohort);
    let difference = g.sub(&contents[0], &contents[1]);
    // Only what is not 0 has an inverse.
    let inverse = g.allocate(g.value(&difference).inverse().unwrap_or_default());
    g.enforce("seals differ", &difference, &inverse, &g.one());
    all
}
