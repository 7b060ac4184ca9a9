//! The openings of the energy state that another prover's batch left, from its bundle and its word `included` (§ 5.5).

use crate::ProverError;
use crate::batch::{Files, write_json};
use ergon_circuits::{Input, Statement, StatementError};
use ergon_params::Access;
use ergon_types::field::Fr;
use ergon_types::{Address, Bundle, State};
use std::fs;
use std::path::{Path, PathBuf};

/// The state after a batch of this bundle that includes the members whose bits are set.
fn state_after(bundle: &Bundle, included: u128) -> Result<State, ProverError> {
    let refuse = |reason: String| ProverError::NoState { bundle: bundle.name(), reason };
    let statement = |source| ProverError::Statement {
        bundle: bundle.name(),
        source: StatementError::Shape(source),
    };
    let mut input = Input::new(bundle.clone(), Address::default()).map_err(statement)?;
    for place in 0..u128::BITS as usize {
        let wanted = included >> place & 1 == 1;
        match input.included.get_mut(place) {
            Some(has) if wanted && !*has => {
                return Err(refuse(format!("it has no record of member {place}, who is included")));
            }
            Some(has) => *has = wanted,
            None if wanted => {
                let members = input.included.len();
                return Err(refuse(format!("member {place} is included and there are {members}")));
            }
            None => {}
        }
    }
    let outcome = Statement::from_input(input).outcome().and_then(|o| o.state_after.clone());
    outcome.ok_or_else(|| refuse(format!("{} has no state", bundle.kind)))
}

/// Writes it as `<name>.state.json`, which only the owner may read, if it opens the commitment of the chain.
///
/// # Errors
/// When the bundle has not that state after any such batch, or those of the file system.
pub fn write_state(
    bundle: &Bundle,
    included: u128,
    commitment: Fr,
    folder: &Path,
) -> Result<PathBuf, ProverError> {
    let state = state_after(bundle, included)?;
    let found = state.commitment();
    if found != commitment {
        let reason = format!("it then opens {found}, not {commitment}");
        return Err(ProverError::NoState { bundle: bundle.name(), reason });
    }
    fs::create_dir_all(folder).map_err(ProverError::io(folder, "create"))?;
    let path = Files::of(folder, &bundle.name()).state;
    write_json(&path, &state, Access::Private)?;
    Ok(path)
}
