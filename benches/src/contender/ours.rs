//! Our prover on one accelerator, with its check of the witness and its verification of the proof.

use super::Contender;
use crate::{BenchError, Case};
use ergon_accelerator::Accelerator;
use ergon_params::Key;
use ergon_prover::{Engine, Proof, Workers, prove_assignment, prove_circuits};
use ergon_types::Fr;
use rayon::ThreadPool;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub(super) struct Ours {
    engine: Engine,
    lanes: usize,
}

impl Ours {
    pub(super) fn new(
        accelerator: &dyn Accelerator,
        key: Key,
        threads: usize,
    ) -> Result<Self, BenchError> {
        let engine = Engine::on(accelerator, &key)?;
        let lanes = Workers::lanes_of(&engine, threads);
        Ok(Self { engine, lanes })
    }
}

impl Contender for Ours {
    fn prove(&self, assignment: &[Fr]) -> Result<Proof, BenchError> {
        Ok(prove_assignment(&self.engine, assignment)?)
    }

    /// In lanes, as `ergon prove` works: one computes witnesses while another multiplies points.
    fn prove_batch(
        &self,
        case: &Case,
        pool: &ThreadPool,
        count: usize,
    ) -> Result<Vec<Proof>, BenchError> {
        let taken = AtomicUsize::new(0);
        let each = self.engine.batch();
        let lane = || {
            let mut proofs = Vec::new();
            loop {
                let first = taken.fetch_add(each, Ordering::Relaxed);
                if first >= count {
                    return Ok(proofs);
                }
                let circuits = vec![case.circuit.clone(); each.min(count - first)];
                proofs.extend(pool.install(|| prove_circuits(&self.engine, &circuits))?);
            }
        };
        thread::scope(|scope| {
            let lanes: Vec<_> = (0..self.lanes).map(|_| scope.spawn(lane)).collect();
            let join = |lane: thread::ScopedJoinHandle<'_, _>| match lane.join() {
                Ok(proofs) => proofs,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            let proofs: Result<Vec<Vec<Proof>>, BenchError> = lanes.into_iter().map(join).collect();
            Ok(proofs?.concat())
        })
    }
}
