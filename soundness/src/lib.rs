//! Looks for what a rank-1 constraint system leaves to a cheating prover, in any arkworks circuit.
//!
//! Tests that honest witnesses are accepted say nothing about dishonest ones. This library takes a circuit with an
//! honest witness as a [`System`] and asks four questions:
//!
//! - [`System::first_violation`]: which row does an assignment break, by its label?
//! - [`System::jacobian`]: with the inputs fixed, is every other variable determined, and is every row needed? By the
//!   rank of the rows' derivatives over the field, for systems of any size; see [`Jacobian`] for what that proves.
//! - [`System::solutions`]: are there second solutions in a small box, such as signs and aliases, which derivatives
//!   do not see?
//! - [`System::unbound`]: can a single variable, public or private, be changed without breaking a row?
//!
//! And it deletes rows: a row is needed if something passes without it that the system refuses. [`Jacobian::redundant`]
//! names the rows for which no small change does, [`Tangents`] shows the change for each of the others, and [`Forger`]
//! looks for whole assignments where small changes are none, such as for rows that keep a bit a bit.
//!
//! # Example
//!
//! A circuit that proves `a ≠ 0` by its inverse, and tells the verifier which of two values was chosen. It accepts
//! honest witnesses and has a bug: nothing says that the choice is a bit.
//!
//! ```
//! use ark_bn254::Fr;
//! use ark_ff::Field;
//! use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, SynthesisError, Variable};
//! use ark_relations::lc;
//! use ergon_soundness::System;
//!
//! struct Chosen { a: Fr, choice: Fr, values: [Fr; 2] }
//!
//! impl ConstraintSynthesizer<Fr> for Chosen {
//!     fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
//!         let [low, high] = self.values;
//!         let out = cs.new_input_variable(|| Ok(low + self.choice * (high - low)))?;
//!         let low = cs.new_witness_variable(|| Ok(low))?;
//!         let high = cs.new_witness_variable(|| Ok(high))?;
//!         let a = cs.new_witness_variable(|| Ok(self.a))?;
//!         let inverse = cs.new_witness_variable(|| Ok(self.a.inverse().unwrap_or_default()))?;
//!         cs.enforce_r1cs_constraint(|| lc!() + a, || lc!() + inverse, || lc!() + Variable::One)?;
//!         let choice = cs.new_witness_variable(|| Ok(self.choice))?;
//!         // Missing: choice · choice = choice.
//!         cs.enforce_r1cs_constraint(|| lc!() + choice, || lc!() + high - low, || lc!() + out - low)
//!     }
//! }
//!
//! let circuit = Chosen { a: Fr::from(3u64), choice: Fr::from(1u64), values: [5u64, 9].map(Fr::from) };
//! let system = System::from_circuit(circuit)?.labelled(["a has an inverse", "choice"]);
//! assert!(system.first_violation().is_none(), "an honest witness is accepted");
//!
//! // The output `1` and the choice `6` are what a verifier and a prover see; the values 2 and 3 and `a` are inputs.
//! // With the inputs fixed the prover must have nothing left, yet the choice moves the output.
//! let jacobian = system.jacobian(|variable| ![2, 3, 4].contains(&variable));
//! assert_eq!(jacobian.undetermined(), [1, 6]);
//!
//! // A second solution, to show the author of the circuit: choice 2 gives the output 13.
//! let found = system.solutions(&[1, 6], &[0u64, 2, 13].map(Fr::from));
//! assert_eq!(found, [[Fr::from(13u64), Fr::from(2u64)]]);
//!
//! // A lie is reported by the label of the row that it breaks.
//! let lie = system.with(&[(4, Fr::from(0u64))]);
//! assert_eq!(lie.first_violation().map(|row| row.label.as_ref()), Some("a has an inverse"));
//! # Ok::<(), ergon_soundness::SystemError>(())
//! ```
//!
//! What it does not see: a rule that is missing altogether, if the variables it is about are inputs. Such rules need a
//! test each: an input that the rule refuses.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod elimination;
mod forge;
mod jacobian;
mod search;
mod system;
mod tangents;

pub use forge::{Forger, Moves};
pub use jacobian::Jacobian;
pub use system::{Row, System, SystemError, Terms, evaluate};
pub use tangents::{Tangent, Tangents};
