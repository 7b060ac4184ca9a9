//! The round trip with snarkjs, as an operator runs it, and what is refused on the way.
//!
//! Where snarkjs is missing the tests show as ignored; with `ERGON_REQUIRE_TOOLS=1` they fail instead.
#![allow(clippy::unwrap_used)]

#[path = "support/keys.rs"]
mod keys;
#[path = "support/report.rs"]
mod report;
#[path = "support/run.rs"]
mod run;

use assert_cmd::cargo::cargo_bin;
use ergon_circuits::CircuitId;
use libtest_mimic::{Arguments, Failed, Trial};
use run::run_with;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

const CIRCUIT: &str = "membership-8";
const INSTALL: &str = "snarkjs is missing; install it with `tools/setup`";

fn main() {
    let arguments = Arguments::from_args();
    let found = snarkjs().exists() && Command::new("node").arg("--version").output().is_ok();
    let required = std::env::var("ERGON_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    let tests: [(&str, fn()); 7] = [
        ("a_key_made_by_snarkjs_proves_here_and_there", succeeds),
        ("the_demo_commits_memberships_under_the_imported_key", demo),
        ("a_key_without_contributions_is_refused", without_contributions),
        ("the_key_of_another_circuit_is_refused", other_circuit),
        ("a_key_that_ends_early_is_refused", truncated),
        ("a_key_whose_points_do_not_belong_together_is_refused", swapped_points),
        ("a_changed_witness_gives_no_proof_that_anyone_accepts", changed_witness),
    ];
    let trials = tests.map(|(name, test)| match (found, required) {
        (true, _) => Trial::test(name, move || {
            test();
            Ok(())
        }),
        (false, true) => Trial::test(name, || Err(Failed::from(INSTALL))),
        (false, false) => {
            let skipped = Trial::test(format!("{name} ({INSTALL})"), || Ok(()));
            skipped.with_ignored_flag(true)
        }
    });
    libtest_mimic::run(&arguments, trials.into()).exit();
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tools")
}

fn snarkjs() -> PathBuf {
    tools().join("node_modules/.bin/snarkjs")
}

/// The files of a round trip, made once by the script. Powers of tau stay for the next run.
fn files() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("round-trip");
        let status = Command::new(tools().join("round-trip"))
            .arg(CIRCUIT)
            .env("ROUND_TRIP", &folder)
            .env("ERGON", cargo_bin("ergon"))
            .stdin(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "tools/round-trip {CIRCUIT}: {status}");
        folder.join(CIRCUIT)
    })
}

fn file(name: &str) -> String {
    files().join(name).to_str().unwrap().to_owned()
}

fn succeeds() {
    let manifest = fs::read_to_string(files().join("params/manifest.toml")).unwrap();
    for line in ["ceremony = \"ceremony\"", "contributions = 3", "reduction = \"circom\""] {
        assert!(manifest.contains(line), "{line} is not in {manifest}");
    }
    // A proof for other inputs is refused by the contract's and by our own rules.
    let (public, proof) = (file("membership-8.public.json"), file("membership-8.theirs.json"));
    let inputs: Vec<String> = serde_json::from_str(&fs::read_to_string(&public).unwrap()).unwrap();
    let other = tempfile::tempdir().unwrap();
    let other = other.path().join("public.json");
    fs::write(&other, serde_json::to_string(&[&inputs[0], &inputs[1], &inputs[0]]).unwrap())
        .unwrap();
    let words = ["verify", "--evm", "--snarkjs", &file("vk.json"), &public, &proof];
    run::run(&words).succeeded();
    let words = ["verify", "--evm", "--snarkjs", &file("vk.json"), other.to_str().unwrap(), &proof];
    run::run(&words).failed(5, &["invalid"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(file("membership-8.wtns")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "a witness is for its owner only");
    }
}

/// A folder with development keys for all else, and this program's trust in the imported key.
fn demo() {
    let made = keys::folder(&CircuitId::TRIAL);
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(made.folder()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    import(folder.path(), "final.zkey", CIRCUIT).succeeded();
    let words = ["demo", "--json", "--devices", "1"];
    let demo = run_with(folder.path(), &words).succeeded();
    assert!(demo.err.contains("5 keys, 1 of them of a ceremony,"), "{}", demo.err);
    report::Report::read(&demo.out).check();
    // A manifest that calls the key one of the other reduction does not lead to a bad proof.
    let manifest = folder.path().join("manifest.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"circom\"", "\"libsnark\"")).unwrap();
    run_with(folder.path(), &words).failed(4, &["membership-8.key", "libsnark reduction"]);
}

fn import(params: &Path, zkey: &str, circuit: &str) -> run::Run {
    run_with(params, &["params", "import", &file(zkey), "--circuit", circuit])
}

/// An import that fails and leaves no key.
fn refused(zkey: &str, circuit: &str, says: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    import(folder.path(), zkey, circuit).failed(4, says);
    assert!(!folder.path().join("manifest.toml").exists());
}

fn without_contributions() {
    refused("0.zkey", CIRCUIT, &["0.zkey", "nobody has contributed", "zkey contribute"]);
}

fn other_circuit() {
    refused("final.zkey", "membership-4", &["final.zkey", "another circuit"]);
}

fn truncated() {
    let zkey = fs::read(file("final.zkey")).unwrap();
    fs::write(files().join("half.zkey"), &zkey[..zkey.len() / 2]).unwrap();
    refused("half.zkey", CIRCUIT, &["half.zkey", "ends inside"]);
}

/// Two H points change places: each is one, but no proof comes of them.
fn swapped_points() {
    let mut zkey = fs::read(file("final.zkey")).unwrap();
    let points = section(&zkey, 9);
    let (first, second) = zkey[points..].split_at_mut(64);
    first.swap_with_slice(&mut second[..64]);
    fs::write(files().join("swapped.zkey"), &zkey).unwrap();
    refused("swapped.zkey", CIRCUIT, &["did not verify", "snarkjs zkey verify"]);
}

/// Where a section of a file begins.
fn section(file: &[u8], wanted: u32) -> usize {
    let mut at = 12;
    loop {
        let kind = u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        let length = u64::from_le_bytes(file[at + 4..at + 12].try_into().unwrap());
        at += 12;
        if kind == wanted {
            return at;
        }
        at += length as usize;
    }
}

fn changed_witness() {
    let folder = tempfile::tempdir().unwrap();
    let bad = path(&folder, "bad.wtns");
    let mut bytes = fs::read(file("membership-8.wtns")).unwrap();
    let last = bytes.len() - 32;
    bytes[last] ^= 1;
    fs::write(&bad, bytes).unwrap();
    let check = snarkjs_says(&["wtns", "check", &file("membership-8.r1cs"), &bad]);
    assert!(!check.0, "{}", check.1);
    let (proof, public) = (path(&folder, "proof.json"), path(&folder, "public.json"));
    let made = snarkjs_says(&["groth16", "prove", &file("final.zkey"), &bad, &proof, &public]);
    assert!(made.0, "snarkjs proves without looking: {}", made.1);
    let words = ["verify", "--snarkjs", &file("vk.json"), &public, &proof];
    run::run(&words).failed(5, &["invalid"]);
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// Whether snarkjs succeeded, and its words.
fn snarkjs_says(words: &[&str]) -> (bool, String) {
    let output = Command::new(snarkjs()).args(words).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}
