//! Keys are made once, checked before they are used, and refused by name when they do not fit.
#![allow(clippy::unwrap_used)]

use ergon_circuits::{Circuit, CircuitId};
use ergon_params::{Key, Params, ParamsError, Progress, Shape, sha256, verifying_key_words};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use tempfile::TempDir;

const SMALL: CircuitId = CircuitId::membership(1);
const OTHER: CircuitId = CircuitId::membership(2);

/// A folder with the keys of both circuits, made once and copied for each test.
fn folder() -> TempDir {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let made = tempfile::tempdir().unwrap();
        Params::new(made.path()).generate(&[SMALL, OTHER], |_| ()).unwrap();
        made
    });
    let copy = tempfile::tempdir().unwrap();
    for file in fs::read_dir(made.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

fn key_file(folder: &TempDir, circuit: CircuitId) -> PathBuf {
    folder.path().join(format!("{circuit}.key"))
}

/// Replaces text in the manifest.
fn edit_manifest(folder: &TempDir, from: &str, to: &str) {
    let path = folder.path().join("manifest.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
}

/// The messages that generation reports.
fn regenerate(folder: &TempDir) -> Vec<String> {
    let mut messages = Vec::new();
    let report = |progress: &Progress| messages.push(progress.to_string());
    Params::new(folder.path()).generate(&[SMALL, OTHER], report).unwrap();
    messages
}

fn load_error(folder: &TempDir) -> ParamsError {
    Params::new(folder.path()).load(SMALL).unwrap_err()
}

#[test]
fn a_key_that_fits_is_kept() {
    let folder = folder();
    let before = fs::read(key_file(&folder, SMALL)).unwrap();
    assert_eq!(regenerate(&folder), ["membership-1: key kept", "membership-2: key kept"]);
    assert_eq!(fs::read(key_file(&folder, SMALL)).unwrap(), before);
}

#[test]
fn a_loaded_key_is_the_one_of_its_manifest_and_insecure() {
    let folder = folder();
    let params = Params::new(folder.path());
    let key = params.load(SMALL).unwrap();
    assert!(key.is_insecure());
    assert_eq!(key.sha256(), sha256(&fs::read(key_file(&folder, SMALL)).unwrap()));
    assert_eq!(params.verifying_key(SMALL).unwrap(), *key.verifying());
    let manifest = params.manifest().unwrap();
    assert_eq!(manifest.entry("membership-1").unwrap().constraints, key.shape().constraints());
}

#[test]
fn a_flipped_bit_is_named_with_both_hashes_whatever_parsing_says() {
    let folder = folder();
    let path = key_file(&folder, SMALL);
    let good = fs::read(&path).unwrap();
    // The first bytes are a point, the middle a query, byte 7 × 64 the length of a vector: parsing fails.
    for position in [0, 448, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[position] ^= 0x80;
        fs::write(&path, &bad).unwrap();
        let error = load_error(&folder);
        assert!(matches!(error, ParamsError::Hash { .. }), "{error}");
        let text = error.to_string();
        for part in [path.to_str().unwrap(), &sha256(&good), &sha256(&bad), "ergon params generate"]
        {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
}

#[test]
fn truncated_extended_and_empty_files_are_refused() {
    let folder = folder();
    let path = key_file(&folder, SMALL);
    let good = fs::read(&path).unwrap();
    let longer = [good.as_slice(), &[0]].concat();
    for bad in [&good[..good.len() - 1], &good[..100], &[], &longer] {
        fs::write(&path, bad).unwrap();
        assert!(matches!(load_error(&folder), ParamsError::Hash { .. }));
    }
}

#[test]
fn the_key_of_another_circuit_is_refused() {
    let folder = folder();
    fs::copy(key_file(&folder, OTHER), key_file(&folder, SMALL)).unwrap();
    let error = load_error(&folder);
    assert!(matches!(&error, ParamsError::Hash { circuit, .. } if circuit == "membership-1"));
}

#[test]
fn a_manifest_that_gives_a_circuit_the_key_of_another_is_refused() {
    let folder = folder();
    edit_manifest(&folder, "circuit = \"membership-1\"", "circuit = \"membership-x\"");
    edit_manifest(&folder, "circuit = \"membership-2\"", "circuit = \"membership-1\"");
    assert!(matches!(load_error(&folder), ParamsError::Outdated { .. }));
}

#[test]
fn a_damaged_verifying_key_is_refused() {
    let folder = folder();
    let path = folder.path().join("membership-1.vk.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"1\"", "\"2\"", 1)).unwrap();
    let error = Params::new(folder.path()).verifying_key(SMALL).unwrap_err();
    assert!(matches!(error, ParamsError::Hash { .. }), "{error}");
}

#[test]
fn damaged_keys_are_replaced_by_generation_and_only_those() {
    let folder = folder();
    let kept = fs::read(key_file(&folder, OTHER)).unwrap();
    fs::write(key_file(&folder, SMALL), b"half a key").unwrap();
    let messages = regenerate(&folder);
    assert_eq!(messages.len(), 3);
    assert!(messages[0].starts_with("membership-1: making a key"), "{}", messages[0]);
    assert_eq!(messages[2], "membership-2: key kept");
    Params::new(folder.path()).load(SMALL).unwrap();
    assert_eq!(fs::read(key_file(&folder, OTHER)).unwrap(), kept);
}

#[test]
fn a_key_of_another_version_of_the_circuit_is_refused_and_made_again() {
    let folder = folder();
    let digest = Key::development(SMALL).unwrap().shape().digest();
    edit_manifest(&folder, &digest, &"0".repeat(64));
    let error = load_error(&folder);
    assert!(matches!(&error, ParamsError::Outdated { circuit, .. } if circuit == "membership-1"));
    assert!(regenerate(&folder)[0].starts_with("membership-1: making a key"));
    Params::new(folder.path()).load(SMALL).unwrap();
}

#[test]
fn a_key_for_another_reduction_is_refused() {
    let folder = folder();
    edit_manifest(&folder, "reduction = \"circom\"", "reduction = \"libsnark\"");
    let error = load_error(&folder);
    assert!(matches!(error, ParamsError::Reduction { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("membership-1.key") && text.contains("libsnark reduction"), "{text}");
    // Generation does not take it for a usable key either.
    assert!(regenerate(&folder)[0].starts_with("membership-1: making a key"));
}

#[test]
fn a_reduction_that_this_program_does_not_know_is_named() {
    let folder = folder();
    edit_manifest(&folder, "reduction = \"circom\"", "reduction = \"gnark\"");
    let text = load_error(&folder).to_string();
    assert!(text.contains("manifest.toml") && text.contains("`gnark`"), "{text}");
}

#[test]
fn manifests_of_development_keys_are_written_as_before_there_were_others() {
    let text = fs::read_to_string(folder().path().join("manifest.toml")).unwrap();
    let first: Vec<&str> = text.lines().skip_while(|line| *line != "[[keys]]").take(6).collect();
    let keys = first.iter().map(|line| line.split(" = ").next().unwrap()).collect::<Vec<_>>();
    assert_eq!(keys, ["[[keys]]", "circuit", "ceremony", "reduction", "constraints", "shape"]);
    assert_eq!(first[2..4], ["ceremony = \"development\"", "reduction = \"circom\""]);
}

#[test]
fn a_damaged_ceremony_key_is_never_replaced() {
    let folder = folder();
    edit_manifest(&folder, "ceremony = \"development\"", "ceremony = \"ceremony\"");
    let params = Params::new(folder.path());
    assert!(!params.load(SMALL).unwrap().is_insecure());
    fs::write(key_file(&folder, SMALL), b"damaged").unwrap();
    let error = params.generate(&[SMALL], |_| ()).unwrap_err();
    assert!(matches!(error, ParamsError::Ceremony { .. }), "{error}");
    assert_eq!(fs::read(key_file(&folder, SMALL)).unwrap(), b"damaged");
}

#[test]
fn what_is_missing_is_named() {
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(load_error(&empty), ParamsError::NoManifest { .. }));
    let folder = folder();
    fs::remove_file(key_file(&folder, SMALL)).unwrap();
    assert!(matches!(load_error(&folder), ParamsError::NoFile { .. }));
    let unknown = Params::new(folder.path()).load(CircuitId::membership(16)).unwrap_err();
    assert!(matches!(&unknown, ParamsError::Missing { circuit, .. } if circuit == "membership-16"));
}

#[test]
fn manifests_of_other_versions_and_broken_ones_are_refused() {
    let folder = folder();
    edit_manifest(&folder, "version = 1", "version = 2");
    let error = load_error(&folder);
    assert!(matches!(error, ParamsError::Version { found: 2, expected: 1, .. }), "{error}");
    assert!(Params::new(folder.path()).generate(&[SMALL], |_| ()).is_err());
    fs::write(folder.path().join("manifest.toml"), "version = [").unwrap();
    assert!(matches!(load_error(&folder), ParamsError::Manifest { .. }));
}

#[test]
fn two_that_generate_at_once_agree_on_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let params = Params::new(folder.path());
    let made = std::thread::scope(|scope| {
        let run = || {
            let mut made = 0;
            let report = |progress: &Progress| {
                made += usize::from(matches!(progress, Progress::Made { .. }));
            };
            params.generate(&[SMALL], report).unwrap();
            made
        };
        let threads = [scope.spawn(run), scope.spawn(run)];
        threads.map(|thread| thread.join().unwrap()).into_iter().sum::<usize>()
    });
    assert_eq!(made, 1);
    params.load(SMALL).unwrap();
}

#[test]
fn the_words_of_a_key_are_its_json_with_imaginary_parts_first() {
    let folder = folder();
    let text = fs::read_to_string(folder.path().join("membership-1.vk.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut expected = vec![&json["vk_alpha_1"][0], &json["vk_alpha_1"][1]];
    for name in ["vk_beta_2", "vk_gamma_2", "vk_delta_2"] {
        for coordinate in 0..2 {
            // snarkjs writes the real part first.
            expected.extend([&json[name][coordinate][1], &json[name][coordinate][0]]);
        }
    }
    expected.extend((0..4).flat_map(|i| [&json["IC"][i][0], &json["IC"][i][1]]));
    let key = Params::new(folder.path()).verifying_key(SMALL).unwrap();
    let words = verifying_key_words(&key).unwrap();
    assert_eq!(words.len(), expected.len());
    for (word, decimal) in words.iter().zip(expected) {
        use ark_ff::PrimeField;
        let word = ark_bn254::Fq::from_be_bytes_mod_order(word);
        assert_eq!(word.to_string(), decimal.as_str().unwrap());
    }
}

#[test]
fn a_key_of_a_networks_circuit_is_loaded_with_the_matrices_that_are_kept_beside_it() {
    const CIRCUIT: CircuitId = CircuitId::membership(4);
    let folder = tempfile::tempdir().unwrap();
    let params = Params::new(folder.path());
    params.generate(&[CIRCUIT], |_| ()).unwrap();
    let built = Shape::of(Circuit::blank(CIRCUIT)).unwrap();
    assert!(*params.load(CIRCUIT).unwrap().shape() == built);

    let file = folder.path().join("membership-4.matrices");
    let bytes = fs::read(&file).unwrap();
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 1;
    fs::write(&file, &damaged).unwrap();
    let error = params.load(CIRCUIT).unwrap_err();
    assert!(matches!(&error, ParamsError::Hash { path, .. } if *path == file), "{error}");
    // With the hash of what is there it is still no matrices of this many rows.
    let cut = &bytes[..bytes.len() - 32];
    fs::write(&file, cut).unwrap();
    edit_manifest(&folder, &sha256(&bytes), &sha256(cut));
    let error = params.load(CIRCUIT).unwrap_err();
    assert!(matches!(&error, ParamsError::Malformed { path, .. } if *path == file), "{error}");
    // An earlier manifest has none: they are built, and added by the next generation.
    let text = fs::read_to_string(folder.path().join("manifest.toml")).unwrap();
    let (before, _) = text.split_once("[keys.matrices]").unwrap();
    fs::write(folder.path().join("manifest.toml"), before).unwrap();
    assert!(*params.load(CIRCUIT).unwrap().shape() == built);
    let manifest = params.generate(&[CIRCUIT], |_| ()).unwrap();
    assert_eq!(
        manifest.entry("membership-4").unwrap().matrices.as_ref().unwrap().sha256,
        sha256(&bytes)
    );
    assert_eq!(fs::read(&file).unwrap(), bytes);
}
