//! Three public inputs for any number of words (§ 5.1).

use crate::gadgets::Gadgets;
use ergon_types::tag::Tag;

/// Asserts that `c` is the hash of the words and `y` their polynomial at `z`.
pub(crate) fn bind<G: Gadgets>(g: &mut G, tag: Tag, words: &[G::Wire], [c, z, y]: [&G::Wire; 3]) {
    let hash = g.hash_vector(tag, words);
    g.equal("c is the hash of the words", &hash, c);
    let mut sum = g.zero();
    for word in words.iter().rev() {
        let shifted = g.mul("words at z", &sum, z);
        sum = g.add(&shifted, word);
    }
    g.equal("y is the words' polynomial at z", &sum, y);
}
