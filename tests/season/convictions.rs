//! What those lose who cheat: proven, on the chain, and as the model says.

use crate::days::Day;
use crate::proofs::{self, word};
use crate::season::Season;
use crate::world::{
    ATTESTOR, BEN, CEM, CONTRADICTION, DEPOSIT, OMISSION, PROVER, REPORTER, SECOND_SEAL, TOKEN,
    World, attestor_key,
};
use ergon_chain::{B256, Bond, ChainError, FaultProof, Missing, Shown, U256};
use ergon_circuits::{Answer, Contradiction, Lack, Omission, OmissionError, SecondSeal, Statement};
use ergon_fleet::Reading;
use ergon_types::{Ack, Fr, Kind, Packet};

impl Season {
    /// That a meter signed two days for the present epoch: what it was sealed with, and a watt-hour more at noon.
    fn contradiction(&self, place: usize, epoch: u64) -> Statement {
        let cohort = &self.cohorts[2];
        let device = &cohort.devices[place];
        let state = Some(self.earlier.clone());
        let day = Day { world: &self.world, cohort, epoch, state, contradicted: None };
        let mut steps = device.day.steps.clone();
        let honest = day.packet(device, &steps);
        let noon = steps.iter_mut().find_map(|step| match &mut step.reading {
            Reading::Energy { delta, .. } if *delta > 0 => Some(delta),
            _ => None,
        });
        *noon.unwrap() += 1;
        let packets = [honest, day.packet(device, &steps)];
        let reporter = ergon_types::Address(REPORTER.into_array());
        let key = device.key.public();
        Statement::contradiction(
            Contradiction::new(self.world.network, key, reporter, packets).unwrap(),
        )
    }

    /// A meter worked in epoch 3, and then it came out that it signed two days: its reward is struck.
    pub(crate) async fn dispute(&mut self) {
        let World { chain, economy, .. } = &self.world;
        let device = &self.cohorts[2].devices[3];
        let number = self.cohorts[2].number();
        assert!(self.units[&(number, 3)][3] > 0);
        let early = chain.strike(PROVER, device.id, 3).await.unwrap_err();
        assert_eq!(early.revert_name(), Some("NoGrounds"), "{early}");
        let proof = fault_proof(&self.contradiction(3, 3));
        chain
            .establish_contradiction(PROVER, economy, device.id, 3, REPORTER, &proof)
            .await
            .unwrap();
        chain.strike(PROVER, device.id, 3).await.unwrap();
        assert!(chain.is_struck(number, 3, device.index).await.unwrap());
        self.struck.push((number, 3, device.index));
        self.model.check(&self.world, "a reward struck").await;
    }

    /// Cem's meter signed two days for the epoch 2.
    pub(crate) async fn convict_device(&mut self) {
        let World { chain, economy, .. } = &self.world;
        let device = &self.cohorts[2].devices[2];
        let statement = self.contradiction(2, 2);
        let words = chain.contradiction_words(economy, device.id, 2, REPORTER).await.unwrap();
        assert_eq!(words, statement.words().iter().map(word).collect::<Vec<_>>());
        let proof = fault_proof(&statement);
        let show = async |epoch, reporter| {
            chain.show_contradiction(PROVER, economy, device.id, epoch, reporter, &proof).await
        };
        for (epoch, reporter) in [(1, REPORTER), (2, PROVER)] {
            let refused = show(epoch, reporter).await.unwrap_err();
            assert_eq!(refused.revert_name(), Some("EvidenceRejected"), "{refused}");
        }
        let slashed = show(2, REPORTER).await.unwrap().value;
        let bond = Bond::device(device.id);
        let expected = self.model.slash(economy.staking, bond, CONTRADICTION, REPORTER);
        assert_eq!(slashed, U256::from(expected));
        // A tenth, of which the part that stays and the part that leaves are each rounded down.
        assert_eq!(expected, 30 * TOKEN - 1);
        let again = show(2, REPORTER).await.unwrap_err();
        assert_eq!(again.revert_name(), Some("AlreadyReported"), "{again}");
        self.model.check(&self.world, "a device convicted").await;
    }

    /// The attestor signed another seal of the energy cohort's epoch 3.
    pub(crate) async fn convict_attestor(&mut self) {
        let World { chain, economy, network, attestor, .. } = &self.world;
        let cohort = &self.cohorts[2];
        let state = Some(self.earlier.clone());
        let day = Day { world: &self.world, cohort, epoch: 3, state, contradicted: None };
        let seals = [1, 2].map(|salt| day.sealed(salt)).map(|bundle| {
            assert_eq!(bundle.seal.attestor, attestor_key().public());
            (bundle.seal.content(), bundle.seal_signature)
        });
        let reporter = ergon_types::Address(REPORTER.into_array());
        let (key, number) = (attestor_key().public(), cohort.number());
        let evidence = SecondSeal::new(*network, key, reporter, 3, number, seals).unwrap();
        let proof = fault_proof(&Statement::second_seal(evidence));
        let show = async |epoch, reporter| {
            let (from, attestor) = (PROVER, *attestor);
            chain.show_second_seal(from, economy, attestor, number, epoch, reporter, &proof).await
        };
        for (epoch, reporter) in [(2, REPORTER), (3, PROVER)] {
            let refused = show(epoch, reporter).await.unwrap_err();
            assert_eq!(refused.revert_name(), Some("EvidenceRejected"), "{refused}");
        }
        let slashed = show(3, REPORTER).await.unwrap().value;
        let bond = Bond::attestor(*attestor);
        let expected = self.model.slash(economy.staking, bond, SECOND_SEAL, REPORTER);
        assert_eq!(slashed, U256::from(expected));
        assert_eq!(expected, 100 * TOKEN);
        assert_eq!(chain.stake_of(economy, bond).await.unwrap().tokens, 400 * TOKEN);
        self.model.check(&self.world, "an attestor convicted").await;
    }

    /// That a seal of an epoch lacks what was acknowledged of a device: its last packet in a seal with its place left empty,
    /// or an earlier one in the seal that has the last.
    fn left_out(&self, cohort: usize, place: usize, epoch: u64, earlier: bool) -> Claim {
        let cohort = &self.cohorts[cohort];
        let device = &cohort.devices[place];
        let state = (cohort.kind == Kind::Energy).then(|| self.earlier.clone());
        let contradicted = (!earlier).then_some(device.id);
        let day = Day { world: &self.world, cohort, epoch, state, contradicted };
        let last = day.last_packet(device);
        let acknowledged =
            if earlier { day.packet(device, &device.day.steps[..40]) } else { last.clone() };
        let record = acknowledged.record;
        let network = self.world.network.id();
        let of = (device.id, cohort.kind.schema(), epoch);
        let (head, nonce) = (record.message(), Fr::from(8u64));
        let ack = Ack::sign(&attestor_key(), network, of, head, 90, nonce);
        let reporter = ergon_types::Address(REPORTER.into_array());
        let (bundle, counter) = (day.sealed(3), record.header.counter);
        let evidence = if earlier {
            let honest = Omission::new(&bundle, ack, &record, reporter);
            assert_eq!(honest.unwrap_err(), OmissionError::Complete(device.id));
            Omission::unchecked(&bundle, ack, record, reporter, Lack::Record)
        } else {
            Omission::new(&bundle, ack, &record, reporter).unwrap()
        };
        let lack = ergon_chain::Lack { head: word(&evidence.head()), counter, arrival: false };
        let proof = fault_proof(&Statement::omission(evidence));
        let (attestor, cohort, device) = (self.world.attestor, cohort.number(), device.id);
        Claim { what: Missing { attestor, cohort, epoch, device }, lack, proof, last }
    }

    async fn show(&self, claim: &Claim) -> Result<Shown, ChainError> {
        let World { chain, economy, .. } = &self.world;
        let Claim { what, lack, proof, .. } = claim;
        Ok(chain.show_omission(PROVER, economy, what, lack, REPORTER, proof).await?.value)
    }

    /// The attestor left acknowledged records out of seals of epoch 3. A meter's place it has two days to answer for; of
    /// Cem's meter in epoch 2 the answer is on the chain; and of another meter it sealed a later record.
    pub(crate) async fn convict_of_omissions(&mut self) {
        let [uptime, meter, liar] = [(0, 1, 3), (2, 1, 3), (2, 2, 2)]
            .map(|(cohort, place, epoch)| self.left_out(cohort, place, epoch, false));
        let (staking, desk) = (self.world.economy.staking, self.world.economy.omission_evidence);
        let bond = Bond::attestor(self.world.attestor);
        let shown = self.show(&uptime).await.unwrap();
        let expected = self.model.slash(staking, bond, OMISSION, REPORTER);
        assert_eq!(shown, Shown::Slashed(U256::from(expected)));
        assert_eq!(expected, 36 * TOKEN);
        let again = self.show(&uptime).await.unwrap_err();
        assert_eq!(again.revert_name(), Some("AlreadyReported"), "{again}");

        let answered = self.show(&liar).await.unwrap_err();
        assert_eq!(answered.revert_name(), Some("Contradicted"), "{answered}");
        let Shown::Waits { due } = self.show(&meter).await.unwrap() else {
            panic!("a meter's place sealed as 0 can be answered for");
        };
        self.model.pay(PROVER, desk, DEPOSIT);
        self.answer().await;
        let World { chain, economy, .. } = &self.world;
        let (what, head) = (&meter.what, U256::ZERO);
        let early =
            chain.punish_omission(CEM, economy, what, head, meter.lack.counter).await.unwrap_err();
        assert_eq!(early.revert_name(), Some("NotDue"), "{early}");
        self.world.until(due).await;
        let slashed = chain
            .punish_omission(CEM, economy, what, head, meter.lack.counter)
            .await
            .unwrap()
            .value;
        let expected = self.model.slash(staking, bond, OMISSION, REPORTER);
        assert_eq!(slashed, U256::from(expected));
        self.model.pay(desk, PROVER, DEPOSIT);
        self.model.check(&self.world, "omissions convicted").await;
    }

    /// Who shows an earlier acknowledgement loses the deposit to the attestor.
    async fn answer(&mut self) {
        let claim = self.left_out(2, 3, 3, true);
        assert!(matches!(self.show(&claim).await.unwrap(), Shown::Waits { .. }));
        let desk = self.world.economy.omission_evidence;
        self.model.pay(PROVER, desk, DEPOSIT);
        let World { chain, economy, network, .. } = &self.world;
        let Claim { what, lack, last, .. } = claim;
        let due = chain.answer_due(economy, &what, lack.head, lack.counter).await.unwrap();
        assert!(due.is_some());
        let key = self.cohorts[2].devices[3].key.public();
        let counter = last.record.header.counter - 1;
        let answer = Answer::new(*network, key, counter, last).unwrap();
        let proof = fault_proof(&Statement::answer(answer));
        chain.answer_omission(CEM, economy, &what, lack.head, counter, &proof).await.unwrap();
        chain.collect_deposit(BEN, economy, &what, lack.head, lack.counter).await.unwrap();
        self.model.pay(desk, ATTESTOR, DEPOSIT);
        self.model.check(&self.world, "answered").await;
    }
}

/// An omission as it is shown, and what was really sent last.
struct Claim {
    what: Missing,
    lack: ergon_chain::Lack,
    proof: FaultProof,
    last: Packet,
}

fn fault_proof(statement: &Statement) -> FaultProof {
    FaultProof {
        route: B256::from(proofs::proof(statement).route),
        c: word(&statement.commitment()),
        proof: proofs::chain_proof(statement),
    }
}
