//! Circuits as systems of the harness, and honest inputs that use every part of every statement.

use crate::fixture::*;
use ark_ff::Zero;
use ergon_circuits::input::ROWS;
use ergon_circuits::r1cs::{INSTANCE, R1cs};
use ergon_circuits::{
    Answer, CircuitId, Contradiction, Evidence, Omission, SecondSeal, Statement, StatementName,
    WITNESSES,
};
use ergon_soundness::{Row, System};
use ergon_types::record::energy::{Meter, Quarter};
use ergon_types::record::witness::Hearings;
use ergon_types::{
    Ack, Address, Body, Bundle, Fr, Kind, MeterState, Packet, Policy, Schema, SecretKey, State,
};
use std::ops::Range;

/// The challenge of statements that nobody settles.
pub(crate) const Z: u64 = 1_000_003;

/// A gadget's builder without rows.
pub(crate) fn empty() -> R1cs {
    R1cs::new([Fr::zero(); INSTANCE - 1])
}

/// The rows and values of a builder.
pub(crate) fn system(g: &R1cs) -> System<Fr> {
    let rows = g.rows().iter().map(|row| Row {
        label: row.label.into(),
        a: row.a.clone(),
        b: row.b.clone(),
        c: row.c.clone(),
    });
    System::new(rows.collect(), g.assignment().to_vec(), INSTANCE)
}

/// Honest statements of a circuit: one in which everybody is included and one in which nobody is, so that between them
/// every assertion has something to assert.
pub(crate) fn honest(id: CircuitId) -> Vec<Statement> {
    let bundles = match id.statement {
        StatementName::Membership => return memberships(id.members),
        StatementName::Contradiction(evidence) => return contradictions(evidence),
        StatementName::SecondSeal => return second_seals(),
        StatementName::Omission(schema) => return omissions(schema),
        StatementName::Answer(schema) => return answers(schema),
        StatementName::Kind(Kind::Uptime) => vec![uptime(0..MEMBERS), uptime(0..0)],
        StatementName::Kind(Kind::Energy) => vec![energy(0..MEMBERS), energy(0..0)],
        StatementName::Kind(Kind::Coverage) => {
            vec![crowded(), full(Kind::Coverage, centre()).seal()]
        }
    };
    let plan = |bundle| Statement::from_bundle(bundle, PROVER).unwrap();
    let statements: Vec<Statement> = bundles.iter().map(plan).collect();
    for (statement, everybody) in statements.iter().zip([true, false]) {
        let mut members = statement.outcome().unwrap().members.iter();
        assert!(members.all(|member| member.included == everybody), "{id}");
    }
    statements
}

fn memberships(members: usize) -> Vec<Statement> {
    let bundle = Cohort::new(Kind::Coverage, centre()).bundle;
    let cohort = if members == WITNESSES { bundle.witnesses.unwrap() } else { bundle.membership };
    assert_eq!(cohort.members.len(), members);
    vec![Statement::membership(&network(), &cohort)]
}

/// Pairs that contradict each other in each way there is.
fn contradictions(evidence: Evidence) -> Vec<Statement> {
    let meters = [
        |second: &mut Meter| second.quarters[2].delta -= 1,
        |second: &mut Meter| second.quarters[94].tamper = true,
        |second: &mut Meter| second.start -= 1,
        |second: &mut Meter| second.generation = 2,
    ];
    let pairs: Vec<[Body; 2]> = match evidence {
        Evidence::Witness => vec![[3, 4].map(|cohort| Body::Witness(Hearings::new(cohort)))],
        Evidence::Energy => meters
            .map(|change| {
                let first = meter(&[100; 96]);
                let mut second = first.clone();
                change(&mut second);
                [first, second].map(Body::Energy)
            })
            .into(),
    };
    let statement = |[first, second]: [Body; 2]| {
        let first = packet(&key(0), 1, first);
        let mut record = packet(&key(0), 1, second).record;
        record.header.counter += 1;
        let packets = [first, Packet::sign(record, &key(0))];
        let reporter = Address([0x77; 20]);
        let pair = Contradiction::new(network(), key(0).public(), reporter, packets).unwrap();
        Statement::contradiction(pair)
    };
    pairs.into_iter().map(statement).collect()
}

/// Seals of one cohort and epoch with two salts, in either order.
fn second_seals() -> Vec<Statement> {
    let seals = [1u64, 2].map(|salt| {
        let mut bundle = full(Kind::Uptime, 0).seal();
        bundle.seal.salt = Fr::from(salt);
        resign(&mut bundle);
        (bundle.seal.content(), bundle.seal_signature)
    });
    let [first, second] = seals;
    let (attestor, reporter) = (attestor().public(), Address([0x77; 20]));
    let statement = |seals| {
        let pair = SecondSeal::new(network(), attestor, reporter, EPOCH, COHORT, seals).unwrap();
        Statement::second_seal(pair)
    };
    [[first, second], [second, first]].map(statement).into()
}

/// Seals that lack what was acknowledged of the second place's device, in each way there is.
fn omissions(schema: Schema) -> Vec<Statement> {
    let reporter = Address([0x77; 20]);
    let bodies = [1, 2].map(|readings: u32| match schema {
        Schema::Uptime => Body::Uptime(slots(140..150 * readings)),
        Schema::Coverage => Body::Coverage(slots(140..150 * readings)),
        Schema::Energy => Body::Energy(meter(&[700, 800][..readings as usize])),
        Schema::Witness => Body::Witness({
            let mut heard = Hearings::new(COHORT);
            (0..readings as i32).for_each(|cell| {
                heard.insert(hearing(1, cell, 2));
            });
            heard
        }),
    });
    let witness = schema == Schema::Witness;
    let (signer, device): (SecretKey, u64) =
        if witness { (witness_key(1), 51) } else { (key(1), 2) };
    let [first, second] = bodies.map(|body| packet(&signer, device, body));
    let mut second = second.record;
    second.header.counter += 6;
    let of = (device, schema, EPOCH);
    let ack = Ack::sign(&attestor(), network().id(), of, second.message(), 145, Fr::from(4u64));
    let sealed = |packet: Option<Packet>| {
        let mut cohort = full(schema.kind(), SIX_KILOWATTS);
        let packets = match schema {
            Schema::Witness => &mut cohort.bundle.witness_packets,
            _ => &mut cohort.bundle.packets,
        };
        packets[1] = packet;
        cohort.seal()
    };
    let mut bundles = vec![sealed(None), sealed(Some(first))];
    if schema == Schema::Uptime {
        let mut bundle = sealed(Some(Packet::sign(second.clone(), &signer)));
        bundle.seal.arrivals[1] = slots(146..280);
        resign(&mut bundle);
        bundles.push(bundle);
    }
    let prove = |bundle| Omission::new(&bundle, ack, &second, reporter).unwrap();
    bundles.into_iter().map(prove).map(Statement::omission).collect()
}

/// A packet after the acknowledged one.
fn answers(schema: Schema) -> Vec<Statement> {
    let body = match schema {
        Schema::Uptime => Body::Uptime(slots(140..150)),
        Schema::Coverage => Body::Coverage(slots(140..150)),
        Schema::Energy => Body::Energy(meter(&[700])),
        Schema::Witness => Body::Witness(Hearings::new(COHORT)),
    };
    let answer = Answer::new(network(), key(1).public(), 2, packet(&key(1), 2, body)).unwrap();
    vec![Statement::answer(answer)]
}

/// A cohort whose last place is taken too.
fn full(kind: Kind, attribute: u64) -> Cohort {
    let mut cohort = Cohort::new(kind, attribute);
    let places = &mut cohort.bundle.membership.members;
    let mut last = places[0].unwrap();
    (last.device, last.key, last.operator) =
        (MEMBERS as u64, key(MEMBERS - 1).public(), operator(MEMBERS));
    places[MEMBERS - 1] = Some(last);
    cohort
}

/// Days with gaps of these members; the others have no packet.
fn uptime(signing: Range<usize>) -> Bundle {
    let mut cohort = full(Kind::Uptime, 0);
    for member in signing {
        let gap = member as u32;
        cohort.sign(member, Body::Uptime(slots(gap..280 - 3 * gap)));
    }
    cohort.seal()
}

/// Days with absent and tampered quarter hours, after settled ones, of these members.
fn energy(signing: Range<usize>) -> Bundle {
    let mut cohort = full(Kind::Energy, SIX_KILOWATTS);
    let settled = |member: u64| MeterState {
        generation: (member % 2) as u16,
        end: 990 + member,
        salt: Fr::from(member + 77),
    };
    cohort.bundle.state = Some(State((0..MEMBERS as u64).map(settled).collect()));
    for member in signing {
        let mut day = Meter { generation: 1, start: 1000, ..Meter::default() };
        for (slot, quarter) in day.quarters.iter_mut().enumerate() {
            let delta = (slot * 37 + member * 101) as u32 % 1500;
            let present = slot % 9 != 4;
            let delta = if present { delta } else { 0 };
            *quarter = Quarter { present, tamper: present && slot % 7 == 3, delta };
        }
        day.end = day.start + day.attributed() + 5 * member as u64;
        cohort.sign(member, Body::Energy(day));
    }
    cohort.seal()
}

/// Every row of every member and every entry of every witness is used: the cells of a member are heard by as many
/// witnesses as the policy asks for.
fn crowded() -> Bundle {
    let mut cohort = full(Kind::Coverage, centre());
    let Policy::Coverage { witnesses: needed, .. } = cohort.bundle.policy else { unreachable!() };
    let needed = usize::from(needed);
    let mut heard: [_; WITNESSES] = std::array::from_fn(|_| Hearings::new(COHORT));
    let entries = heard[0].entries().len();
    // A row is heard by `needed` witnesses, and entries are fewer than rows may ask for.
    let cells = ROWS.min(WITNESSES * entries / MEMBERS / needed);
    for cell in 0..cells {
        for (member, near) in (0..MEMBERS).flat_map(|m| (0..needed).map(move |near| (m, near))) {
            let class = ((cell + member + near) % 3) as u8;
            let witness = (cell * needed + near) % WITNESSES;
            heard[witness].insert(hearing(member as u8, cell as i32 - cells as i32 / 2, class));
        }
    }
    for member in 0..MEMBERS {
        cohort.sign(member, Body::Coverage(slots(0..200 + member as u32)));
    }
    for (witness, heard) in heard.into_iter().enumerate() {
        cohort.witness(witness, Body::Witness(heard));
    }
    cohort.seal()
}
