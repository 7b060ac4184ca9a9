//! Evidence against an attestor: a seal that leaves out what its key acknowledged (§ 6.8).

use crate::id::CircuitId;
use crate::input::{Input, ShapeError, check_shape, dummy_key};
use ergon_types::batch::OMISSION_WORDS;
use ergon_types::record::slots::SLOTS;
use ergon_types::{
    Ack, Address, Body, Bundle, Fr, Header, Membership, Network, Packet, Record, Schema, Seal,
    Signature,
};

/// In which way a seal lacks what was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Something else is sealed for the device: 0, or another record. The attestor may have an answer.
    Record,
    /// The slot is not among the sealed arrivals; uptime only.
    Arrival,
}

/// An acknowledgement with its record, a seal by the same key, what it lacks, and who reports it.
#[derive(Clone, Debug)]
pub struct Omission {
    reporter: Address,
    network: Network,
    places: Membership,
    seal: Seal,
    signature: Signature,
    ack: Ack,
    record: Record,
    lack: Lack,
}

/// Why a seal and an acknowledgement are no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OmissionError {
    /// Lists of the bundle have not its circuit's sizes.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The bundle's seal is not of its network and membership, or not signed by the key that it names.
    #[error(
        "the bundle's seal is not its attestor's word about this membership; get the sealed bundle"
    )]
    Seal,
    /// The key of the seal did not sign the acknowledgement.
    #[error("the acknowledgement is not signed by the key that signed the seal")]
    Acknowledgement,
    /// About a record of another network, epoch or schema than the seal.
    #[error("the acknowledgement is not about a record of the seal's network, epoch and kind")]
    Misdirected,
    /// The record is not the acknowledged one.
    #[error("the record is not the one that was acknowledged: its message is another")]
    Record,
    /// The seal owes nothing to who is no member.
    #[error("device {0} is not in the sealed membership")]
    NoMember(u64),
    /// The acknowledged record, or a later one, is sealed, with the slot if it is of uptime.
    #[error("the seal has what was acknowledged of device {0}: nothing is missing")]
    Complete(u64),
}

impl Omission {
    /// Evidence that proves something.
    ///
    /// # Errors
    /// When bundle, acknowledgement and record do not belong together, or the seal lacks nothing of them.
    pub fn new(
        bundle: &Bundle,
        ack: Ack,
        record: &Record,
        reporter: Address,
    ) -> Result<Self, OmissionError> {
        check_shape(bundle)?;
        let Bundle { network, seal, .. } = bundle;
        let sealed = seal.network == network.id()
            && seal.cohort == bundle.membership.cohort
            && seal.membership_root == bundle.root_of(Some(&bundle.membership))
            && seal.witness_root == bundle.root_of(bundle.witnesses.as_ref());
        if !sealed || !seal.attestor.verifies(&seal.message(), &bundle.seal_signature) {
            return Err(OmissionError::Seal);
        }
        if !ack.is_signed_by(&seal.attestor) {
            return Err(OmissionError::Acknowledgement);
        }
        if (ack.network, ack.epoch, ack.schema.kind()) != (seal.network, seal.epoch, seal.kind) {
            return Err(OmissionError::Misdirected);
        }
        let header = &record.header;
        let of = (header.network, header.device, header.epoch, record.body.schema());
        if of != (ack.network, ack.device, ack.epoch, ack.schema) || record.message() != ack.head {
            return Err(OmissionError::Record);
        }
        if let Body::Witness(hearings) = &record.body
            && hearings.cohort != seal.cohort
        {
            return Err(OmissionError::Misdirected);
        }
        let lack = lack(bundle, &ack, record)?;
        Ok(Self::unchecked(bundle, ack, record.clone(), reporter, lack))
    }

    /// What a cheat would hand in: a bundle of the right sizes and a record of the acknowledged schema, of which nothing
    /// else is checked.
    pub fn unchecked(
        bundle: &Bundle,
        ack: Ack,
        record: Record,
        reporter: Address,
        lack: Lack,
    ) -> Self {
        let places = places(bundle, ack.schema).clone();
        let (seal, signature) = (bundle.seal.clone(), bundle.seal_signature);
        Self { reporter, network: bundle.network, places, seal, signature, ack, record, lack }
    }

    /// Satisfiable evidence against the public dummy key, for key generation.
    pub(crate) fn blank(schema: Schema, members: usize) -> Self {
        let key = dummy_key();
        let bundle = Input::blank(schema.kind(), members).bundle;
        let zero = Fr::from(0u64);
        let network = bundle.network.id();
        let header = Header { network, device: 0, epoch: 0, counter: 1, nonce: zero, salt: zero };
        let record = Record { header, body: Body::empty(schema, 0) };
        let ack = Ack::sign(&key, network, (0, schema, 0), record.message(), 0, zero);
        Self::unchecked(&bundle, ack, record, Address::default(), Lack::Record)
    }

    /// The circuit that proves it.
    pub(crate) fn id(&self) -> CircuitId {
        CircuitId::omission(self.ack.schema, self.seal.heads.len())
    }

    /// Chain and contracts.
    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    /// The cohort whose heads are searched for the device: the witness cohort, if it is a witness.
    pub(crate) fn places(&self) -> &Membership {
        &self.places
    }

    /// The device's place among them. Of a cheat's device that has none, the first.
    pub(crate) fn place(&self) -> usize {
        place(&self.places, self.ack.device).unwrap_or_default()
    }

    /// The seal and its signature.
    pub(crate) fn seal(&self) -> (&Seal, &Signature) {
        (&self.seal, &self.signature)
    }

    /// The acknowledgement.
    pub(crate) fn ack(&self) -> &Ack {
        &self.ack
    }

    /// The acknowledged record.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// What is missing.
    pub fn lack(&self) -> Lack {
        self.lack
    }

    /// What is sealed for the device.
    pub fn head(&self) -> Fr {
        let heads = if self.ack.schema == Schema::Witness {
            &self.seal.witness_heads
        } else {
            &self.seal.heads
        };
        heads[self.place()]
    }

    /// The acknowledged record's counter, which an answer must be above.
    pub fn counter(&self) -> u64 {
        self.record.header.counter
    }

    /// The public words (§ 6.8).
    pub fn words(&self) -> [Fr; OMISSION_WORDS] {
        [
            Fr::from(self.network.chain_id),
            self.network.settlement.entry(),
            Fr::from(self.seal.epoch),
            Fr::from(self.seal.cohort),
            self.seal.attestor.point().x,
            self.seal.attestor.point().y,
            self.reporter.entry(),
            Fr::from(self.ack.device),
            self.places.root(&self.network),
            self.head(),
            Fr::from(self.counter()),
            Fr::from(self.lack == Lack::Arrival),
        ]
    }
}

/// What a seal lacks.
fn lack(bundle: &Bundle, ack: &Ack, record: &Record) -> Result<Lack, OmissionError> {
    let (seal, device) = (&bundle.seal, ack.device);
    let index = place(places(bundle, ack.schema), device).ok_or(OmissionError::NoMember(device))?;
    let (heads, packets) = match ack.schema {
        Schema::Witness => (&seal.witness_heads, &bundle.witness_packets),
        Schema::Uptime | Schema::Coverage | Schema::Energy => (&seal.heads, &bundle.packets),
    };
    let places = places(bundle, ack.schema);
    let key = places.members[index].as_ref().map(|member| member.key);
    // Only what an attestor can answer with is a later record: one that the device signed.
    let is_later = packets[index].as_ref().is_some_and(|packet| {
        let Packet { record: sealed, signature } = packet;
        let header = &sealed.header;
        let of = (header.network, header.device, header.epoch, sealed.body.schema());
        of == (ack.network, device, ack.epoch, ack.schema)
            && sealed.message() == heads[index]
            && header.counter > record.header.counter
            && key.is_some_and(|key| key.verifies(&heads[index], signature))
    });
    if heads[index] != ack.head && !is_later {
        return Ok(Lack::Record);
    }
    // A slot that no epoch has is owed to nobody.
    let arrived =
        seal.arrivals.get(index).is_none_or(|slots| ack.slot >= SLOTS || slots.get(ack.slot));
    if arrived { Err(OmissionError::Complete(device)) } else { Ok(Lack::Arrival) }
}

fn places(bundle: &Bundle, schema: Schema) -> &Membership {
    match (schema, &bundle.witnesses) {
        (Schema::Witness, Some(witnesses)) => witnesses,
        _ => &bundle.membership,
    }
}

fn place(places: &Membership, device: u64) -> Option<usize> {
    places.members.iter().position(|member| member.as_ref().is_some_and(|m| m.device == device))
}
