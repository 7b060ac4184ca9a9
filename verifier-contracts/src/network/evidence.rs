//! Faults that a proof shows: whoever brings it has the bond slashed (§§ 6.6 to 6.8).

use alloy::primitives::{Address, B256, U256};

use crate::{
    ChainError, EconomyBook, Network, Outcome,
    chain::{read, write},
    contracts::{
        ContradictionEvidence,
        OmissionEvidence::{self, Lack, Missing, Proof},
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

    /// Shows that a seal leaves out what its attestor acknowledged. The bond is slashed at once; or, where the attestor may
    /// have an answer, by [`Network::punish_omission`] when nobody gives it in time. Then a deposit is made for the account,
    /// which it allows first. The informant's part goes to `reporter`, whom the proof names.
    pub async fn show_omission(
        &self,
        from: Address,
        book: &EconomyBook,
        what: &Missing,
        lack: &Lack,
        reporter: Address,
        evidence: &FaultProof,
    ) -> Result<Outcome<Shown>, ChainError> {
        let deposit = self.parameter(book, "staking/deposit").await?.value;
        let value = U256::from(deposit);
        let spender = book.omission_evidence;
        let approved = self.approve(from, self.book().token, spender, value).await?;
        let call = OmissionEvidence::showCall {
            what: what.clone(),
            lack: lack.clone(),
            reporter,
            evidence: proof_of(evidence),
        };
        let receipt = write(self.chain(), from, spender, &call).await?;
        let shown: OmissionEvidence::OmissionShown = receipt.event(spender)?;
        if shown.due > 0 {
            return Ok(Outcome::new(Shown::Waits { due: shown.due }, &receipt).after(&[approved]));
        }
        let event: OmissionEvidence::OmissionPunished = receipt.event(spender)?;
        Ok(Outcome::new(Shown::Slashed(event.slashed), &receipt).after(&[approved]))
    }

    /// When the answer to an omission is due, in seconds since 1970; `None` when none waits.
    pub async fn answer_due(
        &self,
        book: &EconomyBook,
        what: &Missing,
        head: U256,
        counter: u64,
    ) -> Result<Option<u64>, ChainError> {
        let call = OmissionEvidence::waitingOfCall { what: what.clone(), head, counter };
        let waiting = read(self.chain(), book.omission_evidence, &call).await?;
        Ok((waiting.due > 0).then_some(waiting.due))
    }

    /// Answers with the sealed record for all that was acknowledged with a counter up to this one, which is below the
    /// record's.
    pub async fn answer_omission(
        &self,
        from: Address,
        book: &EconomyBook,
        what: &Missing,
        head: U256,
        counter: u64,
        answer: &FaultProof,
    ) -> Result<Outcome<()>, ChainError> {
        let (what, evidence) = (what.clone(), proof_of(answer));
        let call = OmissionEvidence::answerCall { what, head, counter, evidence };
        let receipt = write(self.chain(), from, book.omission_evidence, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Gives the deposit of what is answered, or whose device contradicted itself, to the attestor's operator.
    pub async fn collect_deposit(
        &self,
        from: Address,
        book: &EconomyBook,
        what: &Missing,
        head: U256,
        counter: u64,
    ) -> Result<Outcome<()>, ChainError> {
        let call = OmissionEvidence::collectCall { what: what.clone(), head, counter };
        let receipt = write(self.chain(), from, book.omission_evidence, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Whether a device was shown to contradict itself in an epoch, or that is established.
    pub async fn is_contradicted(
        &self,
        book: &EconomyBook,
        device: u64,
        epoch: u64,
    ) -> Result<bool, ChainError> {
        let call = OmissionEvidence::isContradictedCall { device, epoch };
        read(self.chain(), book.omission_evidence, &call).await
    }

    /// Has the bond slashed for an omission that nobody answered for; returns what was slashed, which is nothing if it was
    /// slashed for before.
    pub async fn punish_omission(
        &self,
        from: Address,
        book: &EconomyBook,
        what: &Missing,
        head: U256,
        counter: u64,
    ) -> Result<Outcome<U256>, ChainError> {
        let call = OmissionEvidence::punishCall { what: what.clone(), head, counter };
        let receipt = write(self.chain(), from, book.omission_evidence, &call).await?;
        let mut events =
            receipt.events::<OmissionEvidence::OmissionPunished>(book.omission_evidence);
        let slashed = events.next().map(|event| event.slashed).unwrap_or_default();
        Ok(Outcome::new(slashed, &receipt))
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

    /// Whether it is established that a device contradicted itself in an epoch.
    pub async fn is_established(
        &self,
        book: &EconomyBook,
        device: u64,
        epoch: u64,
    ) -> Result<bool, ChainError> {
        let call = ContradictionEvidence::isEstablishedCall { device, epoch };
        read(self.chain(), book.evidence, &call).await
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

fn proof_of(evidence: &FaultProof) -> Proof {
    let FaultProof { route, c, proof } = *evidence;
    Proof { route, c, proof }
}
