//! A device's certificate and signatures, as a file.

use crate::cli::{CohortKind, HardwareKey, HardwareSignature, Key};
use crate::exit::Unusable;
use crate::submissions::read_json;
use clap::ValueEnum;
use ergon_chain::{Attestation, Certificate};
use ergon_types::PublicKey;
use serde::Deserialize;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What a device comes with (`docs/contracts.md`, enrolment with a secure element).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key: String,
    hardware: String,
    kind: String,
    #[serde(default)]
    nameplate: u32,
    #[serde(default)]
    region: u64,
    #[serde(default)]
    position: u32,
    issuer: u32,
    by_issuer: String,
    by_hardware: String,
}

pub(super) struct Certified {
    path: PathBuf,
    file: File,
}

impl Certified {
    pub(super) fn read(path: &Path) -> Result<Self, Unusable> {
        let file = read_json(path, "a certified device")?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Certificate, signatures, and the key that signs records.
    pub(super) fn signed(&self) -> Result<(Certificate, Attestation, PublicKey), Unusable> {
        let File { nameplate, region, position, issuer, .. } = self.file;
        let kinds = "expected uptime, coverage, energy or witness";
        let kind = CohortKind::from_str(&self.file.kind, false)
            .map_err(|_| self.wrong("kind", format!("{kinds}, found {}", self.file.kind)))?;
        let (meter, beacon) = (kind == CohortKind::Energy, kind == CohortKind::Coverage);
        for (name, has, needs) in [
            ("nameplate", nameplate > 0, meter),
            ("region", region > 0, beacon),
            ("position", position > 0, beacon),
        ] {
            if has != needs {
                let expected = if needs { "is missing" } else { "is not of this kind" };
                return Err(self.wrong(name, format!("{expected}: {kind:?}").to_lowercase()));
            }
        }
        let hardware: HardwareKey = self.parsed("hardware", &self.file.hardware)?;
        let by_issuer: HardwareSignature = self.parsed("by_issuer", &self.file.by_issuer)?;
        let by_hardware: HardwareSignature = self.parsed("by_hardware", &self.file.by_hardware)?;
        let key: Key = self.parsed("key", &self.file.key)?;
        let certificate =
            Certificate { hardware: hardware.0, kind: kind as u8, nameplate, region, position };
        let attestation = Attestation { issuer, byIssuer: by_issuer.0, byHardware: by_hardware.0 };
        Ok((certificate, attestation, key.0))
    }

    fn parsed<T: FromStr<Err: Display>>(&self, name: &str, text: &str) -> Result<T, Unusable> {
        text.parse().map_err(|error| self.wrong(name, error))
    }

    fn wrong(&self, name: &str, reason: impl Display) -> Unusable {
        Unusable::new(&self.path, format!("{name}: {reason}"))
    }
}
