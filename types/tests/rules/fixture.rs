//! One device, its key, and a plausible record of each schema.

use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::record::witness::{Hearing, Hearings};
use ergon_types::{
    Address, Body, Fr, Header, Member, Membership, Network, Offset, Packet, Record, Schema,
    SecretKey,
};

pub(crate) fn key(index: u8) -> SecretKey {
    SecretKey::from_bytes([index; 32])
}

pub(crate) fn network() -> Network {
    Network { chain_id: 31337, settlement: Address([1; 20]), registry: Address([2; 20]) }
}

/// A record of the device with key 1, with this counter.
pub(crate) fn record(body: Body, counter: u64) -> Record {
    let salt = key(1).salt(body.schema(), 20_000);
    let (network, nonce) = (network().id(), Fr::from(counter - 1));
    Record { header: Header { network, device: 5, epoch: 20_000, counter, nonce, salt }, body }
}

pub(crate) fn hearing(member: u8, (a, b): (i32, i32), class: u8) -> Hearing {
    Hearing { member, offset: Offset::new(a, b).unwrap(), class }
}

pub(crate) fn hearings(list: &[Hearing]) -> Hearings {
    let mut table = Hearings::new(7);
    for hearing in list {
        table.insert(*hearing);
    }
    table
}

/// A meter whose counter began at 1,000 Wh, with these (slot, watt-hours).
pub(crate) fn meter(deltas: &[(usize, u32)], end: u64) -> Meter {
    let mut meter = Meter { generation: 1, start: 1000, end, ..Meter::default() };
    for (slot, delta) in deltas {
        meter.quarters[*slot] = Quarter { present: true, tamper: false, delta: *delta };
    }
    meter
}

pub(crate) fn body(schema: Schema) -> Body {
    match schema {
        Schema::Uptime => Body::Uptime([0, 5, 143, 144, 287].into_iter().collect()),
        Schema::Coverage => Body::Coverage((0..288).collect()),
        Schema::Energy => Body::Energy(meter(&[(0, 0), (40, 812), (95, 3)], 2000)),
        Schema::Witness => Body::Witness(hearings(&[
            hearing(0, (-7, 30), 3),
            hearing(0, (511, -512), 0),
            hearing(3, (0, 0), 2),
        ])),
    }
}

/// A first packet of each schema, signed.
pub(crate) fn packet(schema: Schema) -> Packet {
    Packet::sign(record(body(schema), 1), &key(1))
}

pub(crate) fn member(index: u8) -> Member {
    Member {
        device: u64::from(index) + 1,
        key: key(index).public(),
        operator: Address([index; 20]),
        attribute: 350_000,
    }
}

/// Four places, the second of them empty.
pub(crate) fn membership() -> Membership {
    let place = |index: u8| (index != 1).then(|| member(index));
    Membership { cohort: 7, region: 0, members: (0..4).map(place).collect() }
}
