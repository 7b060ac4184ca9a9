//! A device, its memory and its queue: everything that calls the OpenCL driver, and the only place with `unsafe`.
//!
//! What the driver is told is checked here: buffers belong to this device, copies stay inside of them, and every kernel gets as
//! many arguments as it has. That kernels stay inside of their buffers is the kernels' matter, and the tests'.
#![allow(unsafe_code)] // The driver's functions are foreign; opencl3 marks those `unsafe` whose arguments it cannot check.

use crate::{Info, Options};
use crate::source::source;
use ergon_accelerator::Fault;
use opencl3::command_queue::{CL_QUEUE_PROFILING_ENABLE, CommandQueue};
use opencl3::context::Context;
use opencl3::error_codes::{
    CL_DEVICE_NOT_AVAILABLE, CL_INVALID_BUFFER_SIZE, CL_MEM_OBJECT_ALLOCATION_FAILURE,
    CL_OUT_OF_HOST_MEMORY, CL_OUT_OF_RESOURCES, ClError,
};
use opencl3::event::{CL_COMPLETE, Event};
use opencl3::kernel::{ExecuteKernel, Kernel};
use opencl3::memory::{
    Buffer, CL_MAP_READ, CL_MAP_WRITE, CL_MEM_ALLOC_HOST_PTR, CL_MEM_READ_WRITE,
};
use opencl3::program::Program;
use opencl3::types::{CL_FALSE, CL_TRUE};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use zeroize::{DefaultIsZeroes, Zeroize};

/// Work-items of a group.
const GROUP: usize = 64;
/// Between two looks at a copy under way.
const PATIENCE: Duration = Duration::from_micros(50);

/// Words that are on their way to the device at a time.
const STAGE: usize = 1 << 21;
/// Rows worth a task of their own when they are copied.
const TOGETHER: usize = 1 << 12;

/// Kernels by name, with the number of their arguments.
const KERNELS: [(&str, u32); 18] = [
    ("count_digits", 8),
    ("place_digits", 9),
    ("scan_runs", 3),
    ("make_tasks", 6),
    ("G1_accumulate", 5),
    ("G1_halve", 4),
    ("G1_fold", 5),
    ("G1_join", 5),
    ("G2_accumulate", 5),
    ("G2_halve", 4),
    ("G2_fold", 5),
    ("G2_join", 5),
    ("products", 3),
    ("inverse_step", 5),
    ("shift", 6),
    ("forward_step", 5),
    ("quotients", 5),
    ("integers", 4),
];

/// Words that buffers are made of: any bits are a value.
pub(crate) trait Word: Copy + Default + Send + Sync + DefaultIsZeroes + sealed::Sealed {}
impl Word for u32 {}
impl Word for u64 {}
mod sealed {
    pub(crate) trait Sealed {}
    impl Sealed for u32 {}
    impl Sealed for u64 {}
}

/// A device with its kernels, and what is taken of its memory.
pub(crate) struct Device {
    context: Context,
    queue: CommandQueue,
    /// A kernel keeps its arguments until it is run: one thread at a time.
    kernels: Mutex<BTreeMap<&'static str, Kernel>>,
    /// What is on its way to the device.
    stage: Mutex<Stage>,
    /// Bytes that may be taken, and the most of one buffer.
    budget: u64,
    largest: u64,
    taken: Arc<AtomicU64>,
    timeout: Duration,
    is_stuck: AtomicBool,
    /// Kernels that have been asked for, where their times are wanted.
    runs: Option<Mutex<Vec<(&'static str, Event)>>>,
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device").field("budget", &self.budget).finish_non_exhaustive()
    }
}

/// Memory of a device, given back when dropped.
pub(crate) struct Memory<T> {
    buffer: Buffer<T>,
    count: usize,
    taken: Arc<AtomicU64>,
}

impl<T> Memory<T> {
    pub(crate) fn count(&self) -> usize {
        self.count
    }
}

impl<T> Drop for Memory<T> {
    fn drop(&mut self) {
        self.taken.fetch_sub((self.count * size_of::<T>()) as u64, Ordering::Relaxed);
    }
}

/// Memory of this machine that a device reads at its full speed: the driver keeps it in place. It lives as long as the device.
struct Stage {
    buffer: Arc<Buffer<u64>>,
    start: *mut u64,
}

// SAFETY: the memory belongs to no thread; whoever holds the stage alone uses it.
unsafe impl Send for Stage {}

impl Stage {
    fn new(context: &Context, queue: &CommandQueue) -> Result<Self, Fault> {
        let flags = CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR;
        let mut start = std::ptr::null_mut();
        // SAFETY: without a host pointer there is nothing that has to outlive the buffer; the map is of the whole buffer, is done
        // when the call returns, and lasts as long as the buffer does, for nothing unmaps it.
        let buffer = unsafe {
            let buffer = Buffer::<u64>::create(context, flags, STAGE, std::ptr::null_mut())
                .map_err(launch("stage"))?;
            queue
                .enqueue_map_buffer(
                    &buffer,
                    CL_TRUE,
                    CL_MAP_READ | CL_MAP_WRITE,
                    0,
                    STAGE * size_of::<u64>(),
                    &mut start,
                    &[],
                )
                .map_err(launch("stage"))?;
            buffer
        };
        Ok(Self { buffer: Arc::new(buffer), start: start.cast() })
    }

    /// The first bytes as words.
    fn words<T: Word>(&mut self, count: usize) -> &mut [T] {
        assert!(count * size_of::<T>() <= STAGE * size_of::<u64>(), "what is staged fits");
        // SAFETY: the mapped memory is that long (above), aligned for u64 and u32, of types that any bits are a value of, and
        // nobody else's while `self` is borrowed.
        unsafe { std::slice::from_raw_parts_mut(self.start.cast(), count) }
    }
}

/// An argument of a kernel.
#[derive(Clone, Copy)]
pub(crate) enum Argument<'a> {
    Count(usize),
    Words(&'a Memory<u32>),
    Longs(&'a Memory<u64>),
}

impl Device {
    /// Opens a device and builds the kernels.
    pub(crate) fn open(info: &Info, budget: u64, options: &Options) -> Result<Self, Fault> {
        let context = Context::from_device(&info.device).map_err(launch("context"))?;
        #[allow(deprecated)] // The newer function needs OpenCL 2.0, which not every driver has.
        let queue = CommandQueue::create_default(
            &context,
            if options.profile { CL_QUEUE_PROFILING_ENABLE } else { 0 },
        )
        .map_err(launch("queue"))?;
        let dialect = if info.platform.contains("NVIDIA") { "-D PTX" } else { "" };
        let program = Program::create_and_build_from_source(&context, &source(), dialect)
            .map_err(Fault::Build)?;
        let mut kernels = BTreeMap::new();
        for (name, arguments) in KERNELS {
            let kernel = Kernel::create(&program, name).map_err(launch(name))?;
            let found = kernel.num_args().map_err(launch(name))?;
            if found != arguments {
                let text = format!("{name} has {found} arguments, expected {arguments}");
                return Err(Fault::Build(text));
            }
            kernels.insert(name, kernel);
        }
        let (largest, taken, is_stuck) =
            (info.largest_buffer, Arc::default(), AtomicBool::default());
        let kernels = Mutex::new(kernels);
        let stage = Mutex::new(Stage::new(&context, &queue)?);
        let runs = options.profile.then(Mutex::default);
        let timeout = options.timeout;
        Ok(Self { context, queue, kernels, stage, budget, largest, taken, timeout, is_stuck, runs })
    }

    /// Bytes that are still free.
    pub(crate) fn free(&self) -> u64 {
        self.budget.saturating_sub(self.taken.load(Ordering::Relaxed))
    }

    /// The most bytes of one buffer.
    pub(crate) fn largest(&self) -> u64 {
        self.largest
    }

    /// Takes memory, whose contents are unknown.
    pub(crate) fn take<T: Word>(&self, count: usize) -> Result<Memory<T>, Fault> {
        self.check()?;
        // A buffer of no bytes is an error of the driver's.
        let count = count.max(1);
        let need = (count * size_of::<T>()) as u64;
        let have = self.free().min(self.largest);
        if need > have {
            return Err(Fault::OutOfMemory { need, have });
        }
        // SAFETY: without a host pointer there is nothing that has to outlive the buffer.
        let buffer = unsafe {
            Buffer::create(&self.context, CL_MEM_READ_WRITE, count, std::ptr::null_mut())
        };
        let buffer = buffer.map_err(|error| match error.0 {
            CL_MEM_OBJECT_ALLOCATION_FAILURE
            | CL_OUT_OF_HOST_MEMORY
            | CL_OUT_OF_RESOURCES
            | CL_INVALID_BUFFER_SIZE => Fault::OutOfMemory { need, have },
            _ => launch("buffer")(error),
        })?;
        self.taken.fetch_add(need, Ordering::Relaxed);
        Ok(Memory { buffer, count, taken: Arc::clone(&self.taken) })
    }

    /// Takes memory and fills it.
    pub(crate) fn upload<T: Word>(&self, data: &[T]) -> Result<Memory<T>, Fault> {
        let mut memory = self.take(data.len())?;
        self.write(&mut memory, 0, data)?;
        Ok(memory)
    }

    /// Copies to the device.
    pub(crate) fn write<T: Word>(
        &self,
        memory: &mut Memory<T>,
        offset: usize,
        data: &[T],
    ) -> Result<(), Fault> {
        self.write_rows(memory, offset, data, |word| [*word])
    }

    /// Copies to the device what rows consist of; nothing of it stays behind in this machine's memory.
    pub(crate) fn write_rows<T: Word, R: Sync, const WORDS: usize>(
        &self,
        memory: &mut Memory<T>,
        offset: usize,
        rows: &[R],
        row: impl Fn(&R) -> [T; WORDS] + Sync,
    ) -> Result<(), Fault> {
        assert!(offset + rows.len() * WORDS <= memory.count, "a copy stays inside of its buffer");
        self.check()?;
        let mut stage = lock(&self.stage);
        let most = STAGE * size_of::<u64>() / (WORDS * size_of::<T>());
        let mut place = offset;
        for rows in rows.chunks(most) {
            let words = stage.words::<T>(rows.len() * WORDS);
            let staged = words.as_chunks_mut::<WORDS>().0.par_iter_mut().with_min_len(TOGETHER);
            staged.zip(rows).for_each(|(staged, given)| *staged = row(given));
            let (to, bytes) = (&mut memory.buffer, place * size_of::<T>());
            // SAFETY: the range lies inside of the buffer (above). The stage is not touched before the device has it: where
            // that is not known, it is never freed, and the device not asked for anything again (`check`).
            let event = unsafe { self.queue.enqueue_write_buffer(to, CL_FALSE, bytes, words, &[]) };
            let event = event.map_err(launch("write"))?;
            self.wait(&event).inspect_err(|_| {
                self.is_stuck.store(true, Ordering::Relaxed);
                std::mem::forget(Arc::clone(&stage.buffer));
            })?;
            stage.words::<T>(rows.len() * WORDS).par_chunks_mut(TOGETHER).for_each(Zeroize::zeroize);
            place += rows.len() * WORDS;
        }
        Ok(())
    }

    /// Whether the device can be expected to do anything more.
    fn check(&self) -> Result<(), Fault> {
        if self.is_stuck.load(Ordering::Relaxed) {
            return Err(Fault::Lost("it never finished an earlier call".to_owned()));
        }
        Ok(())
    }

    /// Overwrites memory with zeros.
    pub(crate) fn erase<T: Word>(&self, memory: &mut Memory<T>) -> Result<(), Fault> {
        self.check()?;
        let bytes = memory.count * size_of::<T>();
        let zero = [T::default()];
        // SAFETY: the pattern is copied by the call, and the range is the whole buffer.
        let event =
            unsafe { self.queue.enqueue_fill_buffer(&mut memory.buffer, &zero, 0, bytes, &[]) };
        event.map(drop).map_err(launch("fill"))
    }

    /// Runs a kernel for `count` work-items, after whatever was asked for before.
    pub(crate) fn run(
        &self,
        name: &str,
        count: usize,
        arguments: &[Argument<'_>],
    ) -> Result<(), Fault> {
        if count == 0 {
            return Ok(());
        }
        self.check()?;
        let known = KERNELS.iter().find(|(known, _)| *known == name);
        let (name, expected) = known.copied().unwrap_or_default();
        assert_eq!(expected as usize, arguments.len(), "arguments of {name}");
        let kernels = lock(&self.kernels);
        let mut call = ExecuteKernel::new(&kernels[name]);
        for argument in arguments {
            // SAFETY: as many arguments as the kernel has (above), each of a kind that kernels take: a 32-bit count, or a
            // buffer of this device. The driver keeps a buffer that is released until queued commands are done with it.
            unsafe {
                match argument {
                    Argument::Count(count) => {
                        let count = u32::try_from(*count).map_err(|_| {
                            Fault::Launch(format!("{name}: {count} does not fit 32 bits"))
                        })?;
                        call.set_arg(&count)
                    }
                    Argument::Words(memory) => call.set_arg(&memory.buffer),
                    Argument::Longs(memory) => call.set_arg(&memory.buffer),
                };
            }
        }
        call.set_global_work_size(count.next_multiple_of(GROUP)).set_local_work_size(GROUP);
        // SAFETY: kernels return at once where the work-item is beyond their count, and index inside of their buffers.
        let event = unsafe { call.enqueue_nd_range(&self.queue) };
        let event = event.map_err(launch(name))?;
        if let Some(runs) = &self.runs {
            lock(runs).push((name, event));
        }
        Ok(())
    }

    /// Times of the kernels that are done since the last call: how often each ran, and how long in all.
    pub(crate) fn profile(&self) -> Result<BTreeMap<&'static str, (usize, Duration)>, Fault> {
        let runs = self.runs.iter().flat_map(|runs| std::mem::take(&mut *lock(runs)));
        let mut times = BTreeMap::<_, (usize, Duration)>::new();
        for (name, event) in runs {
            let start = event.profiling_command_start().map_err(launch(name))?;
            let end = event.profiling_command_end().map_err(launch(name))?;
            let (count, all) = times.entry(name).or_default();
            *count += 1;
            *all += Duration::from_nanos(end.saturating_sub(start));
        }
        Ok(times)
    }

    /// Copies from the device, once all that was asked for before is done.
    pub(crate) fn read<T: Word>(&self, memory: &Memory<T>, count: usize) -> Result<Vec<T>, Fault> {
        assert!(count <= memory.count, "a copy stays inside of its buffer");
        let mut data = vec![T::default(); count];
        if count == 0 {
            return Ok(data);
        }
        self.check()?;
        let from = &memory.buffer;
        // SAFETY: the range lies inside of the buffer (above); `data` is not touched before the copy is done, and never freed if
        // it is not known to be.
        let event = unsafe { self.queue.enqueue_read_buffer(from, CL_FALSE, 0, &mut data, &[]) };
        let waited = event.map_err(launch("read")).and_then(|event| self.wait(&event));
        match waited {
            Ok(()) => Ok(data),
            Err(fault) => {
                std::mem::forget(data);
                Err(fault)
            }
        }
    }

    fn wait(&self, event: &Event) -> Result<(), Fault> {
        self.queue.flush().map_err(launch("flush"))?;
        let start = Instant::now();
        loop {
            let status = event.command_execution_status().map_err(launch("wait"))?.0;
            if status == CL_COMPLETE {
                return Ok(());
            }
            if status < 0 {
                return Err(launch("run")(ClError(status)));
            }
            if start.elapsed() > self.timeout {
                // Whatever is asked of it from now on would wait behind this.
                self.is_stuck.store(true, Ordering::Relaxed);
                return Err(Fault::TimedOut(self.timeout.as_secs()));
            }
            std::thread::sleep(PATIENCE);
        }
    }
}

/// What a panic of another thread leaves behind is whole: nothing is held half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What an error of the driver means.
pub(crate) fn launch(what: &str) -> impl FnOnce(ClError) -> Fault {
    let what = what.to_owned();
    move |error| {
        let text = format!("{what}: {error} ({})", error.0);
        if error.0 == CL_DEVICE_NOT_AVAILABLE { Fault::Lost(text) } else { Fault::Launch(text) }
    }
}
