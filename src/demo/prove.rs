//! Bundles become submissions, one proof a cohort.

use super::network::{Keys, World};
use crate::convert::from_chain;
use crate::stage::Stages;
use ergon_circuits::CircuitId;
use ergon_prover::{Submission, prove_bundle};
use ergon_types::Bundle;
use std::path::Path;

/// Proves every bundle on all cores and verifies every proof again as a stranger would.
pub(crate) fn all(
    keys: &Keys,
    world: &World,
    bundles: &[Bundle],
    folder: &Path,
    stages: &Stages,
) -> eyre::Result<Vec<Submission>> {
    let mut submissions = Vec::new();
    for bundle in bundles {
        let circuit = CircuitId::of(bundle.kind, bundle.membership.members.len());
        let key = keys.of(circuit)?;
        let (submission, _) =
            tokio::task::block_in_place(|| prove_bundle(bundle, key, from_chain(world.prover)))?;
        submission.verify(key.verifying())?;
        for (index, reason) in submission.reasons.iter().enumerate() {
            if let Some(reason) = reason {
                stages
                    .note(format_args!("{}: member {index} is left out: {reason}", bundle.name()));
            }
        }
        let seconds = submission.prove_seconds;
        stages.note(format_args!("{}: proven in {seconds:.1} s", submission.name()));
        let text = serde_json::to_string_pretty(&submission)?;
        std::fs::write(folder.join(format!("{}.submission.json", submission.name())), text)?;
        submissions.push(submission);
    }
    Ok(submissions)
}
