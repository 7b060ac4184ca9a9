//! Provers outside of this program: commands from a key's and a witness's files to a proof's.

use super::{Contender, failed};
use crate::{BenchError, Case};
use ergon_circuits::CircuitId;
use ergon_params::wtns_file;
use ergon_prover::Proof;
use ergon_prover::snarkjs::ProofJson;
use ergon_types::Fr;
use rayon::ThreadPool;
use std::fs;
use std::process::Command;
use std::str::FromStr;
use tempfile::TempDir;

/// A prover outside of this program: `NAME=COMMAND`, with `{zkey}`, `{wtns}`, `{proof}` and `{public}` for its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    name: String,
    words: Vec<String>,
}

impl FromStr for External {
    type Err = BenchError;

    fn from_str(text: &str) -> Result<Self, BenchError> {
        let wrong = || BenchError::Command(text.to_owned());
        let (name, command) = text.split_once('=').ok_or_else(wrong)?;
        if name.is_empty()
            || ["{zkey}", "{wtns}", "{proof}"].iter().any(|part| !command.contains(part))
        {
            return Err(wrong());
        }
        Ok(Self::new(name, command.split_whitespace().map(str::to_owned)))
    }
}

impl External {
    pub(super) fn new(name: &str, words: impl IntoIterator<Item = String>) -> Self {
        Self { name: name.to_owned(), words: words.into_iter().collect() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// With its files. Programs that use OpenMP take as many threads as provers in this process.
    pub(super) fn start(&self, case: &Case, threads: usize) -> Result<Started, BenchError> {
        let zkey = case.zkey.as_ref().ok_or_else(|| BenchError::NeedsZkey(self.name.clone()))?;
        let folder = tempfile::tempdir().map_err(BenchError::io("temporary folder", "make"))?;
        let file = |name: &str| folder.path().join(name);
        fs::write(file("wtns"), wtns_file(&case.assignment))
            .map_err(BenchError::io(file("wtns"), "write"))?;
        let files = [
            ("{zkey}", zkey.clone()),
            ("{wtns}", file("wtns")),
            ("{proof}", file(PROOF)),
            ("{public}", file("public.json")),
        ];
        let fill = |word: &String| {
            files.iter().fold(word.clone(), |word, (part, path)| {
                word.replace(part, &path.display().to_string())
            })
        };
        let words = self.words.iter().map(fill).collect();
        let (name, circuit) = (self.name.clone(), case.circuit());
        Ok(Started { name, circuit, words, threads, folder })
    }
}

/// The proof's file.
const PROOF: &str = "proof.json";

/// An [`External`] with its files.
pub(super) struct Started {
    name: String,
    circuit: CircuitId,
    words: Vec<String>,
    threads: usize,
    folder: TempDir,
}

impl Contender for Started {
    fn prove(&self, _: &[Fr]) -> Result<Proof, BenchError> {
        let [program, words @ ..] = &self.words[..] else {
            return Err(BenchError::Command(self.name.clone()));
        };
        let mut command = Command::new(program);
        command.args(words).env("OMP_NUM_THREADS", self.threads.to_string());
        let output = command.output().map_err(BenchError::io(program, "run"))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            let reason = format!("{}: {}", output.status, text.trim());
            return Err(failed(&self.name, self.circuit, reason));
        }
        let path = self.folder.path().join(PROOF);
        let text = fs::read(&path).map_err(BenchError::io(&path, "read"))?;
        read_proof(&text).map_err(|error| failed(&self.name, self.circuit, error))
    }

    /// Its witness is in a file already.
    fn prove_batch(
        &self,
        case: &Case,
        _: &ThreadPool,
        count: usize,
    ) -> Result<Vec<Proof>, BenchError> {
        (0..count).map(|_| self.prove(&case.assignment)).collect()
    }
}

/// A proof in snarkjs's JSON. rapidsnark leaves out the name of the curve.
fn read_proof(text: &[u8]) -> Result<Proof, serde_json::Error> {
    let mut json: serde_json::Value = serde_json::from_slice(text)?;
    if let Some(fields) = json.as_object_mut() {
        fields.entry("curve").or_insert_with(|| "bn128".into());
    }
    Ok(serde_json::from_value::<ProofJson>(json)?.into())
}
