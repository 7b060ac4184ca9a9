//! snarkjs as `tools/setup` installs it.

use super::External;
use serde::Deserialize;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Where npm puts the tools: seen from the current folder, and from this crate's.
const FOLDERS: [&str; 2] =
    ["tools/node_modules", concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/node_modules")];

/// What is read of a package's description.
#[derive(Deserialize)]
struct Package {
    version: String,
}

/// snarkjs and its version, if it is installed and Node.js runs.
pub fn snarkjs() -> Option<External> {
    let mut node = Command::new("node");
    node.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    let runs = node.status().is_ok_and(|status| status.success());
    runs.then(|| FOLDERS.iter().find_map(|folder| installed(Path::new(folder)))).flatten()
}

fn installed(modules: &Path) -> Option<External> {
    let program = modules.join(".bin/snarkjs");
    let package = fs::read(modules.join("snarkjs/package.json")).ok()?;
    let package: Package = serde_json::from_slice(&package).ok()?;
    let words = ["groth16", "prove", "{zkey}", "{wtns}", "{proof}", "{public}"].map(str::to_owned);
    let name = format!("snarkjs {}", package.version);
    let program = program.exists().then_some(program.to_str()?)?.to_owned();
    Some(External::new(&name, std::iter::once(program).chain(words)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installed_snarkjs_is_named_with_its_version() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(installed(folder.path()), None);
        for name in [".bin", "snarkjs"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("snarkjs/package.json"), r#"{ "version": "0.7.6" }"#).unwrap();
        assert_eq!(installed(folder.path()), None);
        fs::write(folder.path().join(".bin/snarkjs"), "").unwrap();
        assert_eq!(installed(folder.path()).unwrap().name(), "snarkjs 0.7.6");
    }
}
