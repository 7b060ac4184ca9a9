//! Evidence against an attestor: two different seals of one cohort and epoch that its key signed (§ 6.7).

use crate::input::dummy_key;
use ergon_types::batch::SECOND_SEAL_WORDS;
use ergon_types::{Address, Fr, Network, PublicKey, Signature, seal};

/// Two contents with signatures of the seals, whose key, cohort and epoch they are of, and who reports them.
#[derive(Clone, Debug)]
pub struct SecondSeal {
    network: Network,
    attestor: PublicKey,
    reporter: Address,
    epoch: u64,
    cohort: u32,
    seals: [(Fr, Signature); 2],
}

/// Why two seals are no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecondSealError {
    /// One seal, signed twice: whoever repeats itself says nothing new.
    #[error("both seals have the same content; expected two that differ")]
    SameContent,
    /// Seal 1 or 2 is not signed by the key, for this network, cohort and epoch.
    #[error("the signature of seal {0} is not by the attestor's key over this cohort and epoch")]
    Signature(usize),
}

impl SecondSeal {
    /// Evidence that proves something.
    ///
    /// # Errors
    /// When the contents are the same, or the key did not sign both for this network, cohort and epoch.
    pub fn new(
        network: Network,
        attestor: PublicKey,
        reporter: Address,
        epoch: u64,
        cohort: u32,
        seals: [(Fr, Signature); 2],
    ) -> Result<Self, SecondSealError> {
        let [(first, _), (second, _)] = &seals;
        if first == second {
            return Err(SecondSealError::SameContent);
        }
        let forged = seals.iter().position(|(content, signature)| {
            let message = seal::message(network.id(), epoch, cohort, &attestor, *content);
            !attestor.verifies(&message, signature)
        });
        match forged {
            Some(index) => Err(SecondSealError::Signature(index + 1)),
            None => Ok(Self::unchecked(network, attestor, reporter, epoch, cohort, seals)),
        }
    }

    /// What a cheat would hand in: nothing is checked.
    pub fn unchecked(
        network: Network,
        attestor: PublicKey,
        reporter: Address,
        epoch: u64,
        cohort: u32,
        seals: [(Fr, Signature); 2],
    ) -> Self {
        Self { network, attestor, reporter, epoch, cohort, seals }
    }

    /// Satisfiable evidence against the public dummy key, for key generation.
    pub(crate) fn blank() -> Self {
        let key = dummy_key();
        let attestor = key.public();
        let reporter = Address::default();
        let network = Network { chain_id: 0, settlement: reporter, registry: reporter };
        let seals = [0u64, 1].map(|content| {
            let content = Fr::from(content);
            (content, key.sign(&seal::message(network.id(), 0, 0, &attestor, content)))
        });
        Self::unchecked(network, attestor, reporter, 0, 0, seals)
    }

    /// Contents and signatures.
    pub(crate) fn seals(&self) -> &[(Fr, Signature); 2] {
        &self.seals
    }

    /// The public words (§ 6.7).
    pub fn words(&self) -> [Fr; SECOND_SEAL_WORDS] {
        [
            Fr::from(self.network.chain_id),
            self.network.settlement.entry(),
            Fr::from(self.epoch),
            Fr::from(self.cohort),
            self.attestor.point().x,
            self.attestor.point().y,
            self.reporter.entry(),
        ]
    }
}
