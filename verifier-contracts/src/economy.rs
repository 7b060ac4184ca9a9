//! Deploys what stands around a network: governed numbers, a schedule of emissions, stakes, evidence, assets, a market,
//! and the governor whose timelock in the end owns all that can be governed.
//!
//! The registry stays with the network's owner: who may enrol is its daily work (`docs/contracts.md`). Whom it suspends
//! is decided in `Staking` from then on.

mod wiring;

pub(crate) use wiring::same;

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::SolCall,
};
use serde::{Deserialize, Serialize};

use crate::{
    ChainError, Network, Outcome, binding,
    chain::write,
    contracts::{
        AssetSharesFactory, ContradictionEvidence, DataMarket, DeviceRegistry, EmissionSchedule,
        ErgonGovernor, ErgonTimelock, OmissionEvidence,
        Parameters::{self, Parameter},
        RewardDistributor, SealEvidence,
        Staking::{self, FaultRule},
        VerifierRouter, VotesToken,
    },
    deployment::Deployer,
};

/// Number of a device's fault of contradicting itself.
pub const CONTRADICTION: u8 = 1;
/// Number of an attestor's fault of sealing an epoch twice.
pub const SECOND_SEAL: u8 = 2;
/// Number of an attestor's fault of leaving out of a seal what it acknowledged.
pub const OMISSION: u8 = 3;

/// What a proven fault costs a bond, in ten-thousandths of the stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Penalty {
    /// One fault.
    pub bps: u16,
    /// All faults of the sort in 30 days.
    pub cap_bps: u16,
    /// The informant's part of what is slashed.
    pub informant_bps: u16,
}

/// What to deploy around a network.
#[derive(Debug, Clone)]
pub struct EconomyConfig {
    /// Seconds from a decision to its execution: 2 to 30 days.
    pub delay: u64,
    /// Votes that must take part however few are deposited, in the token's smallest unit.
    pub quorum_floor: U256,
    /// The governed numbers by name; at least `staking/unbonding`, `staking/deposit` and `market/fee`.
    pub parameters: Vec<(String, Parameter)>,
    /// The most that the schedule mints in all, in the token's smallest unit.
    pub hard_cap: u128,
    /// What the first epoch's pools of uptime, coverage and energy hold, in the token's smallest unit.
    pub rates: [u128; 3],
    /// Who may accuse a bond.
    pub accusers: Vec<Address>,
    /// Who decides on accusations.
    pub decider: Address,
    /// What two records that contradict each other cost.
    pub contradiction: Penalty,
    /// What two seals of one cohort and epoch cost.
    pub second_seal: Penalty,
    /// What a seal costs that leaves out what was acknowledged.
    pub omission: Penalty,
}

/// Where the contracts around a network are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EconomyBook {
    /// Deposited tokens that vote.
    pub votes: Address,
    /// The owner of what is governed.
    pub timelock: Address,
    /// Proposals and votes.
    pub governor: Address,
    /// Governed numbers.
    pub parameters: Address,
    /// What is minted.
    pub schedule: Address,
    /// Bonds.
    pub staking: Address,
    /// Contradictions.
    pub evidence: Address,
    /// Second seals.
    pub seal_evidence: Address,
    /// Omissions from seals.
    pub omission_evidence: Address,
    /// Makes fractional assets.
    pub assets: Address,
    /// Sales of data.
    pub market: Address,
}

/// A finished deployment.
#[derive(Debug)]
pub struct EconomyDeployment {
    /// Where the contracts are.
    pub book: EconomyBook,
    /// Each transaction's action and gas, in order.
    pub gas: Vec<(String, u64)>,
}

impl Network {
    /// Deploys the contracts around the network as its owner, sets them up and offers all that can be governed to the
    /// timelock. [`Network::take_over`] completes it once the delay is over. From the next epoch on the schedule fills
    /// the pools.
    ///
    /// The owner ends without any role in the timelock.
    pub async fn deploy_economy(
        &self,
        config: &EconomyConfig,
    ) -> Result<EconomyDeployment, ChainError> {
        let mut deployer = Deployer::new(self.chain(), self.book().owner);
        let book = self.economy_by(&mut deployer, config).await?;
        self.check_economy(&book).await?;
        Ok(EconomyDeployment { book, gas: deployer.gas })
    }

    /// The same, step by step, with what an earlier run did left as it is.
    pub(crate) async fn economy_by(
        &self,
        deployer: &mut Deployer<'_>,
        config: &EconomyConfig,
    ) -> Result<EconomyBook, ChainError> {
        let book = self.create_economy(deployer, config).await?;
        self.set_up(deployer, config, &book).await?;
        self.hand_over(deployer, config, &book).await?;
        Ok(book)
    }

    /// Has the timelock accept what was offered to it; anyone may, once the delay is over.
    pub async fn take_over(
        &self,
        from: Address,
        book: &EconomyBook,
    ) -> Result<Outcome<()>, ChainError> {
        let (targets, values, payloads) = self.acceptances(book);
        let call = ErgonTimelock::executeBatchCall {
            targets,
            values,
            payloads,
            predecessor: B256::ZERO,
            salt: B256::ZERO,
        };
        let receipt = write(self.chain(), from, book.timelock, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    async fn create_economy(
        &self,
        deployer: &mut Deployer<'_>,
        config: &EconomyConfig,
    ) -> Result<EconomyBook, ChainError> {
        let network = self.book();
        let (owner, token, registry) = (network.owner, network.token, network.registry);
        let settlement = network.settlement;
        let arguments = VotesToken::constructorCall { token };
        let votes = deployer.create("votes", &VotesToken::BYTECODE, &arguments).await?;
        let arguments =
            ErgonTimelock::constructorCall { delay: U256::from(config.delay), admin: owner };
        let timelock = deployer.create("timelock", &ErgonTimelock::BYTECODE, &arguments).await?;
        let arguments = ErgonGovernor::constructorCall {
            votes,
            timelock_: timelock,
            quorumFloor_: config.quorum_floor,
        };
        let governor = deployer.create("governor", &ErgonGovernor::BYTECODE, &arguments).await?;
        let names = config.parameters.iter().map(|(name, _)| binding::tag(name)).collect();
        let values = config.parameters.iter().map(|(_, value)| value.clone()).collect();
        // There is nothing to set up, so it is the timelock's from the start.
        let arguments = Parameters::constructorCall { owner: timelock, names, parameters: values };
        let parameters = deployer.create("parameters", &Parameters::BYTECODE, &arguments).await?;
        let arguments = EmissionSchedule::constructorCall {
            owner,
            distributor_: network.distributor,
            registry_: registry,
            hardCap_: config.hard_cap,
            rates: config.rates,
        };
        let schedule = deployer.create("schedule", &EmissionSchedule::BYTECODE, &arguments).await?;
        let arguments = Staking::constructorCall {
            owner,
            token_: token,
            registry_: registry,
            parameters_: parameters,
        };
        let staking = deployer.create("staking", &Staking::BYTECODE, &arguments).await?;
        let arguments = ContradictionEvidence::constructorCall {
            fault_: CONTRADICTION,
            staking_: staking,
            settlement_: settlement,
        };
        let evidence =
            deployer.create("evidence", &ContradictionEvidence::BYTECODE, &arguments).await?;
        let arguments = SealEvidence::constructorCall {
            fault_: SECOND_SEAL,
            staking_: staking,
            settlement_: settlement,
        };
        let seal_evidence =
            deployer.create("seal evidence", &SealEvidence::BYTECODE, &arguments).await?;
        let arguments = OmissionEvidence::constructorCall {
            fault_: OMISSION,
            staking_: staking,
            settlement_: settlement,
            contradictions_: evidence,
        };
        let omission_evidence =
            deployer.create("omission evidence", &OmissionEvidence::BYTECODE, &arguments).await?;
        let arguments = AssetSharesFactory::constructorCall { registry };
        let assets = deployer.create("assets", &AssetSharesFactory::BYTECODE, &arguments).await?;
        let arguments = DataMarket::constructorCall {
            owner,
            treasury_: timelock,
            registry_: registry,
            rewardToken_: token,
            parameters_: parameters,
        };
        let market = deployer.create("market", &DataMarket::BYTECODE, &arguments).await?;
        Ok(EconomyBook {
            votes,
            timelock,
            governor,
            parameters,
            schedule,
            staking,
            evidence,
            seal_evidence,
            omission_evidence,
            assets,
            market,
        })
    }

    async fn set_up(
        &self,
        deployer: &mut Deployer<'_>,
        config: &EconomyConfig,
        book: &EconomyBook,
    ) -> Result<(), ChainError> {
        let faults = [
            (CONTRADICTION, book.evidence, config.contradiction),
            (SECOND_SEAL, book.seal_evidence, config.second_seal),
            (OMISSION, book.omission_evidence, config.omission),
        ];
        for (fault, evidence, Penalty { bps, cap_bps, informant_bps }) in faults {
            let rule = FaultRule { evidence, bps, capBps: cap_bps, informantBps: informant_bps };
            let call = Staking::setFaultRuleCall { fault, rule };
            deployer.call("set fault rule", book.staking, &call).await?;
        }
        for accuser in &config.accusers {
            let call = Staking::setAccuserCall { accuser: *accuser, allowed: true };
            deployer.call("set accuser", book.staking, &call).await?;
        }
        let call = Staking::setDeciderCall { newDecider: config.decider };
        deployer.call("set decider", book.staking, &call).await?;
        let call = DeviceRegistry::setStakingCall { newStaking: book.staking };
        deployer.call("set staking", self.book().registry, &call).await?;
        let currency = self.book().token;
        let call = DataMarket::setCurrencyCall { currency, allowed: true };
        deployer.call("set currency", book.market, &call).await?;
        let call = EmissionSchedule::setRevenueCall { newRevenue: book.market };
        deployer.call("set revenue", book.schedule, &call).await?;
        let call = RewardDistributor::setDisputesCall { newDisputes: book.evidence };
        deployer.call("set disputes", self.book().distributor, &call).await?;
        let call = RewardDistributor::setScheduleCall { newSchedule: book.schedule };
        deployer.call("set schedule", self.book().distributor, &call).await?;
        Ok(())
    }

    async fn hand_over(
        &self,
        deployer: &mut Deployer<'_>,
        config: &EconomyConfig,
        book: &EconomyBook,
    ) -> Result<(), ChainError> {
        let owner = self.book().owner;
        for contract in self.handed_over(book) {
            let call = VerifierRouter::transferOwnershipCall { newOwner: book.timelock };
            deployer.call("offer ownership", contract, &call).await?;
        }
        let grant = |role, account| ErgonTimelock::grantRoleCall { role, account };
        let timelock = book.timelock;
        // Only to announce the acceptances; it goes with the next steps.
        deployer.call("grant proposer", timelock, &grant(proposer(), owner)).await?;
        let (targets, values, payloads) = self.acceptances(book);
        let call = ErgonTimelock::scheduleBatchCall {
            targets,
            values,
            payloads,
            predecessor: B256::ZERO,
            salt: B256::ZERO,
            delay: U256::from(config.delay),
        };
        deployer.call("announce acceptance", timelock, &call).await?;
        deployer.call("grant proposer", timelock, &grant(proposer(), book.governor)).await?;
        deployer.call("grant canceller", timelock, &grant(canceller(), book.governor)).await?;
        let call = ErgonTimelock::revokeRoleCall { role: proposer(), account: owner };
        deployer.call("revoke proposer", timelock, &call).await?;
        let call = ErgonTimelock::renounceRoleCall { role: ADMIN, callerConfirmation: owner };
        deployer.call("renounce admin", timelock, &call).await?;
        Ok(())
    }

    /// What changes its owner, in the order of the announced batch.
    pub(crate) fn handed_over(&self, book: &EconomyBook) -> [Address; 6] {
        let network = self.book();
        [
            network.router,
            network.settlement,
            network.distributor,
            book.schedule,
            book.staking,
            book.market,
        ]
    }

    pub(crate) fn acceptances(&self, book: &EconomyBook) -> (Vec<Address>, Vec<U256>, Vec<Bytes>) {
        let targets = self.handed_over(book).to_vec();
        let accept: Bytes = VerifierRouter::acceptOwnershipCall {}.abi_encode().into();
        (targets.clone(), vec![U256::ZERO; targets.len()], vec![accept; targets.len()])
    }
}

/// Grants and revokes every other role (OpenZeppelin's `AccessControl`).
const ADMIN: B256 = B256::ZERO;

fn proposer() -> B256 {
    keccak256("PROPOSER_ROLE")
}

fn canceller() -> B256 {
    keccak256("CANCELLER_ROLE")
}
