//! That the constraints leave a cheating prover nothing to choose: gadgets determine their outputs, every assertion
//! stops an attack, nothing that a device signs makes its cohort unprovable, and independent sums agree.
#![allow(clippy::unwrap_used)]

mod arbitrary;
mod attacks;
mod challenge;
mod circomlib;
mod excluded;
#[path = "../statements/fixture.rs"]
mod fixture;
mod gadgets;
mod mutants;
mod oracle;
mod packing;
mod perturbation;
mod places;
mod signature;
mod systems;
