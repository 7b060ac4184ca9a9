//! Provers side by side: the same key, the same witness, one run; and inputs that the benches share.
//!
//! Every prover starts from the values of all variables in memory (programs outside of this one from their files) and ends
//! with a proof. Provers take turns, so that what else the machine does falls on all of them. Every proof is verified,
//! outside of the measured time.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod alone;
mod case;
mod contender;
mod earlier;
mod error;
mod machine;
mod page;
mod plot;
mod report;
mod run;
#[cfg(test)]
mod samples;
mod spread;
mod table;

pub use alone::{Again, alone};
pub use case::Case;
pub use contender::{External, snarkjs};
pub use earlier::{Comparison, Earlier};
pub use error::BenchError;
pub use machine::{Machine, Program};
pub use page::write_page;
pub use report::{Measured, Report};
pub use run::{Options, run};
pub use spread::Spread;

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
