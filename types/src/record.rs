//! Records: all that one device has signed of one epoch and schema so far (§ 3).

pub mod energy;
pub mod slots;
pub mod witness;

use crate::field::{self, Fr};
use crate::kind::Schema;
use crate::poseidon::hash_vector;
use crate::tag::Tag;
use alloc::vec;
use alloc::vec::Vec;
use energy::Meter;
use slots::Slots;
use witness::Hearings;

/// Why words are not a record, or a record does not follow another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A word has bits outside its layout, or an entry breaks its rule.
    #[error("word {index} of a {schema} record is malformed: {expected}")]
    Malformed {
        /// The record's schema.
        schema: Schema,
        /// Index of the word.
        index: usize,
        /// What the layout asks for.
        expected: &'static str,
    },
    /// Another device, schema, epoch or network.
    #[error("record is for another device, schema, epoch or network than the one it should extend")]
    Misdirected,
    /// The counter does not grow.
    #[error("record counter {found} must be above {last}")]
    Counter {
        /// Counter of the later record.
        found: u64,
        /// Counter of the earlier record.
        last: u64,
    },
    /// Something signed before is missing now.
    #[error(
        "record drops {what} that an earlier record has; resume from the last acknowledged record"
    )]
    Dropped {
        /// What is missing.
        what: &'static str,
    },
    /// Something signed before has another value now.
    #[error("record contradicts an earlier one: {what} differs; neither will be paid")]
    Contradiction {
        /// What differs.
        what: &'static str,
    },
}

/// What every record carries besides its words (§ 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The network's identity.
    pub network: Fr,
    /// The registry's identifier of the device.
    pub device: u64,
    /// The epoch that is recorded.
    pub epoch: u64,
    /// Number of this packet within the record, from 1.
    pub counter: u64,
    /// Nonce of the gateway's last acknowledgement of this record, 0 at first.
    pub nonce: Fr,
    /// 248 secret bits.
    pub salt: Fr,
}

/// The words of a record by schema (§ 3.2).
// A meter is larger than the rest; boxing it would cost an allocation and save nothing that is kept in numbers.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Slots alive.
    Uptime(Slots),
    /// Slots alive of a covered device.
    Coverage(Slots),
    /// Counters and deltas of a meter.
    Energy(Meter),
    /// What a witness heard.
    Witness(Hearings),
}

impl Body {
    /// The schema of these words.
    pub fn schema(&self) -> Schema {
        match self {
            Self::Uptime(_) => Schema::Uptime,
            Self::Coverage(_) => Schema::Coverage,
            Self::Energy(_) => Schema::Energy,
            Self::Witness(_) => Schema::Witness,
        }
    }

    /// An empty record body; `cohort` is the covered cohort of a witness.
    pub fn empty(schema: Schema, cohort: u32) -> Self {
        match schema {
            Schema::Uptime => Self::Uptime(Slots::default()),
            Schema::Coverage => Self::Coverage(Slots::default()),
            Schema::Energy => Self::Energy(Meter::default()),
            Schema::Witness => Self::Witness(Hearings::new(cohort)),
        }
    }

    /// The packed words.
    pub fn words(&self) -> Vec<Fr> {
        match self {
            Self::Uptime(slots) | Self::Coverage(slots) => slots.words().to_vec(),
            Self::Energy(meter) => meter.words(),
            Self::Witness(hearings) => hearings.words(),
        }
    }

    /// Reads packed words.
    ///
    /// # Errors
    /// When a word does not follow the schema's layout.
    pub fn from_words(schema: Schema, words: &[Fr]) -> Result<Self, RecordError> {
        if words.len() != schema.words() {
            let expected = "another number of words";
            return Err(RecordError::Malformed { schema, index: words.len(), expected });
        }
        let malformed = |(index, expected)| RecordError::Malformed { schema, index, expected };
        Ok(match schema {
            Schema::Uptime => Self::Uptime(Slots::from_words(words).map_err(malformed)?),
            Schema::Coverage => Self::Coverage(Slots::from_words(words).map_err(malformed)?),
            Schema::Energy => Self::Energy(Meter::from_words(words).map_err(malformed)?),
            Schema::Witness => Self::Witness(Hearings::from_words(words).map_err(malformed)?),
        })
    }
}

/// A device's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Identity, freshness and salt.
    pub header: Header,
    /// The readings.
    pub body: Body,
}

impl Record {
    /// The message that is signed (§ 3.1).
    pub fn message(&self) -> Fr {
        let Header { network, device, epoch, counter, nonce, salt } = self.header;
        let mut entries =
            vec![network, Fr::from(device), Fr::from(epoch), Fr::from(counter), nonce, salt];
        entries.extend(self.body.words());
        hash_vector(Tag::record(self.body.schema()), &entries)
    }

    /// Whether this record extends an earlier one (§ 3.4).
    ///
    /// # Errors
    /// `Contradiction` takes precedence over the milder reasons.
    pub fn extends(&self, earlier: &Self) -> Result<(), RecordError> {
        let (new, old) = (&self.header, &earlier.header);
        let same = new.network == old.network
            && new.device == old.device
            && new.epoch == old.epoch
            && self.body.schema() == earlier.body.schema();
        if !same {
            return Err(RecordError::Misdirected);
        }
        let growth = self.growth(earlier);
        if let Err(error @ RecordError::Contradiction { .. }) = growth {
            return Err(error);
        }
        if new.counter <= old.counter {
            return Err(RecordError::Counter { found: new.counter, last: old.counter });
        }
        growth
    }

    fn growth(&self, earlier: &Self) -> Result<(), RecordError> {
        match (&self.body, &earlier.body) {
            (Body::Uptime(new), Body::Uptime(old)) | (Body::Coverage(new), Body::Coverage(old)) => {
                if new.contains(old) {
                    Ok(())
                } else {
                    Err(RecordError::Dropped { what: "a slot" })
                }
            }
            (Body::Energy(new), Body::Energy(old)) => new.extends(old),
            (Body::Witness(new), Body::Witness(old)) => new.extends(old),
            _ => Err(RecordError::Misdirected),
        }
    }

    /// Slots that this record has and an earlier one had not; witnesses have none.
    pub fn new_slots(&self, earlier: Option<&Self>) -> Vec<u32> {
        let slots = self.slots();
        let before = earlier.map(Self::slots).unwrap_or_default();
        slots.iter().filter(|slot| !before.get(*slot)).collect()
    }

    /// The slots present in this record.
    pub fn slots(&self) -> Slots {
        match &self.body {
            Body::Uptime(slots) | Body::Coverage(slots) => *slots,
            Body::Energy(meter) => meter.present(),
            Body::Witness(_) => Slots::default(),
        }
    }
}

/// Splits a word into equal fields of `width` bits, checking that nothing lies above them.
fn fields(word: &Fr, width: usize, count: usize) -> Option<Vec<u64>> {
    field::fits(word, width * count)
        .then(|| (0..count).map(|i| field::bits(word, i * width, width)).collect())
}

/// Packs fields of `width` bits into a word, the first in the lowest bits.
fn pack(fields: impl DoubleEndedIterator<Item = u64>, width: usize) -> Fr {
    let base = field::power_of_two(width);
    fields.rev().fold(Fr::from(0u64), |word, field| word * base + Fr::from(field))
}
