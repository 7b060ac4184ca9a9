//! Votes: deposits, proposals and what they decide (`docs/contracts.md`, Governance).

use alloy::{
    primitives::{Address, Bytes, U256, keccak256},
    sol_types::SolCall,
};

use crate::{
    Bond, ChainError, EconomyBook, Network, Outcome, binding,
    chain::{read, write},
    contracts::{
        EmissionSchedule, ErgonGovernor,
        Parameters::{self, Parameter},
        Staking, VotesToken,
    },
};

/// Calls that the timelock is to make, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The contracts called, in order.
    pub targets: Vec<Address>,
    /// The data of each call.
    pub calls: Vec<Bytes>,
    /// What voters read; part of the proposal's identity.
    pub description: String,
}

impl Proposal {
    /// Sets a governed number.
    pub fn set_parameter(book: &EconomyBook, name: &str, value: u128) -> Self {
        let call = Parameters::setCall { name: binding::tag(name), value };
        Self::one(book.parameters, &call, format!("Set {name} to {value}"))
    }

    /// Sets what a kind's pools hold, and by how many ten-thousandths of an epoch's revenue they grow.
    pub fn set_rate(book: &EconomyBook, kind: u8, rate: u128, follow_bps: u16) -> Self {
        let call = EmissionSchedule::setRateCall { kind, rate, followBps: follow_bps };
        let description =
            format!("Set the rate of kind {kind} to {rate}, following revenue by {follow_bps}");
        Self::one(book.schedule, &call, description)
    }

    /// Takes back that a bond's suspension was upheld, so that its device can be resumed.
    pub fn pardon(book: &EconomyBook, bond: Bond) -> Self {
        let call = Staking::pardonCall { bond: bond.number() };
        Self::one(book.staking, &call, format!("Pardon bond {}", bond.number()))
    }

    fn one(target: Address, call: &impl SolCall, description: String) -> Self {
        Self { targets: vec![target], calls: vec![call.abi_encode().into()], description }
    }

    /// No proposal sends native coins.
    fn values(&self) -> Vec<U256> {
        vec![U256::ZERO; self.targets.len()]
    }
}

impl Network {
    /// Deposits tokens of the account as votes of its own; three transactions, whose gas is added up.
    pub async fn deposit_votes(
        &self,
        from: Address,
        book: &EconomyBook,
        amount: U256,
    ) -> Result<Outcome<()>, ChainError> {
        let approved = self.approve(from, self.book.token, book.votes, amount).await?;
        let deposit = VotesToken::depositForCall { account: from, value: amount };
        let deposited = write(self.chain(), from, book.votes, &deposit).await?;
        let delegate = VotesToken::delegateCall { delegatee: from };
        let receipt = write(self.chain(), from, book.votes, &delegate).await?;
        Ok(Outcome::new((), &receipt).after(&[approved, deposited]))
    }

    /// Brings a proposal; returns its number. The account needs the threshold's votes from before this block.
    pub async fn propose(
        &self,
        from: Address,
        book: &EconomyBook,
        proposal: &Proposal,
    ) -> Result<Outcome<U256>, ChainError> {
        let call = ErgonGovernor::proposeCall {
            targets: proposal.targets.clone(),
            values: proposal.values(),
            calldatas: proposal.calls.clone(),
            description: proposal.description.clone(),
        };
        let receipt = write(self.chain(), from, book.governor, &call).await?;
        let event: ErgonGovernor::ProposalCreated = receipt.event(book.governor)?;
        Ok(Outcome::new(event.proposalId, &receipt))
    }

    /// Votes for or against a proposal; once, while it is open.
    pub async fn vote(
        &self,
        from: Address,
        book: &EconomyBook,
        proposal: U256,
        in_favour: bool,
    ) -> Result<Outcome<()>, ChainError> {
        let call = ErgonGovernor::castVoteCall { proposalId: proposal, support: in_favour.into() };
        let receipt = write(self.chain(), from, book.governor, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Announces a proposal that passed to the timelock; anyone may.
    pub async fn queue(
        &self,
        from: Address,
        book: &EconomyBook,
        proposal: &Proposal,
    ) -> Result<Outcome<()>, ChainError> {
        let call = ErgonGovernor::queueCall {
            targets: proposal.targets.clone(),
            values: proposal.values(),
            calldatas: proposal.calls.clone(),
            descriptionHash: keccak256(&proposal.description),
        };
        let receipt = write(self.chain(), from, book.governor, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Does what a queued proposal says, once the timelock's delay is over; anyone may.
    pub async fn execute(
        &self,
        from: Address,
        book: &EconomyBook,
        proposal: &Proposal,
    ) -> Result<Outcome<()>, ChainError> {
        let call = ErgonGovernor::executeCall {
            targets: proposal.targets.clone(),
            values: proposal.values(),
            calldatas: proposal.calls.clone(),
            descriptionHash: keccak256(&proposal.description),
        };
        let receipt = write(self.chain(), from, book.governor, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// A governed number with its bounds.
    pub async fn parameter(&self, book: &EconomyBook, name: &str) -> Result<Parameter, ChainError> {
        let call = Parameters::parameterOfCall { name: binding::tag(name) };
        read(self.chain(), book.parameters, &call).await
    }

    /// What a kind's pools hold from an epoch on by the schedule: the rate, and the ten-thousandths of revenue.
    pub async fn rate_at(
        &self,
        book: &EconomyBook,
        kind: u8,
        epoch: u64,
    ) -> Result<(u128, u16), ChainError> {
        let call = EmissionSchedule::rateAtCall { kind, epoch };
        let answer = read(self.chain(), book.schedule, &call).await?;
        Ok((answer.rate, answer.followBps))
    }
}
