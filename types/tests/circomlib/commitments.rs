//! Memberships, seals, states, policies and batches (§ 4, 5).

use crate::{entries, entry, section};
use ergon_types::batch::included_word;
use ergon_types::{
    Address, Batch, Membership, Network, Policy, PublicKey, Seal, Signature, State, challenge_words,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Members {
    network: Network,
    membership: Membership,
    words: Vec<String>,
    root: String,
}

#[derive(Deserialize)]
struct Sealed {
    seal: Seal,
    content: String,
    message: String,
    signature: Signature,
}

#[derive(Deserialize)]
struct Committed {
    state: State,
    commitment: String,
}

#[derive(Deserialize)]
struct Batched {
    policy: Policy,
    policy_words: Vec<String>,
    words: Vec<String>,
    network: Network,
    attestor: PublicKey,
    prover: Address,
    units: Vec<u64>,
    commitment: String,
    z: String,
    y: String,
}

#[test]
fn a_membership_has_the_words_and_root_that_circomlib_computes() {
    let vector: Members = section("membership");
    assert_eq!(vector.membership.words(&vector.network), entries(&vector.words));
    assert_eq!(vector.membership.root(&vector.network), entry(&vector.root));
}

#[test]
fn seals_of_all_kinds_have_circomlibs_content_message_and_signature() {
    for Sealed { seal, content, message, signature } in section::<Vec<_>>("seals") {
        assert_eq!(seal.content(), entry(&content), "{}", seal.kind);
        assert_eq!(seal.message(), entry(&message), "{}", seal.kind);
        assert!(seal.attestor.verifies(&seal.message(), &signature), "{}", seal.kind);
    }
}

#[test]
fn states_commit_to_circomlibs_digest() {
    for Committed { state, commitment } in section::<Vec<_>>("states") {
        assert_eq!(state.commitment(), entry(&commitment));
    }
}

#[test]
fn batches_have_the_words_commitment_and_evaluation_of_the_vectors() {
    for vector in section::<Vec<Batched>>("batches") {
        let kind = vector.policy.kind();
        let policy = vector.policy.words();
        assert_eq!(policy, entries(&vector.policy_words), "{kind}");
        assert_eq!(policy.len(), Policy::length(kind));
        let words = entries(&vector.words);
        let batch = Batch {
            kind,
            network: vector.network,
            epoch: 20_000,
            cohort: 7,
            membership_root: words[5],
            witness_cohort: if vector.words[6] == "0" { 0 } else { 8 },
            witness_root: words[7],
            state_before: words[8],
            state_after: words[9],
            attestor: vector.attestor,
            seal: words[12],
            prover: vector.prover,
            included: included_word(kind, &[true, true, false, true]),
            policy,
            units: vector.units,
        };
        assert_eq!(batch.words(), words, "{kind}");
        assert_eq!(batch.commitment(), entry(&vector.commitment), "{kind}");
        assert_eq!(challenge_words(&words, entry(&vector.z)), entry(&vector.y), "{kind}");
    }
}
