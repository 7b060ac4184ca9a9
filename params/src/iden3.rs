//! iden3's binary files: a magic word, a version, then sections with a type and a length; integers are little-endian.
//!
//! Format: <https://github.com/iden3/r1csfile/blob/master/doc/r1cs_bin_format.md>; `.wtns` and `.zkey` files of snarkjs
//! share the container.

pub(crate) mod error;
pub(crate) mod r1cs;
mod reader;
pub(crate) mod wtns;
pub(crate) mod zkey;

use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};

/// Bytes of a field element.
const FIELD_BYTES: usize = 32;

/// A file being written, in memory.
struct Writer(Vec<u8>);

impl Writer {
    /// A file with this many sections to come; `capacity` bytes in all, so that secrets are not copied around.
    fn new(magic: &[u8; 4], version: u32, sections: u32, capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.extend(magic);
        bytes.extend(version.to_le_bytes());
        bytes.extend(sections.to_le_bytes());
        Self(bytes)
    }

    /// A section; its length is filled in afterwards.
    fn section(&mut self, kind: u32, content: impl FnOnce(&mut Self)) {
        self.0.extend(kind.to_le_bytes());
        let length = self.0.len();
        self.0.extend([0; 8]);
        let start = self.0.len();
        content(self);
        let written = (self.0.len() - start) as u64;
        self.0[length..start].copy_from_slice(&written.to_le_bytes());
    }

    /// A count or index as 32 bits: circuits over BN254 end at 2²⁸ rows.
    fn count(&mut self, value: usize) {
        self.0.extend((value as u32).to_le_bytes());
    }

    /// A count or index as 64 bits.
    fn long(&mut self, value: usize) {
        self.0.extend((value as u64).to_le_bytes());
    }

    /// A field element below the field's order.
    fn element(&mut self, value: &Fr) {
        self.0.extend(value.into_bigint().to_bytes_le());
    }

    /// The field: size of an element and the order.
    fn field(&mut self) {
        self.count(FIELD_BYTES);
        self.0.extend(Fr::MODULUS.to_bytes_le());
    }
}
