//! A circuit so small that its key takes a second: a cohort of one, and a bundle in which nobody is sealed.

use ergon_circuits::{CircuitId, Input};
use ergon_params::Params;
use ergon_types::{Bundle, Kind};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use tempfile::TempDir;

pub(crate) const NAME: &str = "uptime-1";
pub(crate) const PROVER: &str = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

/// A folder with the small circuit's key and a bundle for it.
#[derive(Debug)]
pub(crate) struct Small {
    pub(crate) folder: TempDir,
}

fn bundle() -> Bundle {
    Input::blank(Kind::Uptime, 1).bundle
}

impl Small {
    /// A copy that a test can damage.
    pub(crate) fn new() -> Self {
        static MADE: OnceLock<TempDir> = OnceLock::new();
        let made = MADE.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let circuit = CircuitId::of(Kind::Uptime, 1);
            Params::new(folder.path()).generate(&[circuit], |_| ()).unwrap();
            folder
        });
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("params")).unwrap();
        for entry in fs::read_dir(made.path()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.path().join("params").join(entry.file_name())).unwrap();
        }
        let json = serde_json::to_string(&bundle()).unwrap();
        fs::write(folder.path().join("bundle.json"), json).unwrap();
        Self { folder }
    }

    pub(crate) fn params(&self) -> PathBuf {
        self.folder.path().join("params")
    }

    /// The text of a path in the folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Proves the bundle; returns the submission's path.
    pub(crate) fn proven(&self) -> String {
        let (bundle, out) = (self.path("bundle.json"), self.path("out"));
        let words = ["prove", &bundle, "--prover", PROVER, "--out", &out];
        crate::run::run_with(&self.params(), &words).succeeded();
        self.path("out/uptime-0-0.submission.json")
    }
}
