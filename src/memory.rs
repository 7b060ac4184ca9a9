//! Memory of this machine and of this process.

use nix::sys::resource::{UsageWho, getrusage};
use sysinfo::{MemoryRefreshKind, RefreshKind, System};

/// Bytes that may still be taken: what is free on the machine, or less if this process lives in a container with a limit.
pub(crate) fn free() -> u64 {
    let memory = RefreshKind::nothing().with_memory(MemoryRefreshKind::everything());
    let system = System::new_with_specifics(memory);
    let free = system.available_memory();
    system.cgroup_limits().map_or(free, |limits| free.min(limits.free_memory))
}

/// The most bytes that this process has had in memory.
pub(crate) fn peak() -> u64 {
    // Linux counts KiB, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let usage = getrusage(UsageWho::RUSAGE_SELF).map_or(0, |usage| usage.max_rss());
    u64::try_from(usage).unwrap_or_default() * unit
}
