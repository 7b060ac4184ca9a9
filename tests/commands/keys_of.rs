//! The shared folder of keys, made once in this process.

use ergon_circuits::CircuitId;
use ergon_params::Params;
use std::sync::OnceLock;

/// The folder with the keys of these circuits.
pub(crate) fn trial(circuits: &'static [CircuitId]) -> &'static Params {
    static MADE: OnceLock<Params> = OnceLock::new();
    MADE.get_or_init(|| crate::keys::folder(circuits))
}
