//! Evidence against an attestor: made from two sealed bundles, accepted by the contracts' verifier, of no use to anyone
//! who changes a word of it.

use crate::contradiction::assert_bound;
use ergon_circuits::{Input, SecondSeal, Statement};
use ergon_types::{Address, Fr, Kind, Network, SecretKey};

const REPORTER: Address = Address([0x77; 20]);

/// Two seals of the same cohort and epoch, as two bundles contain them.
fn evidence() -> SecondSeal {
    let network =
        Network { chain_id: 31337, settlement: Address([0x11; 20]), registry: Address([0x22; 20]) };
    let key = SecretKey::from_bytes([9; 32]);
    let seals = [1u64, 2].map(|salt| {
        let mut seal = Input::blank(Kind::Coverage, 8).bundle.seal;
        (seal.network, seal.epoch, seal.cohort) = (network.id(), 20_000, 3);
        (seal.attestor, seal.salt) = (key.public(), Fr::from(salt));
        (seal.content(), key.sign(&seal.message()))
    });
    SecondSeal::new(network, key.public(), REPORTER, 20_000, 3, seals).unwrap()
}

#[tokio::test]
async fn two_seals_are_accepted_on_chain_and_no_word_of_them_can_be_another() {
    // Another attestor's key, epoch, cohort, chain, or reporter.
    assert_bound(&Statement::second_seal(evidence())).await;
}
