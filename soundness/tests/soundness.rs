//! The harness on systems whose answers are known, and against itself: what it says of a row is what happens when the
//! row is really deleted.
#![allow(clippy::unwrap_used)]

use ark_bn254::Fr;
use ark_ff::{One, Zero};
use ergon_soundness::{Row, System, Terms};

const ONE: usize = 0;
const OUT: usize = 1;

fn form(terms: &[(usize, i64)]) -> Terms<Fr> {
    terms.iter().map(|(variable, factor)| (*variable, Fr::from(*factor))).collect()
}

fn row(label: &'static str, [a, b, c]: [&[(usize, i64)]; 3]) -> Row<Fr> {
    Row { label: label.into(), a: form(a), b: form(b), c: form(c) }
}

/// out = x if bit else y, with the bits of x: variables one, out, x, y, bit, product, three bits of x.
fn chooser(x: u64, y: u64, bit: u64) -> System<Fr> {
    let mut rows = vec![
        row("bit", [&[(4, 1)], &[(4, 1)], &[(4, 1)]]),
        row("product", [&[(4, 1)], &[(2, 1), (3, -1)], &[(5, 1)]]),
        row("out", [&[(5, 1), (3, 1)], &[(ONE, 1)], &[(OUT, 1)]]),
    ];
    for digit in 6..9 {
        rows.push(row("digit", [&[(digit, 1)], &[(digit, 1)], &[(digit, 1)]]));
    }
    rows.push(row("digits", [&[(6, 1), (7, 2), (8, 4)], &[(ONE, 1)], &[(2, 1)]]));
    let out = if bit == 1 { x } else { y };
    let product = Fr::from(bit) * (Fr::from(x) - Fr::from(y));
    let values = [1, out, x, y, bit].map(Fr::from).into_iter().chain([product]);
    let digits = (0..3).map(|place| Fr::from((x >> place) & 1));
    System::new(rows, values.chain(digits).collect(), 2)
}

/// Every third choice of x, y and bit.
fn choosers() -> impl Iterator<Item = System<Fr>> {
    (0..128).step_by(3).map(|i| chooser(i % 8, (i / 8) % 8, i / 64))
}

#[test]
fn a_violation_is_named_by_its_label() {
    let system = chooser(5, 3, 1);
    assert!(system.first_violation().is_none());
    let label = |variable, value: u64| {
        let lie = system.with(&[(variable, Fr::from(value))]);
        lie.first_violation().map(|row| row.label.to_string())
    };
    assert_eq!(label(4, 2).as_deref(), Some("bit"));
    assert_eq!(label(OUT, 3).as_deref(), Some("out"));
    assert_eq!(label(7, 1).as_deref(), Some("digits"));
    assert_eq!(system.with(&[(4, Fr::zero())]).violations(), [1]);
}

#[test]
fn with_inputs_fixed_all_is_determined_and_every_row_but_those_of_the_digits_is_needed() {
    for system in choosers() {
        let found = system.jacobian(|variable| variable == OUT || variable > 4);
        assert!(found.undetermined().is_empty());
        // x is an input: the three digits and their sum say the same to first order.
        assert_eq!(found.redundant(), [0, 3, 4, 5, 6]);
        assert_eq!((found.rank(), found.rows(), found.unknowns()), (5, 7, 5));
    }
}

#[test]
fn a_free_choice_is_found() {
    let without = chooser(5, 3, 1).without(0);
    let found = without.jacobian(|variable| variable == OUT || variable >= 4);
    assert_eq!(found.undetermined(), [OUT, 4, 5]);
    let second = without.solutions(&[OUT, 4, 5], &[0i64, 2, 4, 7].map(Fr::from));
    assert_eq!(second, [[7i64, 2, 4].map(Fr::from)]);
}

#[test]
fn a_row_is_redundant_exactly_if_the_rank_stays_without_it() {
    let unknowns: [fn(usize) -> bool; 3] =
        [|_| true, |variable| variable > 1, |variable| variable > 3];
    for system in choosers() {
        for unknown in unknowns {
            let all = system.jacobian(unknown);
            let mut tangents = all.tangents();
            for deleted in 0..system.rows().len() {
                let stays = system.without(deleted).jacobian(unknown).rank() == all.rank();
                assert_eq!(all.redundant().contains(&deleted), stays);
                let tangent = tangents.forgery(deleted);
                assert_eq!(tangent.is_none(), stays);
                if let Some(tangent) = tangent {
                    assert_eq!(tangents.broken_by(&tangent), [deleted]);
                    assert!(tangent.iter().all(|(variable, _)| unknown(*variable)));
                }
            }
        }
    }
}

/// The tangent is the difference of two assignments where rows are linear: then the forgery is a real one.
#[test]
fn a_first_order_forgery_of_linear_rows_is_accepted_by_the_mutant_itself() {
    let system = chooser(5, 3, 1);
    let jacobian = system.jacobian(|variable| [OUT, 3, 5].contains(&variable));
    for deleted in [1, 2] {
        let tangent = jacobian.tangents().forgery(deleted).unwrap();
        let moved = tangent.iter().map(|(v, speed)| (*v, system.assignment()[*v] + speed));
        let forged = system.with(&moved.collect::<Vec<_>>());
        assert_eq!(forged.violations(), [deleted]);
        assert!(forged.without(deleted).first_violation().is_none());
    }
}

#[test]
fn digits_that_are_no_bits_are_forged_as_whole_assignments() {
    for system in choosers() {
        let mut forger = system.forger();
        for deleted in 3..7 {
            let moves = forger.forge(deleted).unwrap();
            let forged = system.with(&moves);
            assert_eq!(forged.violations(), [deleted]);
            assert!(forged.without(deleted).first_violation().is_none());
        }
    }
}

#[test]
fn every_solution_in_the_box_is_found() {
    let system = chooser(5, 3, 1);
    let bits = [Fr::zero(), Fr::one()];
    assert_eq!(system.solutions(&[6, 7, 8], &bits), [[1u64, 0, 1].map(Fr::from)]);
    let any = (-8i64..8).map(Fr::from).collect::<Vec<_>>();
    // Without the digits' rows all x with 6 + 2·7 + 4·8 = 5 are solutions.
    let loose = system.retain(|_, row| row.label != "digit");
    let expected = (-8i64..8)
        .flat_map(|b| (-8i64..8).map(move |c| 5 - 2 * b - 4 * c))
        .filter(|a| (-8..8).contains(a))
        .count();
    assert_eq!(loose.solutions(&[6, 7, 8], &any).len(), expected);
}

#[test]
fn a_repaired_violation_names_the_row_that_lets_it_pass() {
    let lie = chooser(5, 3, 1).with(&[(OUT, Fr::from(7u64))]);
    // Only `out` refuses it; y = 5 or a product of 4 would pass if nothing tied the product to its factors.
    assert_eq!(lie.violations(), [2]);
    assert_eq!(lie.forger().repairs(2), [(1, (3, Fr::from(5u64))), (1, (5, Fr::from(4u64)))]);
}

#[test]
fn what_no_row_binds_is_found_public_or_private() {
    let mut values = chooser(5, 3, 1).assignment().to_vec();
    values.push(Fr::from(9u64));
    let steps = [Fr::one(), -Fr::from(2u64)];
    let rows = chooser(5, 3, 1).rows().to_vec();
    let hint = System::new(rows.clone(), values.clone(), 2);
    assert_eq!(hint.unbound(&steps), [9]);
    // Without its row the public output is bound by nothing.
    assert_eq!(hint.without(2).unbound(&steps), [OUT, 9]);
}
