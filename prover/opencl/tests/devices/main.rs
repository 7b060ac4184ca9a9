//! Every OpenCL device of this machine computes what the processor does.
//!
//! Without a device the tests are ignored, with the line that installs a software one; `ERGON_REQUIRE_TOOLS=1` makes that a
//! failure.
#![allow(clippy::unwrap_used)]

use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, Field, UniformRand};
use ark_std::test_rng;
use ergon_accelerator::{Accelerator, Cpu, Evaluated, Fault, LoadError, Queries, known_answers};
use ergon_opencl::{OpenCl, Options, devices};
use libtest_mimic::{Arguments, Trial};
use std::sync::{Arc, mpsc};
use std::time::Duration;

const INSTALL: &str = "no OpenCL device; install a software one: apt-get install pocl-opencl-icd";
const INPUTS: usize = 4;

fn main() {
    let arguments = Arguments::from_args();
    let found = !devices().unwrap().is_empty();
    let is_required = std::env::var("ERGON_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    let tests: [(&str, fn()); 8] = [
        ("a_device_gives_the_known_answers", known),
        ("sums_are_the_processors_on_every_size_of_domain", sizes),
        ("witnesses_of_one_call_do_not_mix", batches),
        ("calls_from_few_threads_that_share_work_do_not_wait_for_each_other_forever", shared),
        ("crowded_buckets_and_one_sided_infinities_are_summed", crowded),
        ("a_key_larger_than_the_memory_is_streamed_with_the_same_sums", streamed),
        ("too_little_memory_is_said_with_what_is_needed", too_little),
        ("a_call_that_takes_too_long_is_given_up_and_the_device_with_it", timed_out),
    ];
    let trial = |(name, test): (&str, fn())| {
        let test = move || {
            if !found {
                return Err(INSTALL.into());
            }
            test();
            Ok(())
        };
        let trial = Trial::test(name, test).with_ignored_flag(!found && !is_required);
        if found || is_required { trial } else { trial.with_kind(INSTALL) }
    };
    libtest_mimic::run(&arguments, tests.into_iter().map(trial).collect()).exit();
}

fn open(options: &Options) -> Vec<OpenCl> {
    devices().unwrap().iter().map(|info| OpenCl::open(info, options).unwrap()).collect()
}

/// A key of random points, every third of B at infinity.
struct Points {
    g1: Vec<G1Affine>,
    b_g1: Vec<G1Affine>,
    b_g2: Vec<G2Affine>,
    h: Vec<G1Affine>,
}

impl Points {
    fn new(variables: usize, domain: usize) -> Self {
        let mut rng = test_rng();
        let mut g1 = |count: usize| {
            let points: Vec<_> = (0..count).map(|_| G1Projective::rand(&mut rng)).collect();
            G1Projective::normalize_batch(&points)
        };
        let (points, mut b_g1, h) = (g1(variables), g1(variables), g1(domain));
        let b_g2: Vec<_> = (0..variables).map(|_| G2Projective::rand(&mut rng)).collect();
        let mut b_g2 = G2Projective::normalize_batch(&b_g2);
        for place in (0..variables).step_by(3) {
            (b_g1[place], b_g2[place]) = (G1Affine::zero(), G2Affine::zero());
        }
        Self { g1: points, b_g1, b_g2, h }
    }

    fn queries(&self) -> Queries<'_> {
        let (a, l) = (&self.g1, &self.g1[INPUTS..]);
        Queries { inputs: INPUTS, a, b_g1: &self.b_g1, b_g2: &self.b_g2, l, h: &self.h }
    }
}

/// Values of a witness: full width, and as many zeros, ones and minus ones.
fn values(count: usize) -> Vec<Fr> {
    let mut rng = test_rng();
    (0..count)
        .map(|place| match place % 6 {
            0 => Fr::ZERO,
            1 => Fr::ONE,
            2 => -Fr::ONE,
            _ => Fr::rand(&mut rng),
        })
        .collect()
}

/// Compares a device's sums with the processor's, for several witnesses of one key.
fn compare(device: &OpenCl, points: &Points, witnesses: &[[Vec<Fr>; 3]]) {
    let queries = points.queries();
    let witnesses: Vec<Evaluated<'_>> =
        witnesses.iter().map(|[assignment, a, b]| Evaluated { assignment, a, b }).collect();
    let expected = Cpu::fastest().load(&queries).unwrap().sums(&witnesses).unwrap();
    let found = device.load(&queries).unwrap().sums(&witnesses).unwrap();
    assert!(found == expected, "{} of {} variables", device.name(), queries.a.len());
}

fn witness(variables: usize, domain: usize) -> [Vec<Fr>; 3] {
    [values(variables), values(domain), values(2 * domain)[domain..].to_vec()]
}

fn known() {
    for device in open(&Options::default()) {
        assert_eq!(known_answers(&device), Ok(()));
    }
}

fn sizes() {
    for device in open(&Options::default()) {
        for (variables, domain) in [(INPUTS, 1), (5, 2), (40, 8), (700, 1024), (4000, 4096)] {
            compare(&device, &Points::new(variables, domain), &[witness(variables, domain)]);
        }
    }
}

fn batches() {
    let (variables, domain) = (90, 128);
    let points = Points::new(variables, domain);
    let mut rng = test_rng();
    let mut random = |count| (0..count).map(|_| Fr::rand(&mut rng)).collect::<Vec<_>>();
    let witnesses: Vec<_> =
        (0..11).map(|_| [random(variables), random(domain), random(domain)]).collect();
    for device in open(&Options::default()) {
        compare(&device, &points, &witnesses);
        compare(&device, &points, &witnesses[..1]);
        // Beside another key's, on the same device.
        let other = Points::new(300, 64);
        std::thread::scope(|scope| {
            scope.spawn(|| compare(&device, &points, &witnesses[1..]));
            scope.spawn(|| compare(&device, &other, &[witness(300, 64), witness(300, 64)]));
        });
        compare(&device, &points, &[]);
    }
}

/// Calls of each of two threads.
const CALLS: usize = 4;

/// What a thread of rayon's does while it waits for its own work may be another call of the same device.
fn shared() {
    let (variables, domain) = (17_000, 64);
    let points = Arc::new(Points::new(variables, domain));
    for device in open(&Options::default()) {
        let (done, all_done) = mpsc::channel();
        let points = Arc::clone(&points);
        // Not joined: a thread that waits forever would not end.
        std::thread::spawn(move || {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
            let loaded = device.load(&points.queries()).unwrap();
            let [assignment, a, b] = witness(variables, domain);
            let witness = Evaluated { assignment: &assignment, a: &a, b: &b };
            let expected = loaded.sums(&[witness]).unwrap();
            let again = || loaded.sums(&[witness]).unwrap() == expected;
            let calls = || (0..CALLS).all(|_| pool.install(again));
            let found = std::thread::scope(|scope| {
                let callers = [scope.spawn(calls), scope.spawn(calls)];
                callers.map(|caller| caller.join().unwrap())
            });
            done.send(found).unwrap();
        });
        assert_eq!(all_done.recv_timeout(Duration::from_secs(120)), Ok([true; 2]));
    }
}

fn crowded() {
    let (variables, domain) = (30_000, 32);
    let mut points = Points::new(1000, domain);
    let repeat = |points: &mut Vec<G1Affine>| *points = points.repeat(variables / 1000);
    repeat(&mut points.g1);
    repeat(&mut points.b_g1);
    points.b_g2 = points.b_g2.repeat(variables / 1000);
    // At infinity in one group only.
    points.b_g1[1] = G1Affine::zero();
    points.b_g2[2] = (G2Affine::generator() + G2Affine::generator()).into_affine();
    let half = Fr::from(2u64).inverse().unwrap();
    for value in [Fr::ZERO, Fr::ONE, -Fr::ONE, half, Fr::from(1u64 << 40)] {
        let all = |count| vec![value; count];
        for device in open(&Options::default()) {
            compare(&device, &points, &[[all(variables), all(domain), all(domain)]]);
        }
    }
}

fn streamed() {
    let (variables, domain) = (20_000, 64);
    let points = Points::new(variables, domain);
    // Enough for a part of the points, not for all.
    let memory = Some(6 << 20);
    for device in open(&Options { memory, ..Options::default() }) {
        // Again: the memory of the first time is taken once more, or given back for what needs it.
        for _ in 0..2 {
            compare(&device, &points, &[witness(variables, domain), witness(variables, domain)]);
        }
        assert_eq!(device.load(&points.queries()).unwrap().batch(), 1);
    }
    for device in open(&Options::default()) {
        assert!(device.load(&points.queries()).unwrap().batch() > 1);
    }
}

fn too_little() {
    let points = Points::new(3000, 4096);
    for device in open(&Options { memory: Some(1 << 20), ..Options::default() }) {
        let Err(LoadError::Device(Fault::OutOfMemory { need, have })) =
            device.load(&points.queries()).map(drop)
        else {
            panic!("a megabyte is not enough");
        };
        assert!(need > have && have == 1 << 20, "{need} {have}");
    }
}

fn timed_out() {
    let (variables, domain) = (3000, 4096);
    let (points, [assignment, a, b]) = (Points::new(variables, domain), witness(variables, domain));
    for device in open(&Options { timeout: Duration::ZERO, ..Options::default() }) {
        let witness = Evaluated { assignment: &assignment, a: &a, b: &b };
        let prove = || -> Result<(), LoadError> {
            device.load(&points.queries())?.sums(&[witness])?;
            Ok(())
        };
        assert_eq!(prove(), Err(LoadError::Device(Fault::TimedOut(0))));
        // It may still be at it: the next call does not wait behind that.
        assert!(matches!(prove(), Err(LoadError::Device(Fault::Lost(_)))));
    }
}
