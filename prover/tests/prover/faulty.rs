//! A device that fails on demand: every fault that a real one has, and wrong results.

use ark_bn254::G1Projective;
use ark_ec::PrimeGroup;
use ergon_accelerator::{Accelerator, Cpu, Evaluated, Fault, LoadError, Loaded, Queries, Sums};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a call does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Work,
    Fail(Fault),
    /// The last witness's C is not its sum.
    Spoil,
    /// One sum too few.
    Lose,
}

/// What each call does, given its number (from 0) and its witnesses.
pub(crate) type Script = fn(usize, usize) -> Act;

/// The processor behind the faults that a script says.
#[derive(Clone)]
pub(crate) struct FaultyDevice {
    batch: usize,
    act: Script,
    loads: bool,
    calls: Arc<AtomicUsize>,
}

impl FaultyDevice {
    pub(crate) fn new(batch: usize, act: Script) -> Self {
        Self { batch, act, loads: true, calls: Arc::default() }
    }

    /// A device that takes no key.
    pub(crate) fn full() -> Self {
        Self { loads: false, ..Self::new(1, |_, _| Act::Work) }
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for FaultyDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FaultyDevice")
    }
}

impl Accelerator for FaultyDevice {
    fn name(&self) -> &str {
        "faulty"
    }

    fn load(&self, queries: &Queries<'_>) -> Result<Box<dyn Loaded>, LoadError> {
        if !self.loads {
            return Err(Fault::OutOfMemory { need: 2, have: 1 }.into());
        }
        let loaded = Cpu::fastest().load(queries)?;
        Ok(Box::new(FaultyLoaded { device: self.clone(), loaded }))
    }
}

struct FaultyLoaded {
    device: FaultyDevice,
    loaded: Box<dyn Loaded>,
}

impl Loaded for FaultyLoaded {
    fn batch(&self) -> usize {
        self.device.batch
    }

    fn sums(&self, witnesses: &[Evaluated<'_>]) -> Result<Vec<Sums>, Fault> {
        let call = self.device.calls.fetch_add(1, Ordering::Relaxed);
        let act = (self.device.act)(call, witnesses.len());
        if let Act::Fail(fault) = act {
            return Err(fault);
        }
        let mut sums = self.loaded.sums(witnesses)?;
        match act {
            Act::Spoil => sums.last_mut().unwrap().c += G1Projective::generator(),
            Act::Lose => drop(sums.pop()),
            _ => (),
        }
        Ok(sums)
    }
}
