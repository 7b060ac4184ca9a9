//! Faults that a proof shows: whoever brings it has the bond slashed (§§ 6.6 to 6.8).

use alloy::primitives::{Address, B256, U256};

use crate::{
    ChainError, EconomyBook, Network, Outcome,
    chain::{read, write},
    contracts::{
        ContradictionEvidence,
        OmissionEvidence::{self, Missing},
        RewardDistributor, SealEvidence,
    },
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

/// What became of an omission that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The bond was slashed by so much.
    Slashed(U256),
    /// It can be punished from then on, in seconds since 1970, unless the device is shown to contradict itself.
    Waits {
        /// When.
        due: u64,
    },
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

    /// Shows that a seal leaves out what its attestor acknowledged. The bond is slashed at once, or, if the place of a meter
    /// or a witness is sealed as 0 (`everything`), by [`Network::punish_omission`] when nobody answers in time.
    /// The informant's part goes to `reporter`, whom the proof names.
    pub async fn show_omission(
        &self,
        from: Address,
        book: &EconomyBook,
        what: &Missing,
        everything: bool,
        reporter: Address,
        evidence: &FaultProof,
    ) -> Result<Outcome<Shown>, ChainError> {
        let FaultProof { route, c, proof } = *evidence;
        let what = what.clone();
        let call = OmissionEvidence::showCall { what, everything, reporter, route, c, proof };
        let receipt = write(self.chain(), from, book.omission_evidence, &call).await?;
        let shown: OmissionEvidence::OmissionShown = receipt.event(book.omission_evidence)?;
        if shown.due > 0 {
            return Ok(Outcome::new(Shown::Waits { due: shown.due }, &receipt));
        }
        let event: OmissionEvidence::OmissionPunished = receipt.event(book.omission_evidence)?;
        Ok(Outcome::new(Shown::Slashed(event.slashed), &receipt))
    }

    /// Has the bond slashed for a place sealed as 0 that nobody answered for; returns what was slashed.
    pub async fn punish_omission(
        &self,
        from: Address,
        book: &EconomyBook,
        what: &Missing,
    ) -> Result<Outcome<U256>, ChainError> {
        let call = OmissionEvidence::punishCall { what: what.clone() };
        let receipt = write(self.chain(), from, book.omission_evidence, &call).await?;
        let event: OmissionEvidence::OmissionPunished = receipt.event(book.omission_evidence)?;
        Ok(Outcome::new(event.slashed, &receipt))
    }

    /// Establishes a contradiction as grounds to strike the device's reward of the epoch; it costs no bond.
    pub async fn establish_contradiction(
        &self,
        from: Address,
        book: &EconomyBook,
        device: u64,
        epoch: u64,
        reporter: Address,
        evidence: &FaultProof,
    ) -> Result<Outcome<()>, ChainError> {
        let FaultProof { route, c, proof } = *evidence;
        let call =
            ContradictionEvidence::establishCall { device, epoch, reporter, route, c, proof };
        let receipt = write(self.chain(), from, book.evidence, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Strikes a device's reward for an epoch in which it is established that it contradicted itself, unless it is claimed.
    pub async fn strike(
        &self,
        from: Address,
        device: u64,
        epoch: u64,
    ) -> Result<Outcome<()>, ChainError> {
        let call = RewardDistributor::strikeCall { device, epoch };
        let receipt = write(self.chain(), from, self.book().distributor, &call).await?;
        Ok(Outcome::new((), &receipt))
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
