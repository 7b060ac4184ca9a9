//! Which devices prove beside the processor, or instead of it.

use clap::ValueEnum;
use ergon_accelerator::{Accelerator, Cpu, Fault, known_answers};
use ergon_opencl::{Info, OpenCl, Options, Sort, devices};
use ergon_prover::Workers;
use std::sync::Arc;

/// How much is asked of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Gpu {
    /// The processor proves alone
    Off,
    /// GPUs prove beside the processor, if there are any
    Auto,
    /// Devices alone prove, software ones too if there is no GPU; without one, nothing is proven
    Require,
}

/// There is no device, or none that works.
#[derive(Debug, thiserror::Error)]
#[error("no OpenCL device can prove: {0}")]
pub(crate) struct NoDevice(String);

/// The workers that this mode asks for.
pub(crate) fn workers(gpu: Gpu) -> Result<Workers, NoDevice> {
    let devices = trusted(gpu)?;
    Ok(if gpu == Gpu::Require { Workers::only(devices) } else { Workers::beside(devices) })
}

/// The first device that this mode asks for, or the processor.
pub(crate) fn first(gpu: Gpu) -> Result<Arc<dyn Accelerator>, NoDevice> {
    let device = trusted(gpu)?.into_iter().next();
    Ok(device.unwrap_or_else(|| Arc::new(Cpu::fastest())))
}

/// The devices that this mode asks for. They must give the known answers before they get any work.
pub(crate) fn trusted(gpu: Gpu) -> Result<Vec<Arc<dyn Accelerator>>, NoDevice> {
    if gpu == Gpu::Off {
        return Ok(Vec::new());
    }
    let (mut trusted, mut refused) = (Vec::new(), Vec::new());
    let found = devices().unwrap_or_else(|fault| {
        refused.push(fault.to_string());
        Vec::new()
    });
    let gpus: Vec<Info> = found.iter().filter(|info| info.sort == Sort::Gpu).cloned().collect();
    // A software device would only take the processor's time.
    let chosen = if gpus.is_empty() && gpu == Gpu::Require { found } else { gpus };
    for info in &chosen {
        match open(info) {
            Ok(device) => trusted.push(Arc::new(device) as Arc<dyn Accelerator>),
            Err(reason) => refused.push(format!("{}: {reason}", info.name)),
        }
    }
    if gpu == Gpu::Require && trusted.is_empty() {
        let install = "none was found; for a software device: apt-get install pocl-opencl-icd";
        let reasons = refused.join("; ");
        return Err(NoDevice(if refused.is_empty() { install.to_owned() } else { reasons }));
    }
    refused.iter().for_each(|reason| eprintln!("not used: {reason}"));
    Ok(trusted)
}

fn open(info: &Info) -> Result<OpenCl, String> {
    let device =
        OpenCl::open(info, &Options::default()).map_err(|fault: Fault| fault.to_string())?;
    known_answers(&device).map_err(|error| error.to_string())?;
    Ok(device)
}
