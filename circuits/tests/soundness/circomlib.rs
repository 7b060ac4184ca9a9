//! The rows agree with circomlibjs: its digests come out, its signatures hold, altered ones do not.

use crate::signature::{broken, native, system};
use ark_ff::Zero;
use ergon_circuits::Gadgets;
use ergon_circuits::r1cs::{R1cs, Wire};
use ergon_types::field::parse_decimal;
use ergon_types::{Fr, Packet, PublicKey, Signature};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Vectors {
    poseidon: Vec<Digest>,
    signatures: Vec<Signed>,
    packets: Vec<SignedPacket>,
}

#[derive(Deserialize)]
struct Digest {
    inputs: Vec<String>,
    digest: String,
}

#[derive(Deserialize)]
struct Signed {
    name: String,
    key: PublicKey,
    message: String,
    signature: serde_json::Value,
    verdict: String,
}

/// A packet with the key that signed it.
#[derive(Deserialize)]
struct SignedPacket {
    name: String,
    key: PublicKey,
    message: String,
    #[serde(rename = "bytes")]
    packet: Packet,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../types/tests/vectors/circomlibjs.json")).unwrap()
}

#[test]
fn poseidon_rows_give_circomlibs_digests() {
    for Digest { inputs, digest } in vectors().poseidon {
        let mut g = R1cs::new([Fr::zero(); 3]);
        let wires: Vec<Wire> =
            inputs.iter().map(|input| g.allocate(parse_decimal(input).unwrap())).collect();
        let found = g.poseidon(&wires);
        assert_eq!(Some(found.value()), parse_decimal(&digest), "{inputs:?}");
        assert!(g.first_unsatisfied().is_none(), "{inputs:?}");
    }
}

#[test]
fn the_signature_rows_hold_for_circomlibs_signatures_and_no_others() {
    let (mut valid, mut invalid) = (0, 0);
    for Signed { name, key, message, signature, verdict } in vectors().signatures {
        // What is no canonical signature reaches no circuit.
        let Ok(signature) = serde_json::from_value::<Signature>(signature) else { continue };
        let message = parse_decimal(&message).unwrap();
        let found = broken(&system(key.point(), message, &signature));
        if verdict == "valid" {
            valid += 1;
            assert_eq!(found, BTreeSet::new(), "{name}");
        } else {
            invalid += 1;
            assert_eq!(found, BTreeSet::from(["signature"]), "{name}");
        }
        assert_eq!(native(key.point(), message, &signature), usize::from(verdict != "valid"));
    }
    assert!(valid >= 14 && invalid >= 5, "{valid} and {invalid}");
}

#[test]
fn the_signature_rows_hold_for_circomlibs_packets() {
    for SignedPacket { name, key, message, packet } in vectors().packets {
        let message = parse_decimal(&message).unwrap();
        assert_eq!(packet.record.message(), message, "{name}");
        let found = broken(&system(key.point(), message, &packet.signature));
        assert_eq!(found, BTreeSet::new(), "{name}");
    }
}
