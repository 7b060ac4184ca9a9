//! The nouns of Ergon, each with one canonical encoding: records, packets, seals, members, words.
//!
//! `no_std` (with `alloc`), so that the same code signs on a device and checks on a server.
//! Section numbers refer to `docs/specification.md`.
#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used))]

extern crate alloc;

pub mod ack;
pub mod batch;
pub mod bundle;
pub mod cell;
pub mod curve;
pub mod field;
pub mod key;
pub mod kind;
pub mod member;
pub mod network;
pub mod packet;
pub mod policy;
pub mod poseidon;
pub mod record;
pub mod seal;
pub mod state;
pub mod tag;

pub use ack::Ack;
pub use batch::{Batch, challenge_words};
pub use bundle::Bundle;
pub use cell::{Axial, Offset};
pub use field::Fr;
pub use key::{KeyError, PublicKey, SecretKey, Signature};
pub use kind::{Kind, Schema};
pub use member::{Member, Membership};
pub use network::{Address, Network};
pub use packet::{Packet, PacketError};
pub use policy::Policy;
pub use record::{Body, Header, Record};
pub use seal::Seal;
pub use state::{MeterState, State};
