//! The rules of records, packets, seals and commitments, and every attack on them that needs no server.
#![allow(clippy::unwrap_used)]

mod arbitrary;
mod bytes;
mod commitments;
mod energy;
mod fixture;
mod guide;
mod json;
mod order;
mod slots;
mod witness;
