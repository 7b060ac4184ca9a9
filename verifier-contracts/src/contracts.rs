//! The contracts' interfaces and creation code, from the committed artifacts: no compiler is needed to use them.

// A generated instance takes what the contract's constructor or function does.
#![allow(clippy::too_many_arguments)]

use alloy::{json_abi::Error, sol};

/// Binds each artifact of a module, and lists the errors that they declare.
macro_rules! bind {
    ($($contract:ident = $artifact:literal;)*) => {
        $(sol!(
            #[sol(abi, all_derives)]
            $contract,
            $artifact
        );)*

        /// Every error that one of these contracts declares.
        fn declared() -> Vec<Error> {
            [$($contract::abi::errors()),*]
                .into_iter()
                .flat_map(|errors| errors.into_values().flatten())
                .collect()
        }
    };
}

bind! {
    ErgonToken = "artifacts/ErgonToken.json";
    Groth16Verifier = "artifacts/Groth16Verifier.json";
    VerifierRouter = "artifacts/VerifierRouter.json";
    DeviceRegistry = "artifacts/DeviceRegistry.json";
    EpochSettlement = "artifacts/EpochSettlement.json";
    RewardDistributor = "artifacts/RewardDistributor.json";
    Parameters = "artifacts/Parameters.json";
    EmissionSchedule = "artifacts/EmissionSchedule.json";
    Staking = "artifacts/Staking.json";
    ContradictionEvidence = "artifacts/ContradictionEvidence.json";
    SealEvidence = "artifacts/SealEvidence.json";
    OmissionEvidence = "artifacts/OmissionEvidence.json";
    AssetSharesFactory = "artifacts/AssetSharesFactory.json";
    DataMarket = "artifacts/DataMarket.json";
    VotesToken = "artifacts/VotesToken.json";
    ErgonTimelock = "artifacts/ErgonTimelock.json";
    ErgonGovernor = "artifacts/ErgonGovernor.json";
}

/// Shares of assets. In a module of their own: they and `VotesToken` both declare `Checkpoints`.
pub(crate) mod shares {
    use super::*;

    bind! {
        AssetShares = "artifacts/AssetShares.json";
        Payee = "artifacts/Payee.json";
    }

    pub(super) fn errors() -> Vec<Error> {
        declared()
    }
}

/// Every error that one of the contracts declares.
pub(crate) fn errors() -> Vec<Error> {
    [declared(), shares::errors()].concat()
}
