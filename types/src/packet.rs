//! Packets: a record, its signature, and their bytes (§ 3.5).

use crate::field::{self, Fr};
use crate::key::{KeyError, PublicKey, SecretKey, Signature};
use crate::kind::Schema;
use crate::record::{Body, Header, Record, RecordError};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Version byte of the packets described in § 3.5.
pub const VERSION: u8 = 1;
const HEADER_BYTES: usize = 2 + 32 + 8 + 8 + 8 + 32 + 32;
const SIGNATURE_BYTES: usize = 64;

/// Why bytes are not a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// First byte is not the version.
    #[error("packet version {0} is not supported; expected version 1")]
    Version(u8),
    /// Second byte is no schema.
    #[error("unknown schema {0}; expected 1 (uptime), 2 (coverage), 3 (energy) or 4 (witness)")]
    Schema(u8),
    /// Too short or too long.
    #[error("packet has {found} bytes; a packet of this schema has {expected}")]
    Length {
        /// Bytes received.
        found: usize,
        /// Bytes expected.
        expected: usize,
    },
    /// An entry is not below the field's order.
    #[error("packet field {0} is not below the BN254 scalar field's order")]
    NotCanonical(&'static str),
    /// The words do not follow the schema.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The signature's bytes are malformed.
    #[error("signature is malformed: {0}")]
    Signature(#[from] KeyError),
}

/// A signed record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The record.
    pub record: Record,
    /// Signature over the record's message.
    pub signature: Signature,
}

impl Packet {
    /// Signs a record.
    pub fn sign(record: Record, key: &SecretKey) -> Self {
        let signature = key.sign(&record.message());
        Self { record, signature }
    }

    /// Whether the signature is `key`'s.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(&self.record.message(), &self.signature)
    }

    /// Bytes of a packet of a schema.
    pub fn length(schema: Schema) -> usize {
        HEADER_BYTES + 32 * schema.words() + SIGNATURE_BYTES
    }

    /// The canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = &self.record.header;
        let schema = self.record.body.schema();
        let mut bytes = Vec::with_capacity(Self::length(schema));
        bytes.extend([VERSION, schema as u8]);
        bytes.extend(field::to_le_bytes(&header.network));
        bytes.extend(header.device.to_le_bytes());
        bytes.extend(header.epoch.to_le_bytes());
        bytes.extend(header.counter.to_le_bytes());
        bytes.extend(field::to_le_bytes(&header.nonce));
        bytes.extend(field::to_le_bytes(&header.salt));
        for word in self.record.body.words() {
            bytes.extend(field::to_le_bytes(&word));
        }
        bytes.extend(self.signature.to_bytes());
        bytes
    }

    /// Reads canonical bytes; allocates no more than the schema's fixed size.
    ///
    /// # Errors
    /// When anything differs from the one canonical encoding.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PacketError> {
        let mut reader = Reader(bytes);
        let [version] = reader.take("version", HEADER_BYTES + SIGNATURE_BYTES, bytes)?;
        if version != VERSION {
            return Err(PacketError::Version(version));
        }
        let [number] = reader.take("schema", HEADER_BYTES + SIGNATURE_BYTES, bytes)?;
        let schema = Schema::from_number(number).ok_or(PacketError::Schema(number))?;
        let expected = Self::length(schema);
        if bytes.len() != expected {
            return Err(PacketError::Length { found: bytes.len(), expected });
        }
        let entry = |reader: &mut Reader<'_>, name| {
            let raw = reader.take(name, expected, bytes)?;
            field::from_le_bytes(&raw).ok_or(PacketError::NotCanonical(name))
        };
        let network = entry(&mut reader, "network")?;
        let device = u64::from_le_bytes(reader.take("device", expected, bytes)?);
        let epoch = u64::from_le_bytes(reader.take("epoch", expected, bytes)?);
        let counter = u64::from_le_bytes(reader.take("counter", expected, bytes)?);
        let nonce = entry(&mut reader, "nonce")?;
        let salt = entry(&mut reader, "salt")?;
        let words: Vec<Fr> =
            (0..schema.words()).map(|_| entry(&mut reader, "words")).collect::<Result<_, _>>()?;
        let signature = Signature::from_bytes(&reader.take("signature", expected, bytes)?)?;
        let header = Header { network, device, epoch, counter, nonce, salt };
        Ok(Self { record: Record { header, body: Body::from_words(schema, &words)? }, signature })
    }
}

/// Takes fixed-size fields off the front of a packet.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(
        &mut self,
        _name: &'static str,
        expected: usize,
        whole: &[u8],
    ) -> Result<[u8; N], PacketError> {
        let short = PacketError::Length { found: whole.len(), expected };
        let (head, rest) = self.0.split_at_checked(N).ok_or(short)?;
        self.0 = rest;
        head.try_into().map_err(|_| short)
    }
}

impl Serialize for Packet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Packet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = hex::decode(String::deserialize(deserializer)?)
            .map_err(|_| D::Error::custom("expected a packet as hexadecimal text"))?;
        Self::from_bytes(&bytes).map_err(D::Error::custom)
    }
}
