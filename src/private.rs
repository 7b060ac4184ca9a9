//! Files with secrets: read only if nobody else can.

use eyre::WrapErr;
use std::path::Path;

/// Reads a secret file, refusing one that others can read. `what` it is, for people.
pub(crate) fn read(path: &Path, what: &str) -> eyre::Result<String> {
    let shown = path.display();
    let text =
        std::fs::read_to_string(path).wrap_err_with(|| format!("cannot read {what} {shown}"))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path)?.permissions().mode();
        eyre::ensure!(mode & 0o077 == 0, "{shown} can be read by others; run chmod 600 {shown}");
    }
    Ok(text)
}
