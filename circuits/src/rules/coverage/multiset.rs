//! That two sides hold the same observations, by sums of fractions at a challenge (§ 6.4, § 8.4).
//!
//! Σ used/(α − value) agrees on both sides as a function of α if and only if every value is used equally often on
//! both; at an α that commits to values and uses, with probability 1 − degree/r. Source: U. Haböck, "Multivariate
//! lookups based on logarithmic derivatives", IACR ePrint 2022/1530, lemma 4.

use crate::gadgets::Gadgets;
use ark_ff::{One, serial_batch_inversion_and_mul};
use ergon_types::field::Fr;
use ergon_types::record::witness::CLASS_BITS;
use ergon_types::tag::Tag;

/// Bits of an observation's cell: more than an offset has, so that a member's increasing rows never reach the
/// place of the next member's.
const CELL_BITS: usize = 27;
/// Bits of an observation's member.
const MEMBER_BITS: usize = 8;
/// Bits absorbed in one word.
const WORD_BITS: usize = 248;

/// A claim that may be used: class, cell, member and witness in one value.
struct Observation<W> {
    value: W,
    used: W,
}

/// One side: observations, and what determines them besides the witnesses' heads.
pub(super) struct Multiset<W> {
    observations: Vec<Observation<W>>,
    choices: Vec<W>,
    width: usize,
}

impl<W: Clone> Multiset<W> {
    /// An empty side whose choices have `width` bits.
    pub(super) fn new(width: usize) -> Self {
        Self { observations: Vec::new(), choices: Vec::new(), width }
    }

    /// Adds an observation. `used` is a bit; `class` is below 4, `cell` below 2^27.
    pub(super) fn push<G: Gadgets<Wire = W>>(
        &mut self,
        g: &G,
        [class, cell, member]: [&W; 3],
        witness: usize,
        used: &W,
    ) {
        let cell_at = CLASS_BITS;
        let member_at = cell_at + CELL_BITS;
        let [cell_unit, member_unit, witness_unit] =
            [cell_at, member_at, member_at + MEMBER_BITS].map(ergon_types::field::power_of_two);
        let witness = g.constant(Fr::from(witness as u64) * witness_unit);
        let one = Fr::one();
        let terms = [(one, class), (cell_unit, cell), (member_unit, member), (one, &witness)];
        self.observations.push(Observation { value: g.linear(&terms), used: used.clone() });
    }

    /// Adds a choice from which observations follow, ranged to the side's width.
    pub(super) fn choose(&mut self, choice: W) {
        self.choices.push(choice);
    }

    /// The choices, packed.
    fn words<G: Gadgets<Wire = W>>(&self, g: &G) -> Vec<W> {
        self.choices.chunks(WORD_BITS / self.width).map(|chunk| g.pack(chunk, self.width)).collect()
    }

    /// Σ used/(α − value).
    fn sum<G: Gadgets<Wire = W>>(&self, g: &mut G, challenge: &W) -> W {
        let distances: Vec<W> =
            self.observations.iter().map(|seen| g.sub(challenge, &seen.value)).collect();
        // A hint, by one inversion for all of them; zeros stay zeros.
        let mut inverses: Vec<Fr> = distances.iter().map(|distance| g.value(distance)).collect();
        serial_batch_inversion_and_mul(&mut inverses, &Fr::one());
        let mut shares = Vec::with_capacity(distances.len());
        for ((Observation { used, .. }, distance), inverse) in
            self.observations.iter().zip(&distances).zip(inverses)
        {
            let share = g.allocate(g.value(used) * inverse);
            g.enforce("share of an observation", &share, distance, used);
            shares.push(share);
        }
        g.sum(&shares)
    }
}

/// Asserts that the used observations of both sides are the same. The heads commit to what the witnesses recorded,
/// the choices to the rest.
pub(super) fn equal<G: Gadgets>(
    g: &mut G,
    witness_heads: &[G::Wire],
    heard: &Multiset<G::Wire>,
    claimed: &Multiset<G::Wire>,
) {
    let mut committed = witness_heads.to_vec();
    committed.extend(heard.words(g));
    committed.extend(claimed.words(g));
    let challenge = g.hash_vector(Tag::CHALLENGE, &committed);
    let left = heard.sum(g, &challenge);
    let right = claimed.sum(g, &challenge);
    g.equal("claimed cells are the witnessed ones", &left, &right);
}
