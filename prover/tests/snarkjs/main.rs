//! The real snarkjs reads our files: it accepts our proof and rejects what we reject.
//!
//! Where it is missing the tests show as ignored; with `ERGON_REQUIRE_TOOLS=1` they fail instead.
#![allow(clippy::unwrap_used)]

use ark_ec::AffineRepr;
use ergon_accelerator::{Accelerator, Cpu};
use ergon_circuits::{CircuitId, Statement};
use ergon_opencl::{OpenCl, Options, devices};
use ergon_params::Params;
use ergon_prover::snarkjs::{Claim, ProofJson, PublicJson};
use ergon_prover::{Engine, Proved, prove};
use ergon_types::{Address, Fr, Membership, Network};
use libtest_mimic::{Arguments, Failed, Trial};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

const CIRCUIT: CircuitId = CircuitId::membership(1);
const INSTALL: &str = "snarkjs is missing; install it with `tools/setup`";

fn main() {
    let arguments = Arguments::from_args();
    let found = tool().exists() && Command::new("node").arg("--version").output().is_ok();
    let required = std::env::var("ERGON_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    let tests: [(&str, fn()); 5] = [
        ("snarkjs_accepts_our_proofs_from_every_way_of_the_processor", accepts),
        ("snarkjs_accepts_the_proof_of_every_device_that_there_is", accepts_devices),
        ("snarkjs_rejects_another_public_input", rejects_inputs),
        ("snarkjs_rejects_another_proof", rejects_proofs),
        ("snarkjs_rejects_our_proof_under_another_key", rejects_keys),
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

fn tool() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/node_modules/.bin/snarkjs")
}

/// A key and a proof of a membership.
struct Made {
    folder: TempDir,
    proved: Proved,
}

fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let params = Params::new(folder.path());
        params.generate(&[CIRCUIT], |_| ()).unwrap();
        let engine = Engine::new(&params.load(CIRCUIT).unwrap()).unwrap();
        let proved = prove(&statement(), &engine).unwrap();
        Made { folder, proved }
    })
}

fn statement() -> Statement {
    let network = Network { chain_id: 1, settlement: Address([1; 20]), registry: Address([2; 20]) };
    Statement::membership(&network, &Membership { cohort: 1, region: 0, members: vec![None] })
}

fn key() -> PathBuf {
    made().folder.path().join(format!("{CIRCUIT}.vk.json"))
}

/// What snarkjs says; our own verifier must say the same.
fn verdict(key: &Path, public: &[Fr], proof: &ProofJson) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let (public_file, proof_file) = (folder.path().join("public"), folder.path().join("proof"));
    fs::write(&public_file, serde_json::to_string(&PublicJson(public.to_vec())).unwrap()).unwrap();
    fs::write(&proof_file, serde_json::to_string(proof).unwrap()).unwrap();
    let output = Command::new(tool())
        .args(["groth16", "verify"])
        .args([key, &public_file, &proof_file])
        .output()
        .unwrap();
    let accepted = output.status.success();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.contains("OK!"), accepted, "{text}");
    assert_eq!(text.contains("Invalid proof"), !accepted, "{text}");
    let ours = Claim::read(key, &public_file, &proof_file).unwrap().unwrap().verify();
    assert_eq!(ours.is_ok(), accepted, "{ours:?} but snarkjs says {text}");
    accepted
}

fn accepts() {
    let key = Params::new(made().folder.path()).load(CIRCUIT).unwrap();
    let tables = Cpu::all().into_iter().map(|cpu| cpu.with_tables(1 << 22));
    for cpu in Cpu::all().into_iter().chain(tables) {
        let proved = prove(&statement(), &Engine::on(&cpu, &key).unwrap()).unwrap();
        assert!(verdict(&self::key(), &proved.public, &proved.proof.into()), "{}", cpu.name());
    }
}

/// CI has a software device; the devices' own suite fails there without one.
fn accepts_devices() {
    let key = Params::new(made().folder.path()).load(CIRCUIT).unwrap();
    for info in devices().unwrap() {
        let device = OpenCl::open(&info, &Options::default()).unwrap();
        let proved = prove(&statement(), &Engine::on(&device, &key).unwrap()).unwrap();
        assert!(verdict(&self::key(), &proved.public, &proved.proof.into()), "{}", info.name);
    }
}

fn rejects_inputs() {
    let proved = &made().proved;
    for index in 0..3 {
        let mut public = proved.public;
        public[index] += Fr::from(1u64);
        assert!(!verdict(&key(), &public, &proved.proof.clone().into()));
    }
}

fn rejects_proofs() {
    let proved = &made().proved;
    let good = ProofJson::from(proved.proof.clone());
    let mut bad = good.clone();
    bad.pi_c = bad.pi_a;
    assert!(!verdict(&key(), &proved.public, &bad));
    let mut bad = good;
    bad.pi_b = ark_bn254::G2Affine::generator();
    assert!(!verdict(&key(), &proved.public, &bad));
}

fn rejects_keys() {
    let folder = tempfile::tempdir().unwrap();
    Params::new(folder.path()).generate(&[CIRCUIT], |_| ()).unwrap();
    let other = folder.path().join(format!("{CIRCUIT}.vk.json"));
    let proved = &made().proved;
    assert!(!verdict(&other, &proved.public, &proved.proof.clone().into()));
}
