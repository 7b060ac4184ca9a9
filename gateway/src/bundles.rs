//! Witness bundles as files: private, whole or absent.

use ergon_types::Bundle;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Creates a folder that only its owner can enter, if it is missing.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes `folder/<kind>-<epoch>-<cohort>.json` with mode 0600, replacing an older one at once.
pub(crate) fn write(folder: &Path, bundle: &Bundle) -> io::Result<PathBuf> {
    create_folder(folder)?;
    let path = folder.join(format!("{}.json", bundle.name()));
    let part = folder.join(format!("{}.part", bundle.name()));
    // A part that a crash left behind may not be reused with its old mode.
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(&serde_json::to_vec(bundle)?)?;
    file.sync_all()?;
    fs::rename(&part, &path)?;
    File::open(folder)?.sync_all()?;
    Ok(path)
}
