//! Setting up cohorts and enrolling devices.

use crate::fixture::*;
use ergon_gateway::client::ClientError;
use ergon_gateway::messages::{CohortTerms, Enrolment, SettledState};
use ergon_types::{Schema, State};

fn code(result: Result<(), ClientError>) -> (String, u16) {
    let rejection = result.unwrap_err().rejection().cloned().unwrap();
    (rejection.code, rejection.status)
}

fn refused(code: &str, status: u16) -> (String, u16) {
    (code.into(), status)
}

fn enrolment(cohort: u32, index: usize, device: u64) -> Enrolment {
    Enrolment { cohort, index, from_epoch: 0, member: member(device, 0) }
}

#[tokio::test]
async fn an_enrolled_device_can_submit_at_once() {
    let world = World::new().await;
    world.operator().enrol(&enrolment(UPTIME, 5, 77)).await.unwrap();
    world.accept(&sign(record(77, uptime(&[0])))).await;
    let cohort = world.device().cohort(UPTIME).await.unwrap();
    assert_eq!(cohort.terms.membership.members[5].unwrap().device, 77);
    let root = cohort.terms.membership.root(&NETWORK).to_string();
    assert_eq!(cohort.membership_root, root);
}

#[tokio::test]
async fn a_device_can_change_its_key_from_a_later_epoch_on() {
    let world = World::new().await;
    world.accept(&sign(record(10, uptime(&[0])))).await;
    let mut rotated = enrolment(UPTIME, 0, 10);
    rotated.member.key = key(99).public();
    assert_eq!(code(world.operator().enrol(&rotated).await), refused("terms_in_use", 409));
    rotated.from_epoch = 1;
    world.operator().enrol(&rotated).await.unwrap();
    world.set(DAY);
    let mut record = record(10, uptime(&[0]));
    record.header.epoch = 1;
    assert_eq!(world.refuse(&sign(record.clone())).await, refused("bad_signature", 401));
    world.accept(&ergon_types::Packet::sign(record, &key(99))).await;
}

#[tokio::test]
async fn enrolment_is_refused_with_a_code_for_each_reason() {
    let world = World::new().await;
    let enrol = async |enrolment| code(world.operator().enrol(&enrolment).await);
    assert_eq!(enrol(enrolment(99, 0, 77)).await, refused("unknown_cohort", 404));
    assert_eq!(enrol(enrolment(UPTIME, 0, 77)).await, refused("place_taken", 409));
    assert_eq!(enrol(enrolment(UPTIME, SIZE, 77)).await, refused("no_place", 422));
    assert_eq!(enrol(enrolment(UPTIME, 5, 20)).await, refused("device_taken", 409));
    assert_eq!(enrol(enrolment(UPTIME, 5, 0)).await, refused("invalid_terms", 422));
    assert_eq!(enrol(enrolment(UPTIME, 5, 10)).await, refused("invalid_terms", 422));
    let far = Enrolment { from_epoch: u64::MAX, ..enrolment(UPTIME, 5, 77) };
    assert_eq!(enrol(far).await, refused("invalid_terms", 422));
}

#[tokio::test]
async fn coverage_without_a_cohort_of_witnesses_is_refused() {
    let world = World::empty().await;
    let coverage = CohortTerms { from_epoch: 0, terms: terms(COVERAGE, Schema::Coverage) };
    let found = code(world.operator().put_cohort(&coverage).await);
    assert_eq!(found, refused("no_witnesses", 422));
}

#[tokio::test]
async fn a_state_must_fit_an_energy_cohort() {
    let world = World::new().await;
    let put = async |cohort, size| {
        let state = SettledState { epoch: 0, state: State::genesis(size) };
        world.operator().put_state(cohort, &state).await
    };
    assert_eq!(code(put(ENERGY, SIZE - 1).await), refused("invalid_state", 422));
    assert_eq!(code(put(UPTIME, SIZE).await), refused("invalid_state", 422));
    assert_eq!(code(put(99, SIZE).await), refused("unknown_cohort", 404));
    put(ENERGY, SIZE).await.unwrap();
}

#[tokio::test]
async fn the_status_counts_refusals_by_code() {
    let world = World::new().await;
    world.refuse(&sign(record(99, uptime(&[0])))).await;
    let status = world.device().status().await.unwrap();
    assert_eq!(status.refused.get("unknown_device"), Some(&1));
    assert_eq!((status.admitted, status.epoch), (0, Some(0)));
    assert_eq!(status.attestor, attestor().public());
    assert_eq!(status.network_id, NETWORK.id().to_string());
}
