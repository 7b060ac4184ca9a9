//! Evidence against a device: proven, accepted by the contracts' verifier, and of no use to anyone who changes it.

use crate::proofs::word;
use ergon_chain::{U256, solidity_accepts};
use ergon_circuits::{Contradiction, Statement};
use ergon_params::Key;
use ergon_prover::challenge::challenge;
use ergon_prover::{Engine, proof_words, prove, route_of};
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::{
    Address, Body, Fr, Header, Network, Packet, Record, Schema, SecretKey, challenge_words,
};

const REPORTER: Address = Address([0x77; 20]);

/// Two records of one meter that attribute other watt-hours to the same quarter hour.
fn evidence() -> Contradiction {
    let network =
        Network { chain_id: 31337, settlement: Address([0x11; 20]), registry: Address([0x22; 20]) };
    let key = SecretKey::from_bytes([5; 32]);
    let packets = [400, 500].map(|delta| {
        let mut meter = Meter { generation: 1, start: 1000, end: 2000, ..Meter::default() };
        meter.quarters[17] = Quarter { present: true, tamper: false, delta };
        let header = Header {
            network: network.id(),
            device: 3,
            epoch: 20_000,
            counter: u64::from(delta),
            nonce: Fr::from(0u64),
            salt: key.salt(Schema::Energy, 20_000),
        };
        Packet::sign(Record { header, body: Body::Energy(meter) }, &key)
    });
    Contradiction::new(network, key.public(), REPORTER, packets).unwrap()
}

#[tokio::test]
async fn evidence_is_accepted_on_chain_and_no_word_of_it_can_be_another() {
    // Another device, key, epoch, chain, or reporter.
    assert_bound(&Statement::contradiction(evidence())).await;
}

/// Proves a statement and asserts that the contracts' verifier accepts the proof, and for no other words: the contract
/// builds its own words and challenge.
pub(crate) async fn assert_bound(statement: &Statement) {
    let key = Key::development(statement.id()).unwrap();
    let key = Engine::new(&key).unwrap();
    let proved = prove(statement, &key).unwrap();
    let proof = proof_words(&proved.proof).map(U256::from_be_bytes);
    let accepts = async |public: [Fr; 3]| {
        let verifying = key.words().map(U256::from_be_bytes);
        solidity_accepts(verifying, public.each_ref().map(word), proof).await.unwrap()
    };
    assert!(accepts(proved.public).await);
    let c = proved.public[0];
    for index in 0..statement.words().len() {
        let mut words = statement.words().to_vec();
        words[index] += Fr::from(1u64);
        let z = challenge(statement.id().tag(), route_of(&key), &c, &words);
        assert!(!accepts([c, z, challenge_words(&words, z)]).await, "word {index}");
    }
}
