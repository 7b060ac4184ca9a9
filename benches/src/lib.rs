//! Provers side by side: the same key, the same witness, one run; and inputs that the benches share.
//!
//! Every prover starts from the values of all variables in memory (programs outside of this one from their files) and ends
//! with a proof. Provers take turns, so that what else the machine does falls on all of them. Every proof is verified,
//! outside of the measured time.

mod case;
mod contender;
mod error;
mod report;
mod run;

pub use case::Case;
pub use contender::{Contender, External};
pub use error::BenchError;
pub use report::{Machine, Measured, Report, Spread};
pub use run::{Options, run};

use ergon_types::record::slots::Slots;
use ergon_types::{Body, Fr, Header, Packet, PublicKey, Record, Schema, SecretKey};

/// A signed uptime packet and the key that signed it.
pub fn packet() -> (Packet, PublicKey) {
    let key = SecretKey::from_bytes([1; 32]);
    let header = Header {
        network: Fr::from(1u64),
        device: 1,
        epoch: 1,
        counter: 1,
        nonce: Fr::from(0u64),
        salt: key.salt(Schema::Uptime, 1),
    };
    let body = Body::Uptime((0..200).collect::<Slots>());
    (Packet::sign(Record { header, body }, &key), key.public())
}
