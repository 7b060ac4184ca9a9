//! The contracts' interfaces and creation code, from the committed artifacts: no compiler is needed to use them.

use alloy::{json_abi::Error, sol};

/// Binds each artifact, and lists the errors that all of them declare.
macro_rules! bind {
    ($($contract:ident = $artifact:literal;)*) => {
        $(sol!(
            #[sol(abi, all_derives)]
            $contract,
            $artifact
        );)*

        /// Every error that one of the contracts declares.
        pub(crate) fn errors() -> Vec<Error> {
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
}
