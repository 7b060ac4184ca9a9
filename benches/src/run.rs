//! Provers take turns.

use crate::contender::{Arkworks, Ours, Started, Taceo};
use crate::report::{Machine, Measured, Report, Spread};
use crate::{BenchError, Case, Contender, External};
use ergon_params::Key;
use ergon_prover::verify_proof;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::time::Instant;

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Turns of each prover; the first one is for warming up and does not count.
    pub rounds: usize,
    /// Threads of provers in this process.
    pub threads: usize,
    /// Provers outside of this program.
    pub external: Vec<External>,
}

/// Seconds of one turn.
#[derive(Clone, Copy, Debug)]
struct Turn {
    wall: f64,
    cpu: f64,
}

/// Compares provers on a key. `key` is read once for each of ours; `report` hears of every turn.
///
/// # Errors
/// When a prover cannot start, or gives no valid proof.
pub fn run(
    key: impl Fn() -> Result<Key, BenchError>,
    case: &Case,
    options: &Options,
    mut report: impl FnMut(&str, usize, f64),
) -> Result<Report, BenchError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let mut contenders: Vec<Box<dyn Contender>> =
        vec![Box::new(Arkworks::new(case)), Box::new(Taceo::new(case))];
    for ours in Ours::all(key)? {
        contenders.push(Box::new(ours));
    }
    for external in &options.external {
        contenders.push(Box::new(Started::new(external, case)?));
    }

    let mut turns: Vec<Vec<Turn>> = vec![Vec::new(); contenders.len()];
    let mut witnesses = Vec::new();
    for round in 0..=options.rounds {
        let (witness, _) = timed(false, || case.circuit.assignment(case.key.shape().variables()));
        for (contender, turns) in contenders.iter().zip(&mut turns) {
            let prove = || pool.install(|| contender.prove(case));
            let (turn, proof) = timed(contender.is_external(), prove);
            verify_proof(case.key.prepared(), case.inputs(), &proof?).map_err(|source| {
                let (contender, circuit) = (contender.name().to_owned(), case.circuit());
                BenchError::Invalid { contender, circuit, source }
            })?;
            if round > 0 {
                report(contender.name(), round, turn.wall);
                turns.push(turn);
            }
        }
        if round > 0 {
            witnesses.push(witness);
        }
    }

    let shape = case.key.shape();
    let first = Spread::of(turns[0].iter().map(|turn| turn.wall));
    let measured = contenders.iter().zip(&turns).map(|(contender, turns)| {
        let wall = Spread::of(turns.iter().map(|turn| turn.wall));
        Measured {
            prover: contender.name().to_owned(),
            process: contender.is_external(),
            wall,
            cpu: Spread::of(turns.iter().map(|turn| turn.cpu)),
            speedup: first.median / wall.median,
        }
    });
    Ok(Report {
        version: Report::VERSION,
        machine: Machine::this(),
        threads: options.threads,
        rounds: options.rounds,
        circuit: case.circuit(),
        constraints: shape.constraints(),
        domain: shape.domain(),
        key_sha256: case.key.sha256().to_owned(),
        witness: Spread::of(witnesses.iter().map(|turn| turn.wall)),
        provers: measured.collect(),
    })
}

/// Wall-clock and processor time of a call: of this process, or of those that it waited for.
fn timed<T>(children: bool, call: impl FnOnce() -> T) -> (Turn, T) {
    let who = if children { UsageWho::RUSAGE_CHILDREN } else { UsageWho::RUSAGE_SELF };
    let cpu = || {
        getrusage(who).map_or(0.0, |usage| {
            (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6
        })
    };
    let (before, start) = (cpu(), Instant::now());
    let result = call();
    (Turn { wall: start.elapsed().as_secs_f64(), cpu: cpu() - before }, result)
}
