//! Who may enrol, and with which keys.

use std::sync::Arc;

use ergon_chain::{Chain, KeyProof, Network, U256};

use crate::world::{ATTESTOR, ENERGY, OWNER, THIEF, UPTIME, World, key, operator};

pub(crate) async fn strangers_cannot_enrol(chain: Arc<dyn Chain>) {
    let world = World::new(chain.clone()).await;
    let cohort = world.cohort(UPTIME, 0).await;
    let mut book = world.book().clone();
    book.owner = THIEF;
    let stranger = Network::open(chain, book).await.unwrap();
    let error = stranger.enrol(cohort, THIEF, key(5000), 0).await.unwrap_err();
    assert_eq!(error.revert_name(), Some("OwnableUnauthorizedAccount"));
    assert!(error.to_string().contains(&THIEF.to_string()), "fields are decoded: {error}");
}

pub(crate) async fn a_key_is_registered_once(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let cohort = world.cohort(UPTIME, 0).await;
    let key = world.fresh_key();
    world.network.enrol(cohort, operator(0), key, 0).await.unwrap();
    let error = world.network.enrol(cohort, operator(1), key, 0).await.unwrap_err();
    assert_eq!(error.revert_name(), Some("KeyUsed"));
}

pub(crate) async fn a_key_without_its_eighth_is_rejected(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let cohort = world.cohort(UPTIME, 0).await;
    let good = world.fresh_key();
    let identity = [U256::ZERO, U256::from(1)];
    let cases = [
        (KeyProof { key: key(6000).key, ..good }, "NotDoubled"),
        (KeyProof { eighth: [U256::from(1), U256::from(2)], ..good }, "NotOnCurve"),
        (
            KeyProof { eighth: identity, quarter: identity, half: identity, key: identity },
            "IdentityKey",
        ),
    ];
    for (proof, expected) in cases {
        let error = world.network.enrol(cohort, operator(0), proof, 0).await.unwrap_err();
        assert_eq!(error.revert_name(), Some(expected));
    }
}

pub(crate) async fn the_attestor_cannot_own_a_member(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let cohort = world.cohort(UPTIME, 0).await;
    let error = world.network.enrol(cohort, ATTESTOR, world.fresh_key(), 0).await.unwrap_err();
    assert_eq!(error.revert_name(), Some("OperatorIsAttestor"));
}

pub(crate) async fn a_suspended_device_leaves_the_membership(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let network = &world.network;
    let cohort = world.filled(UPTIME, 0, 2).await;
    let device = network.member(cohort, 0).await.unwrap().device;
    let before = network.membership_words(cohort).await.unwrap();
    network.suspend(OWNER, device).await.unwrap();
    assert_eq!(network.membership_words(cohort).await.unwrap()[4..9], [U256::ZERO; 5]);
    assert_eq!(network.root_at(cohort, 0).await.unwrap(), None, "until the change is proven");
    network.resume(OWNER, device).await.unwrap();
    assert_eq!(network.membership_words(cohort).await.unwrap(), before);
}

pub(crate) async fn a_replaced_meter_has_the_next_generation(chain: Arc<dyn Chain>) {
    let world = World::new(chain).await;
    let cohort = world.filled(ENERGY, 0, 1).await;
    let device = world.network.member(cohort, 0).await.unwrap().device;
    let attribute = world.network.replace_meter(device, 8_000).await.unwrap().value;
    assert_eq!(attribute, 8_000 | 2 << 32);
}
