//! Where a comparison ran, and which program.

use serde::{Deserialize, Serialize};
use std::fs;
use std::process::Command;

/// Instructions that provers use, as Linux names them.
const INSTRUCTIONS: [&str; 8] =
    ["adx", "bmi2", "avx2", "avx512f", "avx512dq", "avx512ifma", "avx512_vbmi", "asimd"];

/// Where a comparison ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor, as the system names it.
    pub processor: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// Instructions that the processor has, of those that provers use.
    pub instructions: Vec<String>,
    /// Bytes of memory; 0 if the system does not say.
    pub memory_bytes: u64,
    /// Operating system and architecture.
    pub system: String,
    /// Processes that ran or waited for a core, on average over the minute before: what else the machine did.
    pub load: Option<f64>,
}

/// Which program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its version.
    pub version: String,
    /// The commit of the checkout that it was built in, as that is now; `unknown` if it is gone.
    pub commit: String,
    /// Whether files there differ from the commit's.
    pub modified: bool,
}

impl Machine {
    /// This one.
    pub(crate) fn this() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        // x86 has flags, ARM has features.
        let flags = field(&info, "flags").or_else(|| field(&info, "Features")).unwrap_or_default();
        let has = |name: &&str| flags.split_whitespace().any(|flag| flag == *name);
        Self {
            processor: field(&info, "model name").unwrap_or("unknown").to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            instructions: INSTRUCTIONS.into_iter().filter(has).map(str::to_owned).collect(),
            memory_bytes: field(&memory, "MemTotal").and_then(kibibytes).unwrap_or_default(),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            load: load.split_whitespace().next().and_then(|load| load.parse().ok()),
        }
    }
}

impl Program {
    /// This one.
    pub(crate) fn this() -> Self {
        let git = |words: &[&str]| {
            let mut git = Command::new("git");
            let output = git.arg("-C").arg(env!("CARGO_MANIFEST_DIR")).args(words).output().ok()?;
            let text = output.status.success().then_some(output.stdout)?;
            Some(String::from_utf8(text).ok()?.trim().to_owned())
        };
        let changes = git(&["status", "--porcelain", "--untracked-files=no"]);
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: git(&["rev-parse", "HEAD"]).unwrap_or_else(|| "unknown".to_owned()),
            modified: changes.is_some_and(|changes| !changes.is_empty()),
        }
    }
}

/// A field of a file in /proc.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == name).then_some(value.trim())
    })
}

/// `1024 kB` in bytes.
fn kibibytes(text: &str) -> Option<u64> {
    text.strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// The most memory that this process has held at once, if the system says.
pub(crate) fn peak_memory() -> Option<u64> {
    // Not `getrusage`: that one remembers the process which started this one.
    field(&fs::read_to_string("/proc/self/status").ok()?, "VmHWM").and_then(kibibytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let text = "model\t\t: 7\nmodel name\t: A Processor: fast\nVmHWM:\t    2048 kB\n";
        assert_eq!(field(text, "model name"), Some("A Processor: fast"));
        assert_eq!(field(text, "VmHWM").and_then(kibibytes), Some(2 << 20));
        assert_eq!(field(text, "name"), None);
    }

    #[test]
    fn the_program_is_stamped_with_a_whole_commit_or_none() {
        let commit = Program::this().commit;
        assert!(commit == "unknown" || commit.len() == 40, "{commit}");
    }
}
