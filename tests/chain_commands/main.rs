//! The commands that act on a chain: on the embedded EVM, and against a development node.
//!
//! Where anvil is missing its tests show as ignored; with `ERGON_REQUIRE_TOOLS=1` they fail instead.
#![allow(clippy::unwrap_used)]

mod config;
mod deploy;
#[path = "../support/keys.rs"]
mod keys;
#[path = "../support/anvil.rs"]
mod node;
mod path;
mod registry;
mod roles;
#[path = "../support/run.rs"]
mod run;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let mut trials = node::trials([
        ("deploy_goes_on_after_every_kill_and_then_has_nothing_to_do", deploy::resumes),
        ("deploy_refuses_what_it_cannot_go_on_from", deploy::refuses),
        ("deploy_hands_over_to_the_timelock_when_it_is_due", deploy::hands_over),
        ("work_is_settled_and_claimed_once_and_what_it_earned_is_used_by_commands", path::walks),
    ]);
    let plain: [(&str, fn()); 5] = [
        ("the_documented_configuration_deploys_on_the_embedded_evm", config::documented),
        ("a_configuration_with_an_error_ends_with_3_and_names_line_and_key", config::errors),
        ("what_the_contracts_do_not_take_is_refused_before_anything_is_sent", config::refused),
        ("a_signing_key_that_is_none_or_that_others_can_read_is_refused", config::signing_keys),
        ("an_address_book_that_is_none_ends_with_3", path::input),
    ];
    trials.extend(plain.map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
