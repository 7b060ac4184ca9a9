//! The model's share of a stream: as `docs/contracts.md` says, independent of the contracts' code.

use ergon_chain::{Address, U256};
use std::collections::BTreeMap;

/// What holders of shares earn of payments, rounded down; what is too little for a step waits for the next payment.
#[derive(Default)]
pub(crate) struct Stream {
    per_share: U256,
    rest: U256,
    holders: BTreeMap<Address, Holder>,
}

#[derive(Clone, Copy, Default)]
struct Holder {
    shares: u128,
    settled: U256,
    owed: u128,
}

impl Stream {
    pub(crate) fn shares(&self) -> u128 {
        self.holders.values().map(|holder| holder.shares).sum()
    }

    pub(crate) fn pay(&mut self, amount: u128) {
        let all = U256::from(self.shares());
        let scaled = (U256::from(amount) << 96) + self.rest;
        self.per_share += scaled / all;
        self.rest = scaled % all;
    }

    /// Gives a holder shares; takes them for a negative number.
    pub(crate) fn change(&mut self, holder: Address, by: i128) {
        self.settle(holder);
        let entry = self.holders.entry(holder).or_default();
        entry.shares = entry.shares.checked_add_signed(by).unwrap();
    }

    /// What a holder takes out.
    pub(crate) fn claim(&mut self, holder: Address) -> u128 {
        self.settle(holder);
        std::mem::take(&mut self.holders.entry(holder).or_default().owed)
    }

    fn settle(&mut self, holder: Address) {
        let per_share = self.per_share;
        let entry = self.holders.entry(holder).or_default();
        let earned = (U256::from(entry.shares) * (per_share - entry.settled)) >> 96;
        entry.owed += u128::try_from(earned).unwrap();
        entry.settled = per_share;
    }
}
