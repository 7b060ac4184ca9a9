//! Every contract around a network names the others as the address book does.

use alloy::{primitives::Address, sol_types::SolCall};

use super::{ADMIN, CONTRADICTION, EconomyBook, OMISSION, SECOND_SEAL, canceller, proposer};
use crate::{
    ChainError, Network,
    chain::read,
    contracts::{
        AssetSharesFactory, ContradictionEvidence, DataMarket, DeviceRegistry, EmissionSchedule,
        ErgonGovernor, ErgonTimelock, OmissionEvidence, RewardDistributor, Staking, VotesToken,
    },
};

impl Network {
    /// Checks that the contracts of the book belong together and to this network, that the governor can propose to the
    /// timelock and the network's owner cannot, and that the timelock owns or is to own what is governed. Roles that
    /// somebody else was given are not seen here: the timelock does not list them.
    ///
    /// Returns whether the timelock owns all of it already. [`ChainError::WrongWiring`] names what differs.
    pub async fn check_economy(&self, book: &EconomyBook) -> Result<bool, ChainError> {
        let network = self.book();
        let (token, registry) = (network.token, network.registry);
        self.names(book.governor, &ErgonGovernor::timelockCall {}, book.timelock).await?;
        self.names(book.governor, &ErgonGovernor::tokenCall {}, book.votes).await?;
        self.names(book.votes, &VotesToken::underlyingCall {}, token).await?;
        let (distributor, schedule) = (network.distributor, book.schedule);
        self.names(distributor, &RewardDistributor::scheduleCall {}, schedule).await?;
        self.names(distributor, &RewardDistributor::disputesCall {}, book.evidence).await?;
        self.names(schedule, &EmissionSchedule::distributorCall {}, distributor).await?;
        self.names(schedule, &EmissionSchedule::revenueCall {}, book.market).await?;
        self.names(schedule, &EmissionSchedule::registryCall {}, registry).await?;
        self.names(book.staking, &Staking::tokenCall {}, token).await?;
        self.names(book.staking, &Staking::registryCall {}, registry).await?;
        self.names(registry, &DeviceRegistry::stakingCall {}, book.staking).await?;
        self.names(book.staking, &Staking::parametersCall {}, book.parameters).await?;
        let settlement = network.settlement;
        let answers = &OmissionEvidence::contradictionsCall {};
        self.names(book.omission_evidence, answers, book.evidence).await?;
        for (fault, evidence) in [
            (CONTRADICTION, book.evidence),
            (SECOND_SEAL, book.seal_evidence),
            (OMISSION, book.omission_evidence),
        ] {
            // All have these views.
            self.names(evidence, &ContradictionEvidence::stakingCall {}, book.staking).await?;
            self.names(evidence, &ContradictionEvidence::registryCall {}, registry).await?;
            self.names(evidence, &ContradictionEvidence::settlementCall {}, settlement).await?;
            let rule =
                read(self.chain(), book.staking, &Staking::faultRuleOfCall { fault }).await?;
            same(book.staking, "faultRuleOf", evidence, rule.evidence)?;
        }
        self.names(book.market, &DataMarket::registryCall {}, registry).await?;
        self.names(book.market, &DataMarket::rewardTokenCall {}, token).await?;
        self.names(book.market, &DataMarket::parametersCall {}, book.parameters).await?;
        let call = AssetSharesFactory::implementationCall {};
        let implementation = read(self.chain(), book.assets, &call).await?;
        // Shares have a view of the same name.
        self.names(implementation, &DataMarket::registryCall {}, registry).await?;
        self.check_roles(book).await?;
        self.is_handed_over(book).await
    }

    async fn check_roles(&self, book: &EconomyBook) -> Result<(), ChainError> {
        let owner = self.book().owner;
        let expected = [
            ("hasRole(proposer, governor)", proposer(), book.governor, true),
            ("hasRole(canceller, governor)", canceller(), book.governor, true),
            ("hasRole(proposer, owner)", proposer(), owner, false),
            ("hasRole(admin, owner)", ADMIN, owner, false),
        ];
        for (what, role, account, expected) in expected {
            let call = ErgonTimelock::hasRoleCall { role, account };
            same(book.timelock, what, expected, read(self.chain(), book.timelock, &call).await?)?;
        }
        Ok(())
    }

    async fn is_handed_over(&self, book: &EconomyBook) -> Result<bool, ChainError> {
        self.names(book.parameters, &Staking::ownerCall {}, book.timelock).await?;
        let mut all = true;
        for contract in self.handed_over(book) {
            let owner = read(self.chain(), contract, &Staking::ownerCall {}).await?;
            if owner != book.timelock {
                all = false;
                self.names(contract, &Staking::pendingOwnerCall {}, book.timelock).await?;
            }
        }
        Ok(all)
    }

    /// Whether a view answers this address.
    pub(crate) async fn names<C: SolCall<Return = Address>>(
        &self,
        contract: Address,
        call: &C,
        expected: Address,
    ) -> Result<(), ChainError> {
        same(contract, C::SIGNATURE, expected, read(self.chain(), contract, call).await?)
    }
}

/// Whether a contract answers what the address book says.
pub(crate) fn same<T: PartialEq + ToString>(
    contract: Address,
    what: &'static str,
    expected: T,
    found: T,
) -> Result<(), ChainError> {
    if found == expected {
        return Ok(());
    }
    let (expected, found) = (expected.to_string(), found.to_string());
    Err(ChainError::WrongWiring { contract, what, expected, found })
}
