//! A gateway in a process of its own, stopped when the test ends.

use crate::run::ergon;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) const TOKEN: &str = "a token for the tests";

/// A running `ergon gateway --speed …`.
#[derive(Debug)]
pub(crate) struct GatewayChild {
    child: Child,
    pub(crate) url: String,
    /// The attestor's public key, as the gateway says it.
    pub(crate) attestor: String,
}

/// Writes a configuration and the attestor's key; returns the configuration's path.
pub(crate) fn configure(folder: &Path) -> String {
    let (key, data) = (folder.join("attestor"), folder.join("data"));
    fs::write(&key, "07".repeat(32)).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let address = |digit: &str| format!("0x{}", digit.repeat(40));
    let text = format!(
        "genesis = 1767225600\nattestor_key = {key:?}\nfolder = {data:?}\n\
         grace_seconds = 14400\nseal_delay_seconds = 0\n\
         [network]\nchain_id = 31337\nsettlement = {:?}\nregistry = {:?}\n",
        address("1"),
        address("2")
    );
    let path = folder.join("gateway.toml");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

impl GatewayChild {
    /// Starts it; its clock runs `speed` times faster from the genesis on.
    pub(crate) fn start(folder: &Path, speed: u32) -> Self {
        let mut command = Command::new(ergon().get_program());
        command.args(["gateway", "--config", &configure(folder), "--listen", "127.0.0.1:0"]);
        command.args(["--token", TOKEN, "--speed", &speed.to_string()]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let (attestor, url) = line
            .strip_prefix("gateway of attestor ")
            .and_then(|rest| rest.split_once(" on "))
            .unwrap_or_else(|| panic!("unexpected: {line}"));
        let (attestor, url) = (attestor.to_owned(), url.to_owned());
        // Nobody listens to the rest, but the pipe must not fill.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url, attestor }
    }

    /// Whether it ended well after an interrupt, as a terminal sends it.
    pub(crate) fn interrupted(mut self) -> bool {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for GatewayChild {
    fn drop(&mut self) {
        // Already gone is fine as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
