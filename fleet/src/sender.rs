//! Signs a device's day: the record grows with each reading, and every packet carries all of it (§ 3).

use ergon_types::field::Fr;
use ergon_types::record::energy::Quarter;
use ergon_types::{Body, Header, Packet, Record, Schema, SecretKey};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::day::{Asset, Reading};

/// A reading does not belong in the record it was given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {schema} record cannot take this reading; send each device's own steps")]
pub struct WrongReading {
    /// What the record's words mean.
    pub schema: Schema,
}

/// The secret of a trial device: the same seed and number give the same key, so it protects nothing of value.
pub fn trial_key(seed: u64, number: u64) -> SecretKey {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    rng.set_stream(number);
    let mut secret = [0; 32];
    rng.fill_bytes(&mut secret);
    SecretKey::from_bytes(secret)
}

/// A device and its record of one epoch.
#[derive(Clone, Debug)]
pub struct Sender {
    key: SecretKey,
    slot_limit: u32,
    record: Record,
}

impl Sender {
    /// A device at the beginning of an epoch; `cohort` is the one that a witness covers.
    pub fn new(
        key: SecretKey,
        asset: &Asset,
        network: Fr,
        device: u64,
        epoch: u64,
        cohort: u32,
    ) -> Self {
        let schema = asset.schema();
        let mut body = Body::empty(schema, cohort);
        if let (Body::Energy(meter), Asset::Meter { generation, start_wh, .. }) = (&mut body, asset)
        {
            meter.generation = *generation;
            meter.start = *start_wh;
            meter.end = *start_wh;
        }
        let header = Header {
            network,
            device,
            epoch,
            counter: 0,
            nonce: Fr::from(0u64),
            salt: key.salt(schema, epoch),
        };
        Self::resume(key, asset, Record { header, body })
    }

    /// A device that goes on from its last acknowledged record.
    pub fn resume(key: SecretKey, asset: &Asset, record: Record) -> Self {
        Self { key, slot_limit: asset.slot_limit(), record }
    }

    /// The record so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Takes the nonce of the gateway's acknowledgement into the next packet.
    pub fn acknowledged(&mut self, nonce: Fr) {
        self.record.header.nonce = nonce;
    }

    /// Adds a reading to the record and signs all of it. Watt-hours above the meter's limit of a slot raise the end
    /// counter only: the slot is present with 0 Wh.
    ///
    /// # Errors
    /// When the reading is of another kind of device; the record is unchanged.
    pub fn send(&mut self, reading: &Reading) -> Result<Packet, WrongReading> {
        match (&mut self.record.body, reading) {
            (Body::Uptime(slots) | Body::Coverage(slots), Reading::Alive { slot }) => {
                slots.insert(*slot);
            }
            (Body::Energy(meter), Reading::Energy { slot, delta, tamper })
                if *slot < meter.quarters.len() =>
            {
                // A larger delta would make the whole day unprovable.
                let attributed = if *delta <= self.slot_limit { *delta } else { 0 };
                meter.quarters[*slot] =
                    Quarter { present: true, tamper: *tamper, delta: attributed };
                meter.end += u64::from(*delta);
            }
            (Body::Witness(hearings), Reading::Heard(heard)) => {
                for hearing in heard {
                    hearings.insert(*hearing);
                }
            }
            (body, _) => {
                let schema = body.schema();
                return Err(WrongReading { schema });
            }
        }
        self.record.header.counter += 1;
        Ok(Packet::sign(self.record.clone(), &self.key))
    }
}
