//! Known answers: what an accelerator computes right before it is trusted with a key.

use crate::{Accelerator, Evaluated, Fault, LoadError, MOST_DOMAIN, Queries, Sums, reference};
use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, CurveGroup, PrimeGroup};
use ark_ff::{AdditiveGroup, Field};
use std::time::{Duration, Instant};

const INPUTS: usize = 4;
/// Variables and points of the domain: the smallest sizes, and one at which buckets have several points. Transforms that are
/// split among workers are larger; tests compare those.
const SIZES: [(usize, usize); 3] = [(INPUTS, 1), (30, 32), (1500, 2048)];

/// Compares an accelerator with arkworks, on points and scalars that meet every exception of
/// their addition: infinity, equal and opposite points, 0, ±1, ±2, halves, and many of one value.
///
/// # Errors
/// When the accelerator fails, or computes something else.
pub fn known_answers(accelerator: &dyn Accelerator) -> Result<(), LoadError> {
    for (variables, domain) in SIZES {
        let (g1, g2) = points(variables.max(domain));
        let of = |count: usize| &g1[..count];
        let queries = Queries {
            inputs: INPUTS,
            a: of(variables),
            b_g1: of(variables),
            b_g2: &g2[..variables],
            l: of(variables - INPUTS),
            h: of(domain),
        };
        let scalars: Vec<Vec<Fr>> =
            (0..3).map(|which| scalars(variables + 2 * domain, which)).collect();
        let witnesses: Vec<Evaluated<'_>> = scalars
            .iter()
            .map(|scalars| {
                let (assignment, rest) = scalars.split_at(variables);
                let (a, b) = rest.split_at(domain);
                Evaluated { assignment, a, b }
            })
            .collect();
        let too_large = || LoadError::TooLarge { what: "h", found: domain, most: MOST_DOMAIN };
        let expected = witnesses.iter().map(|witness| reference::sums(&queries, witness));
        let expected = expected.collect::<Option<Vec<_>>>().ok_or_else(too_large)?;
        let found = accelerator.load(&queries)?.sums(&witnesses)?;
        if let Some(part) = first_difference(&expected, &found) {
            let name = accelerator.name();
            let text = format!("{part} of {variables} variables on {name} is not arkworks'");
            return Err(Fault::WrongResult(text).into());
        }
    }
    Ok(())
}

/// How long an accelerator takes for the sums of a witness of full width, on a domain of so many points: the second of two calls,
/// loading left out.
///
/// # Errors
/// When the accelerator fails, or the domain is no power of two.
pub fn calibrate(accelerator: &dyn Accelerator, domain: usize) -> Result<Duration, LoadError> {
    // 1, 3, 7, 15, … times the generators: no two of them meet an exception of their addition.
    let (mut g1, mut g2) = (vec![G1Projective::generator()], vec![G2Projective::generator()]);
    for place in 1..domain {
        g1.push(g1[place - 1].double() + g1[0]);
        g2.push(g2[place - 1].double() + g2[0]);
    }
    let (g1, g2) = (G1Projective::normalize_batch(&g1), G2Projective::normalize_batch(&g2));
    let l = &g1[..domain.saturating_sub(INPUTS)];
    let inputs = domain - l.len();
    let queries = Queries { inputs, a: &g1, b_g1: &g1, b_g2: &g2, l, h: &g1 };
    let loaded = accelerator.load(&queries)?;
    let scalars = scalars(domain, 1);
    let witness = Evaluated { assignment: &scalars, a: &scalars, b: &scalars };
    loaded.sums(&[witness])?;
    let start = Instant::now();
    loaded.sums(&[witness])?;
    Ok(start.elapsed())
}

fn first_difference(expected: &[Sums], found: &[Sums]) -> Option<&'static str> {
    if expected.len() != found.len() {
        return Some("the number of sums");
    }
    expected.iter().zip(found).find_map(|(expected, found)| {
        [
            ("A", expected.a == found.a),
            ("B in G1", expected.b_g1 == found.b_g1),
            ("B in G2", expected.b_g2 == found.b_g2),
            ("C", expected.c == found.c),
        ]
        .into_iter()
        .find_map(|(name, equal)| (!equal).then_some(name))
    })
}

/// Small multiples of the generators, with infinities, repeated points and opposites among them.
fn points(count: usize) -> (Vec<G1Affine>, Vec<G2Affine>) {
    let (mut g1, mut g2) = (vec![G1Projective::generator()], vec![G2Projective::generator()]);
    for place in 1..count {
        g1.push(if place % 5 == 0 { -g1[place - 1] } else { g1[place - 1] + g1[place / 2] });
        g2.push(if place % 5 == 0 { -g2[place - 1] } else { g2[place - 1] + g2[place / 2] });
    }
    let (mut g1, mut g2) = (G1Projective::normalize_batch(&g1), G2Projective::normalize_batch(&g2));
    for place in (0..count).skip(1).step_by(7) {
        (g1[place], g2[place]) = (G1Affine::zero(), G2Affine::zero());
    }
    for place in (9..count).step_by(11) {
        (g1[place], g2[place]) = (g1[place - 1], g2[place - 1]);
    }
    (g1, g2)
}

/// Scalars of one witness: all special, all of full width, or half zeros and ones.
fn scalars(count: usize, which: usize) -> Vec<Fr> {
    let half = Fr::from(2u64).inverse().unwrap_or(Fr::ONE);
    let one = Fr::ONE;
    let special = [Fr::ZERO, one, -one, one + one, -(one + one), half, -half, half + one];
    // Of full width after a few steps, and the same on every machine.
    let mut wide = Fr::from(7u64);
    (0..count)
        .map(|place| {
            wide = wide.square() + one;
            match which {
                0 => special[place % special.len()],
                1 => wide,
                _ => [Fr::ZERO, one, wide, one][place % 4],
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cpu, Loaded};

    #[test]
    fn every_way_of_the_processor_gives_the_known_answers() {
        for cpu in Cpu::all() {
            assert_eq!(known_answers(&cpu), Ok(()));
            assert_eq!(known_answers(&cpu.with_tables(1 << 22)), Ok(()));
        }
    }

    /// An accelerator that spoils one sum of one witness.
    #[derive(Debug)]
    struct Spoiling(Spoil);

    type Spoil = fn(&mut Sums);

    struct SpoilingLoaded(Box<dyn Loaded>, Spoil);

    impl Accelerator for Spoiling {
        fn name(&self) -> &str {
            "spoiling"
        }

        fn load(&self, queries: &Queries<'_>) -> Result<Box<dyn Loaded>, LoadError> {
            Ok(Box::new(SpoilingLoaded(Cpu::fastest().load(queries)?, self.0)))
        }
    }

    impl Loaded for SpoilingLoaded {
        fn batch(&self) -> usize {
            1
        }

        fn sums(&self, witnesses: &[Evaluated<'_>]) -> Result<Vec<Sums>, Fault> {
            let mut sums = self.0.sums(witnesses)?;
            sums.last_mut().into_iter().for_each(self.1);
            Ok(sums)
        }
    }

    #[test]
    fn each_wrong_sum_is_noticed_and_named() {
        let cases: [(Spoil, &str); 4] = [
            (|sums| sums.a += G1Projective::generator(), "A of 4 variables"),
            (|sums| sums.b_g1 = -sums.b_g1, "B in G1 of 4 variables"),
            (|sums| sums.b_g2 += G2Projective::generator(), "B in G2 of 4 variables"),
            (|sums| sums.c = G1Projective::generator(), "C of 4 variables"),
        ];
        for (spoil, text) in cases {
            let error = known_answers(&Spoiling(spoil)).unwrap_err().to_string();
            assert!(error.contains(text) && error.contains("spoiling"), "{error}");
        }
    }
}
