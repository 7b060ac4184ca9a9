//! The statements on honest and hostile bundles: what is paid, and which assertion stops what must not be.
#![allow(clippy::unwrap_used)]

mod binding;
mod broken;
mod contradiction;
mod counts;
mod coverage;
mod energy;
mod fixture;
mod omission;
mod records;
mod second_seal;
mod uptime;
