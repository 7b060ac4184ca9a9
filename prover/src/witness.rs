//! Witnesses for other provers: the values of a circuit's variables, and the public inputs that a proof of them is for.

use crate::batch::write_json;
use crate::groth16::{assign, prove_circuit};
use crate::prove::{plan, pose};
use crate::snarkjs::{ProofJson, PublicJson};
use crate::{Engine, Proof, ProverError};
use ergon_circuits::{Circuit, Statement};
use ergon_params::{Access, KeyHead, write_atomically, wtns_file};
use ergon_types::{Address, Bundle};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A satisfying assignment of a circuit. Of a bundle it holds the members' readings, and is as private as they are.
pub struct Witness {
    public: PublicJson,
    file: Zeroizing<Vec<u8>>,
}

impl Witness {
    /// The witness of a circuit with values.
    ///
    /// # Errors
    /// When the circuit cannot be built, or its values do not satisfy it.
    pub fn of_circuit(key: &KeyHead, circuit: &Circuit) -> Result<Self, ProverError> {
        let public = PublicJson(circuit.public().to_vec());
        let assignment = assign(key.shape(), circuit)?;
        Ok(Self { public, file: Zeroizing::new(wtns_file(&assignment)) })
    }

    /// The witness of a statement, at the challenge that proofs under this key must use (§ 5.1).
    ///
    /// # Errors
    /// When the key is another circuit's, or as `of_circuit`.
    pub fn of(statement: &Statement, key: &KeyHead) -> Result<Self, ProverError> {
        Self::of_circuit(key, &pose(statement, key)?)
    }

    /// The witness of a bundle.
    ///
    /// # Errors
    /// When the bundle cannot be proven, or as `of`.
    pub fn of_bundle(bundle: &Bundle, key: &KeyHead, prover: Address) -> Result<Self, ProverError> {
        Self::of(&plan(bundle, prover)?, key)
    }

    /// The public inputs as snarkjs takes them.
    pub fn public(&self) -> &PublicJson {
        &self.public
    }

    /// The values as a `.wtns` file.
    pub fn wtns(&self) -> &[u8] {
        &self.file
    }

    /// Writes `<name>.wtns`, which only the owner may read, and `<name>.public.json`; returns the former's path.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self, folder: &Path, name: &str) -> Result<PathBuf, ProverError> {
        fs::create_dir_all(folder).map_err(ProverError::io(folder, "create"))?;
        write_json(&folder.join(format!("{name}.public.json")), &self.public, Access::Public)?;
        let path = folder.join(format!("{name}.wtns"));
        write_atomically(&path, &self.file, Access::Private)
            .map_err(ProverError::io(&path, "write"))?;
        Ok(path)
    }
}

/// Without the values, which are private.
impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Witness").field("public", &self.public).finish_non_exhaustive()
    }
}

/// Proves an empty cohort: shows that a key works, and gives other tools a proof and a witness without readings. Into a
/// folder go `<circuit>.wtns`, `<circuit>.public.json` and `<circuit>.proof.json`.
///
/// # Errors
/// When the key gives no valid proof, or those of the file system.
pub fn try_key(key: &Engine, folder: &Path) -> Result<Proof, ProverError> {
    let circuit = Circuit::blank(key.circuit());
    let proof = prove_circuit(key, &circuit)?;
    let name = key.circuit().to_string();
    Witness::of_circuit(key, &circuit)?.write(folder, &name)?;
    let json = ProofJson::from(proof.clone());
    write_json(&folder.join(format!("{name}.proof.json")), &json, Access::Public)?;
    Ok(proof)
}
