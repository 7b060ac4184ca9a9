//! Finds and starts anvil, one process for each test.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use ergon_chain::{Rpc, RpcConfig, accounts};

use crate::world;

/// The pinned binary of the tools folder, else the one on the path; or the line that installs it.
pub(crate) fn find() -> Result<PathBuf, String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tools/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(package)
        .chain(std::env::split_paths(&path).map(|folder| folder.join("anvil")))
        .find(|file| file.is_file())
        .ok_or_else(|| "anvil is missing, install it with: (cd tools && npm ci)".to_owned())
}

/// A running anvil, stopped when dropped.
#[derive(Debug)]
pub(crate) struct Anvil {
    process: Child,
    pub(crate) url: String,
}

impl Anvil {
    /// Starts it on a free port, with its clock at the scenarios' beginning.
    pub(crate) fn start(binary: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(binary)
            .args(["--port", "0", "--hardfork", "osaka"])
            .args(["--timestamp", &world::START.to_string()])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let address = output
            .lines()
            .map(Result::unwrap)
            .find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned))
            .unwrap();
        Self { process, url: format!("http://{address}") }
    }

    /// The client's side, with the development accounts.
    pub(crate) async fn connect(&self) -> Rpc {
        Rpc::connect(self.config()).await.unwrap()
    }

    pub(crate) fn config(&self) -> RpcConfig {
        RpcConfig::new(&self.url).with_signers(accounts::development_signers().unwrap())
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        // Already gone is fine as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
