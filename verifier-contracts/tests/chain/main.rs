//! The whole client against the contracts, on the embedded EVM and on anvil: the same scenarios on both.
//!
//! Where anvil is missing its tests show as ignored; with `ERGON_REQUIRE_TOOLS=1` they fail instead.
#![allow(clippy::unwrap_used)]

mod anvil;
mod attacks;
mod economy;
mod endpoint;
mod enrolment;
mod many;
mod once;
mod path;
mod registry;
mod resume;
mod signer;
mod trapdoor;
mod world;

use std::{future::Future, pin::Pin, sync::Arc};

use ergon_chain::{Chain, Embedded};
use libtest_mimic::{Arguments, Failed, Trial};

use crate::anvil::Anvil;

/// A scenario's future.
type Running = Pin<Box<dyn Future<Output = ()>>>;
/// Something that must hold on every chain.
type Scenario = fn(Arc<dyn Chain>) -> Running;

/// Names scenarios by their functions.
macro_rules! scenarios {
    ($($module:ident::$name:ident,)*) => {
        [$((stringify!($name), (|chain| Box::pin($module::$name(chain))) as Scenario)),*]
    };
}

fn main() {
    let scenarios = scenarios![
        path::work_is_enrolled_settled_and_paid,
        path::energy_carries_its_state_from_epoch_to_epoch,
        path::coverage_waits_for_the_membership_of_its_witnesses,
        path::a_better_batch_under_the_same_seal_shares_the_fee,
        path::an_address_book_opens_the_network_again,
        attacks::a_replayed_batch_is_rejected,
        attacks::a_copied_batch_does_not_pay_the_copier,
        attacks::a_batch_outside_its_window_is_rejected,
        attacks::a_batch_with_other_units_epoch_or_cohort_is_rejected,
        attacks::a_second_seal_is_rejected,
        attacks::units_cannot_be_lowered,
        attacks::a_claim_of_more_units_is_rejected,
        attacks::a_claim_is_paid_once,
        attacks::a_pool_is_not_frozen_while_settlement_is_open,
        attacks::a_frozen_route_accepts_no_proof,
        attacks::a_forged_membership_is_rejected,
        registry::strangers_cannot_enrol,
        registry::a_key_is_registered_once,
        registry::a_key_without_its_eighth_is_rejected,
        registry::the_attestor_cannot_own_a_member,
        registry::a_suspended_device_leaves_the_membership,
        registry::a_replaced_meter_has_the_next_generation,
        enrolment::a_certified_device_is_enrolled_by_its_owner_once,
        enrolment::a_revoked_issuer_a_closed_cohort_and_another_kind_enrol_nothing,
        enrolment::a_fleet_is_enrolled_at_once_or_not_at_all,
        enrolment::a_certified_device_rotates_its_key_with_its_secure_element,
        enrolment::another_device_rotates_its_key_when_operator_and_owner_agree,
        enrolment::a_device_changes_hands_and_what_it_earned_does_not,
        economy::the_economy_is_deployed_wired_and_handed_over,
        economy::a_book_whose_contracts_do_not_belong_together_is_refused,
        economy::a_device_is_suspended_on_an_accusation_and_resumed_when_nobody_decides,
        economy::pools_hold_what_the_schedule_says,
        economy::a_vote_changes_a_governed_number,
        economy::a_rejected_proposal_and_a_rate_out_of_turn_change_nothing,
        once::a_batch_is_settled_once_and_a_better_one_after_it,
        once::a_batch_that_a_contract_refuses_costs_nothing,
        once::energy_is_settled_epoch_by_epoch_whatever_the_order_given,
        once::pools_are_frozen_in_order_and_everything_is_paid_once,
        many::batches_of_one_route_settle_in_one_transaction,
        many::a_batch_that_does_not_hold_does_not_stop_the_others,
        many::of_two_batches_of_an_epoch_the_better_one_settles,
        many::claims_of_many_epochs_are_paid_in_one_transaction,
        resume::a_finished_deployment_is_verified_and_handed_over_when_it_is_due,
        resume::another_plan_does_not_go_on_from_a_journal,
        resume::a_network_that_is_not_what_was_planned_is_refused,
        resume::a_transaction_with_another_nonce_than_the_next_is_not_sent,
    ];
    let anvil = anvil::find();
    let mut trials = Vec::new();
    for (name, scenario) in scenarios {
        trials.push(Trial::test(format!("embedded::{name}"), move || {
            run(async move { scenario(Arc::new(Embedded::new(world::START))).await })
        }));
        trials.push(on_anvil(&anvil, name, move |anvil| async move {
            scenario(Arc::new(anvil.connect().await)).await;
        }));
    }
    trials.extend(resume::trials());
    trials.extend(resume::anvil_trials(&anvil));
    trials.extend(endpoint::trials());
    trials.extend(endpoint::anvil_trials(&anvil));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A test with an anvil of its own.
fn on_anvil<F: Future<Output = ()>>(
    found: &Result<std::path::PathBuf, String>,
    name: &str,
    test: impl FnOnce(Anvil) -> F + Send + 'static,
) -> Trial {
    let required = std::env::var("ERGON_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    match found.clone() {
        Ok(binary) => Trial::test(format!("anvil::{name}"), move || {
            run(async move { test(Anvil::start(&binary, &[])).await })
        }),
        Err(missing) => {
            let name = format!("anvil::{name} ({missing})");
            Trial::test(name, move || Err(Failed::from(missing))).with_ignored_flag(!required)
        }
    }
}

fn run(test: impl Future<Output = ()>) -> Result<(), Failed> {
    tokio::runtime::Runtime::new()?.block_on(test);
    Ok(())
}
