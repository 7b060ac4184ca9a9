//! Poseidon and the tagged hash of vectors (§ 2.1).

use crate::{entries, entry, section};
use ergon_types::poseidon::{hash, hash_vector};
use ergon_types::tag::Tag;
use ergon_types::{Kind, Network, Schema};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Digest {
    inputs: Vec<String>,
    digest: String,
}

#[derive(Deserialize)]
struct Tagged {
    entries: Vec<String>,
    prefixes: Vec<String>,
    tags: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Identity {
    network: Network,
    id: String,
}

fn tags() -> Vec<Tag> {
    let single = [Tag::NETWORK, Tag::ACK, Tag::MEMBERS, Tag::STATE, Tag::CHALLENGE, Tag::SEAL];
    let schemas = Schema::ALL.map(Tag::record);
    let kinds = Kind::ALL.into_iter().flat_map(|kind| [Tag::seal(kind), Tag::batch(kind)]);
    single.into_iter().chain(schemas).chain(kinds).collect()
}

#[test]
fn poseidon_of_one_to_sixteen_inputs_is_circomlibs() {
    let vectors: Vec<Digest> = section("poseidon");
    let widths: BTreeSet<usize> = vectors.iter().map(|vector| vector.inputs.len()).collect();
    assert_eq!(widths, (1..=16).collect());
    for Digest { inputs, digest } in vectors {
        assert_eq!(hash(&entries(&inputs)), entry(&digest), "inputs {inputs:?}");
    }
}

#[test]
fn vectors_of_every_length_to_forty_hash_to_circomlibs_digest() {
    let Tagged { entries: list, prefixes, .. } = section("tagged");
    let list = entries(&list);
    assert_eq!(prefixes.len(), 41);
    for (length, digest) in prefixes.iter().enumerate() {
        assert_eq!(hash_vector(Tag::MEMBERS, &list[..length]), entry(digest), "length {length}");
    }
}

#[test]
fn every_tag_begins_the_hash_that_circomlib_computes() {
    let Tagged { entries: list, tags: digests, .. } = section("tagged");
    let list = entries(&list[..19]);
    assert_eq!(digests.len(), tags().len());
    for (name, digest) in digests {
        let tag = tags().into_iter().find(|tag| tag.as_str() == name).unwrap();
        assert_eq!(hash_vector(tag, &list), entry(&digest), "{name}");
    }
}

#[test]
fn network_identities_are_circomlibs() {
    for Identity { network, id } in section::<Vec<_>>("networks") {
        assert_eq!(network.id(), entry(&id), "{network:?}");
    }
}
