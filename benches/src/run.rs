//! Provers take turns.

use crate::contender::{Contender, Entry, External, Keys};
use crate::machine::{Machine, Program};
use crate::{Again, BenchError, Case, Measured, Report, Spread};
use ergon_accelerator::Accelerator;
use ergon_params::Key;
use ergon_prover::{Proof, verify_proof};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use rayon::ThreadPool;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Turns of each prover that count; one more, the first, is for warming up.
    pub rounds: usize,
    /// Threads of provers in this process.
    pub threads: usize,
    /// Proofs of a turn. More than one are made from the circuit's inputs, witnesses included.
    pub batch: usize,
    /// Names of the provers that take part, or parts of them; all of them if there is none.
    pub only: Vec<String>,
    /// Bytes for tables of multiples; with 0 our prover only takes part without.
    pub table_memory: u64,
    /// Devices that our prover runs on, beside the processor.
    pub devices: Vec<Arc<dyn Accelerator>>,
    /// Provers outside of this program.
    pub external: Vec<External>,
}

impl Options {
    /// One turn.
    pub(crate) fn prove(
        &self,
        contender: &dyn Contender,
        case: &Case,
        pool: &ThreadPool,
    ) -> Result<Vec<Proof>, BenchError> {
        match self.batch {
            1 => pool.install(|| contender.prove(&case.assignment)).map(|proof| vec![proof]),
            count => contender.prove_batch(case, pool, count),
        }
    }
}

/// Seconds of one proof: those of a turn over its proofs.
#[derive(Clone, Copy, Debug)]
struct Turn {
    wall: f64,
    cpu: f64,
}

/// Compares provers on a key, and asks for their memory if there is a way to start this program again. `key` is read
/// once, and once more for each of ours; `report` hears of every turn.
///
/// # Errors
/// When a prover cannot start, or gives no valid proof.
pub fn run(
    key: &dyn Fn() -> Result<Key, BenchError>,
    case: &Case,
    options: &Options,
    again: Option<&Again>,
    mut report: impl FnMut(&str, usize, f64),
) -> Result<Report, BenchError> {
    let (machine, started) = (Machine::this(), SystemTime::now());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let keys = Keys::new(key);
    let key = keys.shared()?;
    let entries = Entry::all(options);
    if entries.is_empty() {
        return Err(BenchError::Unknown(options.only.join(", ")));
    }
    let start = |entry: &Entry| entry.start(&keys, case, options.threads);
    let contenders: Vec<_> = entries.iter().map(start).collect::<Result<_, _>>()?;
    let inputs = &case.assignment[1..key.shape().inputs()];

    let mut turns: Vec<Vec<Turn>> = vec![Vec::new(); contenders.len()];
    let mut witnesses = Vec::new();
    for round in 0..=options.rounds {
        let (witness, _) = timed(false, 1, || case.circuit.assignment(case.assignment.len()));
        for ((entry, contender), turns) in entries.iter().zip(&contenders).zip(&mut turns) {
            let prove = || options.prove(contender.as_ref(), case, &pool);
            let (turn, proofs) = timed(entry.is_external(), options.batch, prove);
            for proof in proofs? {
                verify_proof(key.prepared(), inputs, &proof).map_err(|source| {
                    let (contender, circuit) = (entry.name(), case.circuit());
                    BenchError::Invalid { contender, circuit, source }
                })?;
            }
            if round > 0 {
                report(&entry.name(), round, turn.wall);
                turns.push(turn);
            }
        }
        if round > 0 {
            witnesses.push(witness.wall);
        }
    }

    let shape = key.shape();
    let measured = |(entry, own): (&Entry, &Vec<Turn>)| {
        let wall = Spread::of(own.iter().map(|turn| turn.wall));
        let ratios = turns[0].iter().zip(own).map(|(first, own)| first.wall / own.wall);
        Ok(Measured {
            prover: entry.name(),
            process: entry.is_external(),
            wall,
            cpu: Spread::of(own.iter().map(|turn| turn.cpu)),
            speedup: Spread::of(ratios),
            proofs_per_second: 1.0 / wall.median,
            peak_bytes: match again {
                Some(again) => again.peak(case, &entry.name())?,
                None => None,
            },
        })
    };
    Ok(Report {
        version: Report::VERSION,
        started: jiff::Timestamp::try_from(started).unwrap_or_default().to_string(),
        program: Program::this(),
        machine,
        threads: options.threads,
        rounds: options.rounds,
        batch: options.batch,
        circuit: case.circuit(),
        constraints: shape.constraints(),
        domain: shape.domain(),
        key_sha256: key.sha256().to_owned(),
        witness: Spread::of(witnesses),
        provers: entries.iter().zip(&turns).map(measured).collect::<Result<_, BenchError>>()?,
    })
}

/// Seconds that a call took for each of its proofs, of the wall clock and of processors: of this process, or of those that
/// it waited for.
fn timed<T>(children: bool, proofs: usize, call: impl FnOnce() -> T) -> (Turn, T) {
    let who = if children { UsageWho::RUSAGE_CHILDREN } else { UsageWho::RUSAGE_SELF };
    let cpu = || {
        getrusage(who).map_or(0.0, |usage| {
            (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6
        })
    };
    let (before, start) = (cpu(), Instant::now());
    let result = call();
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu() - before);
    (Turn { wall: wall / proofs as f64, cpu: cpu / proofs as f64 }, result)
}
