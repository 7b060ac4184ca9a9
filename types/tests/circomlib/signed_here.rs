//! What our code signs: `vectors/ergon.json`, verified by circomlibjs in `tools/vectors --check`.

use ergon_types::field::power_of_two;
use ergon_types::{Fr, Schema, SecretKey};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Signed {
    name: String,
    secret: String,
    key: String,
    message: String,
    signature: String,
    /// The salt of the uptime record of epoch 20,000.
    salt: String,
}

fn signed(index: u8) -> Signed {
    let mut bytes = [index; 32];
    bytes[31] = 0x5a;
    let secret = SecretKey::from_bytes(bytes);
    let message = match index {
        0 => Fr::from(0u64),
        1 => -Fr::from(1u64),
        2 => power_of_two(253),
        _ => ergon_types::poseidon::hash(&[Fr::from(index)]),
    };
    Signed {
        name: format!("device {index}"),
        secret: hex::encode(bytes),
        key: secret.public().to_hex(),
        message: message.to_string(),
        signature: hex::encode(secret.sign(&message).to_bytes()),
        salt: secret.salt(Schema::Uptime, 20_000).to_string(),
    }
}

#[test]
fn keys_salts_and_signatures_stay_what_circomlibjs_has_verified() {
    let text = include_str!("../vectors/ergon.json");
    let committed: Vec<Signed> = serde_json::from_str(text).unwrap();
    let made: Vec<Signed> = (0..12).map(signed).collect();
    // A device with new firmware must find its key and salts again: changing either breaks fleets.
    assert!(made == committed, "ergon.json would now be {}", serde_json::to_string(&made).unwrap());
}
