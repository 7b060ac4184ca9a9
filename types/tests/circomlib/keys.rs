//! Points, keys and bare signatures (§ 2.3).

use crate::{entry, section};
use ergon_types::key::unpack;
use ergon_types::{KeyError, PublicKey, Signature};
use serde::Deserialize;

#[derive(Deserialize)]
struct Key {
    x: String,
    y: String,
    packed: String,
}

#[derive(Deserialize)]
struct Point {
    name: String,
    packed: String,
    error: String,
}

#[derive(Deserialize)]
struct Signed {
    name: String,
    key: PublicKey,
    message: String,
    signature: String,
    verdict: String,
}

#[derive(Deserialize)]
struct Universal {
    key: String,
    signature: Signature,
    messages: Vec<String>,
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

#[test]
fn keys_unpack_to_circomlibs_coordinates_and_pack_to_the_same_bytes() {
    for Key { x, y, packed } in section::<Vec<_>>("keys") {
        let key = PublicKey::from_hex(&packed).unwrap();
        assert_eq!((key.point().x, key.point().y), (entry(&x), entry(&y)));
        assert_eq!(key.to_hex(), packed);
    }
}

#[test]
fn points_of_small_order_off_the_curve_and_not_canonical_are_no_keys() {
    for Point { name, packed, error } in section::<Vec<_>>("points") {
        let found = PublicKey::from_bytes(&bytes(&packed)).unwrap_err();
        assert_eq!(format!("{found:?}"), error, "{name}");
    }
}

#[test]
fn signatures_of_circomlibjs_verify_and_altered_ones_do_not() {
    let vectors: Vec<Signed> = section("signatures");
    assert!(vectors.iter().filter(|vector| vector.verdict == "valid").count() >= 14);
    for Signed { name, key, message, signature, verdict } in vectors {
        let found = match Signature::from_bytes(&bytes(&signature)) {
            Err(error) => format!("{error:?}"),
            Ok(parsed) => {
                assert_eq!(hex::encode(parsed.to_bytes()), signature, "{name}");
                // The message one above may be the order itself in no vector, so it parses.
                let verifies = key.verifies(&entry(&message), &parsed);
                if verifies { "valid".to_owned() } else { "invalid".to_owned() }
            }
        };
        assert_eq!(found, verdict, "{name}");
    }
}

#[test]
fn a_key_of_order_eight_under_which_circomlibjs_accepts_everything_is_refused() {
    let Universal { key, signature, messages } = section("universal");
    assert_eq!(PublicKey::from_hex(&key), Err(KeyError::SmallOrder));
    // The signature itself is well formed: only the key's order stands between it and any message.
    assert!(unpack(&bytes(&key)).is_ok());
    assert_eq!(Signature::from_bytes(&signature.to_bytes()), Ok(signature));
    assert!(messages.len() > 1);
}
