//! Whether a call of a deployment is in effect, seen on the chain: an earlier run may have sent it and not lived to see it.

use alloy::{primitives::Address, sol_types::SolCall};
use async_trait::async_trait;

use crate::{
    Chain, ChainError,
    chain::read,
    contracts::{
        DataMarket, DeviceRegistry, EmissionSchedule, EpochSettlement, ErgonTimelock, ErgonToken,
        Groth16Verifier, RewardDistributor, Staking, VerifierRouter,
    },
};

/// An epoch after every change.
const LAST: u64 = u64::MAX;

/// A call whose effect shows.
#[async_trait]
pub(crate) trait Effect: SolCall {
    /// Whether the contract is as if the call had been made last.
    async fn is_in_effect(&self, chain: &dyn Chain, contract: Address) -> Result<bool, ChainError>;
}

/// Calls after which a view answers something.
macro_rules! effects {
    ($(|$call:ident: $type:ty, $chain:ident, $to:ident| $holds:expr;)*) => {
        $(#[async_trait]
        impl Effect for $type {
            async fn is_in_effect(
                &self,
                $chain: &dyn Chain,
                $to: Address,
            ) -> Result<bool, ChainError> {
                let $call = self;
                Ok($holds)
            }
        })*
    };
}

effects! {
    |call: ErgonToken::setMinterCall, chain, to|
        read(chain, to, &ErgonToken::minterCall {}).await? == call.newMinter;
    |call: VerifierRouter::addRouteCall, chain, to| {
        let key = read(chain, call.verifier, &Groth16Verifier::keyHashCall {}).await?;
        let route = crate::binding::route_of_key(key, call.tag, call.members, call.length);
        read(chain, to, &VerifierRouter::routeOfCall { route }).await?.verifier == call.verifier
    };
    |call: EpochSettlement::setPolicyCall, chain, to| {
        let view = EpochSettlement::policyAtCall { kind: call.kind, epoch: LAST };
        read(chain, to, &view).await? == call.words
    };
    |call: RewardDistributor::setEmissionCall, chain, to| {
        let view = RewardDistributor::emissionAtCall { kind: call.kind, epoch: LAST };
        read(chain, to, &view).await? == call.amount
    };
    |call: RewardDistributor::setDisputesCall, chain, to|
        read(chain, to, &RewardDistributor::disputesCall {}).await? == call.newDisputes;
    |call: RewardDistributor::setScheduleCall, chain, to|
        read(chain, to, &RewardDistributor::scheduleCall {}).await? == call.newSchedule;
    |call: Staking::setFaultRuleCall, chain, to| {
        let view = Staking::faultRuleOfCall { fault: call.fault };
        read(chain, to, &view).await? == call.rule
    };
    |call: Staking::setAccuserCall, chain, to| {
        let view = Staking::isAccuserCall { accuser: call.accuser };
        read(chain, to, &view).await? == call.allowed
    };
    |call: Staking::setDeciderCall, chain, to|
        read(chain, to, &Staking::deciderCall {}).await? == call.newDecider;
    |call: DeviceRegistry::setStakingCall, chain, to|
        read(chain, to, &DeviceRegistry::stakingCall {}).await? == call.newStaking;
    |call: DataMarket::setCurrencyCall, chain, to| {
        let view = DataMarket::isAllowedCall { currency: call.currency };
        read(chain, to, &view).await? == call.allowed
    };
    |call: EmissionSchedule::setRevenueCall, chain, to|
        read(chain, to, &EmissionSchedule::revenueCall {}).await? == call.newRevenue;
    |call: VerifierRouter::transferOwnershipCall, chain, to| {
        let offered = read(chain, to, &VerifierRouter::pendingOwnerCall {}).await?;
        offered == call.newOwner
            || read(chain, to, &VerifierRouter::ownerCall {}).await? == call.newOwner
    };
    |call: ErgonTimelock::grantRoleCall, chain, to| {
        let view = ErgonTimelock::hasRoleCall { role: call.role, account: call.account };
        read(chain, to, &view).await?
    };
    |call: ErgonTimelock::revokeRoleCall, chain, to| {
        let view = ErgonTimelock::hasRoleCall { role: call.role, account: call.account };
        !read(chain, to, &view).await?
    };
    |call: ErgonTimelock::renounceRoleCall, chain, to| {
        let account = call.callerConfirmation;
        !read(chain, to, &ErgonTimelock::hasRoleCall { role: call.role, account }).await?
    };
    |call: ErgonTimelock::scheduleBatchCall, chain, to| {
        let view = ErgonTimelock::hashOperationBatchCall {
            targets: call.targets.clone(),
            values: call.values.clone(),
            payloads: call.payloads.clone(),
            predecessor: call.predecessor,
            salt: call.salt,
        };
        let id = read(chain, to, &view).await?;
        read(chain, to, &ErgonTimelock::isOperationCall { id }).await?
    };
}
