//! What is on its way to a device.

use super::{Word, launch};
use ergon_accelerator::Fault;
use opencl3::command_queue::CommandQueue;
use opencl3::context::Context;
use opencl3::event::Event;
use opencl3::memory::{
    Buffer, CL_MAP_READ, CL_MAP_WRITE, CL_MEM_ALLOC_HOST_PTR, CL_MEM_READ_WRITE,
};
use opencl3::types::CL_TRUE;
use std::sync::Arc;

/// Words of 64 bits that a half of the stage holds.
pub(super) const STAGE: usize = 1 << 21;

/// Memory of this machine that a device reads at its full speed: the driver keeps it in place. It lives as long as the device.
/// While the device copies one half, the other is filled.
pub(super) struct Stage {
    pub(super) buffer: Arc<Buffer<u64>>,
    start: *mut u64,
    /// Copies under way out of each half.
    pub(super) under_way: [Option<Event>; 2],
    /// The half to fill next.
    pub(super) next: usize,
    /// Words of each half that are to be overwritten.
    pub(super) used: [usize; 2],
}

// SAFETY: the memory belongs to no thread; whoever holds the stage alone uses it.
unsafe impl Send for Stage {}

impl Stage {
    pub(super) fn new(context: &Context, queue: &CommandQueue) -> Result<Self, Fault> {
        let flags = CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR;
        let (count, bytes) = (2 * STAGE, 2 * STAGE * size_of::<u64>());
        let mut start = std::ptr::null_mut();
        // SAFETY: without a host pointer there is nothing that has to outlive the buffer.
        let buffer = unsafe { Buffer::<u64>::create(context, flags, count, std::ptr::null_mut()) };
        let buffer = buffer.map_err(launch("stage"))?;
        let access = CL_MAP_READ | CL_MAP_WRITE;
        // SAFETY: the whole buffer is mapped when the call returns, and as long as it lives, for nothing unmaps it.
        unsafe { queue.enqueue_map_buffer(&buffer, CL_TRUE, access, 0, bytes, &mut start, &[]) }
            .map_err(launch("stage"))?;
        let (start, under_way) = (start.cast(), [None, None]);
        Ok(Self { buffer: Arc::new(buffer), start, under_way, next: 0, used: [0; 2] })
    }

    /// The first words of a half.
    pub(super) fn half<T: Word>(&mut self, half: usize, count: usize) -> &mut [T] {
        assert!(half < 2 && count * size_of::<T>() <= STAGE * size_of::<u64>(), "it fits");
        // SAFETY: each half is that long (above), aligned for u64 and u32, of types that any bits are a value of, and nobody
        // else's while `self` is borrowed, for nothing is copied out of it (`write_rows`).
        unsafe { std::slice::from_raw_parts_mut(self.start.add(half * STAGE).cast(), count) }
    }
}
