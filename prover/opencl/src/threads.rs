//! Work on threads of its own, where a lock is held.

use std::thread;

/// Most threads that copy, and the fewest rows worth one.
const COPIERS: usize = 8;
const TOGETHER: usize = 1 << 13;

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
pub(crate) fn share(rows: usize) -> usize {
    rows.div_ceil(COPIERS).max(TOGETHER)
}
