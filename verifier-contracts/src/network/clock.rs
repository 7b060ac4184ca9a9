//! When epochs begin, open for settlement and close (§ 7.2).

use crate::{
    ChainError, Network,
    chain::read,
    contracts::{DeviceRegistry, EpochSettlement},
};

impl Network {
    /// The first epoch that a change made now takes effect in.
    pub async fn next_epoch(&self) -> Result<u64, ChainError> {
        let call = DeviceRegistry::nextEpochCall {};
        read(self.chain(), self.book.registry, &call).await
    }

    /// Beginning of an epoch.
    pub fn begin_of(&self, epoch: u64) -> u64 {
        self.book.epoch_length.saturating_mul(epoch).saturating_add(self.book.genesis)
    }

    /// End of an epoch.
    pub fn end_of(&self, epoch: u64) -> u64 {
        self.begin_of(epoch.saturating_add(1))
    }

    /// When settlement of a kind's epoch opens for cohorts that were there an epoch before.
    pub async fn opens_at(&self, kind: u8, epoch: u64) -> Result<u64, ChainError> {
        let call = EpochSettlement::opensAtCall { kind, epoch };
        read(self.chain(), self.book.settlement, &call).await
    }

    /// When settlement of an epoch closes; pools can be frozen from then on.
    pub async fn closes_at(&self, epoch: u64) -> Result<u64, ChainError> {
        let call = EpochSettlement::closesAtCall { epoch };
        read(self.chain(), self.book.settlement, &call).await
    }
}
