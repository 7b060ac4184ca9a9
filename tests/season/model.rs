//! What everybody should have, computed without the contracts: emission, rewards, stakes, slashes, shares, sales.

use crate::shares::Stream;
use crate::world::{HARD_CAP, MARKET_BPS, PROVER_BPS, RATES, WHOLE, World};
use ergon_chain::{Address, Bond, Penalty, U256};
use ergon_types::Kind;
use std::collections::BTreeMap;

/// The parts of a sale, in ten-thousandths: who serves and who keeps the data.
pub(crate) const GATEWAY_BPS: u16 = 1_000;
pub(crate) const HOST_BPS: u16 = 500;

/// A pool of a kind and epoch.
#[derive(Clone, Copy)]
pub(crate) struct Pool {
    pub(crate) members: u128,
    pub(crate) fee: u128,
}

/// A bond: stake that earns, stake that leaves, and what is withheld while it is suspended.
#[derive(Default)]
struct Stake {
    tokens: u128,
    leaving: u128,
    withheld: u128,
    rewards: Stream,
}

#[derive(Default)]
pub(crate) struct Model {
    balances: BTreeMap<Address, u128>,
    /// For each kind since when it holds which rate, and which part of revenue it follows.
    rates: BTreeMap<u8, Vec<(u64, u128, u128)>>,
    carried: BTreeMap<u8, u128>,
    minted: u128,
    pub(crate) revenue: BTreeMap<u64, u128>,
    stakes: BTreeMap<U256, Stake>,
    pub(crate) fund: u128,
    /// What the market holds for someone.
    pub(crate) credits: BTreeMap<Address, u128>,
    /// Holders of the asset.
    pub(crate) income: Stream,
}

fn part(amount: u128, bps: impl Into<u128>) -> u128 {
    portion(amount, bps.into(), WHOLE)
}

/// amount·of / all, rounded down.
pub(crate) fn portion(amount: u128, of: u128, all: u128) -> u128 {
    let exact = U256::from(amount) * U256::from(of) / U256::from(all);
    exact.try_into().expect("a portion is not more than the whole")
}

impl Model {
    pub(crate) fn new() -> Self {
        let rates = Kind::ALL.into_iter().zip(RATES);
        let rates = rates.map(|(kind, rate)| (kind as u8, vec![(0, rate, 0)])).collect();
        Self { rates, ..Self::default() }
    }

    pub(crate) fn balance(&self, account: Address) -> u128 {
        self.balances.get(&account).copied().unwrap_or(0)
    }

    pub(crate) fn pay(&mut self, from: Address, to: Address, amount: u128) {
        let left = self.balance(from).checked_sub(amount).expect("the model overdraws nobody");
        self.balances.insert(from, left);
        *self.balances.entry(to).or_default() += amount;
    }

    /// A rate that was voted for.
    pub(crate) fn set_rate(&mut self, kind: Kind, from: u64, rate: u128, follow_bps: u128) {
        self.rates.get_mut(&(kind as u8)).unwrap().push((from, rate, follow_bps));
    }

    fn rate(&self, kind: u8, epoch: u64) -> (u128, u128) {
        let rates = &self.rates[&kind];
        let (_, rate, follow) = rates.iter().rev().find(|(from, ..)| *from <= epoch).unwrap();
        (*rate, *follow)
    }

    /// Mints a pool for work of so many units; without work it is carried on, and comes back at most doubling a pool.
    pub(crate) fn freeze(
        &mut self,
        distributor: Address,
        kind: Kind,
        epoch: u64,
        units: u64,
    ) -> Pool {
        let all: u128 = Kind::ALL.map(|kind| self.rate(kind as u8, epoch).0).iter().sum();
        let cap = if kind == Kind::Uptime { all / 5 } else { HARD_CAP };
        let (rate, follow) = self.rate(kind as u8, epoch);
        let revenue = self.revenue.get(&epoch).copied().unwrap_or(0);
        let base = (rate + part(revenue, follow).min(rate)).min(cap);
        let carried = self.carried.entry(kind as u8).or_default();
        let amount = if units == 0 {
            *carried = (*carried + base).min(HARD_CAP);
            0
        } else {
            let amount = (base + *carried).min(2 * base).min(cap).min(HARD_CAP - self.minted);
            *carried -= amount.saturating_sub(base);
            amount
        };
        self.minted += amount;
        *self.balances.entry(distributor).or_default() += amount;
        let fee = part(amount, PROVER_BPS);
        Pool { members: amount - fee, fee }
    }

    fn stake(&mut self, bond: Bond) -> &mut Stake {
        self.stakes.entry(bond.number()).or_default()
    }

    /// Stakes: before any slash a share is a token.
    pub(crate) fn bond(&mut self, staking: Address, holder: Address, bond: Bond, amount: u128) {
        self.pay(holder, staking, amount);
        let stake = self.stake(bond);
        assert_eq!(stake.tokens, stake.rewards.shares(), "the season stakes before it slashes");
        stake.tokens += amount;
        stake.rewards.change(holder, amount as i128);
    }

    /// Some of the only holder's stake begins to leave.
    pub(crate) fn unstake(&mut self, holder: Address, bond: Bond, shares: u128) {
        let stake = self.stake(bond);
        let tokens = portion(shares, stake.tokens, stake.rewards.shares());
        stake.tokens -= tokens;
        stake.leaving += tokens;
        stake.rewards.change(holder, -(shares as i128));
    }

    /// What has left is paid to its only holder.
    pub(crate) fn withdraw(&mut self, staking: Address, holder: Address, bond: Bond) {
        let tokens = std::mem::take(&mut self.stake(bond).leaving);
        self.pay(staking, holder, tokens);
    }

    /// A first fault; returns what it cost.
    pub(crate) fn slash(
        &mut self,
        staking: Address,
        bond: Bond,
        penalty: Penalty,
        informant: Address,
    ) -> u128 {
        let stake = self.stake(bond);
        let all = stake.tokens + stake.leaving;
        let wanted = part(all, penalty.bps);
        let active = portion(wanted, stake.tokens, all);
        let leaving = portion(wanted, stake.leaving, all);
        stake.tokens -= active;
        stake.leaving -= leaving;
        let reward = part(active + leaving, penalty.informant_bps);
        self.fund += active + leaving - reward;
        self.pay(staking, informant, reward);
        active + leaving
    }

    pub(crate) fn withhold(&mut self, staking: Address, from: Address, bond: Bond, amount: u128) {
        self.pay(from, staking, amount);
        self.stake(bond).withheld += amount;
    }

    /// An acquittal: what was withheld and the deposit go to who stakes.
    pub(crate) fn lift(&mut self, bond: Bond, deposit: u128) {
        let stake = self.stake(bond);
        let amount = std::mem::take(&mut stake.withheld) + deposit;
        stake.rewards.pay(amount);
    }

    pub(crate) fn claim_rewards(&mut self, staking: Address, holder: Address, bond: Bond) -> u128 {
        let amount = self.stake(bond).rewards.claim(holder);
        self.pay(staking, holder, amount);
        amount
    }

    pub(crate) fn claim_income(&mut self, asset: Address, holder: Address) -> u128 {
        let amount = self.income.claim(holder);
        self.pay(asset, holder, amount);
        amount
    }

    /// Splits what was served: treasury, gateway, host, and the rest to the holders.
    pub(crate) fn split(&mut self, amount: u128, [treasury, gateway, host, holders]: [Address; 4]) {
        let parts = [
            (treasury, part(amount, MARKET_BPS)),
            (gateway, part(amount, GATEWAY_BPS)),
            (host, part(amount, HOST_BPS)),
        ];
        let rest = amount - parts.iter().map(|(_, part)| part).sum::<u128>();
        for (payee, part) in parts.into_iter().chain([(holders, rest)]) {
            *self.credits.entry(payee).or_default() += part;
        }
    }

    pub(crate) fn fetch(&mut self, market: Address, payee: Address) -> u128 {
        let amount = self.credits.remove(&payee).unwrap();
        self.pay(market, payee, amount);
        amount
    }

    /// Everybody has on chain what the model says, and nobody else has anything.
    pub(crate) async fn check(&self, world: &World, when: &str) {
        for (account, expected) in &self.balances {
            let found = world.chain.balance_of(*account).await.unwrap();
            assert_eq!(found, U256::from(*expected), "{when}: {account}");
        }
        let all: u128 = self.balances.values().sum();
        assert_eq!(all, self.minted);
        assert_eq!(world.chain.total_supply().await.unwrap(), U256::from(all), "{when}");
        assert_eq!(
            world.chain.restitution_fund(&world.economy).await.unwrap(),
            self.fund,
            "{when}"
        );
    }
}
