//! What the commands for single actions share: a network, who acts on it, and how it is said what was done.

use crate::cli::{Acting, KeyFolder};
use crate::convert;
use crate::exit::Unusable;
use crate::signer::{self, Signer};
use crate::submissions::read_book;
use ergon_chain::accounts::{self, PrivateKey};
use ergon_chain::{Address, B256, Bytes, EconomyBook, Network, Outcome, U256};
use ergon_circuits::Statement;
use ergon_params::Params;
use ergon_prover::{Engine, proof_words, prove};
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::sync::Arc;

/// A network and its economy, and who acts.
pub(crate) struct Actor {
    pub(crate) network: Network,
    economy: Option<EconomyBook>,
    pub(crate) account: Address,
    pub(crate) json: bool,
    book: PathBuf,
    key: PrivateKey,
}

impl Actor {
    pub(crate) async fn of(acting: Acting) -> eyre::Result<Self> {
        let book = read_book(&acting.book)?;
        let Signer { chain, account, key } = signer::connect(&acting.signing, &acting.rpc).await?;
        let network = Network::open(Arc::clone(&chain), book.network).await?;
        let (economy, json) = (book.economy, acting.json);
        Ok(Self { network, economy, account, json, book: acting.book, key })
    }

    /// The contracts around the network; not every network has them.
    pub(crate) fn economy(&self) -> Result<&EconomyBook, Unusable> {
        self.economy.as_ref().ok_or_else(|| {
            let reason = "expected a network with an economy: it was deployed without [economy]";
            Unusable::new(&self.book, reason.to_owned())
        })
    }

    /// Signs as the account, on a contract's behalf; sends nothing.
    pub(crate) fn sign(&self, digest: B256) -> eyre::Result<Bytes> {
        Ok(accounts::sign(&self.key, digest)?)
    }

    /// The network as proofs name it.
    pub(crate) fn proven_network(&self) -> ergon_types::Network {
        convert::network(self.network.book())
    }

    /// The network's token, unless another is given.
    pub(crate) fn currency(&self, given: Option<Address>) -> Address {
        given.unwrap_or(self.network.book().token)
    }

    pub(crate) fn print(&self, done: Done) -> eyre::Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(&done.values)?);
        } else {
            println!("{}", done.says);
        }
        Ok(())
    }
}

/// A proof of a statement: its route, the hash of its words, and the proof as contracts take it.
pub(crate) fn proven(
    statement: &Statement,
    keys: KeyFolder,
) -> eyre::Result<(B256, U256, [U256; 8])> {
    let params = Params::resolve(keys.params)?;
    tokio::task::block_in_place(|| {
        let engine = Engine::new(&params.load(statement.id())?)?;
        let proved = prove(statement, &engine)?;
        let c = convert::word(&statement.commitment());
        Ok((B256::from(proved.route), c, convert::words(&proof_words(&proved.proof))))
    })
}

/// What was done or seen.
pub(crate) struct Done {
    says: String,
    values: Map<String, Value>,
}

impl Done {
    /// Something that was looked up.
    pub(crate) fn seen(says: String, values: Value) -> Self {
        let values = match values {
            Value::Object(values) => values,
            other => Map::from_iter([("value".to_owned(), other)]),
        };
        Self { says, values }
    }

    /// Something that was sent: its gas and transaction are told as well.
    pub(crate) fn sent<T>(outcome: &Outcome<T>, says: String, values: Value) -> Self {
        let Self { says, mut values } = Self::seen(says, values);
        values.insert("gas".to_owned(), outcome.gas_used.into());
        values.insert("transaction".to_owned(), outcome.transaction.to_string().into());
        Self { says: format!("{says} ({} gas)", outcome.gas_used), values }
    }
}
