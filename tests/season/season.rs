//! The season: five proven epochs of three kinds, an asset of three holders, an acquittal, four convictions, a vote, a sale.

use crate::days::Day;
use crate::enrolment::{self, Cohort};
use crate::model::{GATEWAY_BPS, HOST_BPS, Model, Pool, portion};
use crate::world::{
    ACCUSER, ANN, ATTESTOR, BEN, CEM, DAY, DECIDER, DELAY, DEPOSIT, GATEWAY, HOST, MARKET_BPS,
    PROVER, RATES, REPORTER, TOKEN, WHOLE, World,
};
use ergon_chain::{
    Address, Asset, B256, Bond, Chain, Due, NewCohort, Paid, Proposal, Terms, U256, accounts,
};
use ergon_types::{Kind, State};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The last proven epoch: rates change once in 30 epochs.
const LAST: u64 = 32;
const SHARES: u128 = 1_000;
/// What the vote sets: more for energy, and a part of what sales bring.
const RATE: u128 = RATES[2] + 1_000 * TOKEN;
const FOLLOW_BPS: u16 = 3_000;
/// Ten days of data.
const PRICE: u128 = 10 * TOKEN + 7;

pub(crate) async fn run(chain: Arc<dyn Chain>) {
    let mut season = Season::begin(chain).await;
    for epoch in 0..4 {
        season.prove(epoch).await;
        if epoch > 0 {
            season.pay(epoch - 1).await;
        }
        match epoch {
            1 => season.stake_and_accuse().await,
            2 => {
                season.acquit().await;
                season.convict_device().await;
            }
            3 => {
                season.convict_attestor().await;
                season.convict_of_omissions().await;
                season.dispute().await;
            }
            _ => {}
        }
    }
    season.world.until(season.world.chain.closes_at(3).await.unwrap()).await;
    season.pay(3).await;
    season.trade_shares().await;
    season.vote().await;
    let purchase = season.sell().await;
    season.prove(LAST).await;
    season.refund(purchase).await;
    season.world.until(season.world.chain.closes_at(LAST).await.unwrap()).await;
    for epoch in 4..=LAST {
        season.pay(epoch).await;
    }
    season.share_out().await;
}

pub(crate) struct Season {
    pub(crate) world: World,
    pub(crate) model: Model,
    /// Uptime, coverage, energy.
    pub(crate) cohorts: [Cohort; 3],
    /// The energy cohort's state, after its last settled epoch and before it.
    state: State,
    pub(crate) earlier: State,
    /// Cohort, epoch and place of rewards that nobody gets, and what they come to.
    pub(crate) struck: Vec<(u32, u64, u32)>,
    kept: u128,
    /// Units by cohort and epoch.
    pub(crate) units: BTreeMap<(u32, u64), Vec<u64>>,
    asset: Address,
}

impl Season {
    async fn begin(chain: Arc<dyn Chain>) -> Self {
        let world = World::new(chain).await;
        let cohorts = enrolment::all(&world).await;
        for cohort in &cohorts {
            enrolment::commit(&world, &cohort.membership).await;
        }
        let witnesses = cohorts[1].witnesses.as_ref().unwrap();
        enrolment::commit(&world, &witnesses.membership).await;
        let state = State::genesis(crate::world::SIZE);
        let mut season = Self {
            world,
            model: Model::new(),
            cohorts,
            earlier: state.clone(),
            state,
            struck: Vec::new(),
            kept: 0,
            units: BTreeMap::new(),
            asset: Address::ZERO,
        };
        season.found_asset().await;
        season.world.wait(DELAY).await;
        season.world.chain.take_over(BEN, &season.world.economy).await.unwrap();
        assert!(season.world.chain.check_economy(&season.world.economy).await.unwrap());
        season
    }

    fn meter(&self, place: usize) -> u64 {
        self.cohorts[2].devices[place].id
    }

    /// Ann's first meter becomes an asset, of which Ben and Cem get shares.
    async fn found_asset(&mut self) {
        let World { chain, economy, .. } = &self.world;
        let token = chain.book().token;
        let device = self.meter(0);
        let asset = Asset {
            name: "Roof".to_owned(),
            symbol: "ROOF".to_owned(),
            supply: SHARES,
            sponsor: ANN,
            devices: vec![device],
            currencies: vec![token],
            gate: Address::ZERO,
        };
        let asset = chain.create_asset(ANN, economy, asset).await.unwrap().value;
        chain.offer_device(ANN, device, asset).await.unwrap();
        chain.accept_for_asset(CEM, asset, 0).await.unwrap();
        assert_eq!(chain.issue_shares(CEM, asset).await.unwrap().value, U256::from(SHARES));
        let energy = &mut self.cohorts[2];
        let new = NewCohort {
            kind: Kind::Energy as u8,
            size: crate::world::SIZE as u32,
            region: 0,
            witness_cohort: 0,
            attestor: self.world.attestor,
        };
        energy.membership =
            enrolment::membership(&self.world, energy.number(), new, &energy.devices).await;
        enrolment::commit(&self.world, &energy.membership).await;
        self.asset = asset;
        self.model.income.change(ANN, SHARES as i128);
        self.give_shares(ANN, BEN, 300).await;
        self.give_shares(ANN, CEM, 199).await;
    }

    async fn give_shares(&mut self, from: Address, to: Address, shares: u128) {
        self.model.income.change(from, -(shares as i128));
        self.model.income.change(to, shares as i128);
        self.world.chain.transfer(from, self.asset, to, U256::from(shares)).await.unwrap();
    }

    /// Seals, proves and settles the three kinds of an epoch when it is over. In the epoch 2 Cem's meter contradicts
    /// itself.
    async fn prove(&mut self, epoch: u64) {
        self.world.until(self.world.chain.opens_at(Kind::Energy as u8, epoch).await.unwrap()).await;
        self.earlier = self.state.clone();
        for place in 0..self.cohorts.len() {
            let cohort = &self.cohorts[place];
            let is_energy = cohort.kind == Kind::Energy;
            let mut day = Day {
                world: &self.world,
                cohort,
                epoch,
                state: is_energy.then(|| self.state.clone()),
                contradicted: (epoch == 2).then(|| self.meter(2)),
            };
            let units = day.settle().await;
            assert!(units.iter().any(|units| *units > 0), "{} {epoch}", cohort.kind);
            if let Some(state) = day.state {
                self.state = state;
            }
            self.units.insert((cohort.number(), epoch), units);
        }
        let energy = &self.units[&(self.cohorts[2].number(), epoch)];
        assert_eq!(energy[2] == 0, epoch == 2, "{energy:?}");
        self.model.check(&self.world, &format!("epoch {epoch} proven")).await;
    }

    /// Freezes the pools of an epoch and claims for everybody; without work a pool is carried on.
    async fn pay(&mut self, epoch: u64) {
        let distributor = self.world.chain.book().distributor;
        for place in 0..self.cohorts.len() {
            let (number, kind) = (self.cohorts[place].number(), self.cohorts[place].kind);
            let units = self.units.get(&(number, epoch)).cloned().unwrap_or_default();
            let all: u64 = units.iter().sum();
            let chain = &self.world.chain;
            chain.freeze(REPORTER, kind as u8, epoch).await.unwrap();
            let Pool { members, fee } = self.model.freeze(distributor, kind, epoch, all);
            if all == 0 {
                continue;
            }
            let paid = chain.claim_fee(ANN, kind as u8, epoch, PROVER).await.unwrap().value;
            assert_eq!(paid, U256::from(fee));
            self.model.pay(distributor, PROVER, fee);
            for device in &self.cohorts[place].devices {
                let own = units[device.index as usize];
                if self.struck.contains(&(number, epoch, device.index)) {
                    let refused = chain.claim(CEM, number, epoch, device.index, &units).await;
                    assert_eq!(refused.unwrap_err().revert_name(), Some("WasStruck"));
                    let due = Due { cohort: number, epoch, index: device.index, units: &units };
                    let looked = chain.claim_all_once(CEM, &[due]).await.unwrap();
                    let Ok(Paid { now: None, struck: true, .. }) = looked[0] else {
                        panic!("{looked:?}");
                    };
                    self.kept += portion(members, own.into(), all.into());
                    continue;
                }
                let operator = chain.operator_at(number, device.index, epoch).await.unwrap();
                chain.claim(CEM, number, epoch, device.index, &units).await.unwrap();
                let reward = portion(members, own.into(), all.into());
                self.model.pay(distributor, operator, reward);
                if operator == self.asset {
                    self.model.income.pay(reward);
                    // What comes in is shared when somebody asks for it.
                    let (token, asset) = (chain.book().token, self.asset);
                    let paid = chain.claim_income(PROVER, asset, token, CEM).await.unwrap().value;
                    assert_eq!(paid, self.model.claim_income(asset, CEM));
                }
            }
        }
        self.model.check(&self.world, &format!("epoch {epoch} paid")).await;
    }

    /// Everybody bonds; then Ben's meter is accused, and what it earns meanwhile is withheld.
    async fn stake_and_accuse(&mut self) {
        let World { chain, economy, attestor, .. } = &self.world;
        let staking = economy.staking;
        let (accused, liar) = (Bond::device(self.meter(1)), Bond::device(self.meter(2)));
        let stakes = [
            (BEN, accused, 200 * TOKEN),
            (CEM, accused, 101 * TOKEN),
            (CEM, liar, 300 * TOKEN + 1),
            (ANN, Bond::attestor(*attestor), 500 * TOKEN),
        ];
        for (holder, bond, amount) in stakes {
            let shares = chain.stake(holder, economy, bond, amount).await.unwrap().value;
            assert_eq!(shares, amount);
            self.model.bond(staking, holder, bond, amount);
        }
        // Stake that leaves is slashed all the same.
        let leaving = 100 * TOKEN;
        chain.unstake(CEM, economy, liar, leaving).await.unwrap();
        self.model.unstake(CEM, liar, leaving);

        let accuser = accounts::DEVELOPMENT_ACCOUNTS[ACCUSER];
        let (reason, deadline) = (B256::repeat_byte(0x5e), self.world.now().await + 10 * DAY);
        let digest = chain.accusation_digest(economy, accused, reason, deadline);
        let signers = accounts::development_signers().unwrap();
        let accuse = async |signer: usize| {
            let signature = accounts::sign(&signers[signer], digest).unwrap();
            chain.suspend_bond(PROVER, economy, accused, accuser, reason, deadline, signature).await
        };
        let forged = accuse(ACCUSER + 1).await.unwrap_err();
        assert_eq!(forged.revert_name(), Some("NotAccused"), "{forged}");
        accuse(ACCUSER).await.unwrap();
        self.model.pay(PROVER, staking, DEPOSIT);
        assert!(chain.suspension_of(economy, accused).await.unwrap().is_some());
        let refused = chain.stake(CEM, economy, accused, TOKEN).await.unwrap_err();
        assert_eq!(refused.revert_name(), Some("BondSuspended"), "{refused}");

        chain.pay_rewards(BEN, economy, accused, 40 * TOKEN).await.unwrap();
        self.model.withhold(staking, BEN, accused, 40 * TOKEN);
        self.model.check(&self.world, "accused").await;
    }

    /// The decider finds nothing: holders get what was withheld, and the deposit.
    async fn acquit(&mut self) {
        let World { chain, economy, .. } = &self.world;
        let accused = Bond::device(self.meter(1));
        let early = chain.lift_suspension(BEN, economy, accused).await.unwrap_err();
        assert_eq!(early.revert_name(), Some("NotDecider"), "{early}");
        chain.lift_suspension(DECIDER, economy, accused).await.unwrap();
        self.model.lift(accused, DEPOSIT);
        assert!(chain.suspension_of(economy, accused).await.unwrap().is_none());
        for holder in [BEN, CEM] {
            let paid = chain.claim_rewards(ANN, economy, accused, holder).await.unwrap().value;
            assert_eq!(paid, self.model.claim_rewards(economy.staking, holder, accused));
            assert!(paid > 29 * TOKEN);
        }
        self.model.check(&self.world, "acquitted").await;
    }

    /// What shares earned before they are sold stays with who sold them.
    async fn trade_shares(&mut self) {
        self.give_shares(BEN, CEM, 77).await;
        let (chain, asset) = (&self.world.chain, self.asset);
        let paid = chain.claim_income(PROVER, asset, chain.book().token, BEN).await.unwrap().value;
        assert_eq!(paid, self.model.claim_income(asset, BEN));
        self.model.check(&self.world, "shares sold").await;
    }

    /// Ann outvotes Cem: energy gets more, and a part of what sales bring. Meanwhile Cem's stake has left.
    async fn vote(&mut self) {
        let World { chain, economy, .. } = &self.world;
        for (voter, amount) in [(ANN, 3_000 * TOKEN), (CEM, 1_000 * TOKEN)] {
            chain.deposit_votes(voter, economy, U256::from(amount)).await.unwrap();
            self.model.pay(voter, economy.votes, amount);
        }
        self.world.wait(60).await;
        let proposal = Proposal::set_rate(economy, Kind::Energy as u8, RATE, FOLLOW_BPS);
        let number = chain.propose(ANN, economy, &proposal).await.unwrap().value;
        self.world.wait(2 * DAY + 60).await;
        chain.vote(ANN, economy, number, true).await.unwrap();
        chain.vote(CEM, economy, number, false).await.unwrap();
        self.world.wait(7 * DAY + 60).await;
        chain.queue(PROVER, economy, &proposal).await.unwrap();

        let liar = Bond::device(self.meter(2));
        chain.withdraw(CEM, economy, liar).await.unwrap();
        self.model.withdraw(economy.staking, CEM, liar);

        self.world.until(chain.begin_of(LAST - 1)).await;
        chain.execute(PROVER, economy, &proposal).await.unwrap();
        self.model.set_rate(Kind::Energy, LAST, RATE, FOLLOW_BPS.into());
        let rate = chain.rate_at(economy, Kind::Energy as u8, LAST).await.unwrap();
        assert_eq!(rate, (RATE, FOLLOW_BPS));
        self.model.check(&self.world, "voted").await;
    }

    /// The prover buys ten days of the asset's data; a day later what passed is released.
    async fn sell(&mut self) -> U256 {
        let World { chain, economy, .. } = &self.world;
        let terms = Terms {
            asset: B256::repeat_byte(0xda),
            currency: chain.book().token,
            unit: 1,
            price: PRICE,
            validity: 0,
            holders: self.asset,
            gateway: GATEWAY,
            host: HOST,
            gatewayBps: GATEWAY_BPS,
            hostBps: HOST_BPS,
        };
        let offer = chain.offer_data(ANN, economy, terms).await.unwrap().value;
        let purchase = chain.buy(PROVER, economy, offer, 10).await.unwrap().value;
        self.model.pay(PROVER, economy.market, 10 * PRICE);
        assert!(chain.has_access(economy, purchase, PROVER).await.unwrap());
        assert!(!chain.has_access(economy, purchase, REPORTER).await.unwrap());
        self.world.until(chain.begin_of(LAST) + 3_600).await;
        chain.release_days(REPORTER, economy, purchase).await.unwrap();
        self.released(purchase, 0).await;
        purchase
    }

    /// The buyer has enough after some days and gets the rest back.
    async fn refund(&mut self, purchase: U256) {
        let World { chain, economy, .. } = &self.world;
        let before = chain.purchase_of(economy, purchase).await.unwrap().released;
        chain.cancel_purchase(PROVER, economy, purchase).await.unwrap();
        assert!(!chain.has_access(economy, purchase, PROVER).await.unwrap());
        let due = self.released(purchase, before).await;
        *self.model.credits.entry(PROVER).or_default() += 10 * PRICE - due;
        let World { chain, economy, .. } = &self.world;
        for payee in [economy.timelock, GATEWAY, HOST, self.asset, PROVER] {
            let token = chain.book().token;
            let paid = chain.fetch_proceeds(REPORTER, economy, token, payee).await.unwrap().value;
            let expected = self.model.fetch(economy.market, payee);
            assert_eq!(paid, U256::from(expected));
            if payee == self.asset {
                self.model.income.pay(expected);
                let paid = chain.claim_income(PROVER, payee, token, ANN).await.unwrap().value;
                assert_eq!(paid, self.model.claim_income(payee, ANN));
            }
        }
        assert_eq!(self.model.balance(economy.market), 0);
        self.model.check(&self.world, "data sold").await;
    }

    /// Splits in the model what the time since the purchase released; returns all that is released.
    async fn released(&mut self, purchase: U256, before: u128) -> u128 {
        let World { chain, economy, .. } = &self.world;
        let now = self.world.now().await;
        let start: u64 = chain.purchase_of(economy, purchase).await.unwrap().start.to();
        let due = portion(10 * PRICE, (now - start).into(), (10 * DAY).into());
        let epoch = (now - chain.book().genesis) / DAY;
        let fee = portion(due - before, MARKET_BPS.into(), WHOLE);
        *self.model.revenue.entry(epoch).or_default() += fee;
        self.model.split(due - before, [economy.timelock, GATEWAY, HOST, self.asset]);
        assert_eq!(chain.revenue_of(economy, epoch).await.unwrap(), self.model.revenue[&epoch]);
        due
    }

    /// In the end the holders have all that the asset earned, and only crumbs of rounding are left behind.
    async fn share_out(&mut self) {
        let (chain, asset) = (&self.world.chain, self.asset);
        for holder in [ANN, BEN] {
            let token = chain.book().token;
            let paid = chain.claim_income(PROVER, asset, token, holder).await.unwrap().value;
            assert_eq!(paid, self.model.claim_income(asset, holder));
        }
        self.model.check(&self.world, "shared out").await;
        assert!(self.model.balance(asset) < 10);
        let rest = self.model.balance(chain.book().distributor) - self.kept;
        assert!(self.kept > TOKEN && rest < 16 * 15, "{rest} beside {}", self.kept);
        // What somebody lost who accused it of an omission.
        assert_eq!(self.model.balance(ATTESTOR), DEPOSIT);
        assert!(self.model.balance(REPORTER) > TOKEN);
        assert!(self.model.revenue[&LAST] > 0);
    }
}
