//! Small sealed bundles: one member, one attestor.

use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::record::slots::Slots;
use ergon_types::{
    Address, Body, Bundle, Fr, Header, Kind, Member, Membership, Network, Packet, Policy, Record,
    Seal, SecretKey, State,
};

/// Who is paid the fee.
pub(crate) const PROVER: Address = Address([9; 20]);
/// Slots alive of the uptime bundle.
pub(crate) const ALIVE: u32 = 200;
/// Watt-hours of each of the energy bundle's quarter hours.
pub(crate) const DELTA: u32 = 250;

pub(crate) fn network() -> Network {
    Network { chain_id: 31337, settlement: Address([1; 20]), registry: Address([2; 20]) }
}

pub(crate) fn membership(kind: Kind, cohort: u32) -> Membership {
    let attribute = if kind == Kind::Energy { 10_000 | (1 << 32) } else { 0 };
    let member =
        Member { device: 7, key: device().public(), operator: Address([3; 20]), attribute };
    Membership { cohort, region: 0, members: vec![Some(member)] }
}

fn device() -> SecretKey {
    SecretKey::from_bytes([4; 32])
}

fn body(kind: Kind) -> Body {
    match kind {
        Kind::Energy => {
            let mut meter = Meter { generation: 1, start: 1_000, end: 1_000, ..Meter::default() };
            for quarter in &mut meter.quarters[20..60] {
                *quarter = Quarter { present: true, tamper: false, delta: DELTA };
                meter.end += u64::from(DELTA);
            }
            Body::Energy(meter)
        }
        _ => Body::Uptime((0..ALIVE).collect::<Slots>()),
    }
}

/// A sealed bundle of one member.
pub(crate) fn sealed(kind: Kind, epoch: u64, cohort: u32) -> Bundle {
    let (network, membership) = (network(), membership(kind, cohort));
    let attestor = SecretKey::from_bytes([5; 32]);
    let header = Header {
        network: network.id(),
        device: 7,
        epoch,
        counter: 1,
        nonce: Fr::from(0u64),
        salt: device().salt(kind.schema(), epoch),
    };
    let packet = Packet::sign(Record { header, body: body(kind) }, &device());
    let arrivals = match kind {
        Kind::Uptime => vec![packet.record.slots()],
        _ => Vec::new(),
    };
    let seal = Seal {
        kind,
        network: network.id(),
        epoch,
        cohort,
        membership_root: membership.root(&network),
        witness_root: Fr::from(0u64),
        attestor: attestor.public(),
        salt: Fr::from(6u64),
        heads: vec![packet.record.message()],
        arrivals,
        witness_heads: Vec::new(),
    };
    Bundle {
        version: ergon_types::bundle::VERSION,
        kind,
        network,
        epoch,
        membership,
        witnesses: None,
        policy: Policy::standard(kind),
        packets: vec![Some(packet)],
        witness_packets: Vec::new(),
        state: (kind == Kind::Energy).then(|| State::genesis(1)),
        seal_signature: attestor.sign(&seal.message()),
        seal,
    }
}
