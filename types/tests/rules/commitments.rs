//! Every field of an acknowledgement, a seal, a membership, a state and a batch counts.

use crate::fixture::{key, member, membership, network};
use ergon_types::record::slots::Slots;
use ergon_types::{
    Ack, Batch, Fr, Kind, Member, Network, Policy, Schema, Seal, State, challenge_words,
};
use proptest::prelude::*;

fn one() -> Fr {
    Fr::from(1u64)
}

fn assert_all_different(entries: &[Fr]) {
    for (index, entry) in entries.iter().enumerate() {
        assert!(!entries[..index].contains(entry), "change {index} changes nothing");
    }
}

/// The values of a function over an original and changed copies of it.
fn after<T: Clone>(original: &T, value: impl Fn(&T) -> Fr, changes: &[&dyn Fn(&mut T)]) -> Vec<Fr> {
    let changed = changes.iter().map(|change| {
        let mut copy = original.clone();
        change(&mut copy);
        value(&copy)
    });
    std::iter::once(value(original)).chain(changed).collect()
}

fn seal(kind: Kind) -> Seal {
    let some: Slots = [3, 200].into_iter().collect();
    let uptime = kind == Kind::Uptime;
    let heard = kind == Kind::Coverage;
    Seal {
        kind,
        network: network().id(),
        epoch: 20_000,
        cohort: 7,
        membership_root: Fr::from(11u64),
        witness_root: Fr::from(12u64),
        attestor: key(9).public(),
        salt: Fr::from(13u64),
        heads: vec![Fr::from(21u64), Fr::from(0u64)],
        arrivals: if uptime { vec![some, Slots::default()] } else { vec![] },
        witness_heads: if heard { vec![Fr::from(31u64), Fr::from(0u64)] } else { vec![] },
    }
}

#[test]
fn an_acknowledgement_holds_for_its_fields_and_its_attestor_only() {
    let attestor = key(9);
    let of = (5, Schema::Uptime, 20_000);
    let ack = Ack::sign(&attestor, network().id(), of, Fr::from(77u64), 14, Fr::from(88u64));
    assert!(ack.is_signed_by(&attestor.public()));
    assert!(!ack.is_signed_by(&key(8).public()));
    let other = Ack::sign(&attestor, network().id(), of, Fr::from(78u64), 14, Fr::from(88u64));
    for changed in [
        Ack { network: ack.network + one(), ..ack },
        Ack { device: 6, ..ack },
        Ack { epoch: 20_001, ..ack },
        Ack { schema: Schema::Coverage, ..ack },
        Ack { head: ack.head + one(), ..ack },
        Ack { slot: 15, ..ack },
        Ack { nonce: ack.nonce + one(), ..ack },
        Ack { signature: other.signature, ..ack },
    ] {
        assert!(!changed.is_signed_by(&attestor.public()), "{changed:?}");
    }
}

#[test]
fn every_field_of_a_seal_changes_its_message() {
    let mut messages = Vec::new();
    for kind in Kind::ALL {
        messages.extend(after(
            &seal(kind),
            Seal::message,
            &[
                &|s| s.network += one(),
                &|s| s.epoch += 1,
                &|s| s.cohort += 1,
                &|s| s.membership_root += one(),
                &|s| s.witness_root += one(),
                &|s| s.attestor = key(8).public(),
                &|s| s.salt += one(),
                &|s| s.heads[0] = Fr::from(0u64),
                &|s| s.heads[1] += one(),
                &|s| s.heads.swap(0, 1),
                &|s| s.heads.push(Fr::from(0u64)),
            ],
        ));
    }
    messages.extend(
        &after(
            &seal(Kind::Uptime),
            Seal::message,
            &[
                &|s| s.arrivals[0].insert(4),
                &|s| s.arrivals[0].insert(287),
                &|s| s.arrivals[1].insert(3),
                &|s| s.arrivals.swap(0, 1),
            ],
        )[1..],
    );
    messages.extend(
        &after(
            &seal(Kind::Coverage),
            Seal::message,
            &[&|s| s.witness_heads[1] += one(), &|s| s.witness_heads.swap(0, 1), &|s| {
                s.witness_heads.push(Fr::from(0u64))
            }],
        )[1..],
    );
    assert_all_different(&messages);
}

#[test]
fn a_seals_content_is_all_but_who_seals_which_cohort_and_when() {
    for kind in Kind::ALL {
        let contents = after(
            &seal(kind),
            Seal::content,
            &[&|s| s.network += one(), &|s| s.epoch += 1, &|s| s.cohort += 1, &|s| {
                s.attestor = key(8).public()
            }],
        );
        assert!(contents.iter().all(|content| *content == contents[0]), "{kind}");
        let changed = after(
            &seal(kind),
            Seal::content,
            &[
                &|s| s.membership_root += one(),
                &|s| s.witness_root += one(),
                &|s| s.salt += one(),
                &|s| s.heads[1] += one(),
            ],
        );
        assert_all_different(&changed);
    }
}

#[test]
fn every_field_of_a_membership_changes_its_root() {
    let edit = |change: fn(&mut Member)| {
        let mut changed = membership();
        change(changed.members[0].as_mut().unwrap());
        changed.root(&network())
    };
    let mut roots = vec![
        edit(|m| m.device += 1),
        edit(|m| m.key = key(8).public()),
        edit(|m| m.operator.0[19] ^= 1),
        edit(|m| m.operator.0[0] ^= 1),
        edit(|m| m.attribute += 1),
    ];
    roots.extend(after(
        &membership(),
        |m| m.root(&network()),
        &[
            &|m| m.cohort += 1,
            &|m| m.region += 1,
            &|m| m.members[0] = None,
            &|m| m.members[1] = Some(member(1)),
            &|m| m.members.swap(0, 2),
            &|m| m.members.swap(0, 1),
            &|m| m.members.push(None),
        ],
    ));
    let registry = ergon_types::Address([3; 20]);
    roots.push(membership().root(&Network { chain_id: 1, ..network() }));
    roots.push(membership().root(&Network { registry, ..network() }));
    assert_all_different(&roots);
    // The settlement contract is not part of a membership, so one registry serves several.
    let settlement = ergon_types::Address([4; 20]);
    let moved = Network { settlement, ..network() };
    assert_eq!(membership().root(&moved), membership().root(&network()));
}

#[test]
fn every_meter_of_a_state_changes_its_commitment() {
    assert_all_different(&after(
        &State::genesis(3),
        State::commitment,
        &[
            &|s| s.0[0].generation = 1,
            &|s| s.0[0].end = 1,
            &|s| s.0[0].salt = one(),
            &|s| s.0[2].end = 1,
            &|s| s.0.truncate(2),
        ],
    ));
}

#[test]
fn every_word_of_a_batch_changes_its_commitment() {
    let batch = Batch {
        kind: Kind::Energy,
        network: network(),
        epoch: 20_000,
        cohort: 7,
        membership_root: Fr::from(11u64),
        witness_cohort: 0,
        witness_root: Fr::from(0u64),
        state_before: Fr::from(12u64),
        state_after: Fr::from(13u64),
        attestor: key(9).public(),
        seal: Fr::from(14u64),
        prover: ergon_types::Address([5; 20]),
        included: 2,
        policy: Policy::standard(Kind::Energy).words(),
        units: vec![1, 0],
    };
    assert_all_different(&after(
        &batch,
        Batch::commitment,
        &[
            &|b| b.kind = Kind::Uptime,
            &|b| b.network.chain_id += 1,
            &|b| b.network.settlement.0[0] ^= 1,
            &|b| b.network.registry.0[0] ^= 1,
            &|b| b.epoch += 1,
            &|b| b.cohort += 1,
            &|b| b.membership_root += one(),
            &|b| b.witness_cohort += 1,
            &|b| b.witness_root += one(),
            &|b| b.state_before += one(),
            &|b| b.state_after += one(),
            &|b| b.attestor = key(8).public(),
            &|b| b.seal += one(),
            &|b| b.prover.0[0] ^= 1,
            &|b| b.included ^= 1,
            &|b| b.policy[1] += one(),
            &|b| b.units[0] += 1,
            &|b| b.units.swap(0, 1),
            &|b| b.units.push(0),
        ],
    ));
}

proptest! {
    #[test]
    fn challenge_words_evaluates_the_words_as_a_polynomial(
        words in proptest::collection::vec(any::<u64>(), 0..40),
        z in any::<u64>(),
    ) {
        let words: Vec<Fr> = words.into_iter().map(Fr::from).collect();
        let z = Fr::from(z);
        let (mut sum, mut power) = (Fr::from(0u64), one());
        for word in &words {
            sum += power * word;
            power *= z;
        }
        prop_assert_eq!(challenge_words(&words, z), sum);
        prop_assert_eq!(challenge_words(&words, Fr::from(0u64)), words.first().copied().unwrap_or_default());
    }
}
