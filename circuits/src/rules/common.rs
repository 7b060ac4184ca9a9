//! Words, memberships and the seal: what every kind's statement shares (§ 6.1).

use super::Work;
use crate::gadgets::{Gadgets, Point};
use crate::input::Input;
use ergon_types::field::Fr;
use ergon_types::tag::Tag;
use ergon_types::{Address, Bundle, Header, Member, Membership, Record, Signature};

/// The words that are not computed from the witness.
pub(super) struct Words<W> {
    pub(super) chain_id: W,
    pub(super) settlement: W,
    pub(super) registry: W,
    pub(super) epoch: W,
    pub(super) cohort: W,
    pub(super) witness_cohort: W,
    pub(super) attestor: Point<W>,
    pub(super) prover: W,
    pub(super) policy: Vec<W>,
    /// `H(ergon/1/network; chain id, settlement)`, computed.
    pub(super) network: W,
}

impl<W: Clone> Words<W> {
    pub(super) fn allocate<G: Gadgets<Wire = W>>(
        g: &mut G,
        bundle: &Bundle,
        prover: Address,
    ) -> Self {
        let chain_id = g.allocate(Fr::from(bundle.network.chain_id));
        let settlement = g.allocate(bundle.network.settlement.entry());
        let registry = g.allocate(bundle.network.registry.entry());
        let epoch = g.allocate(Fr::from(bundle.epoch));
        let cohort = g.allocate(Fr::from(bundle.membership.cohort));
        let witness_cohort = bundle.witnesses.as_ref().map_or(0, |witnesses| witnesses.cohort);
        let witness_cohort = g.allocate(Fr::from(witness_cohort));
        let key = bundle.seal.attestor;
        let attestor = Point { x: g.allocate(key.point().x), y: g.allocate(key.point().y) };
        let prover = g.allocate(prover.entry());
        let policy = bundle.policy.words().into_iter().map(|word| g.allocate(word)).collect();
        let network = g.hash_vector(Tag::NETWORK, &[chain_id.clone(), settlement.clone()]);
        Self {
            chain_id,
            settlement,
            registry,
            epoch,
            cohort,
            witness_cohort,
            attestor,
            prover,
            policy,
            network,
        }
    }

    /// All words as § 5.2 orders them.
    pub(super) fn in_order(
        self,
        membership_root: &W,
        witness_root: &W,
        seal: &W,
        work: &Work<W>,
    ) -> Vec<W> {
        let mut words = vec![
            self.chain_id,
            self.settlement,
            self.registry,
            self.epoch,
            self.cohort,
            membership_root.clone(),
            self.witness_cohort,
            witness_root.clone(),
            work.state_before.clone(),
            work.state_after.clone(),
            self.attestor.x,
            self.attestor.y,
            seal.clone(),
            self.prover,
            work.included.clone(),
        ];
        words.extend(self.policy);
        words.extend(work.units.iter().cloned());
        words
    }
}

/// One place of a cohort.
pub(super) struct MemberWires<W> {
    pub(super) key: Point<W>,
    pub(super) device: W,
    pub(super) operator: W,
    pub(super) attribute: W,
}

/// The places of a cohort and their commitment.
pub(super) struct MembersWires<W> {
    pub(super) members: Vec<MemberWires<W>>,
    pub(super) root: W,
}

/// Opens the membership root of a chain, registry and cohort (§ 5.3): the root is the hash of these and of everything
/// allocated here.
pub(super) fn members<G: Gadgets>(
    g: &mut G,
    named: [&G::Wire; 3],
    membership: &Membership,
) -> MembersWires<G::Wire> {
    let region = g.allocate(Fr::from(membership.region));
    let mut entries = named.map(Clone::clone).to_vec();
    entries.push(region);
    let mut members = Vec::with_capacity(membership.members.len());
    for member in &membership.members {
        let [x, y, device, operator, attribute] =
            Member::words(member.as_ref()).map(|word| g.allocate(word));
        entries.extend([&x, &y, &device, &operator, &attribute].map(Clone::clone));
        members.push(MemberWires { key: Point { x, y }, device, operator, attribute });
    }
    let root = g.hash_vector(Tag::MEMBERS, &entries);
    MembersWires { members, root }
}

/// Sealed heads.
pub(super) fn heads<G: Gadgets>(g: &mut G, heads: &[Fr]) -> Vec<G::Wire> {
    heads.iter().map(|head| g.allocate(*head)).collect()
}

/// What a seal is of, besides its content.
pub(super) struct Sealing<'a, W> {
    pub(super) network: &'a W,
    pub(super) epoch: &'a W,
    pub(super) cohort: &'a W,
    pub(super) attestor: &'a Point<W>,
}

/// A seal's message, signed by the attestor (§ 4).
pub(super) fn signed_seal<G: Gadgets>(
    g: &mut G,
    of: &Sealing<'_, G::Wire>,
    content: &G::Wire,
    signature: &Signature,
) -> G::Wire {
    let Sealing { network, epoch, cohort, attestor } = of;
    let entries = [*network, *epoch, *cohort, &attestor.x, &attestor.y, content].map(Clone::clone);
    let message = g.hash_vector(Tag::SEAL, &entries);
    g.verify_signature(attestor, &message, signature);
    message
}

/// The seal of the batch's cohort and epoch, opened.
pub(super) fn seal<G: Gadgets>(
    g: &mut G,
    input: &Input,
    words: &Words<G::Wire>,
    roots: [G::Wire; 2],
    sealed: Vec<G::Wire>,
) -> G::Wire {
    let salt = g.allocate(input.bundle.seal.salt);
    let mut entries = Vec::from(roots);
    entries.push(salt);
    entries.extend(sealed);
    let content = g.hash_vector(Tag::seal(input.bundle.kind), &entries);
    let Words { network, epoch, cohort, attestor, .. } = words;
    let of = Sealing { network, epoch, cohort, attestor };
    signed_seal(g, &of, &content, &input.bundle.seal_signature)
}

/// Counter and message of a record of a device in an epoch, whatever its header and words. The covered cohort of a
/// witness's can be given.
pub(super) fn record<G: Gadgets>(
    g: &mut G,
    [network, device, epoch]: [&G::Wire; 3],
    record: &Record,
    covered: Option<&G::Wire>,
) -> [G::Wire; 2] {
    let Header { counter, nonce, salt, .. } = record.header;
    let header = [Fr::from(counter), nonce, salt].map(|value| g.allocate(value));
    let counter = header[0].clone();
    let mut entries = [network, device, epoch].map(Clone::clone).to_vec();
    entries.extend(header);
    let mut words = record.body.words();
    if let Some(cohort) = covered {
        entries.push(cohort.clone());
        words.remove(0);
    }
    entries.extend(words.into_iter().map(|word| g.allocate(word)));
    let message = g.hash_vector(Tag::record(record.body.schema()), &entries);
    [counter, message]
}
