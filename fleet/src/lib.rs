//! Devices for trials: recorded data and simulations become signed packets.
//!
//! `Fleet::replay` reads a folder that `records.toml` describes (`docs/records.md`), `Fleet::simulate` needs no file.
//! Both give device days: what each device measures and when it sends it. `Sender` turns one into signed packets.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod choice;
mod clock;
mod coverage;
mod day;
mod describe;
mod energy;
mod error;
mod notes;
mod number;
pub mod region;
mod replay;
mod sender;
mod series;
mod simulate;
mod table;
mod text;
mod uplinks;
mod uptime;

pub use choice::{Chosen, Room};
pub use day::{Asset, DeviceDay, Event, Fleet, Group, Reading, Step};
pub use describe::{Column, Description, Format, Source, Unit};
pub use error::FleetError;
pub use sender::{Sender, WrongReading, trial_key};
