//! `ergon verify`: submissions against the verifying keys.

use crate::cli;
use ergon_params::Params;
use ergon_prover::Submission;

pub(crate) fn run(arguments: &cli::Verify) -> eyre::Result<()> {
    let params = Params::resolve(arguments.folder.params.clone())?;
    for path in &arguments.submissions {
        let submission = Submission::read(path)??;
        submission.verify(&params.verifying_key(submission.circuit)?)?;
        if arguments.folder.json {
            let name = submission.name();
            println!("{}", serde_json::json!({ "submission": name, "valid": true }));
        } else {
            println!("valid   {}", path.display());
        }
    }
    Ok(())
}
