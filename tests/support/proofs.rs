//! Proofs of statements, each made once: worlds are deployed alike, so tests share what they prove.
// Each test program uses its part of this.
#![allow(dead_code)]

use crate::{keys, world::CIRCUITS};
use ergon_chain::{B256, Batch, RouteConfig, U256};
use ergon_circuits::{CircuitId, Input, Statement, StatementName};
use ergon_prover::{Engine, Proved, proof_words, prove};
use ergon_types::{Address, Bundle, Fr, Kind, State, field};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

fn all_keys() -> &'static BTreeMap<CircuitId, Engine> {
    static KEYS: OnceLock<BTreeMap<CircuitId, Engine>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let params = keys::folder(&CIRCUITS);
        CIRCUITS
            .map(|circuit| (circuit, Engine::new(&params.load(circuit).unwrap()).unwrap()))
            .into()
    })
}

/// The key of a circuit.
pub(crate) fn key(circuit: CircuitId) -> &'static Engine {
    &all_keys()[&circuit]
}

/// What a network is deployed with so that it accepts these proofs.
pub(crate) fn routes() -> Vec<RouteConfig> {
    let route = |(id, key): (&CircuitId, &Engine)| RouteConfig {
        label: id.to_string(),
        tag: B256::from(id.tag().bytes32()),
        members: id.members as u32,
        length: id.words() as u32,
        key: key.words().map(U256::from_be_bytes),
        genesis_state: match id.statement {
            StatementName::Kind(Kind::Energy) => word(&State::genesis(id.members).commitment()),
            _ => U256::ZERO,
        },
        insecure: key.is_insecure(),
    };
    all_keys().iter().map(route).collect()
}

/// The proof of a statement.
pub(crate) fn proof(statement: &Statement) -> Arc<Proved> {
    type Slot = Arc<OnceLock<Arc<Proved>>>;
    static MADE: OnceLock<Mutex<HashMap<(CircuitId, Fr), Slot>>> = OnceLock::new();
    let id = (statement.id(), statement.commitment());
    let slot = MADE.get_or_init(Mutex::default).lock().unwrap().entry(id).or_default().clone();
    slot.get_or_init(|| Arc::new(prove(statement, key(id.0)).unwrap())).clone()
}

/// The honest statement of a bundle: everyone included whose records hold.
pub(crate) fn honest(bundle: &Bundle, prover: ergon_chain::Address) -> Statement {
    Statement::from_bundle(bundle, Address(prover.into_array())).unwrap()
}

/// A statement that pays only the members at these places.
pub(crate) fn only(places: &[usize], bundle: &Bundle, prover: ergon_chain::Address) -> Statement {
    let mut input = Input::new(bundle.clone(), Address(prover.into_array())).unwrap();
    for (place, included) in input.included.iter_mut().enumerate() {
        *included = places.contains(&place);
    }
    input.choose_rows();
    Statement::from_input(input)
}

/// What is sent to the chain, without its proof.
pub(crate) fn unproven(statement: &Statement) -> Batch {
    let batch = &statement.outcome().unwrap().batch;
    Batch {
        route: B256::from(ergon_prover::route_of(key(statement.id()))),
        cohort: batch.cohort,
        epoch: batch.epoch,
        c: word(&statement.commitment()),
        seal: word(&batch.seal),
        state_after: word(&batch.state_after),
        prover: batch.prover.0.into(),
        included: batch.included,
        units: batch.units.clone(),
        proof: [U256::ZERO; 8],
    }
}

/// What is sent to the chain.
pub(crate) fn batch(statement: &Statement) -> Batch {
    Batch { proof: chain_proof(statement), ..unproven(statement) }
}

/// A proof as the contracts take it.
pub(crate) fn chain_proof(statement: &Statement) -> [U256; 8] {
    proof_words(&proof(statement).proof).map(U256::from_be_bytes)
}

/// An entry as the chain's word.
pub(crate) fn word(entry: &Fr) -> U256 {
    U256::from_be_bytes(field::to_be_bytes(entry))
}
