//! Progress on standard error: numbered stages, notes under them, the time they took.

use std::cell::Cell;
use std::time::Instant;

/// The stages of a run.
pub(crate) struct Stages {
    total: usize,
    current: Cell<usize>,
    start: Instant,
}

impl Stages {
    pub(crate) fn new(total: usize) -> Self {
        Self { total, current: Cell::new(0), start: Instant::now() }
    }

    /// Begins the next stage.
    pub(crate) fn begin(&self, name: &str) {
        self.current.set(self.current.get() + 1);
        let elapsed = self.start.elapsed().as_secs_f64();
        eprintln!("[{}/{}] {name} ({elapsed:.1} s)", self.current.get(), self.total);
    }

    /// Says something under the present stage.
    pub(crate) fn note(&self, text: impl std::fmt::Display) {
        eprintln!("      {text}");
    }
}
