//! A few jobs at a time, on threads of their own.
//!
//! Each proof already uses all cores. Two or more lanes let one job compute its witness while another multiplies points,
//! and bound how many witnesses are in memory; rayon itself would start further jobs while it waits inside one.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// Cores that one proof keeps busy.
const CORES_PER_LANE: usize = 8;
/// Most lanes.
const MAX_LANES: usize = 8;

/// Runs `work` on every job and returns the results in the order of the jobs.
pub(crate) fn run<J: Send, R: Send>(
    jobs: impl IntoIterator<Item = J, IntoIter: Send>,
    work: impl Fn(J) -> R + Sync,
) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let lanes = (cores / CORES_PER_LANE).clamp(2, MAX_LANES);
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let results = Mutex::new(Vec::new());
    let lane = || {
        loop {
            // The guard is dropped at the end of this statement, before the work begins.
            let next = lock(&queue).next();
            let Some((index, job)) = next else { break };
            let result = work(job);
            lock(&results).push((index, result));
        }
    };
    thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(lane);
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// A panic in another lane leaves queue and results whole: neither is held while work runs.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        let slow_first = |job: u64| {
            thread::sleep(std::time::Duration::from_millis(20 - job));
            job * 2
        };
        assert_eq!(run(0..20, slow_first), (0..20).map(|job| job * 2).collect::<Vec<_>>());
        assert_eq!(run(Vec::<u64>::new(), slow_first), Vec::<u64>::new());
    }
}
