//! The guide for device makers says what is: its packet, its code.

use crate::fixture::key;
use ergon_types::{Address, Body, Fr, Header, Network, Packet, Record, Schema};

const GUIDE: &str = include_str!("../../../docs/devices.md");
const EXAMPLE: &str = include_str!("../../examples/device.rs");

/// The text of the first block that begins so.
fn block(start: &str) -> &'static str {
    let from = GUIDE.find(start).unwrap();
    GUIDE[from..].split("\n```").next().unwrap()
}

#[test]
fn the_guides_hexadecimal_packet_is_what_the_example_signs() {
    let fields = block("version    01").lines().map(|line| line.rsplit(' ').next().unwrap());
    let network =
        Network { chain_id: 31337, settlement: Address([0x11; 20]), registry: Address([0x22; 20]) };
    let salt = key(7).salt(Schema::Uptime, 20_000);
    let nonce = Fr::from(0u64);
    let header =
        Header { network: network.id(), device: 5, epoch: 20_000, counter: 1, nonce, salt };
    let record = Record { header, body: Body::Uptime([9].into_iter().collect()) };
    let packet = Packet::sign(record, &key(7));
    assert_eq!(fields.collect::<String>(), hex::encode(packet.to_bytes()));
}

#[test]
fn the_guides_rust_is_the_example_that_compiles() {
    let code = block("/// A new epoch's record");
    assert!(EXAMPLE.contains(code), "{code}");
}

#[test]
fn the_guides_sizes_of_packets_are_the_schemas() {
    let sizes = [Schema::Uptime, Schema::Energy, Schema::Witness].map(Packet::length);
    let [uptime, energy, witness] = sizes;
    assert_eq!(Packet::length(Schema::Coverage), uptime);
    let text =
        format!("{uptime} bytes for uptime and coverage, {energy} for energy, {witness} for a");
    assert!(GUIDE.contains(&text), "{text}");
}
