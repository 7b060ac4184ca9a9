//! Devices for trials.
pub mod axial;
pub mod region;
