//! The HTTP service that admits packets, acknowledges them, seals epochs and writes bundles.
//!
//! The guide for operators is `docs/gateway.md`. Nothing is acknowledged before it is on disk.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
mod bundles;
pub mod client;
pub mod clock;
pub mod config;
mod documents;
mod extract;
pub mod failure;
mod gateway;
pub mod messages;
mod serve;

pub use client::Client;
pub use clock::{Clock, SettableClock, SystemClock};
pub use config::{AdminToken, Config};
pub use failure::{Failure, StartError};
pub use gateway::Gateway;
pub use serve::serve;
