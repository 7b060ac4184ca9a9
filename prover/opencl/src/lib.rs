//! Sums of Groth16 proofs on OpenCL devices: the same [`Accelerator`] as the processor.
//!
//! A key's points stay on the device while they fit, and are streamed in parts otherwise; quotients never leave it. There is no
//! silent way back to the processor: what a device cannot do is a [`Fault`].
//!
//! Scalars, digits and lists of points are overwritten on the device after each call. What a driver copies elsewhere, or keeps
//! in registers and caches, nobody here can erase.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod device;
mod loaded;
mod msm;
mod quotient;
mod source;
mod threads;

pub use source::source;

use device::{Device, launch};
use ergon_accelerator::{Accelerator, Fault, LoadError, Loaded, Queries};
use opencl3::device::{CL_DEVICE_TYPE_ALL, CL_DEVICE_TYPE_CPU, CL_DEVICE_TYPE_GPU};
use opencl3::platform::get_platforms;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A graphics processor.
    Gpu,
    /// The processor itself, by way of a driver: for tests, not for speed.
    Software,
    /// Something else that computes.
    Other,
}

/// A device that a driver offers.
#[derive(Clone, Debug)]
pub struct Info {
    /// The driver's platform, such as `NVIDIA CUDA`.
    pub platform: String,
    /// The device's name.
    pub name: String,
    /// The driver's version.
    pub driver: String,
    /// What it is.
    pub sort: Sort,
    /// Bytes of memory that it reports.
    pub memory: u64,
    /// The most bytes of one buffer.
    pub largest_buffer: u64,
    device: opencl3::device::Device,
}

/// How a device is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Most bytes of its memory to take. At most 80 % of what it reports are taken in any case: drivers need some.
    pub memory: Option<u64>,
    /// How long one call may take.
    pub timeout: Duration,
    /// Whether the times of kernels are kept for [`OpenCl::profile`].
    pub profile: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { memory: None, timeout: Duration::from_secs(120), profile: false }
    }
}

/// The devices of all drivers on this machine; none where there is no OpenCL library.
///
/// # Errors
/// When a driver does not say what it offers.
pub fn devices() -> Result<Vec<Info>, Fault> {
    // Without a library, or without a driver, there is no platform.
    let Ok(platforms) = get_platforms() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for platform in platforms {
        // A platform without devices says so by an error.
        for id in platform.get_devices(CL_DEVICE_TYPE_ALL).unwrap_or_default() {
            let device = opencl3::device::Device::new(id);
            let describe = || {
                let sort = match device.dev_type()? {
                    kind if kind & CL_DEVICE_TYPE_GPU != 0 => Sort::Gpu,
                    kind if kind & CL_DEVICE_TYPE_CPU != 0 => Sort::Software,
                    _ => Sort::Other,
                };
                Ok(Info {
                    platform: platform.name()?,
                    name: device.name()?.trim().to_owned(),
                    driver: device.driver_version()?,
                    sort,
                    memory: device.global_mem_size()?,
                    largest_buffer: device.max_mem_alloc_size()?,
                    device,
                })
            };
            found.push(describe().map_err(launch("devices"))?);
        }
    }
    Ok(found)
}

/// An OpenCL device with our kernels.
#[derive(Debug)]
pub struct OpenCl {
    name: String,
    device: Arc<Device>,
}

impl OpenCl {
    /// Opens a device and builds the kernels for it, which takes seconds the first time.
    ///
    /// # Errors
    /// When the driver refuses the device or the kernels.
    pub fn open(info: &Info, options: &Options) -> Result<Self, Fault> {
        let most = info.memory / 5 * 4;
        let budget = options.memory.map_or(most, |memory| memory.min(most));
        let device = Device::open(info, budget, options)?;
        Ok(Self { name: format!("opencl:{}", info.name), device: Arc::new(device) })
    }

    /// Times of the kernels since the last call, where [`Options::profile`] asked for them: how often each ran, and how long in
    /// all.
    ///
    /// # Errors
    /// When the driver does not know, as of kernels that are not done.
    pub fn profile(&self) -> Result<BTreeMap<&'static str, (usize, Duration)>, Fault> {
        self.device.profile()
    }
}

impl Accelerator for OpenCl {
    fn name(&self) -> &str {
        &self.name
    }

    fn load(&self, queries: &Queries<'_>) -> Result<Box<dyn Loaded>, LoadError> {
        queries.check()?;
        Ok(Box::new(loaded::OnDevice::new(Arc::clone(&self.device), queries)?))
    }
}
