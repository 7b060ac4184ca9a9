//! `ergon witness`: bundles become `.wtns` files for another prover.

use crate::cli;
use ergon_circuits::CircuitId;
use ergon_params::{Key, Params};
use ergon_prover::Witness;
use ergon_prover::batch::read_bundle;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

pub(crate) fn run(arguments: &cli::Witness) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params.clone())?;
    let mut keys: BTreeMap<CircuitId, Key> = BTreeMap::new();
    for path in &arguments.bundles {
        let bundle = read_bundle(path)?;
        let circuit = CircuitId::of(bundle.kind, bundle.membership.members.len());
        let key = match keys.entry(circuit) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(params.load(circuit)?),
        };
        let witness = Witness::of_bundle(&bundle, key, arguments.prover)?;
        let file = witness.write(&arguments.out, &bundle.name())?;
        if arguments.folder.json {
            let line = serde_json::json!({
                "bundle": path,
                "circuit": circuit,
                "witness": file,
                "public": witness.public(),
            });
            println!("{line}");
        } else {
            println!("{circuit}  {}", file.display());
        }
    }
    Ok(())
}
