//! Whole proofs by OpenCL devices alone: none falls back to the processor unseen.
//!
//! Without a device the tests are ignored, with the line that installs a software one; `ERGON_REQUIRE_TOOLS=1` makes that a
//! failure.
#![allow(clippy::unwrap_used)]

// Not every part is used here.
#[allow(dead_code)]
#[path = "../prover/bundle.rs"]
mod bundle;

use bundle::{PROVER, sealed};
use ergon_accelerator::Accelerator;
use ergon_circuits::{Circuit, CircuitId};
use ergon_opencl::{OpenCl, Options, devices};
use ergon_params::Params;
use ergon_prover::batch::Run;
use ergon_prover::{Engine, Submission, Workers, prove_circuit};
use ergon_types::Kind;
use libtest_mimic::{Arguments, Trial};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const INSTALL: &str = "no OpenCL device; install a software one: apt-get install pocl-opencl-icd";
const CIRCUITS: [CircuitId; 3] =
    [CircuitId::membership(1), CircuitId::of(Kind::Uptime, 1), CircuitId::of(Kind::Energy, 1)];

fn main() {
    let arguments = Arguments::from_args();
    let found = !devices().unwrap().is_empty();
    let is_required = std::env::var("ERGON_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    let test = move || {
        if !found {
            return Err(INSTALL.into());
        }
        devices_prove();
        Ok(())
    };
    let name = "devices_alone_prove_circuits_and_bundles_that_verify";
    let trial = Trial::test(name, test).with_ignored_flag(!found && !is_required);
    let trial = if found || is_required { trial } else { trial.with_kind(INSTALL) };
    libtest_mimic::run(&arguments, vec![trial]).exit();
}

fn devices_prove() {
    let folder = tempfile::tempdir().unwrap();
    let params = Params::new(folder.path().join("params"));
    params.generate(&CIRCUITS, |_| ()).unwrap();
    for info in devices().unwrap() {
        let device = OpenCl::open(&info, &Options::default()).unwrap();
        let name = device.name().to_owned();
        for circuit in CIRCUITS {
            let engine = Engine::on(&device, &params.load(circuit).unwrap()).unwrap();
            // Verified before it is returned.
            prove_circuit(&engine, &Circuit::blank(circuit)).unwrap();
        }

        let bundles: Vec<_> = (0..3)
            .map(|epoch| {
                let path = folder.path().join(format!("{epoch}.json"));
                let bundle = sealed(Kind::Uptime, epoch, 1);
                fs::write(&path, serde_json::to_string(&bundle).unwrap()).unwrap();
                path
            })
            .collect();
        let (workers, stop) = (Workers::only(vec![Arc::new(device)]), AtomicBool::new(false));
        let out = &folder.path().join(&info.name);
        let (params, workers) = (&params, &workers);
        let run = Run { params, workers, out, prover: PROVER, memory: None, stop: &stop };
        let key = params.verifying_key(CIRCUITS[1]).unwrap();
        for job in run.prove(&bundles, &|_| ()) {
            let (submission, _) = job.result.unwrap();
            Submission::read(&submission).unwrap().unwrap().verify(&key).unwrap();
        }
        let tally = workers.tally();
        assert_eq!(tally.accelerators.keys().collect::<Vec<_>>(), [&name]);
        let work = &tally.accelerators[&name];
        assert_eq!((work.proofs, work.rejected, work.faults.len()), (3, 0, 0));
    }
}
