//! The process that is killed: this test binary, serving a gateway.

use ergon_gateway::{AdminToken, Config, Gateway, SettableClock, serve};
use ergon_types::{Address, Network, SecretKey};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tokio::net::TcpListener;

const FOLDER: &str = "ERGON_KILL_TEST_FOLDER";
pub(crate) const TOKEN: &str = "killed again and again";
pub(crate) const NETWORK: Network =
    Network { chain_id: 31_337, settlement: Address([1; 20]), registry: Address([2; 20]) };
/// The clock stands at the end of this epoch, so that all earlier ones can be recorded.
pub(crate) const LAST_EPOCH: u64 = 10_000;

pub(crate) fn attestor() -> SecretKey {
    SecretKey::from_bytes([250; 32])
}

pub(crate) fn is_child() -> bool {
    std::env::var_os(FOLDER).is_some()
}

/// Serves until killed; the first line of the output is the address.
pub(crate) fn run() {
    let folder = std::env::var_os(FOLDER).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let config = Config {
            network: NETWORK,
            genesis: 0,
            epoch_seconds: Config::DAY,
            attestor: attestor(),
            folder: folder.into(),
            grace_seconds: Config::GRACE_SECONDS,
            seal_delay_seconds: Config::SEAL_DELAY_SECONDS,
            admin_token: AdminToken::new(TOKEN).unwrap(),
        };
        let clock = SettableClock::at((LAST_EPOCH + 1) * Config::DAY - 1);
        let gateway = Gateway::open(config, Arc::new(clock)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        std::io::stdout().flush().unwrap();
        serve(gateway, listener, std::future::pending()).await.unwrap();
    });
}

/// A running child; killed when dropped.
pub(crate) struct Process {
    child: Child,
    url: String,
}

impl Process {
    /// Starts a gateway on the folder and waits until it serves.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        assert!(url.starts_with("http://"), "the gateway did not start again");
        Self { child, url: url.trim().into() }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
