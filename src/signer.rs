//! Who signs transactions: a key from a file or the environment, never from the command line, where others see it.

use crate::cli;
use crate::private;
use ergon_chain::{Address, Chain, DEVELOPMENT_CHAIN_ID, Rpc, RpcConfig, accounts};
use eyre::WrapErr;
use std::sync::Arc;

/// The environment variable with a private key.
const ENVIRONMENT: &str = "ERGON_PRIVATE_KEY";

/// A chain and the account that acts on it.
pub(crate) struct Signer {
    pub(crate) chain: Arc<dyn Chain>,
    pub(crate) account: Address,
}

/// Connects with the key of the file, else of the environment. On the chain of development nodes it may be missing: then
/// the first of their accounts signs, whose key everybody has.
pub(crate) async fn connect(arguments: &cli::Signing, url: &str) -> eyre::Result<Signer> {
    let key = match &arguments.key_file {
        Some(path) => {
            let text = private::read(path, "the private key")?;
            let key = accounts::private_key(&text);
            Some(key.wrap_err_with(|| format!("{} is no private key", path.display()))?)
        }
        None => match std::env::var(ENVIRONMENT) {
            Ok(text) => Some(
                accounts::private_key(&text)
                    .wrap_err_with(|| format!("{ENVIRONMENT} is no private key"))?,
            ),
            Err(_) => None,
        },
    };
    let config = RpcConfig::new(url);
    let signers = match key {
        Some(key) => vec![key],
        None => {
            let found = Rpc::connect(config.clone()).await?.chain_id();
            eyre::ensure!(
                found == DEVELOPMENT_CHAIN_ID,
                "no private key: chain {found} has no accounts that everybody may use. Give --key-file FILE, or set \
                 {ENVIRONMENT}"
            );
            accounts::development_signers()?
        }
    };
    let chain: Arc<dyn Chain> = Arc::new(Rpc::connect(config.with_signers(signers)).await?);
    let account = *chain.accounts().first().ok_or_else(|| eyre::eyre!("no account signs"))?;
    Ok(Signer { chain, account })
}
