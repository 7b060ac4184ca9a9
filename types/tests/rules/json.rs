//! JSON forms: what goes out comes back, and nothing else comes in.

use crate::fixture::{key, membership, network, packet};
use ergon_types::record::slots::Slots;
use ergon_types::{
    Ack, Bundle, Fr, Kind, MeterState, Policy, PublicKey, Schema, Seal, Signature, State,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn assert_round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let again: T = serde_json::from_str(&text).unwrap();
    assert_eq!(&again, value);
    assert_eq!(serde_json::to_string(&again).unwrap(), text);
}

fn state() -> State {
    let mut state = State::genesis(4);
    state.0[2] = MeterState { generation: u16::MAX, end: (1 << 48) - 1, salt: -Fr::from(1u64) };
    state
}

fn seal(kind: Kind) -> Seal {
    let head = packet(kind.schema()).record.message();
    let slots: Slots = (0..288).step_by(3).collect();
    Seal {
        kind,
        network: network().id(),
        epoch: u64::MAX,
        cohort: u32::MAX,
        membership_root: membership().root(&network()),
        witness_root: Fr::from(0u64),
        attestor: key(9).public(),
        salt: key(9).salt(kind.schema(), 1),
        heads: vec![head, Fr::from(0u64), head, head],
        arrivals: if kind == Kind::Uptime { vec![slots; 4] } else { vec![] },
        witness_heads: if kind == Kind::Coverage { vec![head] } else { vec![] },
    }
}

fn bundle(kind: Kind) -> Bundle {
    let coverage = kind == Kind::Coverage;
    let seal = seal(kind);
    let seal_signature = key(9).sign(&seal.message());
    Bundle {
        version: ergon_types::bundle::VERSION,
        kind,
        network: network(),
        epoch: 20_000,
        membership: membership(),
        witnesses: coverage.then(membership),
        policy: Policy::standard(kind),
        packets: vec![Some(packet(kind.schema())), None, None, Some(packet(kind.schema()))],
        witness_packets: if coverage { vec![Some(packet(Schema::Witness)), None] } else { vec![] },
        state: (kind == Kind::Energy).then(state),
        seal,
        seal_signature,
    }
}

#[test]
fn bundles_policies_states_and_seals_survive_their_json_form() {
    for kind in Kind::ALL {
        assert_round_trip(&bundle(kind));
        assert_round_trip(&Policy::standard(kind));
        assert_round_trip(&seal(kind));
    }
    assert_round_trip(&state());
    assert_round_trip(&membership());
}

#[test]
fn acknowledgements_keys_and_signatures_survive_their_json_form() {
    let of = (u64::MAX, Schema::Witness, u64::MAX);
    let ack = Ack::sign(&key(9), network().id(), of, -Fr::from(1u64), u32::MAX, Fr::from(0u64));
    assert_round_trip(&ack);
    assert_round_trip(&ack.signature);
    assert_round_trip(&key(1).public());
}

#[test]
fn a_bundle_names_its_kind_epoch_and_cohort() {
    let bundle = bundle(Kind::Coverage);
    assert_eq!(bundle.name(), "coverage-20000-7");
    assert_eq!(bundle.root_of(Some(&bundle.membership)), membership().root(&network()));
    assert_eq!(bundle.root_of(None), Fr::from(0u64));
}

#[test]
fn a_policy_in_json_is_told_apart_by_its_kind() {
    let text = serde_json::to_string(&Policy::standard(Kind::Uptime)).unwrap();
    assert!(text.starts_with(r#"{"kind":"uptime""#), "{text}");
    let energy = text.replace("uptime", "energy");
    assert!(serde_json::from_str::<Policy>(&energy).is_err());
    let unknown = text.replace("uptime", "transport");
    assert!(serde_json::from_str::<Policy>(&unknown).is_err());
}

#[test]
fn entries_keys_and_packets_that_are_not_canonical_do_not_come_in() {
    let text = serde_json::to_string(&state()).unwrap();
    let order = "21888242871839275222246405745257275088548364400416034343698204186575808495617";
    for bad in [order, "00", "+1", "-1", "0x1", "", " 1", "1e3"] {
        let changed = text.replacen("\"0\"", &format!("\"{bad}\""), 1);
        assert_ne!(changed, text);
        assert!(serde_json::from_str::<State>(&changed).is_err(), "{bad:?}");
    }
    assert!(serde_json::from_str::<PublicKey>(&format!("\"{}\"", "00".repeat(32))).is_err());
    assert!(serde_json::from_str::<Signature>(&format!("\"{}\"", "ff".repeat(64))).is_err());
    assert!(serde_json::from_str::<ergon_types::Packet>("\"0101\"").is_err());
    assert!(serde_json::from_str::<Slots>("\"00\"").is_err());
}
