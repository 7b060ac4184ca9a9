//! A device, its memory and its queue: everything that calls the OpenCL driver, and the only place with `unsafe`.
//!
//! What the driver is told is checked here: buffers belong to this device, copies stay inside of them, and every kernel gets as
//! many arguments as it has. That kernels stay inside of their buffers is the kernels' matter, and the tests'.
#![allow(unsafe_code)] // The driver's functions are foreign; opencl3 marks those `unsafe` whose arguments it cannot check.

use crate::source::source;
use crate::{Info, Options};
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
use std::collections::BTreeMap;
use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use zeroize::{DefaultIsZeroes, Zeroize};

/// Work-items of a group.
const GROUP: usize = 64;
/// Between two looks at a copy under way.
const PATIENCE: Duration = Duration::from_micros(50);

/// Words of 64 bits that a half of the stage holds.
const STAGE: usize = 1 << 21;
/// A new block is larger by this part than what is asked for: the next call's lists are a little longer or shorter.
const ROOM: usize = 32;
/// The part of the free memory that is little beside it.
const LITTLE: u64 = 16;
/// Most threads that copy, and the fewest rows worth one.
const COPIERS: usize = 8;
const TOGETHER: usize = 1 << 13;

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
pub(crate) trait Word:
    Copy + Default + Send + Sync + DefaultIsZeroes + sealed::Sealed
{
    /// Blocks of such words that lie ready.
    fn ready(ledger: &Ledger) -> &Mutex<Vec<Block<Self>>>;
}

impl Word for u32 {
    fn ready(ledger: &Ledger) -> &Mutex<Vec<Block<Self>>> {
        &ledger.words
    }
}

impl Word for u64 {
    fn ready(ledger: &Ledger) -> &Mutex<Vec<Block<Self>>> {
        &ledger.longs
    }
}

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

/// Memory of a device, given back when dropped.
pub(crate) struct Memory<T: Word> {
    /// Taken out when this is dropped, and not before.
    block: ManuallyDrop<Block<T>>,
    count: usize,
    ledger: Arc<Ledger>,
}

/// A buffer of the driver's, of at least as many words as are asked for.
pub(crate) struct Block<T> {
    buffer: Buffer<T>,
    count: usize,
}

impl<T> Block<T> {
    fn bytes(&self) -> u64 {
        (self.count * size_of::<T>()) as u64
    }
}

/// What is taken of a device's memory, and what lies ready to be taken again: drivers are slow to give and to take back.
#[derive(Default)]
pub(crate) struct Ledger {
    taken: AtomicU64,
    words: Mutex<Vec<Block<u32>>>,
    longs: Mutex<Vec<Block<u64>>>,
}

impl Ledger {
    /// A block of at least `count` words and at most `most` that lies ready.
    fn ready<T: Word>(&self, count: usize, most: usize) -> Option<Block<T>> {
        let mut ready = lock(T::ready(self));
        let fitting = |block: &Block<T>| (count..=most).contains(&block.count);
        let place = ready.iter().position(fitting)?;
        Some(ready.swap_remove(place))
    }

    /// Bytes of the blocks that lie ready.
    fn ready_bytes(&self) -> u64 {
        let words = lock(&self.words).iter().map(Block::bytes).sum::<u64>();
        words + lock(&self.longs).iter().map(Block::bytes).sum::<u64>()
    }

    /// Gives the driver back what lies ready.
    fn clear(&self) {
        lock(&self.words).clear();
        lock(&self.longs).clear();
    }
}

impl<T: Word> Memory<T> {
    pub(crate) fn count(&self) -> usize {
        self.count
    }
}

impl<T: Word> Drop for Memory<T> {
    fn drop(&mut self) {
        // SAFETY: `self` is dropped once, and nobody looks at it afterwards.
        let block = unsafe { ManuallyDrop::take(&mut self.block) };
        self.ledger.taken.fetch_sub(block.bytes(), Ordering::Relaxed);
        lock(T::ready(&self.ledger)).push(block);
    }
}

/// Memory of this machine that a device reads at its full speed: the driver keeps it in place. It lives as long as the device.
/// While the device copies one half, the other is filled.
struct Stage {
    buffer: Arc<Buffer<u64>>,
    start: *mut u64,
    /// Copies under way out of each half.
    under_way: [Option<Event>; 2],
    /// The half to fill next.
    next: usize,
    /// Words of each half that are to be overwritten.
    used: [usize; 2],
}

// SAFETY: the memory belongs to no thread; whoever holds the stage alone uses it.
unsafe impl Send for Stage {}

impl Stage {
    fn new(context: &Context, queue: &CommandQueue) -> Result<Self, Fault> {
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
    fn half<T: Word>(&mut self, half: usize, count: usize) -> &mut [T] {
        assert!(half < 2 && count * size_of::<T>() <= STAGE * size_of::<u64>(), "it fits");
        // SAFETY: each half is that long (above), aligned for u64 and u32, of types that any bits are a value of, and nobody
        // else's while `self` is borrowed, for nothing is copied out of it (`write_rows`).
        unsafe { std::slice::from_raw_parts_mut(self.start.add(half * STAGE).cast(), count) }
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
        self.check()?;
        let mut stage = lock(&self.stage);
        let most = STAGE * size_of::<u64>() / (WORDS * size_of::<T>());
        let mut place = offset;
        for rows in rows.chunks(most) {
            let half = stage.next;
            if let Some(event) = stage.under_way[half].take() {
                self.wait(&event)?;
            }
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
            let used = (rows.len() * WORDS * size_of::<T>()).div_ceil(size_of::<u64>());
            stage.used[half] = stage.used[half].max(used);
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

/// Calls something for each item, at the same time on threads of their own. Not on rayon's: what waits there may be given other
/// work in the meantime, and that work may wait for a lock that is held here.
pub(crate) fn spread<I: Send, O: Send>(
    items: impl Iterator<Item = I>,
    call: impl Fn(I) -> O + Sync,
) -> Vec<O> {
    let (call, mut items) = (&call, items.peekable());
    let first = items.next();
    // One alone needs no other thread.
    if items.peek().is_none() {
        return first.map(call).into_iter().collect();
    }
    let items = first.into_iter().chain(items);
    thread::scope(|scope| {
        let threads: Vec<_> = items.map(|item| scope.spawn(move || call(item))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, O>| match thread.join() {
            Ok(output) => output,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().map(join).collect()
    })
}

/// How many of so many rows a thread copies.
fn share(rows: usize) -> usize {
    rows.div_ceil(COPIERS).max(TOGETHER)
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
