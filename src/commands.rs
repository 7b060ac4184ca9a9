//! One module for each command.

pub(crate) mod asset;
pub(crate) mod bench;
pub(crate) mod bond;
pub(crate) mod circuits;
pub(crate) mod claim;
pub(crate) mod data;
pub(crate) mod deploy;
pub(crate) mod device;
pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod fleet;
pub(crate) mod gateway;
pub(crate) mod params;
pub(crate) mod prove;
pub(crate) mod registry;
pub(crate) mod settle;
pub(crate) mod state;
pub(crate) mod verify;
pub(crate) mod vote;
pub(crate) mod witness;
