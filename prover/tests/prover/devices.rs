//! Whatever a device does, proofs are correct or there are none, and the counts say what happened.

use crate::batch::{prove_with, write};
use crate::bundle::{PROVER, sealed};
use crate::faulty::{Act, FaultyDevice, Script};
use crate::{UPTIME, key, params};
use ergon_accelerator::{Cpu, Fault};
use ergon_circuits::Circuit;
use ergon_prover::batch::Job;
use ergon_prover::{Engine, ProverError, Submission, Tally, Workers, prove_circuits, verify_proof};
use ergon_types::Kind;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

const BUNDLES: usize = 6;

fn bundles() -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let bundles =
        (0..BUNDLES as u64).map(|epoch| write(folder.path(), &sealed(Kind::Uptime, epoch, 1)));
    let bundles = bundles.collect();
    (folder, bundles)
}

/// Proves with workers, and checks every proof that there is.
fn prove(workers: &Workers) -> (Vec<Job>, Tally) {
    let (folder, bundles) = bundles();
    let jobs = prove_with(workers, &bundles, &params(), &folder.path().join("out"), PROVER);
    let key = key(UPTIME);
    for (submission, _) in jobs.iter().flat_map(|job| &job.result) {
        Submission::read(submission).unwrap().unwrap().verify(key.verifying()).unwrap();
    }
    (jobs, workers.tally())
}

fn proven(jobs: &[Job]) -> usize {
    jobs.iter().filter(|job| job.result.is_ok()).count()
}

fn processor() -> String {
    use ergon_accelerator::Accelerator;
    Cpu::fastest().name().to_owned()
}

/// Proves beside the processor; everything must be proven. The counts, and how many the device proved.
fn beside(device: &FaultyDevice) -> (Tally, u64) {
    let workers = Workers::beside(vec![Arc::new(device.clone())]);
    let (jobs, tally) = prove(&workers);
    assert_eq!(proven(&jobs), BUNDLES);
    let total: u64 = tally.accelerators.values().map(|work| work.proofs).sum();
    assert_eq!(total, BUNDLES as u64, "every proof is counted once: {tally:?}");
    let by_device = tally.accelerators.get("faulty").map_or(0, |work| work.proofs);
    (tally, by_device)
}

fn only(device: &FaultyDevice) -> (Vec<Job>, Tally) {
    prove(&Workers::only(vec![Arc::new(device.clone())]))
}

#[test]
fn a_good_device_proves_alone_and_beside_the_processor() {
    for batch in [1, 4] {
        let (jobs, tally) = only(&FaultyDevice::new(batch, |_, _| Act::Work));
        assert_eq!(proven(&jobs), BUNDLES);
        assert_eq!(tally.accelerators.len(), 1);
        assert_eq!(tally.accelerators["faulty"].proofs, BUNDLES as u64);
        assert_eq!(tally.accelerators["faulty"].faults.len(), 0);
        beside(&FaultyDevice::new(batch, |_, _| Act::Work));
    }
}

#[test]
fn a_device_that_computes_wrongly_is_left_alone_and_its_proofs_are_made_again() {
    for act in [|_, _| Act::Spoil, |_, _| Act::Lose] {
        let device = FaultyDevice::new(2, act);
        let (tally, _) = beside(&device);
        let work = &tally.accelerators["faulty"];
        assert!(work.faults["wrong_result"] >= 1 && work.quarantined.is_some(), "{work:?}");
        // Two lanes may have begun before the first result was found wrong.
        assert!(device.calls() <= 2, "{} calls", device.calls());
        let (jobs, tally) = only(&device);
        assert!(proven(&jobs) < BUNDLES && tally.accelerators["faulty"].quarantined.is_some());
        for error in jobs.iter().filter_map(|job| job.result.as_ref().err()) {
            let is_named =
                matches!(error, ProverError::SelfCheck { .. } | ProverError::Device { .. });
            assert!(is_named, "{error}");
        }
    }
}

#[test]
fn of_a_batch_with_one_wrong_proof_the_others_are_kept() {
    let device = FaultyDevice::new(BUNDLES, |_, _| Act::Spoil);
    let (jobs, tally) = only(&device);
    // A batch is at most a lane's share of the bundles.
    let work = &tally.accelerators["faulty"];
    assert!(work.rejected >= 1 && work.proofs >= 2, "{work:?}");
    assert_eq!(work.proofs + work.rejected, BUNDLES as u64);
    assert_eq!(proven(&jobs) as u64, work.proofs);
}

#[test]
fn every_fault_ends_in_correct_proofs_and_is_counted_by_its_reason() {
    let faults: [(Script, &str); 4] = [
        (|_, _| Act::Fail(Fault::Launch("CL_OUT_OF_RESOURCES".into())), "launch"),
        (|_, _| Act::Fail(Fault::TimedOut(30)), "timed_out"),
        (|_, _| Act::Fail(Fault::Lost("CL_DEVICE_NOT_AVAILABLE".into())), "lost"),
        (|_, _| Act::Fail(Fault::Build("unknown type".into())), "build"),
    ];
    for (act, reason) in faults {
        let device = FaultyDevice::new(2, act);
        let (tally, by_device) = beside(&device);
        let work = &tally.accelerators["faulty"];
        assert_eq!(by_device, 0);
        assert!(work.faults[reason] >= 1 && work.quarantined.is_some(), "{work:?}");
        assert_eq!(tally.accelerators[&processor()].proofs, BUNDLES as u64);
        // Without a processor beside it, the error says what the device said.
        let (jobs, _) = only(&device);
        let error = jobs[0].result.as_ref().unwrap_err();
        assert!(matches!(error, ProverError::Device { source, .. } if source.reason() == reason));
        assert_eq!(proven(&jobs), 0);
    }
}

#[test]
fn a_device_that_fails_once_goes_on_when_it_gives_the_known_answers() {
    let once = |call: usize, _| match call {
        0 => Act::Fail(Fault::Launch("once".into())),
        _ => Act::Work,
    };
    let (tally, _) = beside(&FaultyDevice::new(1, once));
    let work = &tally.accelerators["faulty"];
    assert_eq!((work.faults["launch"], &work.quarantined), (1, &None));
}

#[test]
fn a_device_that_fails_again_and_again_is_left_alone_even_if_it_knows_the_answers() {
    // The known answers come in threes; work comes one by one.
    let often = |_, witnesses: usize| match witnesses {
        1 => Act::Fail(Fault::Launch("often".into())),
        _ => Act::Work,
    };
    let (jobs, tally) = only(&FaultyDevice::new(1, often));
    assert_eq!(proven(&jobs), 0);
    let quarantined = tally.accelerators["faulty"].quarantined.as_ref().unwrap();
    assert!(quarantined.contains("3 faults"), "{quarantined}");
}

#[test]
fn a_device_short_of_memory_gets_smaller_batches() {
    let small = |_, witnesses: usize| match witnesses {
        0..=1 => Act::Work,
        _ => Act::Fail(Fault::OutOfMemory { need: 2, have: 1 }),
    };
    let (jobs, tally) = only(&FaultyDevice::new(2, small));
    assert_eq!(proven(&jobs), BUNDLES);
    let work = &tally.accelerators["faulty"];
    assert!(work.faults["out_of_memory"] >= 1);
    assert_eq!((work.proofs, &work.quarantined), (BUNDLES as u64, &None));
}

#[test]
fn a_device_that_does_not_take_the_key_leaves_the_proofs_to_the_processor() {
    let device = FaultyDevice::full();
    let (tally, by_device) = beside(&device);
    assert_eq!((by_device, device.calls()), (0, 0));
    assert_eq!(tally.accelerators["faulty"].faults["out_of_memory"], 1);
    let (jobs, _) = only(&device);
    let error = jobs[0].result.as_ref().unwrap_err().to_string();
    assert!(error.contains("2 bytes are needed and 1 are free"), "{error}");
}

#[test]
fn circuits_are_proven_together_or_the_device_is_blamed() {
    let key = params().load(UPTIME).unwrap();
    let circuits = vec![Circuit::blank(UPTIME); 5];
    let prove = |act| {
        let engine = Engine::on(&FaultyDevice::new(2, act), &key).unwrap();
        prove_circuits(&engine, &circuits)
    };
    let proofs = prove(|_, _| Act::Work).unwrap();
    assert_eq!(proofs.len(), 5);
    for proof in &proofs {
        verify_proof(key.prepared(), &circuits[0].public(), proof).unwrap();
    }
    // Only the last call, of one witness, goes wrong.
    let spoilt = prove(|_, witnesses| if witnesses == 1 { Act::Spoil } else { Act::Work });
    assert!(matches!(spoilt, Err(ProverError::SelfCheck { .. })), "{spoilt:?}");
    let failed = prove(|_, _| Act::Fail(Fault::Lost("gone".to_owned())));
    assert!(matches!(failed, Err(ProverError::Device { .. })), "{failed:?}");
}
