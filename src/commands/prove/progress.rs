//! How far a run is: a bar on a terminal, a line now and then elsewhere, and the counts behind both.

use crate::memory;
use ergon_prover::batch::{Event, Status};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often a line says how far a run is, where standard error is no terminal.
const LINES: Duration = Duration::from_secs(10);

/// Bundles of a run so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) expected: u64,
    pub(crate) proven: u64,
    pub(crate) kept: u64,
    pub(crate) failed: u64,
}

/// Hears of a run and shows it.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    watch: bool,
    started: Instant,
    heard: Mutex<Heard>,
}

#[derive(Debug)]
struct Heard {
    counts: Counts,
    /// When the first proof was begun: keys are loaded and bundles read before.
    proving: Option<Instant>,
    said: Instant,
    stage: String,
}

impl Progress {
    /// With `watch`, whoever looks at a run cannot wait for its end to hear of a failure.
    pub(crate) fn new(watch: bool) -> Self {
        let bar = if stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {wide_bar} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        let (started, counts) = (Instant::now(), Counts::default());
        let heard = Heard { counts, proving: None, said: started, stage: "reading bundles".into() };
        Self { bar, watch, started, heard: Mutex::new(heard) }
    }

    /// So many more bundles are to come.
    pub(crate) fn expect(&self, bundles: usize) {
        let mut heard = self.heard();
        heard.counts.expected += bundles as u64;
        self.bar.set_length(heard.counts.expected);
    }

    pub(crate) fn hear(&self, event: &Event<'_>) {
        let mut heard = self.heard();
        match event {
            Event::Loading(circuit) => heard.stage = format!("{circuit}: loading key"),
            Event::Proving(circuit) => {
                heard.proving.get_or_insert_with(Instant::now);
                heard.stage = format!("{circuit}: proving");
            }
            Event::Done(bundle, result) => {
                match result {
                    Ok((_, Status::Proven)) => heard.counts.proven += 1,
                    Ok((_, Status::Kept)) => heard.counts.kept += 1,
                    Err(error) => {
                        heard.counts.failed += 1;
                        // The only bundle's error is the command's, which is said once.
                        if self.watch || heard.counts.expected > 1 {
                            let text = format!("failed {}: {error}", bundle.display());
                            self.bar.suspend(|| eprintln!("{text}"));
                        }
                    }
                }
                self.bar.inc(1);
            }
        }
        let line = heard.line();
        if self.bar.is_hidden() && heard.said.elapsed() >= LINES {
            heard.said = Instant::now();
            eprintln!("{}/{} {line}", heard.counts.done(), heard.counts.expected);
        }
        self.bar.set_message(line);
    }

    pub(crate) fn counts(&self) -> Counts {
        self.heard().counts
    }

    /// Proofs in a second since the first was begun.
    pub(crate) fn rate(&self) -> f64 {
        self.heard().rate()
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    pub(crate) fn done(&self) -> u64 {
        self.proven + self.kept + self.failed
    }

    pub(crate) fn left(&self) -> u64 {
        self.expected.saturating_sub(self.done())
    }
}

impl Heard {
    fn rate(&self) -> f64 {
        self.proving.map_or(0.0, |since| self.counts.proven as f64 / since.elapsed().as_secs_f64())
    }

    fn line(&self) -> String {
        let (rate, peak) = (self.rate(), memory::peak() >> 20);
        let time = match rate {
            0.0 => String::new(),
            rate => format!("{rate:.2} proofs/s, {:.0} s left, ", self.counts.left() as f64 / rate),
        };
        format!("{}, {time}{peak} MiB peak", self.stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_circuits::CircuitId;
    use ergon_prover::ProverError;
    use std::path::{Path, PathBuf};

    #[test]
    fn every_result_is_counted_as_what_it_is() {
        let progress = Progress::new(false);
        progress.expect(4);
        progress.hear(&Event::Proving(CircuitId::membership(8)));
        let path = Path::new("bundle.json");
        for status in [Status::Proven, Status::Proven, Status::Kept] {
            progress.hear(&Event::Done(path, &Ok((PathBuf::new(), status))));
        }
        progress.hear(&Event::Done(path, &Err(ProverError::Stopped)));
        let counts = progress.counts();
        assert_eq!(counts, Counts { expected: 4, proven: 2, kept: 1, failed: 1 });
        assert_eq!((counts.done(), counts.left()), (4, 0));
        assert!(progress.rate() > 0.0);
    }
}
