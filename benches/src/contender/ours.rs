//! Our prover on one accelerator, with its check of the witness and its verification of the proof.

use super::Contender;
use crate::{BenchError, Case};
use ergon_accelerator::Cpu;
use ergon_params::Key;
use ergon_prover::{Engine, Proof, Workers, prove_assignment};
use ergon_types::Fr;
use rayon::ThreadPool;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub(super) struct Ours {
    engine: Engine,
    lanes: usize,
}

impl Ours {
    pub(super) fn new(cpu: &Cpu, key: Key, threads: usize) -> Result<Self, BenchError> {
        Ok(Self { engine: Engine::on(cpu, &key)?, lanes: Workers::lanes_on(threads) })
    }
}

impl Contender for Ours {
    fn prove(&self, assignment: &[Fr]) -> Result<Proof, BenchError> {
        Ok(prove_assignment(&self.engine, assignment)?)
    }

    /// In lanes, as `ergon prove` works: one computes its witness while another multiplies points.
    fn prove_batch(
        &self,
        case: &Case,
        pool: &ThreadPool,
        count: usize,
    ) -> Result<Vec<Proof>, BenchError> {
        let taken = AtomicUsize::new(0);
        let lane = || {
            let mut proofs = Vec::new();
            while taken.fetch_add(1, Ordering::Relaxed) < count {
                let assignment = case.circuit.assignment(case.assignment.len());
                proofs.push(pool.install(|| self.prove(&assignment)));
            }
            proofs
        };
        thread::scope(|scope| {
            let lanes: Vec<_> = (0..self.lanes).map(|_| scope.spawn(lane)).collect();
            let join = |lane: thread::ScopedJoinHandle<'_, Vec<_>>| match lane.join() {
                Ok(proofs) => proofs,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            lanes.into_iter().flat_map(join).collect()
        })
    }
}
