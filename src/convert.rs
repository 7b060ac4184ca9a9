//! Between the types of proofs and the types of the chain.

use ergon_chain::{AddressBook, B256, Batch, RouteConfig, U256};
use ergon_circuits::{CircuitId, StatementName};
use ergon_params::KeyHead;
use ergon_prover::Submission;
use ergon_types::batch::included_word;
use ergon_types::curve::EdwardsAffine;
use ergon_types::member::{MEMBER_WORDS, MEMBERSHIP_HEADER};
use ergon_types::{
    Address, Fr, Kind, Member, Membership, Network, Policy, PublicKey, State, field,
};

/// An entry as a 256-bit word.
pub(crate) fn word(entry: &Fr) -> U256 {
    U256::from_be_bytes(field::to_be_bytes(entry))
}

/// Big-endian words.
pub(crate) fn words<const N: usize>(bytes: &[[u8; 32]; N]) -> [U256; N] {
    bytes.map(U256::from_be_bytes)
}

/// An address for the chain.
pub(crate) fn to_chain(address: Address) -> ergon_chain::Address {
    address.0.into()
}

/// An address from the chain.
pub(crate) fn from_chain(address: ergon_chain::Address) -> Address {
    Address(address.into_array())
}

/// A network as proofs name it.
pub(crate) fn network(book: &AddressBook) -> Network {
    Network {
        chain_id: book.chain_id,
        settlement: from_chain(book.settlement),
        registry: from_chain(book.registry),
    }
}

/// A key of the registry.
pub(crate) fn public_key([x, y]: [U256; 2]) -> Option<PublicKey> {
    let [x, y] = [x, y].map(|word| field::from_be_bytes(&word.to_be_bytes()));
    PublicKey::from_point(EdwardsAffine::new_unchecked(x?, y?)).ok()
}

/// The membership that words of the registry are of (§ 5.3).
pub(crate) fn membership(words: &[U256]) -> Option<Membership> {
    let (header, members) = words.split_at_checked(MEMBERSHIP_HEADER)?;
    let member = |words: &[U256]| {
        let [x, y, device, operator, attribute] = *words else { return None };
        if device.is_zero() {
            return Some(None);
        }
        Some(Some(Member {
            key: public_key([x, y])?,
            device: device.try_into().ok()?,
            operator: Address(operator.to_be_bytes::<32>()[12..].try_into().ok()?),
            attribute: attribute.try_into().ok()?,
        }))
    };
    Some(Membership {
        cohort: header[2].try_into().ok()?,
        region: header[3].try_into().ok()?,
        members: members.chunks(MEMBER_WORDS).map(member).collect::<Option<_>>()?,
    })
}

/// The points from which the registry proves a key's order (§ 7.1).
pub(crate) fn key_proof(key: &PublicKey) -> ergon_chain::KeyProof {
    key.halvings().into()
}

/// How proofs under a circuit's key are accepted.
pub(crate) fn route(key: &KeyHead) -> RouteConfig {
    let id: CircuitId = key.circuit();
    RouteConfig {
        label: id.to_string(),
        tag: B256::from(id.tag().bytes32()),
        members: id.members as u32,
        length: id.words() as u32,
        key: words(key.words()),
        genesis_state: match id.statement {
            StatementName::Kind(Kind::Energy) => word(&State::genesis(id.members).commitment()),
            _ => U256::ZERO,
        },
        insecure: key.is_insecure(),
    }
}

/// A policy as the contract takes it.
pub(crate) fn policy(policy: &Policy) -> (u8, Vec<U256>) {
    (policy.kind() as u8, policy.words().iter().map(word).collect())
}

/// A submission as the settlement contract takes it.
pub(crate) fn batch(submission: &Submission) -> Batch {
    Batch {
        route: B256::from(submission.route),
        cohort: submission.cohort,
        epoch: submission.epoch,
        c: word(&submission.c),
        seal: word(&submission.seal),
        state_after: word(&submission.state_after),
        prover: to_chain(submission.prover),
        included: included_word(submission.kind, &submission.included),
        units: submission.units.clone(),
        proof: words(&submission.proof_words),
    }
}

/// An amount in whole tokens, for people.
pub(crate) fn tokens(amount: impl TryInto<u128>) -> String {
    let amount: u128 = amount.try_into().unwrap_or(u128::MAX);
    let unit = 1_000_000_000_000_000_000;
    format!("{}.{:06} ERG", amount / unit, amount % unit / 1_000_000_000_000)
}
