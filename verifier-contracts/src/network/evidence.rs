//! Faults that a proof shows: whoever brings it has the bond slashed (§ 6.6).

use alloy::primitives::{Address, B256, U256};

use crate::{
    ChainError, EconomyBook, Network, Outcome,
    chain::{read, write},
    contracts::{ContradictionEvidence, SealEvidence},
};

/// A proof of a fault, as the contracts take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultProof {
    /// The route that it is checked by.
    pub route: B256,
    /// The hash of its words, from the circuit.
    pub c: U256,
    /// The proof: A, B (imaginary parts first), C.
    pub proof: [U256; 8],
}

impl Network {
    /// Has a device's bond slashed for two records of an epoch that contradict each other; returns what was slashed.
    /// The informant's part goes to `reporter`, whom the proof names.
    pub async fn show_contradiction(
        &self,
        from: Address,
        book: &EconomyBook,
        device: u64,
        epoch: u64,
        reporter: Address,
        evidence: &FaultProof,
    ) -> Result<Outcome<U256>, ChainError> {
        let FaultProof { route, c, proof } = *evidence;
        let call = ContradictionEvidence::showCall { device, epoch, reporter, route, c, proof };
        let receipt = write(self.chain(), from, book.evidence, &call).await?;
        let event: ContradictionEvidence::ContradictionShown = receipt.event(book.evidence)?;
        Ok(Outcome::new(event.slashed, &receipt))
    }

    /// Has an attestor's bond slashed for two seals of one cohort and epoch; returns what was slashed. The informant's
    /// part goes to `reporter`, whom the proof names.
    #[allow(clippy::too_many_arguments)]
    pub async fn show_second_seal(
        &self,
        from: Address,
        book: &EconomyBook,
        attestor: u32,
        cohort: u32,
        epoch: u64,
        reporter: Address,
        evidence: &FaultProof,
    ) -> Result<Outcome<U256>, ChainError> {
        let FaultProof { route, c, proof } = *evidence;
        let call = SealEvidence::showCall { attestor, cohort, epoch, reporter, route, c, proof };
        let receipt = write(self.chain(), from, book.seal_evidence, &call).await?;
        let event: SealEvidence::SecondSealShown = receipt.event(book.seal_evidence)?;
        Ok(Outcome::new(event.slashed, &receipt))
    }

    /// The words that a proof of contradiction must hold for.
    pub async fn contradiction_words(
        &self,
        book: &EconomyBook,
        device: u64,
        epoch: u64,
        reporter: Address,
    ) -> Result<Vec<U256>, ChainError> {
        let call = ContradictionEvidence::wordsCall { device, epoch, reporter };
        read(self.chain(), book.evidence, &call).await
    }
}
