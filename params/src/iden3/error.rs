//! Why a `.zkey` file is refused: what is wrong in it, what was expected.

/// Why a file is not the key of a circuit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZkeyError {
    /// Another kind of file.
    #[error("it is no .zkey file of snarkjs")]
    Magic,
    /// Another version.
    #[error("its format version is {found}, expected {expected}")]
    Version {
        /// The file's.
        found: usize,
        /// This program's.
        expected: u32,
    },
    /// Ends too early.
    #[error("it ends inside its {section}; copy it again")]
    Truncated {
        /// Where.
        section: &'static str,
    },
    /// A section is not there.
    #[error("it has no section for {section}")]
    Missing {
        /// What is missing.
        section: &'static str,
    },
    /// A section is there twice.
    #[error("it has section {kind} twice")]
    Repeated {
        /// The section's type.
        kind: u32,
    },
    /// A section is too long.
    #[error("its {section} has {extra} bytes too many")]
    Surplus {
        /// Which section.
        section: &'static str,
        /// Bytes that are left over.
        extra: usize,
    },
    /// PLONK or FFLONK.
    #[error("it is for protocol {found}, expected 1 (groth16)")]
    Protocol {
        /// snarkjs's number of the protocol.
        found: usize,
    },
    /// Another curve.
    #[error("it is for another curve; expected bn128 (BN254)")]
    Curve,
    /// A size that differs from the circuit's.
    #[error(
        "it has {found} {what}, the circuit has {expected}: it is for another circuit or version"
    )]
    Count {
        /// What is counted.
        what: &'static str,
        /// The file's.
        found: usize,
        /// The circuit's.
        expected: usize,
    },
    /// A constraint that differs from the circuit's.
    #[error("constraint {row} differs in matrix {matrix}: it is for another circuit or version")]
    Constraint {
        /// A or B.
        matrix: char,
        /// The row.
        row: usize,
    },
    /// Coordinates that are no point of the group.
    #[error("point {index} of its {section} is not in the group")]
    Point {
        /// Where.
        section: &'static str,
        /// Which point of the section.
        index: usize,
    },
    /// Points that contradict each other.
    #[error("its {0} contradict each other or are trivial")]
    Inconsistent(&'static str),
    /// The second phase has not begun.
    #[error(
        "nobody has contributed to it, so anyone can forge proofs under it; run `snarkjs zkey \
         contribute` and `snarkjs zkey beacon`"
    )]
    NoContributions,
}
