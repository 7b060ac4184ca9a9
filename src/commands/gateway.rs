//! `ergon gateway`: the service, on the system's clock or on one that replays.

use crate::cli;
use crate::private;
use crate::signals::asked_to_end;
use ergon_gateway::{AdminToken, Clock, Config, Gateway, SystemClock, serve};
use ergon_types::{Network, SecretKey};
use eyre::WrapErr;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tokio::net::TcpListener;

/// The configuration file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    network: Network,
    genesis: u64,
    #[serde(default = "day")]
    epoch_seconds: u64,
    /// File with the attestor's secret: 64 hexadecimal digits, readable by its owner only.
    attestor_key: PathBuf,
    folder: PathBuf,
    #[serde(default = "grace")]
    grace_seconds: u64,
    #[serde(default = "seal_delay")]
    seal_delay_seconds: u64,
}

fn day() -> u64 {
    Config::DAY
}

fn grace() -> u64 {
    Config::GRACE_SECONDS
}

fn seal_delay() -> u64 {
    Config::SEAL_DELAY_SECONDS
}

/// Begins at the genesis and runs a whole number of times faster than the system's clock.
#[derive(Debug)]
struct FastClock {
    genesis: u64,
    speed: u64,
    started: Instant,
}

impl Clock for FastClock {
    fn now(&self) -> u64 {
        self.genesis + (self.started.elapsed().as_millis() as u64 * self.speed) / 1_000
    }
}

pub(crate) async fn run(arguments: cli::Gateway) -> eyre::Result<()> {
    let path = arguments.config.display();
    let text = std::fs::read_to_string(&arguments.config)
        .wrap_err_with(|| format!("cannot read the gateway's configuration {path}"))?;
    let file: File = toml::from_str(&text).wrap_err_with(|| {
        format!("{path} is not a gateway configuration; docs/commands.md shows one")
    })?;
    let clock: Arc<dyn Clock> = match arguments.speed {
        None => Arc::new(SystemClock),
        Some(speed) => Arc::new(FastClock {
            genesis: file.genesis,
            speed: u64::from(speed),
            started: Instant::now(),
        }),
    };
    let config = Config {
        network: file.network,
        genesis: file.genesis,
        epoch_seconds: file.epoch_seconds,
        attestor: secret(&file.attestor_key)?,
        folder: file.folder,
        grace_seconds: file.grace_seconds,
        seal_delay_seconds: file.seal_delay_seconds,
        admin_token: AdminToken::new(&arguments.token)?,
    };
    let attestor = config.attestor.public().to_hex();
    let gateway = Gateway::open(config, clock).await?;
    let listener = TcpListener::bind(arguments.listen)
        .await
        .wrap_err_with(|| format!("cannot listen on {}", arguments.listen))?;
    eprintln!("gateway of attestor {attestor} on http://{}", listener.local_addr()?);
    serve(gateway, listener, async {
        if asked_to_end().await.is_ok() {
            eprintln!("finishing the requests under way");
        }
    })
    .await?;
    Ok(())
}

/// Reads the attestor's secret key.
fn secret(path: &Path) -> eyre::Result<SecretKey> {
    let text = private::read(path, "the attestor's key")?;
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text.trim(), &mut bytes)
        .map_err(|_| eyre::eyre!("{} is no key; expected 64 hexadecimal digits", path.display()))?;
    Ok(SecretKey::from_bytes(bytes))
}
