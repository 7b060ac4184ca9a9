//! Runs over many files.

use crate::bundle::{DELTA, PROVER, sealed};
use crate::{ENERGY, UPTIME, key, params};
use ergon_params::Params;
use ergon_prover::batch::{Event, Files, Job, Run, Status};
use ergon_prover::{Estimate, ProverError, Submission, Workers, prove_bundle, write_state};
use ergon_types::{Address, Bundle, Kind, State};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) fn write(folder: &Path, bundle: &Bundle) -> PathBuf {
    let path = folder.join(format!("{}.bundle.json", bundle.name()));
    fs::write(&path, serde_json::to_string(bundle).unwrap()).unwrap();
    path
}

/// Proves bundles to the end.
pub(crate) fn prove_with(
    workers: &Workers,
    bundles: &[PathBuf],
    params: &Params,
    out: &Path,
    prover: Address,
) -> Vec<Job> {
    let stop = AtomicBool::new(false);
    Run { params, workers, out, prover, memory: None, stop: &stop }.prove(bundles, &|_| ())
}

fn new_run<'a>(
    params: &'a Params,
    workers: &'a Workers,
    out: &'a Path,
    stop: &'a AtomicBool,
) -> Run<'a> {
    Run { params, workers, out, prover: PROVER, memory: None, stop }
}

fn prove_batch(bundles: &[PathBuf], params: &Params, out: &Path, prover: Address) -> Vec<Job> {
    prove_with(&Workers::processor(), bundles, params, out, prover)
}

fn status(job: &Job) -> Status {
    job.result.as_ref().unwrap().1
}

#[test]
fn bundles_are_proven_once_and_kept_while_they_are_valid() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let bundles =
        [sealed(Kind::Energy, 1, 2), sealed(Kind::Uptime, 1, 1)].map(|b| write(folder.path(), &b));
    let run = |prover: Address| {
        let jobs = prove_batch(&bundles, &params(), &out, prover);
        assert_eq!(jobs.len(), 2);
        assert_eq!([&jobs[0].bundle, &jobs[1].bundle], [&bundles[0], &bundles[1]]);
        [status(&jobs[0]), status(&jobs[1])]
    };
    assert_eq!(run(PROVER), [Status::Proven; 2]);
    assert_eq!(run(PROVER), [Status::Kept; 2]);

    // Damage: a proof that is not valid any more is made again, and only that one.
    let files = Files::of(&out, "energy-1-2");
    let text = fs::read_to_string(&files.submission).unwrap();
    fs::write(&files.submission, &text[..text.len() / 2]).unwrap();
    assert_eq!(run(PROVER), [Status::Proven, Status::Kept]);
    fs::remove_file(&files.state).unwrap();
    assert_eq!(run(PROVER), [Status::Proven, Status::Kept]);
    // Another prover needs other proofs.
    assert_eq!(run(Address([8; 20])), [Status::Proven; 2]);
}

#[test]
fn energy_leaves_the_private_state_after_it_to_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = sealed(Kind::Energy, 1, 2);
    let path = write(folder.path(), &bundle);
    let jobs = prove_batch(&[path], &params(), folder.path(), PROVER);
    let files = Files::of(folder.path(), "energy-1-2");
    let submission = Submission::read(&jobs[0].result.as_ref().unwrap().0).unwrap().unwrap();
    assert_eq!(submission.measured, [u64::from(DELTA) * 40]);
    let text = fs::read_to_string(&files.state).unwrap();
    let state: State = serde_json::from_str(&text).unwrap();
    assert_eq!(state.commitment(), submission.state_after);
    assert_eq!((state.0[0].generation, state.0[0].end), (1, 11_000));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&files.state).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // Nothing public holds the state's salt.
    let salt = state.0[0].salt.to_string();
    for public in [&files.submission, &files.proof, &files.public] {
        assert!(!fs::read_to_string(public).unwrap().contains(&salt));
    }
}

#[test]
fn the_state_that_another_prover_left_opens_from_its_bundle_and_included() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = sealed(Kind::Energy, 1, 2);
    let (submission, state) = prove_bundle(&bundle, &key(ENERGY), PROVER).unwrap();
    let left = submission.state_after;
    let path = write_state(&bundle, 1, left, folder.path()).unwrap();
    let read: State = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(Some(read), state);
    // A batch that leaves the only member out leaves the state as it was.
    write_state(&bundle, 0, bundle.state.clone().unwrap().commitment(), folder.path()).unwrap();

    let refused = |bundle: &Bundle, included| {
        write_state(bundle, included, left, folder.path()).unwrap_err().to_string()
    };
    assert!(refused(&bundle, 0).contains("it then opens"));
    assert!(refused(&bundle, 0b11).contains("member 1 is included and there are 1"));
    assert!(refused(&sealed(Kind::Uptime, 1, 2), 1).contains("uptime has no state"));
    let unheard = Bundle { packets: vec![None], ..bundle };
    assert!(refused(&unheard, 1).contains("no record of member 0"));
}

#[test]
fn a_bad_bundle_is_named_and_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), &sealed(Kind::Uptime, 1, 1));
    let mut unsigned = sealed(Kind::Uptime, 1, 2);
    unsigned.seal_signature = sealed(Kind::Uptime, 1, 3).seal_signature;
    let unsigned = write(folder.path(), &unsigned);
    let broken = folder.path().join("broken.json");
    fs::write(&broken, "{\"version\": 1, \"kind\": \"uptime\"").unwrap();
    let newer = folder.path().join("newer.json");
    fs::write(&newer, "{\"version\": 2}").unwrap();
    let missing = folder.path().join("missing.json");
    let copy = folder.path().join("copy.json");
    fs::copy(&good, &copy).unwrap();
    // No key for a cohort of two.
    let mut large = sealed(Kind::Uptime, 1, 4);
    large.membership.members.push(None);
    large.packets.push(None);
    large.seal.heads.push(0u64.into());
    large.seal.arrivals.push(Default::default());
    large.seal.membership_root = large.root_of(Some(&large.membership));
    large.seal_signature = ergon_types::SecretKey::from_bytes([5; 32]).sign(&large.seal.message());
    let large = write(folder.path(), &large);

    let bundles = [unsigned, broken.clone(), good, newer, missing.clone(), copy, large];
    let jobs = prove_batch(&bundles, &params(), folder.path(), PROVER);
    let error = |index: usize| jobs[index].result.as_ref().unwrap_err();
    assert!(error(0).to_string().contains("uptime-1-2"), "{}", error(0));
    assert!(error(1).to_string().contains(broken.to_str().unwrap()), "{}", error(1));
    assert_eq!(status(&jobs[2]), Status::Proven);
    assert!(error(3).to_string().contains("its version is 2, expected 1"), "{}", error(3));
    assert!(matches!(error(4), ProverError::Io { path, .. } if *path == missing));
    assert!(matches!(error(5), ProverError::Duplicate { .. }));
    assert!(error(6).to_string().contains("no key for circuit uptime-2"), "{}", error(6));
}

#[test]
fn without_keys_every_bundle_says_how_to_make_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), &sealed(Kind::Uptime, 1, 1));
    let none = Params::new(folder.path().join("none"));
    let jobs = prove_batch(&[path], &none, folder.path(), PROVER);
    let error = jobs[0].result.as_ref().unwrap_err().to_string();
    assert!(error.contains("ergon params generate"), "{error}");
}

#[test]
fn a_run_that_is_stopped_finishes_what_it_began_and_names_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let bundles: Vec<_> =
        (0..6).map(|epoch| write(folder.path(), &sealed(Kind::Uptime, epoch, 1))).collect();
    let (stop, params, workers) = (AtomicBool::new(false), params(), Workers::processor());
    let run = new_run(&params, &workers, &out, &stop);
    let jobs = run.prove(&bundles, &|event| {
        if matches!(event, Event::Proving(_)) {
            stop.store(true, Ordering::Relaxed);
        }
    });
    let begun = |jobs: &[Job]| jobs.iter().filter(|job| job.result.is_ok()).count();
    let waiting = jobs.iter().filter(|job| matches!(job.result, Err(ProverError::Stopped))).count();
    assert_eq!((begun(&jobs), waiting), (0, 6));
    stop.store(false, Ordering::Relaxed);
    assert_eq!(begun(&run.prove(&bundles, &|_| ())), 6);
}

#[test]
fn a_run_reports_each_key_and_each_bundle_once() {
    let folder = tempfile::tempdir().unwrap();
    let bundles = [sealed(Kind::Energy, 1, 2), sealed(Kind::Uptime, 1, 1)];
    let mut bundles: Vec<_> = bundles.iter().map(|b| write(folder.path(), b)).collect();
    bundles.push(folder.path().join("missing.json"));
    let (stop, params, workers) = (AtomicBool::new(false), params(), Workers::processor());
    let run = new_run(&params, &workers, folder.path(), &stop);
    let heard = || {
        let heard = Mutex::new(Vec::new());
        run.prove(&bundles, &|event| {
            heard.lock().unwrap().push(match event {
                Event::Loading(circuit) => format!("loading {circuit}"),
                Event::Proving(circuit) => format!("proving {circuit}"),
                Event::Done(path, Ok((_, status))) => format!("{} {status:?}", path.display()),
                Event::Done(path, Err(_)) => format!("{} failed", path.display()),
            });
        });
        let mut heard = heard.into_inner().unwrap();
        heard.sort();
        heard
    };
    let name = |index: usize| bundles[index].display().to_string();
    let done = |status: &str| {
        vec![
            format!("{} {status}", name(0)),
            format!("{} failed", name(2)),
            format!("{} {status}", name(1)),
        ]
    };
    let keys = ["loading energy-1", "loading uptime-1", "proving energy-1", "proving uptime-1"];
    assert_eq!(heard(), [done("Proven"), keys.map(String::from).to_vec()].concat());
    // What is proven needs no key.
    assert_eq!(heard(), done("Kept"));
}

#[test]
fn a_key_that_needs_more_memory_than_there_is_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let bundles = [sealed(Kind::Energy, 1, 2), sealed(Kind::Uptime, 1, 1)];
    let bundles = bundles.map(|b| write(folder.path(), &b));
    let (stop, params) = (AtomicBool::new(false), params());
    let tables = 1 << 20;
    let workers = Workers::processor().with_tables(tables);
    let needs = |circuit| Estimate::of(&params.entry(circuit).unwrap(), tables).peak(1);
    let bare = |circuit| Estimate::of(&params.entry(circuit).unwrap(), 0).peak(1);
    assert!(needs(UPTIME) < needs(ENERGY) && needs(ENERGY) == bare(ENERGY) + tables);
    // However much is offered: not more than a scalar has digits.
    let entry = params.entry(UPTIME).unwrap();
    let most = Estimate::of(&entry, u64::MAX).tables / entry.proving_key.bytes;
    assert!((60..100).contains(&most), "{most}");
    let memory = Some(needs(ENERGY) - 1);
    let run = Run { memory, ..new_run(&params, &workers, folder.path(), &stop) };
    let jobs = run.prove(&bundles, &|event| {
        assert!(matches!(event, Event::Done(..)) || !format!("{event:?}").contains("energy"));
    });
    let error = jobs[0].result.as_ref().unwrap_err().to_string();
    assert!(error.contains("proving circuit energy-1") && error.contains("MiB"), "{error}");
    assert_eq!(status(&jobs[1]), Status::Proven);
}
