//! The provers that are compared.

use crate::{BenchError, Case};
use ark_bn254::Bn254;
use ark_groth16::Groth16;
use ergon_accelerator::{Accelerator, Cpu};
use ergon_params::{CircomReduction, Key, wtns_file};
use ergon_prover::snarkjs::ProofJson;
use ergon_prover::{Engine, Proof, prove_assignment};
use ergon_types::Fr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;
use tempfile::TempDir;

/// A prover, ready for a case.
pub trait Contender: Send + Sync {
    /// Its name.
    fn name(&self) -> &str;

    /// Whether it is a process of its own, whose start and files count.
    fn is_external(&self) -> bool {
        false
    }

    /// Proves the case.
    ///
    /// # Errors
    /// When it gives no proof.
    fn prove(&self, case: &Case) -> Result<Proof, BenchError>;
}

/// Blinding factors are of no consequence for speed; ours are drawn as always.
fn blinding() -> [Fr; 2] {
    [Fr::from(0x00C0_FFEEu64), Fr::from(0x0BAD_CAFEu64)]
}

fn failed(name: &str, case: &Case, reason: impl ToString) -> BenchError {
    BenchError::Failed {
        contender: name.to_owned(),
        circuit: case.circuit(),
        reason: reason.to_string(),
    }
}

/// Our prover on one accelerator, with its check of the witness and its verification of the proof.
pub(crate) struct Ours {
    name: String,
    engine: Engine,
}

impl Ours {
    /// One for each way that this processor has, slowest first.
    pub(crate) fn all(key: impl Fn() -> Result<Key, BenchError>) -> Result<Vec<Self>, BenchError> {
        let on = |cpu: Cpu| {
            let name = format!("ergon {}", cpu.name());
            Ok(Self { name, engine: Engine::on(&cpu, &key()?)? })
        };
        Cpu::all().into_iter().map(on).collect()
    }
}

impl Contender for Ours {
    fn name(&self) -> &str {
        &self.name
    }

    fn prove(&self, case: &Case) -> Result<Proof, BenchError> {
        Ok(prove_assignment(&self.engine, &case.assignment)?)
    }
}

/// ark-groth16.
pub(crate) struct Arkworks(Vec<Vec<Vec<(Fr, usize)>>>);

/// A matrix as arkworks has it.
fn rows(key: &Key, matrix: usize) -> Vec<Vec<(Fr, usize)>> {
    let matrix = &key.shape().matrices()[matrix];
    (0..matrix.rows()).map(|row| matrix.row(row).collect()).collect()
}

impl Arkworks {
    pub(crate) fn new(case: &Case) -> Self {
        Self((0..3).map(|matrix| rows(&case.key, matrix)).collect())
    }
}

impl Contender for Arkworks {
    fn name(&self) -> &str {
        "ark-groth16 0.6"
    }

    fn prove(&self, case: &Case) -> Result<Proof, BenchError> {
        let [r, s] = blinding();
        let shape = case.key.shape();
        Groth16::<Bn254, CircomReduction>::create_proof_with_reduction_and_matrices(
            case.key.proving(),
            r,
            s,
            &self.0,
            shape.inputs(),
            shape.constraints(),
            &case.assignment,
        )
        .map_err(|error| failed(self.name(), case, error))
    }
}

/// taceo-groth16.
pub(crate) struct Taceo(taceo_groth16::ConstraintMatrices<Fr>);

impl Taceo {
    pub(crate) fn new(case: &Case) -> Self {
        let shape = case.key.shape();
        let [a, b, c] = [0, 1, 2].map(|matrix| rows(&case.key, matrix));
        let nonzeros = |rows: &Vec<Vec<(Fr, usize)>>| rows.iter().map(Vec::len).sum();
        Self(taceo_groth16::ConstraintMatrices {
            num_instance_variables: shape.inputs(),
            num_witness_variables: shape.variables() - shape.inputs(),
            num_constraints: shape.constraints(),
            a_num_non_zero: nonzeros(&a),
            b_num_non_zero: nonzeros(&b),
            c_num_non_zero: nonzeros(&c),
            a,
            b,
            c,
        })
    }
}

impl Contender for Taceo {
    fn name(&self) -> &str {
        "taceo-groth16 0.2.2"
    }

    fn prove(&self, case: &Case) -> Result<Proof, BenchError> {
        let [r, s] = blinding();
        let proof = taceo_groth16::Groth16::<Bn254>::prove::<taceo_groth16::CircomReduction>(
            case.key.proving(),
            r,
            s,
            &self.0,
            &case.assignment,
        );
        proof.map_err(|error| failed(self.name(), case, error))
    }
}

/// A prover outside of this program: `NAME=COMMAND`, with `{zkey}`, `{wtns}`, `{proof}` and `{public}` for its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    name: String,
    command: Vec<String>,
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
        let command = command.split_whitespace().map(str::to_owned).collect();
        Ok(Self { name: name.to_owned(), command })
    }
}

/// An [`External`] with its files.
pub(crate) struct Started {
    external: External,
    command: Vec<String>,
    folder: TempDir,
}

impl Started {
    pub(crate) fn new(external: &External, case: &Case) -> Result<Self, BenchError> {
        let zkey: &PathBuf =
            case.zkey.as_ref().ok_or_else(|| BenchError::NeedsZkey(external.name.clone()))?;
        let folder = tempfile::tempdir().map_err(BenchError::io("temporary folder", "make"))?;
        let file = |name: &str| folder.path().join(name);
        fs::write(file("wtns"), wtns_file(&case.assignment))
            .map_err(BenchError::io(file("wtns"), "write"))?;
        let fill = |word: &String| {
            [
                ("zkey", zkey.clone()),
                ("wtns", file("wtns")),
                ("proof", file("proof.json")),
                ("public", file("public.json")),
            ]
            .iter()
            .fold(word.clone(), |word, (name, path)| {
                word.replace(&format!("{{{name}}}"), &path.display().to_string())
            })
        };
        let command = external.command.iter().map(fill).collect();
        Ok(Self { external: external.clone(), command, folder })
    }
}

impl Contender for Started {
    fn name(&self) -> &str {
        &self.external.name
    }

    fn is_external(&self) -> bool {
        true
    }

    fn prove(&self, case: &Case) -> Result<Proof, BenchError> {
        let [program, words @ ..] = &self.command[..] else {
            return Err(BenchError::Command(self.external.name.clone()));
        };
        let output =
            Command::new(program).args(words).output().map_err(BenchError::io(program, "run"))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(failed(self.name(), case, format!("{}: {}", output.status, text.trim())));
        }
        let path = self.folder.path().join("proof.json");
        let text = fs::read(&path).map_err(BenchError::io(&path, "read"))?;
        let json: ProofJson =
            serde_json::from_slice(&text).map_err(|error| failed(self.name(), case, error))?;
        Ok(json.into())
    }
}
