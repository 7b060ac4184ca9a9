//! `ergon verify`: submissions against the verifying keys, and proofs of snarkjs.

use crate::cli;
use crate::convert::{word, words};
use ergon_chain::solidity_accepts;
use ergon_params::{Params, VerifyingKey, verifying_key_words};
use ergon_prover::snarkjs::Claim;
use ergon_prover::{Proof, Submission, VerifyError, proof_words};
use ergon_types::Fr;
use std::path::Path;

pub(crate) async fn run(arguments: &cli::Verify) -> eyre::Result<()> {
    if let [key, public, proof] = arguments.snarkjs.as_slice() {
        let claim = Claim::read(key, public, proof)??;
        claim.verify()?;
        if arguments.evm {
            solidity(&claim.key, &claim.public, &claim.proof).await?;
        }
        say(arguments, &proof.display().to_string(), proof);
        return Ok(());
    }
    let params = Params::resolve(arguments.folder.params.clone())?;
    for path in &arguments.submissions {
        let submission = Submission::read(path)??;
        let key = params.verifying_key(submission.circuit)?;
        submission.verify(&key)?;
        if arguments.evm {
            solidity(&key, &submission.public(), &submission.proof.clone().into()).await?;
        }
        say(arguments, &submission.name(), path);
    }
    Ok(())
}

fn say(arguments: &cli::Verify, name: &str, path: &Path) {
    if arguments.folder.json {
        println!("{}", serde_json::json!({ "submission": name, "valid": true }));
    } else {
        println!("valid   {}", path.display());
    }
}

/// What the contract says of a proof.
async fn solidity(key: &VerifyingKey, public: &[Fr], proof: &Proof) -> eyre::Result<()> {
    let inputs = || VerifyError::Inputs { expected: 3, found: public.len() };
    let public: &[Fr; 3] = public.try_into().map_err(|_| inputs())?;
    let key = verifying_key_words(key).ok_or_else(inputs)?;
    let proof = words(&proof_words(proof));
    if solidity_accepts(words(&key), public.each_ref().map(word), proof).await? {
        Ok(())
    } else {
        Err(VerifyError::Invalid.into())
    }
}
