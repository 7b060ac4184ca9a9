//! The rules of the statements (§ 6), each written once over [`Gadgets`].

mod answer;
mod binding;
mod common;
mod contradiction;
mod coverage;
mod energy;
mod omission;
mod record;
mod second_seal;
mod tiers;
mod uptime;

use crate::gadgets::{Gadgets, Scope};
use crate::input::Input;
use common::Words;
use ergon_types::{Fr, Kind, Membership, Network};

pub(crate) use answer::answer;
pub(crate) use binding::bind;
pub(crate) use contradiction::contradiction;
pub(crate) use omission::omission;
pub(crate) use second_seal::second_seal;

/// What a run of a statement leaves: the words as wires, and the quantities behind the units.
pub(crate) struct Run<W> {
    /// All words of the batch, in order.
    pub(crate) words: Vec<W>,
    /// State after, or 0.
    pub(crate) state_after: W,
    /// Work units of each member.
    pub(crate) units: Vec<W>,
    /// Proven quantity before policy of each member.
    pub(crate) measured: Vec<W>,
}

/// Units and measured quantity of each member.
struct Work<W> {
    units: Vec<W>,
    measured: Vec<W>,
    state_before: W,
    state_after: W,
    /// Bit i: member i is included; 0 for kinds without state.
    included: W,
}

impl<W: Clone> Work<W> {
    /// Of a kind without state.
    fn stateless<G: Gadgets<Wire = W>>(g: &G, units: Vec<W>, measured: Vec<W>) -> Self {
        let zero = g.zero();
        let (state_before, state_after) = (zero.clone(), zero.clone());
        Self { units, measured, state_before, state_after, included: zero }
    }
}

/// The statement of a kind.
pub(crate) fn statement<G: Gadgets>(g: &mut G, input: &Input) -> Run<G::Wire> {
    let words = Words::allocate(g, &input.bundle, input.prover);
    let named = [&words.chain_id, &words.registry, &words.cohort];
    let members = common::members(g, named, &input.bundle.membership);
    let heads = common::heads(g, &input.bundle.seal.heads);
    let mut seal = heads.clone();
    let mut witness_root = g.zero();
    let work = match input.bundle.kind {
        Kind::Uptime => {
            let (work, arrivals) = uptime::rule(g, input, &words, &members.members, &heads);
            let with_arrivals =
                |(head, words): (G::Wire, Vec<G::Wire>)| [vec![head], words].concat();
            seal = heads.into_iter().zip(arrivals).flat_map(with_arrivals).collect();
            work
        }
        Kind::Energy => energy::rule(g, input, &words, &members.members, &heads),
        Kind::Coverage => {
            let (work, root, witness_heads) =
                coverage::rule(g, input, &words, &members.members, &heads);
            witness_root = root;
            seal.extend(witness_heads);
            work
        }
    };
    g.enter(Scope::Cohort);
    let seal = common::seal(g, input, &words, [members.root.clone(), witness_root.clone()], seal);
    let words = words.in_order(&members.root, &witness_root, &seal, &work);
    Run { words, state_after: work.state_after, units: work.units, measured: work.measured }
}

/// The membership statement: its words only (§ 6.5).
pub(crate) fn membership<G: Gadgets>(
    g: &mut G,
    network: &Network,
    membership: &Membership,
) -> Vec<G::Wire> {
    let words: Vec<Fr> = membership.words(network);
    words.into_iter().map(|word| g.allocate(word)).collect()
}
