//! The provers that are compared.

mod arkworks;
mod external;
mod ours;
mod snarkjs;
mod taceo;

use crate::{BenchError, Case, Options};
use ergon_accelerator::{Accelerator, Cpu};
use ergon_circuits::CircuitId;
use ergon_params::Key;
use ergon_prover::Proof;
use ergon_types::Fr;
use rayon::ThreadPool;
use std::cell::OnceCell;
use std::sync::Arc;

pub use external::External;
pub use snarkjs::snarkjs;

/// A prover, ready.
pub(crate) trait Contender: Send + Sync {
    /// Proves the values of all variables.
    fn prove(&self, assignment: &[Fr]) -> Result<Proof, BenchError>;

    /// Proves a circuit's inputs some times, witnesses included: one after the other, unless the prover knows better.
    fn prove_batch(
        &self,
        case: &Case,
        pool: &ThreadPool,
        count: usize,
    ) -> Result<Vec<Proof>, BenchError> {
        let prove = |_| {
            let assignment = case.circuit.assignment(case.assignment.len());
            pool.install(|| self.prove(&assignment))
        };
        (0..count).map(prove).collect()
    }
}

/// A prover that can be started.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Arkworks,
    Taceo,
    Ours(Arc<dyn Accelerator>),
    External(External),
}

impl Entry {
    /// All of them in the order of their turns; the first one is what the others are compared with.
    pub(crate) fn all(options: &Options) -> Vec<Self> {
        let mut ways = Cpu::all();
        if options.table_memory > 0 {
            ways.extend(Cpu::all().into_iter().map(|cpu| cpu.with_tables(options.table_memory)));
        }
        let processor = ways.into_iter().map(|cpu| Arc::new(cpu) as Arc<dyn Accelerator>);
        let ours = processor.chain(options.devices.iter().cloned()).map(Self::Ours);
        let external = options.external.iter().cloned().map(Self::External);
        let all = [Self::Arkworks, Self::Taceo].into_iter().chain(ours).chain(external);
        let is_wanted = |entry: &Self| {
            let name = entry.name();
            options.only.is_empty() || options.only.iter().any(|part| name.contains(part))
        };
        all.filter(is_wanted).collect()
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Arkworks => "ark-groth16 0.6".to_owned(),
            Self::Taceo => "taceo-groth16 0.2.2".to_owned(),
            Self::Ours(accelerator) => format!("ergon {}", accelerator.name()),
            Self::External(external) => external.name().to_owned(),
        }
    }

    /// Whether it is a process of its own, whose start and files count.
    pub(crate) fn is_external(&self) -> bool {
        matches!(self, Self::External(_))
    }

    pub(crate) fn start(
        &self,
        keys: &Keys<'_>,
        case: &Case,
        threads: usize,
    ) -> Result<Box<dyn Contender>, BenchError> {
        Ok(match self {
            Self::Arkworks => Box::new(arkworks::Arkworks::new(keys.shared()?)),
            Self::Taceo => Box::new(taceo::Taceo::new(keys.shared()?)),
            Self::Ours(accelerator) => {
                Box::new(ours::Ours::new(&**accelerator, keys.own()?, threads)?)
            }
            Self::External(external) => Box::new(external.start(case, threads)?),
        })
    }
}

/// A circuit's key: read when it is asked for, and shared where a prover only looks at it.
pub(crate) struct Keys<'a> {
    read: &'a dyn Fn() -> Result<Key, BenchError>,
    shared: OnceCell<Arc<Key>>,
}

impl<'a> Keys<'a> {
    pub(crate) fn new(read: &'a dyn Fn() -> Result<Key, BenchError>) -> Self {
        Self { read, shared: OnceCell::new() }
    }

    pub(crate) fn shared(&self) -> Result<Arc<Key>, BenchError> {
        if let Some(key) = self.shared.get() {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(self.own()?);
        Ok(Arc::clone(self.shared.get_or_init(|| key)))
    }

    fn own(&self) -> Result<Key, BenchError> {
        (self.read)()
    }
}

/// Blinding factors of provers that take them: of no consequence for speed. Ours are drawn as always.
fn blinding() -> [Fr; 2] {
    [Fr::from(0x00C0_FFEEu64), Fr::from(0x0BAD_CAFEu64)]
}

/// A matrix as arkworks has it.
fn rows(key: &Key, matrix: usize) -> Vec<Vec<(Fr, usize)>> {
    let matrix = &key.shape().matrices()[matrix];
    (0..matrix.rows()).map(|row| matrix.row(row).collect()).collect()
}

fn failed(contender: &str, circuit: CircuitId, reason: impl ToString) -> BenchError {
    BenchError::Failed { contender: contender.to_owned(), circuit, reason: reason.to_string() }
}
