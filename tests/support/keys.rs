//! One folder of development keys for all tests of this package: made once, kept while the circuits stay the same.

use ergon_circuits::CircuitId;
use ergon_params::Params;
use std::path::Path;

/// The keys of these circuits. Test programs that run side by side wait for each other.
pub(crate) fn folder(circuits: &[CircuitId]) -> Params {
    let params = Params::new(Path::new(env!("CARGO_TARGET_TMPDIR")).join("params"));
    params.generate(circuits, |progress| println!("{progress}")).unwrap();
    params
}
