//! Memory of a device: what is taken, and what lies ready to be taken again.

use super::lock;
use opencl3::memory::Buffer;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use zeroize::DefaultIsZeroes;

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

/// Memory of a device, given back when dropped.
pub(crate) struct Memory<T: Word> {
    /// Taken out when this is dropped, and not before.
    pub(super) block: ManuallyDrop<Block<T>>,
    pub(super) count: usize,
    pub(super) ledger: Arc<Ledger>,
}

/// A buffer of the driver's, of at least as many words as are asked for.
pub(crate) struct Block<T> {
    pub(super) buffer: Buffer<T>,
    pub(super) count: usize,
}

impl<T> Block<T> {
    pub(super) fn bytes(&self) -> u64 {
        (self.count * size_of::<T>()) as u64
    }
}

/// What is taken of a device's memory, and what lies ready to be taken again: drivers are slow to give and to take back.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(super) taken: AtomicU64,
    words: Mutex<Vec<Block<u32>>>,
    longs: Mutex<Vec<Block<u64>>>,
}

impl Ledger {
    /// A block of at least `count` words and at most `most` that lies ready.
    pub(super) fn ready<T: Word>(&self, count: usize, most: usize) -> Option<Block<T>> {
        let mut ready = lock(T::ready(self));
        let fitting = |block: &Block<T>| (count..=most).contains(&block.count);
        let place = ready.iter().position(fitting)?;
        Some(ready.swap_remove(place))
    }

    /// Bytes of the blocks that lie ready.
    pub(super) fn ready_bytes(&self) -> u64 {
        let words = lock(&self.words).iter().map(Block::bytes).sum::<u64>();
        words + lock(&self.longs).iter().map(Block::bytes).sum::<u64>()
    }

    /// Gives the driver back what lies ready.
    pub(super) fn clear(&self) {
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
