//! The crate is `no_std` with all that it depends on, as firmware will link it.
//!
//! A panic handler may exist once in a program, and `std` has one: a package with its own handler that uses this
//! crate compiles only if no dependency brings `std`. This needs no bare-metal target; where one is
//! installed, the crate is built for it as well.

use crate::run;
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FIRMWARE: &str = "//! Firmware with its own panic handler.
#![no_std]

#[cfg(feature = \"std\")]
extern crate std;

use ergon_types as _;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
";

pub(crate) fn trial() -> Trial {
    Trial::test("firmware_links_the_crate_without_the_standard_library", || {
        let folder = firmware()?;
        check(&folder, &[])?;
        // The same firmware with `std` must not compile, or this check would prove nothing.
        match check(&folder, &["--features", "std"]) {
            Err(error) if error.message().is_some_and(|text| text.contains("panic_impl")) => {}
            Err(error) => return Err(error),
            Ok(()) => return Err("std beside a panic handler compiled: the check is void".into()),
        }
        bare_targets().iter().try_for_each(|target| build(target))
    })
}

/// A package outside of this workspace, so that nobody else's features are switched on.
fn firmware() -> Result<PathBuf, Failed> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("firmware");
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[workspace]\n[package]\nname = \"firmware\"\nedition = \"2024\"\n[features]\nstd = []\n\
         [dependencies]\nergon-types = {{ path = {crate_folder:?} }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), FIRMWARE)?;
    fs::copy(crate_folder.join("../Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(folder)
}

/// Offline: all crates are there, because this test was built from them.
fn cargo(command: &str, folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([command, "--release", "--offline", "--quiet"]).current_dir(folder);
    cargo.arg("--target-dir").arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("firmware-target"));
    cargo
}

fn check(folder: &Path, arguments: &[&str]) -> Result<(), Failed> {
    run(cargo("check", folder).args(arguments))
}

fn build(target: &str) -> Result<(), Failed> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    run(cargo("build", &workspace).args(["--package", "ergon-types", "--target", target]))
}

/// Installed targets without an operating system; none where there is no rustup.
fn bare_targets() -> Vec<String> {
    let listed = Command::new("rustup").args(["target", "list", "--installed"]).output();
    let text = listed.map(|output| output.stdout).unwrap_or_default();
    let targets = String::from_utf8_lossy(&text);
    targets.lines().filter(|target| target.contains("-none")).map(str::to_owned).collect()
}
