//! Epochs and slots of a network's clock (§ 7.2), as arithmetic on unix seconds.

use serde::{Deserialize, Serialize};

/// When epochs begin and how long they last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Unix time at which epoch 0 begins.
    pub genesis: u64,
    /// Seconds of an epoch, at least 1.
    pub length: u64,
}

impl Calendar {
    /// The epoch of an instant; `None` before the genesis.
    pub fn epoch(&self, now: u64) -> Option<u64> {
        now.checked_sub(self.genesis).map(|elapsed| elapsed / self.length.max(1))
    }

    /// The first second of an epoch (saturating, for absurdly late epochs).
    pub fn begin(&self, epoch: u64) -> u64 {
        self.genesis.saturating_add(epoch.saturating_mul(self.length.max(1)))
    }

    /// The first second after an epoch.
    pub fn end(&self, epoch: u64) -> u64 {
        self.begin(epoch).saturating_add(self.length.max(1))
    }

    /// The slot of an instant in an epoch that is divided into `slots`. Instants before and after
    /// the epoch belong to its first and last slot.
    pub fn slot(&self, epoch: u64, now: u64, slots: u32) -> u32 {
        let length = self.length.max(1);
        let elapsed = now.saturating_sub(self.begin(epoch)).min(length - 1);
        let slot = u128::from(elapsed) * u128::from(slots) / u128::from(length);
        u32::try_from(slot).unwrap_or(slots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Calendar = Calendar { genesis: 1_000, length: 86_400 };

    #[test]
    fn a_day_has_288_slots_of_five_minutes() {
        assert_eq!(DAY.epoch(999), None);
        assert_eq!(DAY.epoch(1_000), Some(0));
        assert_eq!(DAY.epoch(87_400), Some(1));
        assert_eq!(DAY.end(0), DAY.begin(1));
        assert_eq!(DAY.slot(0, 1_299, 288), 0);
        assert_eq!(DAY.slot(0, 1_300, 288), 1);
        assert_eq!(DAY.slot(0, 87_399, 288), 287);
        assert_eq!(DAY.slot(1, 87_400, 288), 0);
    }

    #[test]
    fn instants_outside_an_epoch_belong_to_its_nearest_slot() {
        assert_eq!(DAY.slot(1, 1_000, 96), 0);
        assert_eq!(DAY.slot(0, 200_000, 96), 95);
    }

    #[test]
    fn absurd_epochs_do_not_overflow() {
        assert_eq!(DAY.end(u64::MAX), u64::MAX);
        assert_eq!(DAY.slot(u64::MAX, 5, 288), 0);
    }
}
