//! Evidence that a seal leaves something out: made from the sealed bundle and what the device kept, accepted by the
//! contracts' verifier, of no use to anyone who changes a word of it.

use crate::contradiction::assert_bound;
use ergon_circuits::{Answer, Input, Omission, Statement};
use ergon_types::{
    Ack, Address, Body, Fr, Header, Member, Network, Packet, Record, Schema, SecretKey,
};

const REPORTER: Address = Address([0x77; 20]);

fn network() -> Network {
    Network { chain_id: 31337, settlement: Address([0x11; 20]), registry: Address([0x22; 20]) }
}

/// The ninth packet of device 6.
fn record(schema: Schema) -> Record {
    let key = SecretKey::from_bytes([5; 32]);
    let header = Header {
        network: network().id(),
        device: 6,
        epoch: 20_000,
        counter: 9,
        nonce: Fr::from(4u64),
        salt: key.salt(schema, 20_000),
    };
    Record { header, body: Body::empty(schema, 3) }
}

/// A sealed day without the record that was acknowledged of device 6.
fn evidence(schema: Schema) -> Omission {
    let network = network();
    let attestor = SecretKey::from_bytes([9; 32]);
    let key = SecretKey::from_bytes([5; 32]);
    let mut bundle = Input::blank(schema.kind(), 8).bundle;
    bundle.network = network;
    bundle.membership.cohort = 3;
    let member = Member { device: 6, key: key.public(), operator: REPORTER, attribute: 0 };
    match (schema, &mut bundle.witnesses) {
        (Schema::Witness, Some(witnesses)) => witnesses.members[2] = Some(member),
        _ => bundle.membership.members[2] = Some(member),
    }
    let (root, witness_root) =
        (bundle.root_of(Some(&bundle.membership)), bundle.root_of(bundle.witnesses.as_ref()));
    let seal = &mut bundle.seal;
    (seal.network, seal.epoch, seal.cohort) = (network.id(), 20_000, 3);
    (seal.membership_root, seal.witness_root) = (root, witness_root);
    (seal.attestor, seal.salt) = (attestor.public(), Fr::from(1u64));
    bundle.seal_signature = attestor.sign(&bundle.seal.message());
    let record = record(schema);
    let of = (6, schema, 20_000);
    let head = record.message();
    let ack = Ack::sign(&attestor, network.id(), of, head, 200, Fr::from(2u64));
    Omission::new(&bundle, ack, &record, REPORTER).unwrap()
}

#[tokio::test]
async fn an_omission_is_accepted_on_chain_and_no_word_of_it_can_be_another() {
    for schema in Schema::ALL {
        // Another attestor's key, epoch, cohort, membership, device, head, counter, chain or reporter.
        assert_bound(&Statement::omission(evidence(schema))).await;
    }
}

#[tokio::test]
async fn an_answer_is_accepted_on_chain_and_no_word_of_it_can_be_another() {
    for schema in Schema::ALL {
        let key = SecretKey::from_bytes([5; 32]);
        let packet = Packet::sign(record(schema), &key);
        // Another device, key, epoch, head or counter.
        let answer = Answer::new(network(), key.public(), 8, packet).unwrap();
        assert_bound(&Statement::answer(answer)).await;
    }
}
