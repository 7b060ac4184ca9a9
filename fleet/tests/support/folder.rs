//! A folder of records that a test writes.

use ergon_fleet::{Fleet, FleetError};

/// Replays a folder with one file, described by `keys`.
pub(crate) fn replay(
    keys: &str,
    file: &str,
    bytes: &[u8],
    strict: bool,
) -> Result<Fleet, FleetError> {
    let folder = tempfile::tempdir().unwrap();
    let description = format!("[[records]]\npath = {file:?}\n{keys}\n");
    std::fs::write(folder.path().join("records.toml"), description).unwrap();
    std::fs::write(folder.path().join(file), bytes).unwrap();
    Fleet::replay(folder.path(), strict)
}

/// The local dates and measured quantities of the first group's devices.
pub(crate) fn measured(fleet: &Fleet) -> Vec<(String, u64)> {
    fleet.groups[0].devices.iter().map(|device| (device.day.clone(), device.measured)).collect()
}
