//! Who signs transactions: a key from a file or the environment, never from the command line, where others see it.

use crate::cli;
use crate::private;
use ergon_chain::accounts::{self, PrivateKey};
use ergon_chain::{Address, Chain, DEVELOPMENT_CHAIN_ID, Rpc, RpcConfig};
use eyre::WrapErr;
use std::env::VarError;
use std::sync::Arc;

/// The environment variable with a private key.
const ENVIRONMENT: &str = "ERGON_PRIVATE_KEY";

/// A chain and the account that acts on it.
pub(crate) struct Signer {
    pub(crate) chain: Arc<dyn Chain>,
    pub(crate) account: Address,
    /// For what contracts check beside transactions: an accusation, a receipt.
    pub(crate) key: PrivateKey,
}

/// Connects with the key of the file, else of the environment. On the chain of development nodes it may be missing: then
/// the first of their accounts signs, whose key everybody has.
pub(crate) async fn connect(arguments: &cli::Signing, url: &str) -> eyre::Result<Signer> {
    let config = RpcConfig::new(url);
    let key = match given(arguments)? {
        Some(key) => key,
        None => development(Rpc::connect(config.clone()).await?.chain_id())?,
    };
    let account = key.address();
    let chain: Arc<dyn Chain> =
        Arc::new(Rpc::connect(config.with_signers(vec![key.clone()])).await?);
    Ok(Signer { chain, account, key })
}

/// The key of the file, else of the environment.
fn given(arguments: &cli::Signing) -> eyre::Result<Option<PrivateKey>> {
    if let Some(path) = &arguments.key_file {
        let text = private::read(path, "the private key")?;
        let key = accounts::private_key(&text);
        return key.wrap_err_with(|| format!("{} is no private key", path.display())).map(Some);
    }
    let text = match std::env::var(ENVIRONMENT) {
        Ok(text) => text,
        Err(VarError::NotPresent) => return Ok(None),
        Err(error) => {
            return Err(error).wrap_err_with(|| format!("{ENVIRONMENT} is no private key"));
        }
    };
    let key = accounts::private_key(&text);
    key.wrap_err_with(|| format!("{ENVIRONMENT} is no private key")).map(Some)
}

/// The first account of development nodes.
fn development(chain: u64) -> eyre::Result<PrivateKey> {
    eyre::ensure!(
        chain == DEVELOPMENT_CHAIN_ID,
        "no private key: chain {chain} has no accounts that everybody may use. Give --key-file FILE, or set {ENVIRONMENT}"
    );
    accounts::development_signers()?
        .into_iter()
        .next()
        .ok_or_else(|| eyre::eyre!("no account signs"))
}
