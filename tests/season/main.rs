//! A season of a whole network with real proofs: on the embedded EVM, and on anvil where it is installed. Every balance
//! equals a model's to the last unit (`model.rs`), after every step.
#![allow(clippy::unwrap_used)]

#[path = "../support/anvil.rs"]
mod anvil;
mod days;
mod enrolment;
#[path = "../support/keys.rs"]
mod keys;
mod model;
#[path = "../support/proofs.rs"]
mod proofs;
mod season;
mod shares;
#[path = "../../verifier-contracts/tests/chain/signer.rs"]
mod signer;
mod world;

use ergon_chain::{Chain, Embedded, Rpc, RpcConfig, accounts};
use libtest_mimic::{Arguments, Trial};
use std::path::Path;
use std::sync::Arc;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = anvil::trials([("a_season_on_anvil_pays_what_the_model_says", on_anvil)]);
    trials.push(Trial::test("a_season_on_the_embedded_chain_pays_what_the_model_says", || {
        run(async { Arc::new(Embedded::new(world::START)) as Arc<dyn Chain> });
        Ok(())
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

fn on_anvil(binary: &Path) {
    let anvil = anvil::Anvil::start(binary);
    let url = anvil.url.clone();
    run(async move {
        let signers = accounts::development_signers().unwrap();
        let chain = Rpc::connect(RpcConfig::new(url).with_signers(signers)).await.unwrap();
        chain.advance_to(world::START).await.unwrap();
        Arc::new(chain) as Arc<dyn Chain>
    });
}

fn run(chain: impl Future<Output = Arc<dyn Chain>>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { season::run(chain.await).await });
}
