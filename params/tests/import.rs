//! A ceremony's key is imported only if the file is whole, its points are points, and it is for this very circuit.
#![allow(clippy::unwrap_used)]

#[path = "support/zkey.rs"]
mod zkey;

use ark_bn254::{Fq, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInteger, PrimeField, UniformRand};
use ark_std::rand::rngs::OsRng;
use ergon_circuits::CircuitId;
use ergon_params::{Key, Params, ParamsError, Reduction, ZkeyError};
use std::path::Path;
use std::sync::OnceLock;
use zkey::{HEADER_POINTS, Zkey, coefficient, contributions, count, g1, g2};

const CIRCUIT: CircuitId = CircuitId::membership(1);

/// A good file, made once.
fn good() -> Zkey {
    static MADE: OnceLock<Zkey> = OnceLock::new();
    Zkey(MADE.get_or_init(|| Zkey::of(CIRCUIT)).0.clone())
}

/// A multiple of the generator.
fn times(factor: u64) -> G1Affine {
    (G1Affine::generator() * Fr::from(factor)).into_affine()
}

fn import(circuit: CircuitId, bytes: &[u8]) -> Result<Key, ParamsError> {
    Key::from_zkey(circuit, Path::new("final.zkey"), bytes)
}

/// Why a file is refused.
#[track_caller]
fn refused(bytes: &[u8]) -> ZkeyError {
    let error = import(CIRCUIT, bytes).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("final.zkey") && text.contains("membership-1"), "{text}");
    let ParamsError::Zkey { reason, .. } = error else { panic!("{text}") };
    reason
}

/// Why a file is refused in which one section is another.
#[track_caller]
fn refused_with(kind: u32, change: impl FnOnce(&mut Vec<u8>)) -> ZkeyError {
    let mut file = good();
    change(file.section(kind));
    refused(&file.bytes())
}

#[test]
fn a_finished_key_is_imported_and_loads_again_as_what_it_is() {
    let key = import(CIRCUIT, &good().bytes()).unwrap();
    assert_eq!((key.reduction(), key.contributions()), (Reduction::Circom, Some(2)));
    let folder = tempfile::tempdir().unwrap();
    let params = Params::new(folder.path());
    // It takes the place of a development key, and no other takes its place.
    params.generate(&[CIRCUIT], |_| ()).unwrap();
    params.keep(&key).unwrap();
    let manifest = params.generate(&[CIRCUIT], |_| ()).unwrap();
    let text = std::fs::read_to_string(folder.path().join("manifest.toml")).unwrap();
    for line in ["ceremony = \"ceremony\"", "contributions = 2", "reduction = \"circom\""] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let loaded = params.load(CIRCUIT).unwrap();
    assert!(!loaded.is_insecure());
    assert_eq!(loaded.proving(), key.proving());
    assert_eq!(loaded.sha256(), manifest.entry("membership-1").unwrap().proving_key.sha256);
    assert_eq!(params.verifying_key(CIRCUIT).unwrap(), *key.verifying());
    // The manifest cannot pass it off as a key of the other reduction.
    let path = folder.path().join("manifest.toml");
    std::fs::write(path, text.replace("\"circom\"", "\"libsnark\"")).unwrap();
    let error = params.load(CIRCUIT).unwrap_err().to_string();
    assert!(error.contains("libsnark reduction"), "{error}");
}

#[test]
fn a_file_that_ends_early_or_late_is_refused() {
    let file = good().bytes();
    for end in [4, 11, 12, 30, 100, 300, file.len() / 2, file.len() - 1] {
        assert!(matches!(refused(&file[..end]), ZkeyError::Truncated { .. }), "{end}");
    }
    let longer = [&file[..], &[0]].concat();
    assert_eq!(refused(&longer), ZkeyError::Surplus { section: "file", extra: 1 });
    for kind in 2..=10 {
        let shorter = refused_with(kind, |section| section.truncate(section.len() - 1));
        assert!(matches!(shorter, ZkeyError::Truncated { .. }), "{kind}: {shorter}");
        let longer = refused_with(kind, |section| section.push(0));
        assert!(matches!(longer, ZkeyError::Surplus { extra: 1, .. }), "{kind}: {longer}");
    }
}

#[test]
fn other_files_are_refused_by_what_they_are() {
    assert_eq!(refused(b""), ZkeyError::Magic);
    assert_eq!(refused(b"ptau\x01\0\0\0"), ZkeyError::Magic);
    assert!(matches!(refused(b"zkey\x02\0\0\0"), ZkeyError::Version { found: 2, .. }));
    assert_eq!(refused_with(1, |section| *section = count(2)), ZkeyError::Protocol { found: 2 });
    assert_eq!(refused_with(2, |section| section[10] ^= 1), ZkeyError::Curve);
    let mut file = good();
    file.0.retain(|(kind, _)| *kind != 9);
    assert_eq!(refused(&file.bytes()), ZkeyError::Missing { section: "H points" });
    let mut file = good();
    file.0.push((9, Vec::new()));
    assert_eq!(refused(&file.bytes()), ZkeyError::Repeated { kind: 9 });
}

#[test]
fn the_key_of_another_circuit_is_refused() {
    let error = import(CircuitId::membership(2), &good().bytes()).unwrap_err().to_string();
    assert!(error.contains("variables") && error.contains("another circuit"), "{error}");
}

#[test]
fn a_key_of_other_constraints_of_the_same_size_is_refused() {
    let term = |index: usize| 4 + index * 44;
    let other =
        |change: fn(&mut [u8])| refused_with(4, |section| change(&mut section[term(3)..term(4)]));
    let value = other(|term| term[12..].copy_from_slice(&coefficient(Fr::from(77u64))));
    assert!(matches!(value, ZkeyError::Constraint { .. }), "{value}");
    let wire = other(|term| term[8] ^= 1);
    assert!(matches!(wire, ZkeyError::Constraint { .. }), "{wire}");
    assert!(matches!(other(|term| term[6] = 1), ZkeyError::Count { what: "rows", .. }));
    assert!(matches!(other(|term| term[0] = 2), ZkeyError::Inconsistent("coefficients")));
    // The row that stands for the last public input.
    let public = refused_with(4, |section| {
        let last = section.len() - 44;
        section[last + 8] = 0;
    });
    assert!(matches!(public, ZkeyError::Constraint { matrix: 'A', .. }), "{public}");
}

#[test]
fn a_key_that_nobody_contributed_to_is_refused() {
    let delta = HEADER_POINTS + 2 * 64 + 2 * 128;
    let mut file = good();
    file.section(2)[delta..delta + 64].copy_from_slice(&g1(&G1Affine::generator()));
    file.section(2)[delta + 64..].copy_from_slice(&g2(&G2Affine::generator()));
    *file.section(10) = contributions(&[]);
    assert_eq!(refused(&file.bytes()), ZkeyError::NoContributions);
    let claimed = refused_with(10, |section| *section = contributions(&[]));
    assert_eq!(claimed, ZkeyError::NoContributions);
    let unrelated = refused_with(10, |section| *section = contributions(&[times(3)]));
    assert_eq!(unrelated, ZkeyError::Inconsistent("contributions and delta"));
}

#[test]
fn points_that_are_none_are_refused_wherever_they_are() {
    for kind in [3, 5, 6, 7, 8, 9] {
        let error = refused_with(kind, |section| {
            let last = section.len() - 1;
            section[last - 31] ^= 1;
        });
        assert!(matches!(error, ZkeyError::Point { index: 1.., .. }), "{kind}: {error}");
    }
    for point in [0, 64, 128, 256, 384, 448] {
        let error = refused_with(2, |section| section[HEADER_POINTS + point] ^= 1);
        assert_eq!(error, ZkeyError::Point { section: "header", index: 0 });
    }
}

#[test]
fn coordinates_above_the_order_and_points_of_other_groups_are_refused() {
    let error = refused_with(5, |section| {
        let x = &mut section[..32];
        let limbs: Vec<u64> =
            x.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
        let mut bigger = ark_ff::BigInt::<4>(limbs.try_into().unwrap());
        assert!(!bigger.add_with_carry(&Fq::MODULUS));
        x.copy_from_slice(&bigger.to_bytes_le());
    });
    assert_eq!(error, ZkeyError::Point { section: "A points", index: 0 });

    let outside = std::iter::repeat_with(|| ark_bn254::Fq2::rand(&mut OsRng))
        .filter_map(|x| G2Affine::get_point_from_x_unchecked(x, false))
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .unwrap();
    assert!(outside.is_on_curve());
    let error = refused_with(7, |section| section[..128].copy_from_slice(&g2(&outside)));
    assert_eq!(error, ZkeyError::Point { section: "B points in G2", index: 0 });
}

#[test]
fn a_header_whose_points_contradict_each_other_is_refused() {
    let other = g1(&times(3));
    for (at, name) in [(64, "points of beta"), (384, "points of delta")] {
        let at = HEADER_POINTS + at;
        let error = refused_with(2, |section| section[at..at + 64].copy_from_slice(&other));
        assert_eq!(error, ZkeyError::Inconsistent(name));
    }
    let error = refused_with(2, |section| section[HEADER_POINTS..][..64].fill(0));
    assert_eq!(error, ZkeyError::Inconsistent("points of alpha"));
}
