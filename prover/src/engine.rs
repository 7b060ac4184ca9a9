//! A proving key on an accelerator: loaded once, it proves any number of statements.

use crate::ProverError;
use ergon_accelerator::{Accelerator, Cpu, Evaluated, Fault, Loaded, Queries, Sums};
use ergon_params::{Key, KeyHead};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A key that is ready to prove. It keeps nothing of the key's points but what its accelerator needs.
pub struct Engine {
    key: Arc<KeyHead>,
    accelerator: String,
    loaded: Box<dyn Loaded>,
}

impl Engine {
    /// Loads a key on this processor, by the fastest way that it has.
    ///
    /// # Errors
    /// When the key's points do not belong together.
    pub fn new(key: &Key) -> Result<Self, ProverError> {
        Self::on(&Cpu::fastest(), key)
    }

    /// Loads a key on an accelerator.
    ///
    /// # Errors
    /// As `new`, or when a device fails.
    pub fn on(accelerator: &dyn Accelerator, key: &Key) -> Result<Self, ProverError> {
        let proving = key.proving();
        let queries = Queries {
            inputs: key.shape().inputs(),
            a: &proving.a_query,
            b_g1: &proving.b_g1_query,
            b_g2: &proving.b_g2_query,
            l: &proving.l_query,
            h: &proving.h_query,
        };
        let circuit = key.circuit();
        let loaded =
            accelerator.load(&queries).map_err(|source| ProverError::Load { circuit, source })?;
        Ok(Self { accelerator: accelerator.name().to_owned(), loaded, key: key.head() })
    }

    /// Name of the accelerator.
    pub fn accelerator(&self) -> &str {
        &self.accelerator
    }

    /// Witnesses that one call serves best.
    pub fn batch(&self) -> usize {
        self.loaded.batch().max(1)
    }

    /// The sums of assignments that satisfy the circuit, one for each.
    pub(crate) fn sums(&self, witnesses: &[Evaluated<'_>]) -> Result<Vec<Sums>, Fault> {
        let sums = self.loaded.sums(witnesses)?;
        if sums.len() == witnesses.len() {
            return Ok(sums);
        }
        Err(Fault::WrongResult(format!("{} sums of {} witnesses", sums.len(), witnesses.len())))
    }
}

impl Deref for Engine {
    type Target = KeyHead;

    fn deref(&self) -> &KeyHead {
        &self.key
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (circuit, accelerator) = (self.key.circuit(), &self.accelerator);
        f.debug_struct("Engine")
            .field("circuit", &circuit)
            .field("accelerator", &accelerator)
            .finish_non_exhaustive()
    }
}
