//! A season of a whole network with real proofs: on the embedded EVM, and on anvil where it is installed. Every balance
//! equals a model's to the last unit (`model.rs`), after every step.
#![allow(clippy::unwrap_used)]

#[path = "../support/anvil.rs"]
mod anvil;
mod convictions;
mod days;
mod enrolment;
#[path = "../support/keys.rs"]
mod keys;
mod metered;
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
use metered::Metered;
use std::path::Path;
use std::sync::Arc;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = anvil::trials([("a_season_on_anvil_pays_what_the_model_says", on_anvil)]);
    trials.push(Trial::test("a_season_on_the_embedded_chain_pays_what_the_model_says", || {
        run(async { Arc::new(Embedded::new(world::START)) as Arc<dyn Chain> });
        Ok(())
    }));
    trials.push(Trial::test(
        "a_season_costs_what_is_recorded_at_present_and_at_coming_prices",
        || {
            costs();
            Ok(())
        },
    ));
    libtest_mimic::run(&arguments, trials).exit();
}

/// Every action by the rules of Osaka and by those of the next hard fork, under which new state costs more (EIP-8037).
fn costs() {
    let [present, coming] =
        [Embedded::new(world::START), Embedded::with_coming_rules(world::START)].map(|chain| {
            let chain = Arc::new(Metered::new(chain));
            let metered = Arc::clone(&chain);
            run(async { chain as Arc<dyn Chain> });
            metered.costs()
        });
    assert!(present.keys().eq(coming.keys()));
    let lines: Vec<String> = present
        .iter()
        .map(|(action, cost)| {
            let (present, coming) = (*cost, coming[action]);
            assert_eq!(present.calls, coming.calls, "{action}");
            format!("{action}, {}: {present}, then {coming}", present.calls)
        })
        .collect();
    let (found, recorded) = (lines.join("\n"), include_str!("gas.txt").trim_end());
    assert!(found == recorded, "gas drifted; tests/season/gas.txt would be\n{found}");
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
