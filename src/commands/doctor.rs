//! `ergon doctor`: whether what this machine proves with computes right, and how fast.

use crate::cli;
use crate::exit::Unwell;
use crate::memory;
use ergon_accelerator::{Accelerator, Cpu, LoadError, calibrate, known_answers};
use ergon_opencl::{Info, OpenCl, Options, devices};
use ergon_params::Params;
use serde::Serialize;

/// Points of the domain that devices are timed on.
const DOMAIN: usize = 1 << 13;

/// What was found.
#[derive(Serialize)]
struct Findings {
    cores: usize,
    free_memory_bytes: u64,
    accelerators: Vec<Checked>,
    keys: Keys,
}

/// An accelerator that was tried.
#[derive(Serialize)]
struct Checked {
    name: String,
    /// Driver and memory of a device.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<DeviceReport>,
    /// Seconds for the sums of a proof on the domain below.
    seconds: Option<f64>,
    domain: usize,
    /// Why it cannot be used.
    error: Option<String>,
}

#[derive(Serialize)]
struct DeviceReport {
    platform: String,
    driver: String,
    kind: String,
    memory_bytes: u64,
    largest_buffer_bytes: u64,
}

#[derive(Serialize)]
struct Keys {
    folder: String,
    circuits: Vec<String>,
    error: Option<String>,
}

pub(crate) fn run(arguments: &cli::Doctor) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params.clone())?;
    let mut accelerators: Vec<Checked> =
        Cpu::all().iter().map(|cpu| Checked::new(cpu.name(), None, Ok(cpu))).collect();
    match devices() {
        Ok(found) => accelerators.extend(found.iter().map(Checked::of_device)),
        Err(fault) => accelerators.push(Checked::failed("opencl", None, fault.to_string())),
    }
    let (circuits, error) = match params.manifest() {
        Ok(manifest) => (manifest.keys.into_iter().map(|key| key.circuit).collect(), None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let findings = Findings {
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        free_memory_bytes: memory::free(),
        accelerators,
        keys: Keys { folder: params.folder().display().to_string(), circuits, error },
    };
    if arguments.folder.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.print();
    }
    let unwell = findings.accelerators.iter().filter(|checked| checked.error.is_some());
    match unwell.map(|checked| checked.name.clone()).collect::<Vec<_>>() {
        names if names.is_empty() => Ok(()),
        names => Err(Unwell(names.join(", ")).into()),
    }
}

impl Checked {
    fn of_device(info: &Info) -> Self {
        let device = DeviceReport {
            platform: info.platform.clone(),
            driver: info.driver.clone(),
            kind: format!("{:?}", info.sort).to_lowercase(),
            memory_bytes: info.memory,
            largest_buffer_bytes: info.largest_buffer,
        };
        let name = format!("opencl:{}", info.name);
        match OpenCl::open(info, &Options::default()) {
            Ok(opened) => Self::new(&name, Some(device), Ok(&opened)),
            Err(fault) => Self::new(&name, Some(device), Err(fault.into())),
        }
    }

    fn new(
        name: &str,
        device: Option<DeviceReport>,
        accelerator: Result<&dyn Accelerator, LoadError>,
    ) -> Self {
        let timed = accelerator.and_then(|accelerator| {
            known_answers(accelerator)?;
            calibrate(accelerator, DOMAIN)
        });
        match timed {
            Ok(took) => {
                let seconds = Some(took.as_secs_f64());
                Self { name: name.to_owned(), device, seconds, domain: DOMAIN, error: None }
            }
            Err(error) => Self::failed(name, device, error.to_string()),
        }
    }

    fn failed(name: &str, device: Option<DeviceReport>, error: String) -> Self {
        Self { name: name.to_owned(), device, seconds: None, domain: DOMAIN, error: Some(error) }
    }
}

impl Findings {
    fn print(&self) {
        println!("{} cores, {} MiB of memory free", self.cores, self.free_memory_bytes >> 20);
        for checked in &self.accelerators {
            let verdict = match (&checked.seconds, &checked.error) {
                (Some(seconds), _) => {
                    format!("right, {:.1} ms for {} points", seconds * 1e3, checked.domain)
                }
                (None, error) => format!("FAILED: {}", error.as_deref().unwrap_or_default()),
            };
            println!("{}: {verdict}", checked.name);
            if let Some(device) = &checked.device {
                println!(
                    "    {} ({}), driver {}, {} MiB, largest buffer {} MiB",
                    device.platform,
                    device.kind,
                    device.driver,
                    device.memory_bytes >> 20,
                    device.largest_buffer_bytes >> 20
                );
            }
        }
        let Keys { folder, circuits, error } = &self.keys;
        match error {
            None => println!("keys in {folder}: {}", circuits.join(", ")),
            Some(error) => println!("keys: {error}"),
        }
    }
}
