//! `ergon state`: the energy state that another prover's batch left, for the next epoch.

use crate::cli;
use ergon_prover::batch::read_bundle;
use ergon_prover::write_state;

pub(crate) fn run(arguments: &cli::State) -> eyre::Result<()> {
    let bundle = read_bundle(&arguments.bundle)?;
    let path = write_state(&bundle, arguments.included, arguments.state_after, &arguments.out)?;
    println!("{}", path.display());
    Ok(())
}
