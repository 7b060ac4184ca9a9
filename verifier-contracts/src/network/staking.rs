//! Stakes: bonds, what they earn, and their suspension for cause (`docs/contracts.md`, Stakes).

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol,
    sol_types::{SolStruct, eip712_domain},
};

use crate::{
    ChainError, EconomyBook, Network, Outcome,
    chain::{read, write},
    contracts::{
        Staking::{self, Bond as Stake, Suspension},
        shares::Payee,
    },
    deployment::create,
};

sol! {
    /// What an accuser signs (EIP-712).
    struct Accusation {
        uint256 bond;
        bytes32 reason;
        uint64 deadline;
    }
}

/// Who has something to lose: a device, an attestor or a prover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bond(U256);

impl Bond {
    /// A device's.
    pub fn device(device: u64) -> Self {
        Self::of(1, U256::from(device))
    }

    /// An attestor's.
    pub fn attestor(attestor: u32) -> Self {
        Self::of(2, U256::from(attestor))
    }

    /// A prover's.
    pub fn prover(prover: Address) -> Self {
        Self::of(3, U256::from_be_slice(prover.as_slice()))
    }

    fn of(role: u8, number: U256) -> Self {
        Self((U256::from(role) << 160) | number)
    }

    /// The number by which the contract knows it: role · 2^160 + number.
    pub fn number(self) -> U256 {
        self.0
    }
}

impl Network {
    /// Stakes tokens of the account on anyone's bond, after allowing it; returns the shares.
    pub async fn stake(
        &self,
        from: Address,
        book: &EconomyBook,
        bond: Bond,
        amount: u128,
    ) -> Result<Outcome<u128>, ChainError> {
        let value = U256::from(amount);
        let approved = self.approve(from, self.book.token, book.staking, value).await?;
        let call = Staking::stakeCall { bond: bond.0, amount };
        let receipt = write(self.chain(), from, book.staking, &call).await?;
        let event: Staking::Staked = receipt.event(book.staking)?;
        Ok(Outcome::new(event.shares, &receipt).after(&[approved]))
    }

    /// Begins the unbonding period of some of the account's shares; returns the tokens that leave.
    pub async fn unstake(
        &self,
        from: Address,
        book: &EconomyBook,
        bond: Bond,
        shares: u128,
    ) -> Result<Outcome<u128>, ChainError> {
        let call = Staking::unstakeCall { bond: bond.0, shares };
        let receipt = write(self.chain(), from, book.staking, &call).await?;
        let event: Staking::Unstaked = receipt.event(book.staking)?;
        Ok(Outcome::new(event.tokens, &receipt))
    }

    /// Pays out what has left the account's stake, less what was slashed meanwhile.
    pub async fn withdraw(
        &self,
        from: Address,
        book: &EconomyBook,
        bond: Bond,
    ) -> Result<Outcome<u128>, ChainError> {
        let call = Staking::withdrawCall { bond: bond.0 };
        let receipt = write(self.chain(), from, book.staking, &call).await?;
        let event: Staking::Withdrawn = receipt.event(book.staking)?;
        Ok(Outcome::new(event.tokens, &receipt))
    }

    /// Pays tokens of the account to who stakes on a bond, after allowing it; withheld while it is suspended.
    pub async fn pay_rewards(
        &self,
        from: Address,
        book: &EconomyBook,
        bond: Bond,
        amount: u128,
    ) -> Result<Outcome<()>, ChainError> {
        let value = U256::from(amount);
        let approved = self.approve(from, self.book.token, book.staking, value).await?;
        let call = Staking::payRewardsCall { bond: bond.0, amount };
        let receipt = write(self.chain(), from, book.staking, &call).await?;
        Ok(Outcome::new((), &receipt).after(&[approved]))
    }

    /// Pays a holder what its stake has earned; anyone may.
    pub async fn claim_rewards(
        &self,
        from: Address,
        book: &EconomyBook,
        bond: Bond,
        holder: Address,
    ) -> Result<Outcome<u128>, ChainError> {
        let call = Staking::claimRewardsCall { bond: bond.0, holder };
        let receipt = write(self.chain(), from, book.staking, &call).await?;
        let event: Staking::RewardsClaimed = receipt.event(book.staking)?;
        Ok(Outcome::new(event.amount, &receipt))
    }

    /// Sets what the operator keeps of rewards, in ten-thousandths, from an unbonding period from now on.
    pub async fn set_commission(
        &self,
        operator: Address,
        book: &EconomyBook,
        bond: Bond,
        bps: u16,
    ) -> Result<Outcome<()>, ChainError> {
        let call = Staking::setCommissionCall { bond: bond.0, bps };
        let receipt = write(self.chain(), operator, book.staking, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Deploys an account whose rewards all go to a bond, for an operator to enrol devices under; returns its address.
    pub async fn create_payee(
        &self,
        from: Address,
        book: &EconomyBook,
        bond: Bond,
    ) -> Result<Address, ChainError> {
        let arguments = Payee::constructorCall { staking_: book.staking, bond_: bond.0 };
        create(self.chain(), from, &Payee::BYTECODE, &arguments).await
    }

    /// Pays what such an account holds into its bond; anyone may.
    pub async fn sweep(&self, from: Address, payee: Address) -> Result<Outcome<()>, ChainError> {
        let receipt = write(self.chain(), from, payee, &Payee::sweepCall {}).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// What is staked on a bond.
    pub async fn stake_of(&self, book: &EconomyBook, bond: Bond) -> Result<Stake, ChainError> {
        read(self.chain(), book.staking, &Staking::stakeOfCall { bond: bond.0 }).await
    }

    /// What slashes left for restitution, in the token's smallest unit.
    pub async fn restitution_fund(&self, book: &EconomyBook) -> Result<u128, ChainError> {
        read(self.chain(), book.staking, &Staking::fundCall {}).await
    }

    /// What an accuser signs so that a bond can be suspended until a deadline, in seconds since 1970. `reason` is the
    /// hash of what was published.
    pub fn accusation_digest(
        &self,
        book: &EconomyBook,
        bond: Bond,
        reason: B256,
        deadline: u64,
    ) -> B256 {
        let domain = eip712_domain! {
            name: "Ergon Staking",
            version: "1",
            chain_id: self.book.chain_id,
            verifying_contract: book.staking,
        };
        Accusation { bond: bond.0, reason, deadline }.eip712_signing_hash(&domain)
    }

    /// Suspends a bond on a signed accusation; the account that sends it puts down the deposit, after allowing it.
    #[allow(clippy::too_many_arguments)]
    pub async fn suspend_bond(
        &self,
        from: Address,
        book: &EconomyBook,
        bond: Bond,
        accuser: Address,
        reason: B256,
        deadline: u64,
        signature: Bytes,
    ) -> Result<Outcome<()>, ChainError> {
        let deposit = self.parameter(book, "staking/deposit").await?.value;
        let value = U256::from(deposit);
        let approved = self.approve(from, self.book.token, book.staking, value).await?;
        let call = Staking::suspendCall { bond: bond.0, accuser, reason, deadline, signature };
        let receipt = write(self.chain(), from, book.staking, &call).await?;
        Ok(Outcome::new((), &receipt).after(&[approved]))
    }

    /// Ends a suspension in the bond's favour: the decider may, and from the deadline on anyone.
    pub async fn lift_suspension(
        &self,
        from: Address,
        book: &EconomyBook,
        bond: Bond,
    ) -> Result<Outcome<()>, ChainError> {
        let call = Staking::liftCall { bond: bond.0 };
        let receipt = write(self.chain(), from, book.staking, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Ends a suspension against the bond; its decider may, before the deadline.
    pub async fn uphold_suspension(
        &self,
        decider: Address,
        book: &EconomyBook,
        bond: Bond,
    ) -> Result<Outcome<()>, ChainError> {
        let call = Staking::upholdCall { bond: bond.0 };
        let receipt = write(self.chain(), decider, book.staking, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Whether a device is to be kept out of its cohort's membership: accused and not decided in time, or found against and
    /// not pardoned. Anyone may then [`Network::suspend`] it, or else [`Network::resume`] it.
    pub async fn is_kept_out(&self, book: &EconomyBook, device: u64) -> Result<bool, ChainError> {
        read(self.chain(), book.staking, &Staking::isKeptOutCall { device }).await
    }

    /// A bond's suspension; `None` when it is not suspended.
    pub async fn suspension_of(
        &self,
        book: &EconomyBook,
        bond: Bond,
    ) -> Result<Option<Suspension>, ChainError> {
        let call = Staking::suspensionOfCall { bond: bond.0 };
        let suspension = read(self.chain(), book.staking, &call).await?;
        Ok(Some(suspension).filter(|suspension| suspension.deadline != 0))
    }
}
