//! Who proves a batch: the processor, devices beside it, or devices only. No proof leaves without having been verified.
//!
//! | what happens on a device | what follows |
//! |---|---|
//! | too little memory for a batch | half the batch at a time; for one proof, the next line |
//! | any other fault | the processor proves these; the device goes on if it still gives the known answers, three times at most |
//! | a proof that does not verify | the processor proves it again; the device is trusted no more |
//!
//! Devices only: there is no processor to fall back on, and each fault is the error of its bundles.

use crate::check::{Claimed, invalid_proofs};
use crate::groth16::{Proof, compute};
use crate::prove::{Proved, at_challenge};
use crate::tally::Tally;
use crate::{Engine, ProverError, VerifyError, prove_circuit};
use ergon_accelerator::{Accelerator, Cpu, Fault, LoadError, known_answers};
use ergon_circuits::{Circuit, Statement};
use ergon_params::{Key, KeyHead};
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use std::{slice, thread};

/// Cores that one proof keeps busy.
const CORES_PER_LANE: usize = 4;
/// Most lanes of the processor. Two or more let one proof's witness be computed while another's points are multiplied, and
/// bound how many witnesses are in memory; rayon itself would start further proofs while it waits inside one.
const MAX_LANES: usize = 8;
/// Lanes of a device: while it computes for one, the other prepares witnesses.
const DEVICE_LANES: usize = 2;
/// Points of the domains of proofs that are verified together. Verifying costs as much as proving some thousand points.
const CHECKED_TOGETHER: usize = 1 << 18;
/// Most proofs that are verified together.
const MAX_CHECKED: usize = 32;
/// Faults after which a device is left alone.
const MAX_FAULTS: u32 = 3;

/// The accelerators that share batches. A device that is trusted no more stays so.
#[derive(Debug)]
pub struct Workers {
    processor: Option<Cpu>,
    devices: Vec<Device>,
    tally: Mutex<Tally>,
}

#[derive(Debug)]
struct Device {
    accelerator: Arc<dyn Accelerator>,
    faults: Mutex<u32>,
    quarantined: AtomicBool,
}

impl Device {
    fn is_trusted(&self) -> bool {
        !self.quarantined.load(Ordering::Relaxed)
    }
}

impl Workers {
    /// The processor alone.
    pub fn processor() -> Self {
        Self::new(Some(Cpu::fastest()), Vec::new())
    }

    /// Devices, and the processor for what they do not get to or fail at.
    pub fn beside(devices: Vec<Arc<dyn Accelerator>>) -> Self {
        Self::new(Some(Cpu::fastest()), devices)
    }

    /// Devices alone.
    ///
    /// # Panics
    /// Without a device: nobody would prove.
    pub fn only(devices: Vec<Arc<dyn Accelerator>>) -> Self {
        assert!(!devices.is_empty(), "a device");
        Self::new(None, devices)
    }

    fn new(processor: Option<Cpu>, devices: Vec<Arc<dyn Accelerator>>) -> Self {
        let device = |accelerator| Device {
            accelerator,
            faults: Mutex::default(),
            quarantined: AtomicBool::default(),
        };
        let devices = devices.into_iter().map(device).collect();
        Self { processor, devices, tally: Mutex::default() }
    }

    /// Lets the processor take up to so many bytes more for each key, for multiples of its points: see [`Cpu::with_tables`].
    pub fn with_tables(mut self, bytes: u64) -> Self {
        self.processor = self.processor.map(|cpu| cpu.with_tables(bytes));
        self
    }

    /// Bytes that the processor takes for multiples of a key's points, at most.
    pub fn table_memory(&self) -> u64 {
        self.processor.map_or(0, |cpu| cpu.table_memory())
    }

    /// Proofs that the processor computes at the same time, if memory allows.
    pub fn processor_lanes() -> usize {
        Self::lanes_on(thread::available_parallelism().map_or(1, NonZeroUsize::get))
    }

    /// Calls of an engine that are under way at the same time, on so many cores.
    pub fn lanes_of(engine: &Engine, cores: usize) -> usize {
        if engine.batch() > 1 { DEVICE_LANES } else { Self::lanes_on(cores) }
    }

    fn lanes_on(cores: usize) -> usize {
        (cores / CORES_PER_LANE).clamp(2, MAX_LANES)
    }

    /// What they have done so far.
    pub fn tally(&self) -> Tally {
        lock(&self.tally).clone()
    }

    /// Proves statements of the key's circuit, the processor `together` of them at the same time, and hands each result over as
    /// soon as it is verified. With `stop` set, those
    /// that nobody has begun are dropped. `ready` hears that the key is loaded.
    pub(crate) fn prove<J: Send>(
        &self,
        key: Key,
        jobs: Vec<(J, Statement)>,
        together: usize,
        stop: &AtomicBool,
        ready: impl FnOnce(),
        done: impl Fn(J, &Statement, Result<Proved, ProverError>) + Sync,
    ) -> Result<(), ProverError> {
        let engines = self.load(key)?;
        ready();
        let lanes = engines.lanes(together);
        let share = jobs.len().div_ceil(lanes.len().max(1));
        let queue = Mutex::new(VecDeque::from(jobs));
        let take = |lane: &Lane<'_>| -> (Vec<J>, Vec<Statement>) {
            let mut queue = lock(&queue);
            let size = lane.size.min(share).min(queue.len());
            queue.drain(..size).unzip()
        };
        let run = |lane: Lane<'_>, (mut jobs, mut statements): (Vec<J>, Vec<Statement>)| {
            while !jobs.is_empty() && !stop.load(Ordering::Relaxed) {
                let results = self.prove_together(&lane, &engines, &statements);
                for ((job, statement), result) in jobs.into_iter().zip(&statements).zip(results) {
                    done(job, statement, result);
                }
                if lane.device.is_some_and(|device| !self.serves(device)) {
                    break;
                }
                (jobs, statements) = take(&lane);
            }
        };
        // Every lane has its first jobs before the first begins: none goes without because another started sooner.
        let lanes: Vec<_> = lanes
            .into_iter()
            .map(|lane| {
                let first = take(&lane);
                (lane, first)
            })
            .collect();
        thread::scope(|scope| {
            for (lane, first) in lanes {
                scope.spawn(|| run(lane, first));
            }
        });
        Ok(())
    }

    /// A device without a processor beside it goes on for the errors that its jobs must have.
    fn serves(&self, device: &Device) -> bool {
        device.is_trusted() || self.processor.is_none()
    }

    fn load(&self, key: Key) -> Result<Engines<'_>, ProverError> {
        let processor = self.processor.as_ref().map(|cpu| Engine::on(cpu, &key)).transpose()?;
        let mut devices = Vec::new();
        for device in self.devices.iter().filter(|device| self.serves(device)) {
            match Engine::on(&*device.accelerator, &key) {
                Ok(engine) => devices.push((device, engine)),
                Err(ProverError::Load { source: LoadError::Device(fault), .. })
                    if processor.is_some() =>
                {
                    self.has_failed(device, &fault);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Engines { processor, devices })
    }

    fn prove_together(
        &self,
        lane: &Lane<'_>,
        engines: &Engines<'_>,
        statements: &[Statement],
    ) -> Vec<Result<Proved, ProverError>> {
        let start = Instant::now();
        let pose = |statement| at_challenge(statement, lane.engine);
        let circuits: Vec<Circuit> = statements.iter().map(pose).collect();
        let mut made = match lane.device {
            None => one_by_one(lane.engine, &circuits),
            Some(device) => self.on_device(device, lane.engine, engines, &circuits),
        };
        let computed = start.elapsed();
        match rejected(lane.engine, &circuits, &made) {
            Ok(rejected) => self.replace(lane, engines, &circuits, &mut made, &rejected),
            Err(error) => {
                let text = error.to_string();
                for made in made.iter_mut().filter(|made| made.proof.is_ok()) {
                    made.proof = Err(ProverError::Randomness(text.clone()));
                }
            }
        }
        let all = start.elapsed();
        {
            let mut tally = lock(&self.tally);
            for made in made.iter().filter(|made| made.proof.is_ok()) {
                tally.of(made.by.accelerator()).proofs += 1;
            }
            tally.prove_seconds += computed.as_secs_f64();
            tally.verify_seconds += (all - computed).as_secs_f64();
        }
        let each = all / u32::try_from(statements.len()).unwrap_or(u32::MAX).max(1);
        let proved = |((statement, circuit), made): ((_, _), Made<'_>)| {
            made.proof.map(|proof| Proved::new(statement, lane.engine, circuit, proof, each))
        };
        statements.iter().zip(&circuits).zip(made).map(proved).collect()
    }

    /// Proves on a device, or on the processor what the device fails at.
    fn on_device<'a>(
        &self,
        device: &Device,
        engine: &'a Engine,
        engines: &'a Engines<'_>,
        circuits: &[Circuit],
    ) -> Vec<Made<'a>> {
        let fault = match compute(engine, circuits) {
            Ok(proofs) => {
                return proofs.into_iter().map(|proof| Made { by: engine, proof }).collect();
            }
            Err(fault) => fault,
        };
        if matches!(fault, Fault::OutOfMemory { .. }) && circuits.len() > 1 {
            lock(&self.tally).fault(engine.accelerator(), &fault);
            let (left, right) = circuits.split_at(circuits.len() / 2);
            let mut made = self.on_device(device, engine, engines, left);
            made.extend(self.on_device(device, engine, engines, right));
            return made;
        }
        self.has_failed(device, &fault);
        match &engines.processor {
            Some(processor) => one_by_one(processor, circuits),
            None => {
                let circuit = engine.circuit();
                let error = || Err(ProverError::Device { circuit, source: fault.clone() });
                circuits.iter().map(|_| Made { by: engine, proof: error() }).collect()
            }
        }
    }

    /// Counts a fault, and finds out whether the device can go on.
    fn has_failed(&self, device: &Device, fault: &Fault) {
        let name = device.accelerator.name();
        lock(&self.tally).fault(name, fault);
        // Held during the test: another lane of the device waits for its outcome.
        let mut faults = lock(&device.faults);
        *faults += 1;
        if !device.is_trusted() {
            return;
        }
        let reason = match fault {
            Fault::WrongResult(_) => Some(fault.to_string()),
            _ if *faults >= MAX_FAULTS => Some(format!("{MAX_FAULTS} faults, the last: {fault}")),
            _ => known_answers(&*device.accelerator).err().map(|error| error.to_string()),
        };
        if let Some(reason) = reason {
            device.quarantined.store(true, Ordering::Relaxed);
            lock(&self.tally).of(name).quarantined = Some(reason);
        }
    }

    /// Proves once more, on the processor, what did not verify.
    fn replace<'a>(
        &self,
        lane: &Lane<'_>,
        engines: &'a Engines<'_>,
        circuits: &[Circuit],
        made: &mut [Made<'a>],
        rejected: &[usize],
    ) {
        let mut wrong = 0;
        for &place in rejected {
            let by = made[place].by.accelerator();
            lock(&self.tally).of(by).rejected += 1;
            wrong += usize::from(lane.device.is_some_and(|d| d.accelerator.name() == by));
            made[place] = match &engines.processor {
                Some(by) => Made { by, proof: prove_circuit(by, &circuits[place]) },
                None => {
                    let (circuit, source) = (made[place].by.circuit(), VerifyError::Invalid);
                    let proof = Err(ProverError::SelfCheck { circuit, source });
                    Made { by: made[place].by, proof }
                }
            };
        }
        if let (Some(device), 1..) = (lane.device, wrong) {
            let text = format!("{wrong} of {} proofs do not verify", made.len());
            self.has_failed(device, &Fault::WrongResult(text));
        }
    }
}

/// A proof that nobody has verified yet, or why there is none.
struct Made<'a> {
    by: &'a Engine,
    proof: Result<Proof, ProverError>,
}

/// The places of proofs that do not verify.
fn rejected(
    key: &KeyHead,
    circuits: &[Circuit],
    made: &[Made<'_>],
) -> Result<Vec<usize>, ProverError> {
    let publics: Vec<_> = circuits.iter().map(Circuit::public).collect();
    let proofs = made.iter().enumerate().filter_map(|(place, made)| {
        Some((place, Claimed { inputs: &publics[place], proof: made.proof.as_ref().ok()? }))
    });
    let (places, claimed): (Vec<usize>, Vec<Claimed<'_>>) = proofs.unzip();
    let invalid = invalid_proofs(key.prepared(), &claimed)?;
    Ok(invalid.into_iter().map(|index| places[index]).collect())
}

/// A key on every accelerator that takes it.
struct Engines<'a> {
    processor: Option<Engine>,
    devices: Vec<(&'a Device, Engine)>,
}

/// A thread that takes jobs for one accelerator.
struct Lane<'a> {
    engine: &'a Engine,
    device: Option<&'a Device>,
    /// Jobs that it takes at once.
    size: usize,
}

impl<'a> Engines<'a> {
    fn lanes(&'a self, together: usize) -> Vec<Lane<'a>> {
        let of_processor = self.processor.iter().flat_map(|engine| {
            let size = (CHECKED_TOGETHER / engine.shape().domain()).clamp(1, MAX_CHECKED);
            (0..together).map(move |_| Lane { engine, device: None, size })
        });
        let of_devices = self.devices.iter().flat_map(|(device, engine)| {
            let size = engine.batch();
            (0..DEVICE_LANES).map(move |_| Lane { engine, device: Some(*device), size })
        });
        of_devices.chain(of_processor).collect()
    }
}

/// One witness in memory at a time.
fn one_by_one<'a>(engine: &'a Engine, circuits: &[Circuit]) -> Vec<Made<'a>> {
    let prove = |circuit| {
        let failed = |source| ProverError::Device { circuit: engine.circuit(), source };
        let proofs = compute(engine, slice::from_ref(circuit));
        proofs.unwrap_or_else(|fault| vec![Err(failed(fault))])
    };
    circuits.iter().flat_map(prove).map(|proof| Made { by: engine, proof }).collect()
}

/// A panic in another lane leaves queue and counts whole: neither is held while work runs.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
