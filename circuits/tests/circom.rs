//! The rows agree with circomlib's own circuits, compiled by circom: signatures and digests, thousands of them.
//!
//! Where Node.js or its packages are missing the test shows as ignored and names the line that installs them;
//! `ERGON_REQUIRE_TOOLS=1` makes that a failure.
#![allow(clippy::unwrap_used)]

use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{PrimeField, Zero};
use ergon_circuits::gadgets::Point;
use ergon_circuits::r1cs::{R1cs, Wire};
use ergon_circuits::{Gadgets, Native};
use ergon_types::curve::{EdwardsAffine, Scalar};
use ergon_types::field::{self, Fr};
use ergon_types::key::Signature;
use ergon_types::poseidon;
use libtest_mimic::{Arguments, Trial};
use serde::Deserialize;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const INSTALL: &str = "tools/setup";
/// Signatures compared.
const SIGNATURES: u64 = 2_048;
/// Digests compared of each width.
const DIGESTS: u64 = 256;
/// Widths that the statements use most, the smallest, and the largest.
const WIDTHS: [u64; 5] = [1, 2, 5, 9, 16];

#[derive(Deserialize)]
struct Verdicts {
    signatures: Vec<bool>,
    poseidon: Vec<String>,
}

/// A signature under a key of prime order, honest or not.
struct Case {
    name: &'static str,
    key: EdwardsAffine,
    message: Fr,
    signature: Signature,
}

fn main() {
    let name = "circomlibs_circuits_give_the_same_verdicts_and_digests";
    let required = std::env::var_os("ERGON_REQUIRE_TOOLS").is_some_and(|set| set == "1");
    let trial = match missing() {
        None => Trial::test(name, || {
            compare();
            Ok(())
        }),
        Some(what) => {
            let reason = format!("{what}, install it with: {INSTALL}");
            Trial::test(format!("{name} ({reason})"), move || Err(reason.into()))
                .with_ignored_flag(!required)
        }
    };
    libtest_mimic::run(&Arguments::from_args(), vec![trial]).exit();
}

fn tools() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tools"))
}

/// What is not installed.
fn missing() -> Option<&'static str> {
    if !Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return Some("Node.js is missing");
    }
    let found = |package: &str| tools().join("node_modules").join(package).is_dir();
    (!found("circom2") || !found("circomlib")).then_some("circom2 or circomlib is missing")
}

fn compare() {
    let cases: Vec<Case> = (0..SIGNATURES).map(case).collect();
    let inputs: Vec<Vec<Fr>> = WIDTHS
        .into_iter()
        .flat_map(|width| (0..DIGESTS).map(move |index| entries(width, index)))
        .collect();
    let verdicts = ask(&cases, &inputs);
    assert_eq!(verdicts.signatures.len(), cases.len());
    assert_eq!(verdicts.poseidon.len(), inputs.len());

    let mut accepted = 0;
    for (case, verdict) in cases.iter().zip(&verdicts.signatures) {
        assert_eq!(holds(case), *verdict, "rows: {}", case.name);
        assert_eq!(native(case), *verdict, "reference: {}", case.name);
        accepted += u64::from(*verdict);
    }
    assert!(accepted > SIGNATURES / 5 && accepted < SIGNATURES / 2, "{accepted} accepted");
    for (inputs, digest) in inputs.iter().zip(&verdicts.poseidon) {
        let mut g = R1cs::new([Fr::zero(); 3]);
        let wires: Vec<Wire> = inputs.iter().map(|input| g.allocate(*input)).collect();
        let found = g.poseidon(&wires);
        assert!(g.first_unsatisfied().is_none());
        assert_eq!(found.value().to_string(), *digest, "{inputs:?}");
    }
}

/// One process of Node.js for all cases.
fn ask(cases: &[Case], inputs: &[Vec<Fr>]) -> Verdicts {
    let text = |value: Fr| value.to_string();
    let signatures: Vec<_> = cases
        .iter()
        .map(|case| {
            let Case { key, message, signature, .. } = case;
            json!({
                "Ax": text(key.x), "Ay": text(key.y), "S": signature.s.to_string(),
                "R8x": text(signature.r.x), "R8y": text(signature.r.y), "M": text(*message),
            })
        })
        .collect();
    let poseidon: Vec<Vec<String>> =
        inputs.iter().map(|inputs| inputs.iter().map(|input| text(*input)).collect()).collect();
    let request = json!({ "signatures": signatures, "poseidon": poseidon }).to_string();
    let mut child = Command::new("node")
        .arg(tools().join("circom"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "tools/circom failed; its message is above");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A number that is as good as random, the same in every run.
fn number(purpose: u64, index: u64) -> Fr {
    poseidon::hash(&[Fr::from(purpose), Fr::from(index)])
}

fn scalar(purpose: u64, index: u64) -> Scalar {
    Scalar::from_le_bytes_mod_order(&field::to_le_bytes(&number(purpose, index)))
}

/// Entries at the field's edges, then random ones.
fn entries(width: u64, index: u64) -> Vec<Fr> {
    let edges = [Fr::from(0u64), Fr::from(1u64), -Fr::from(1u64)];
    let edge = |place: u64| edges[(index + place) as usize % edges.len()];
    (0..width)
        .map(|place| if index < 8 { edge(place) } else { number(width * 100 + place, index) })
        .collect()
}

/// Signs by the equation alone: with secret a and commitment r·Base8 + `part`.
fn sign(a: Scalar, r: Scalar, part: EdwardsAffine, message: Fr) -> (EdwardsAffine, Signature) {
    let base = EdwardsAffine::generator();
    let (key, commitment) = ((base * a).into_affine(), (base * r + part).into_affine());
    let challenge = poseidon::hash(&[commitment.x, commitment.y, key.x, key.y, message]);
    let challenge = Scalar::from_le_bytes_mod_order(&field::to_le_bytes(&challenge));
    (key, Signature { r: commitment, s: r + challenge * Scalar::from(8u64) * a })
}

fn case(index: u64) -> Case {
    let one = Scalar::from(1u64);
    let (a, r, message) = (scalar(1, index), scalar(2, index), number(3, index));
    let none = EdwardsAffine::zero();
    // (0, −1) has order 2.
    let half_turn = EdwardsAffine::new_unchecked(Fr::from(0u64), -Fr::from(1u64));
    let (key, signature) = sign(a, r, none, message);
    let honest = Case { name: "honest", key, message, signature };
    match index % 8 {
        0 => honest,
        1 => {
            let pick = |edges: &[Scalar]| edges[(index / 8) as usize % edges.len()];
            let message = entries(1, index / 8 % 8)[0];
            // 1 and L − 1 are the keys nearest to the identity; commitments to 0 and ±1 are unusual and valid.
            let a = if index % 16 == 1 { pick(&[one, -one, one + one]) } else { a };
            let r = if index % 16 == 9 { pick(&[Scalar::zero(), one, -one]) } else { r };
            let (key, signature) = sign(a, r, none, message);
            Case { name: "edges", key, message, signature }
        }
        2 => Case { name: "another message", message: message + Fr::from(1u64), ..honest },
        3 => {
            let signature = Signature { s: honest.signature.s + one, ..honest.signature };
            Case { name: "another response", signature, ..honest }
        }
        4 => {
            let s = if index % 16 == 4 { Scalar::zero() } else { -honest.signature.s };
            let signature = Signature { s, ..honest.signature };
            Case { name: "response 0 or negated", signature, ..honest }
        }
        5 => {
            let (key, signature) = sign(a, r, half_turn, message);
            Case { name: "commitment with a part of small order", key, signature, ..honest }
        }
        6 => {
            let (key, _) = sign(scalar(4, index), r, none, message);
            Case { name: "another key", key, ..honest }
        }
        _ => {
            let x = honest.signature.r.x + Fr::from(1u64);
            let r = EdwardsAffine::new_unchecked(x, honest.signature.r.y);
            let signature = Signature { r, ..honest.signature };
            Case { name: "commitment off the curve", signature, ..honest }
        }
    }
}

fn holds(case: &Case) -> bool {
    let mut g = R1cs::new([Fr::zero(); 3]);
    let key = Point { x: g.allocate(case.key.x), y: g.allocate(case.key.y) };
    let message = g.allocate(case.message);
    g.verify_signature(&key, &message, &case.signature);
    g.first_unsatisfied().is_none()
}

fn native(case: &Case) -> bool {
    let mut g = Native::default();
    let key = Point { x: case.key.x, y: case.key.y };
    g.verify_signature(&key, &case.message, &case.signature);
    g.failures().is_empty()
}
