//! A device's day with `ergon-types`: a record that grows, a packet for each slot, acknowledgements.
//!
//! `docs/devices.md` shows this code. Firmware needs the three functions; `main` plays the gateway.

use ergon_types::{
    Ack, Address, Body, Fr, Header, Network, Packet, PublicKey, Record, Schema, SecretKey,
};

/// A new epoch's record; counter 0 says that no packet was made yet.
fn begin(key: &SecretKey, network: &Network, device: u64, epoch: u64) -> Record {
    let (nonce, salt) = (Fr::from(0u64), key.salt(Schema::Uptime, epoch));
    let header = Header { network: network.id(), device, epoch, counter: 0, nonce, salt };
    Record { header, body: Body::empty(Schema::Uptime, 0) }
}

/// One slot more, as the bytes to send.
fn next_packet(key: &SecretKey, record: &mut Record, slot: u32) -> Vec<u8> {
    if let Body::Uptime(slots) = &mut record.body {
        slots.insert(slot);
    }
    record.header.counter += 1;
    // Write the record to flash here: what was signed must never be forgotten.
    Packet::sign(record.clone(), key).to_bytes()
}

/// Takes an acknowledgement into the record, if it is the attestor's and about this record.
fn acknowledge(record: &mut Record, ack: &Ack, attestor: &PublicKey) -> bool {
    let Header { network, device, epoch, .. } = record.header;
    let mine = (ack.network, ack.device, ack.epoch) == (network, device, epoch)
        && ack.schema == record.body.schema()
        && ack.head == record.message()
        && ack.is_signed_by(attestor);
    if mine {
        record.header.nonce = ack.nonce;
    }
    mine
}

fn main() {
    let network =
        Network { chain_id: 31337, settlement: Address([0x11; 20]), registry: Address([0x22; 20]) };
    let (key, attestor) = (SecretKey::from_bytes([7; 32]), SecretKey::from_bytes([9; 32]));
    let mut record = begin(&key, &network, 5, 20_000);
    for slot in [9, 10, 11] {
        println!("{}", hex::encode(next_packet(&key, &mut record, slot)));
        let of = (5, Schema::Uptime, 20_000);
        let nonce = Fr::from(1_000 + u64::from(slot));
        let ack = Ack::sign(&attestor, network.id(), of, record.message(), slot, nonce);
        assert!(acknowledge(&mut record, &ack, &attestor.public()));
    }
}
