//! A small network: devices with keys, cohorts with terms, packets to decide about.

use ergon_store::admission::{Context, Decision, Last, Refusal, Verified, address, decide};
use ergon_store::{Calendar, Directory, Terms};
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::{
    Address, Body, Fr, Header, Member, Membership, Network, Packet, Policy, Record, Schema,
    SecretKey,
};

pub(crate) const CALENDAR: Calendar = Calendar { genesis: 1_000_000, length: 86_400 };
pub(crate) const GRACE: u64 = 30;
pub(crate) const NETWORK: Network =
    Network { chain_id: 31_337, settlement: Address([1; 20]), registry: Address([2; 20]) };

pub(crate) const UPTIME: u32 = 1;
pub(crate) const COVERAGE: u32 = 2;
pub(crate) const ENERGY: u32 = 3;
pub(crate) const WITNESSES: u32 = 4;
pub(crate) const GENERATION: u16 = 5;

/// Device `n` signs with this key.
pub(crate) fn key(device: u64) -> SecretKey {
    SecretKey::from_bytes([device as u8; 32])
}

pub(crate) fn member(device: u64, attribute: u64) -> Member {
    Member { device, key: key(device).public(), operator: Address([9; 20]), attribute }
}

/// A cohort of four places, the first two held by devices `10·cohort` and `10·cohort + 1`.
pub(crate) fn terms(cohort: u32, schema: Schema) -> Terms {
    let attribute = match schema {
        Schema::Energy => 10_000 | (u64::from(GENERATION) << 32),
        _ => 0,
    };
    let coverage = schema == Schema::Coverage;
    let first = u64::from(cohort) * 10;
    Terms {
        schema,
        membership: Membership {
            cohort,
            region: if coverage { 0x0822_1aff_ffff_ffff } else { 0 },
            members: vec![
                Some(member(first, attribute)),
                Some(member(first + 1, attribute)),
                None,
                None,
            ],
        },
        policy: (schema != Schema::Witness).then(|| Policy::standard(schema.kind())),
        witness_cohort: coverage.then_some(WITNESSES),
    }
}

/// The four cohorts, all from epoch 0 on.
pub(crate) fn directory() -> Directory {
    let mut directory = Directory::default();
    for (cohort, schema) in [
        (UPTIME, Schema::Uptime),
        (COVERAGE, Schema::Coverage),
        (ENERGY, Schema::Energy),
        (WITNESSES, Schema::Witness),
    ] {
        directory.insert(0, terms(cohort, schema));
    }
    directory
}

/// A record of epoch 0, first packet.
pub(crate) fn record(device: u64, body: Body) -> Record {
    let salt = key(device).salt(body.schema(), 0);
    let zero = Fr::from(0u64);
    let header = Header { network: NETWORK.id(), device, epoch: 0, counter: 1, nonce: zero, salt };
    Record { header, body }
}

pub(crate) fn slots(body: fn(ergon_types::record::slots::Slots) -> Body, slots: &[u32]) -> Body {
    body(slots.iter().copied().collect())
}

/// A meter that starts at 1000 Wh and delivered 5 Wh in each of these quarter hours.
pub(crate) fn meter(quarters: &[usize]) -> Meter {
    let end = 1_000 + 5 * quarters.len() as u64;
    let mut meter = Meter { generation: GENERATION, start: 1_000, end, ..Meter::default() };
    for quarter in quarters {
        meter.quarters[*quarter] = Quarter { present: true, tamper: false, delta: 5 };
    }
    meter
}

/// Signs with the device's own key and passes address and signature.
pub(crate) fn verified(record: Record) -> Verified {
    let device = record.header.device;
    let place = address(&record, NETWORK.id(), &directory()).unwrap();
    Verified::check(Packet::sign(record, &key(device)), place).unwrap()
}

/// Nothing stored yet, `seconds` into epoch 0.
pub(crate) fn first(seconds: u64) -> Context {
    Context {
        calendar: CALENDAR,
        grace: GRACE,
        now: CALENDAR.genesis + seconds,
        last: None,
        contradicted: false,
        sealed: false,
        covered: None,
        margin: Some(105),
    }
}

/// The stored nonce of `after`.
pub(crate) fn nonce() -> Fr {
    Fr::from(77u64)
}

/// With `last` as the record's head, acknowledged with `nonce()`.
pub(crate) fn after(last: &Record, seconds: u64) -> Context {
    let packet = Packet::sign(last.clone(), &key(last.header.device));
    let arrivals = last.slots();
    Context { last: Some(Last { packet, nonce: nonce(), arrivals }), ..first(seconds) }
}

/// The same record with other words, the next counter and the right nonce.
pub(crate) fn next(last: &Record, body: Body) -> Record {
    let counter = last.header.counter + 1;
    Record { header: Header { counter, nonce: nonce(), ..last.header }, body }
}

pub(crate) fn refusal(record: Record, context: &Context) -> Refusal {
    match decide(&verified(record), context) {
        Decision::Refuse(refusal) => refusal,
        other => panic!("expected a refusal, found {other:?}"),
    }
}

pub(crate) fn code(record: Record, context: &Context) -> &'static str {
    refusal(record, context).code()
}

pub(crate) fn accepts(record: Record, context: &Context) -> bool {
    matches!(decide(&verified(record), context), Decision::Accept { .. })
}
