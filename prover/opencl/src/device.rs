//! A device and its queue: everything that calls the OpenCL driver; only here and in the files of this module is `unsafe`.
//!
//! What the driver is told is checked here: buffers belong to this device, copies stay inside of them, and every kernel gets as
//! many arguments as it has. That kernels stay inside of their buffers is the kernels' matter, and the tests'.
#![allow(unsafe_code)] // The driver's functions are foreign; opencl3 marks those `unsafe` whose arguments it cannot check.

mod memory;
mod stage;

pub(crate) use memory::{Memory, Word};

use crate::source::source;
use crate::threads::{share, spread};
use crate::{Info, Options};
use ergon_accelerator::Fault;
use memory::{Block, Ledger};
use opencl3::command_queue::{CL_QUEUE_PROFILING_ENABLE, CommandQueue};
use opencl3::context::Context;
use opencl3::error_codes::{
    CL_DEVICE_NOT_AVAILABLE, CL_INVALID_BUFFER_SIZE, CL_MEM_OBJECT_ALLOCATION_FAILURE,
    CL_OUT_OF_HOST_MEMORY, CL_OUT_OF_RESOURCES, ClError,
};
use opencl3::event::{CL_COMPLETE, Event};
use opencl3::kernel::{ExecuteKernel, Kernel};
use opencl3::memory::{Buffer, CL_MEM_READ_WRITE};
use opencl3::program::Program;
use opencl3::types::CL_FALSE;
use stage::{STAGE, Stage};
use std::collections::BTreeMap;
use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use zeroize::Zeroize;

/// Work-items of a group.
const GROUP: usize = 64;
/// Between two looks at a copy under way.
const PATIENCE: Duration = Duration::from_micros(50);

/// A new block is larger by this part than what is asked for: the next call's lists are a little longer or shorter.
const ROOM: usize = 32;
/// The part of the free memory that is little beside it.
const LITTLE: u64 = 16;
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
    ledger: Arc<Ledger>,
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
        let (largest, ledger, is_stuck) =
            (info.largest_buffer, Arc::default(), AtomicBool::default());
        let kernels = Mutex::new(kernels);
        let stage = Mutex::new(Stage::new(&context, &queue)?);
        let runs = options.profile.then(Mutex::default);
        let timeout = options.timeout;
        Ok(Self {
            context,
            queue,
            kernels,
            stage,
            budget,
            largest,
            ledger,
            timeout,
            is_stuck,
            runs,
        })
    }

    /// Bytes that are still free.
    pub(crate) fn free(&self) -> u64 {
        self.budget.saturating_sub(self.ledger.taken.load(Ordering::Relaxed))
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
        // Where memory is short, what a call needs was reckoned to the word.
        let is_little = (2 * count * size_of::<T>()) as u64 <= self.free() / LITTLE;
        let most = if is_little { 2 * count } else { count };
        let block = match self.ledger.ready(count, most) {
            Some(block) => block,
            None => self.allocate(count)?,
        };
        self.ledger.taken.fetch_add(block.bytes(), Ordering::Relaxed);
        Ok(Memory { block: ManuallyDrop::new(block), count, ledger: Arc::clone(&self.ledger) })
    }

    /// A new block, with some room for a little more the next time if there is room.
    fn allocate<T: Word>(&self, count: usize) -> Result<Block<T>, Fault> {
        let bytes = |count: usize| (count * size_of::<T>()) as u64;
        let (need, have) = (bytes(count), self.free().min(self.largest));
        if need > have {
            return Err(Fault::OutOfMemory { need, have });
        }
        let roomy = count + count / ROOM;
        let count = if bytes(roomy) <= have / LITTLE { roomy } else { count };
        if bytes(count) + self.ledger.ready_bytes() > self.free() {
            self.ledger.clear();
        }
        let create = || {
            let flags = CL_MEM_READ_WRITE;
            // SAFETY: without a host pointer there is nothing that has to outlive the buffer.
            unsafe { Buffer::create(&self.context, flags, count, std::ptr::null_mut()) }
        };
        // The driver may be short of what lies ready here.
        let buffer = create().or_else(|_| {
            self.ledger.clear();
            create()
        });
        let buffer = buffer.map_err(|error| match error.0 {
            CL_MEM_OBJECT_ALLOCATION_FAILURE
            | CL_OUT_OF_HOST_MEMORY
            | CL_OUT_OF_RESOURCES
            | CL_INVALID_BUFFER_SIZE => Fault::OutOfMemory { need, have },
            _ => launch("buffer")(error),
        })?;
        Ok(Block { buffer, count })
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

    /// Copies to the device what rows consist of. When the next `read` is done, nothing of it is left in this machine's stage.
    pub(crate) fn write_rows<T: Word, R: Sync, const WORDS: usize>(
        &self,
        memory: &mut Memory<T>,
        offset: usize,
        rows: &[R],
        row: impl Fn(&R) -> [T; WORDS] + Sync,
    ) -> Result<(), Fault> {
        assert!(offset + rows.len() * WORDS <= memory.count, "a copy stays inside of its buffer");
        let mut stage = lock(&self.stage);
        // Not before: whoever held the stage may have found out that the device is stuck, and still reads it.
        self.check()?;
        let most = STAGE * size_of::<u64>() / (WORDS * size_of::<T>());
        let mut place = offset;
        for rows in rows.chunks(most) {
            let half = stage.next;
            if let Some(event) = stage.under_way[half].take() {
                self.wait(&event)?;
            }
            let used = (rows.len() * WORDS * size_of::<T>()).div_ceil(size_of::<u64>());
            stage.used[half] = stage.used[half].max(used);
            let words = stage.half::<T>(half, rows.len() * WORDS);
            let staged = words.as_chunks_mut::<WORDS>().0;
            let each = share(staged.len());
            spread(staged.chunks_mut(each).zip(rows.chunks(each)), |(staged, rows)| {
                staged.iter_mut().zip(rows).for_each(|(staged, given)| *staged = row(given));
            });
            let (to, bytes) = (&mut memory.block.buffer, place * size_of::<T>());
            // SAFETY: the range lies inside of the buffer (above). This half of the stage is not touched before the device has
            // it: where that is not known, the stage is never freed, and the device not asked for anything again (`wait`).
            let event = unsafe { self.queue.enqueue_write_buffer(to, CL_FALSE, bytes, words, &[]) };
            stage.under_way[half] = Some(event.map_err(launch("write"))?);
            stage.next = 1 - half;
            self.queue.flush().map_err(launch("flush"))?;
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
        let event = unsafe {
            self.queue.enqueue_fill_buffer(&mut memory.block.buffer, &zero, 0, bytes, &[])
        };
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
                    Argument::Words(memory) => call.set_arg(&memory.block.buffer),
                    Argument::Longs(memory) => call.set_arg(&memory.block.buffer),
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
        let from = &memory.block.buffer;
        // SAFETY: the range lies inside of the buffer (above); `data` is not touched before the copy is done, and never freed if
        // it is not known to be.
        let event = unsafe { self.queue.enqueue_read_buffer(from, CL_FALSE, 0, &mut data, &[]) };
        let waited = event.map_err(launch("read")).and_then(|event| self.wait(&event));
        match waited {
            Ok(()) => self.clear_stage().map(|()| data),
            Err(fault) => {
                std::mem::forget(data);
                Err(fault)
            }
        }
    }

    /// Overwrites what was copied, once no copy is under way.
    fn clear_stage(&self) -> Result<(), Fault> {
        let mut stage = lock(&self.stage);
        for half in 0..2 {
            if let Some(event) = stage.under_way[half].take() {
                self.wait(&event)?;
            }
        }
        for half in 0..2 {
            let used = std::mem::take(&mut stage.used[half]);
            spread(stage.half::<u64>(half, used).chunks_mut(share(used)), Zeroize::zeroize);
        }
        Ok(())
    }

    fn wait(&self, event: &Event) -> Result<(), Fault> {
        self.queue.flush().map_err(launch("flush"))?;
        let start = Instant::now();
        loop {
            let status = event.command_execution_status().map_err(launch("wait"));
            let status = status.inspect_err(|_| self.is_stuck.store(true, Ordering::Relaxed))?.0;
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
            thread::sleep(PATIENCE);
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // The driver may still read the stage.
        if self.is_stuck.load(Ordering::Relaxed) {
            std::mem::forget(Arc::clone(&lock(&self.stage).buffer));
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
