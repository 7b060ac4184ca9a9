//! Settles many batches in few transactions: those of one route together, whose proofs one equation checks.

use alloy::{
    primitives::{Address, B256},
    sol_types::SolCall,
};

use super::{Plan, SettleError, Settling};
use crate::{
    Batch, ChainError, Network,
    chain::{Receipt, write},
    contracts::EpochSettlement::{Settled, settleAllCall},
    network::packed,
};

/// What a transaction may cost, with room below the 2^24 of EIP-7825 for an estimate that is a fifth higher.
const MOST_GAS: usize = 12_000_000;
/// What nodes pass on of a transaction's data is at most 128 KiB.
const MOST_BYTES: usize = 120_000;

/// A batch to send, beside the units that stand.
struct Planned<'a> {
    /// Its place among those given.
    place: usize,
    batch: &'a Batch,
    previous: &'a [u64],
}

impl Planned<'_> {
    /// At most; the gas snapshot has 330,000 for 128 members whose state begins.
    fn gas(&self) -> usize {
        200_000 + 1_200 * self.batch.units.len()
    }

    /// Of its call data: at most 24 words beside the units, which are four a word.
    fn bytes(&self) -> usize {
        32 * 24 + 8 * (self.batch.units.len() + self.previous.len())
    }

    fn cohort_and_epoch(&self) -> (u32, u64) {
        (self.batch.cohort, self.batch.epoch)
    }
}

impl Network {
    /// Settles each of these batches unless it, or a better one, stands; what becomes of each, in their order. They must be
    /// in [settling order](crate::settling_order). Those of one route go in one transaction, as many as it holds; one that
    /// does not hold is told by itself and does not stop the others.
    ///
    /// # Errors
    /// Those of the chain after which nobody can say whether a transaction will still be executed.
    pub async fn settle_all_once(
        &self,
        from: Address,
        batches: &[&Batch],
    ) -> Result<Vec<Result<Settling, SettleError>>, ChainError> {
        let mut done: Vec<Option<Result<Settling, SettleError>>> = Vec::new();
        done.resize_with(batches.len(), || None);
        let mut planned: Vec<Planned<'_>> = Vec::new();
        for (place, batch) in batches.iter().enumerate() {
            let same =
                |other: &Planned<'_>| other.cohort_and_epoch() == (batch.cohort, batch.epoch);
            // Another batch of a cohort's epoch waits for what becomes of the first.
            if planned.iter().any(same) {
                continue;
            }
            match self.plan(batch, &known(batches, batch)).await {
                Ok(Plan::Send(previous)) => planned.push(Planned { place, batch, previous }),
                Ok(Plan::Done(settling)) => done[place] = Some(Ok(settling)),
                Err(error) => done[place] = Some(Err(error)),
            }
        }
        let settlement = self.book().settlement;
        for group in groups(planned) {
            if let Some(receipt) = self.settle_group(from, &group).await? {
                let settled: Vec<_> = receipt.events(settlement).collect();
                tell(&group, &settled, &receipt, &mut done);
            }
        }
        let mut all = Vec::new();
        for (batch, done) in batches.iter().zip(done) {
            all.push(match done {
                Some(done) => done,
                None => self.settle_once(from, batch, &known(batches, batch)).await,
            });
        }
        Ok(all)
    }

    /// Settles these in one transaction. None if one is alone, or they do not hold together: then each is settled by itself.
    async fn settle_group(
        &self,
        from: Address,
        group: &[Planned<'_>],
    ) -> Result<Option<Receipt>, ChainError> {
        if group.len() < 2 {
            return Ok(None);
        }
        let call = settleAllCall {
            batches: group.iter().map(|planned| planned.batch.into()).collect(),
            previous: group.iter().map(|planned| packed(planned.previous)).collect(),
        };
        let settlement = self.book().settlement;
        if self.chain().call("settleAll", settlement, call.abi_encode().into()).await.is_err() {
            return Ok(None);
        }
        match write(self.chain(), from, settlement, &call).await {
            Ok(receipt) => Ok(Some(receipt)),
            Err(error) if error.revert_name().is_some() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Units of the batches of a batch's cohort and epoch.
fn known<'a>(batches: &[&'a Batch], batch: &Batch) -> Vec<&'a [u64]> {
    let same = |other: &&&Batch| (other.cohort, other.epoch) == (batch.cohort, batch.epoch);
    batches.iter().filter(same).map(|other| other.units.as_slice()).collect()
}

/// Batches of one route, as many as a transaction holds, in their order.
fn groups(planned: Vec<Planned<'_>>) -> Vec<Vec<Planned<'_>>> {
    let mut groups: Vec<Vec<Planned<'_>>> = Vec::new();
    for next in planned {
        let fits = |group: &&mut Vec<Planned<'_>>| {
            let route: B256 = group[0].batch.route;
            let gas: usize = group.iter().map(Planned::gas).sum();
            let bytes: usize = group.iter().map(Planned::bytes).sum();
            route == next.batch.route
                && gas + next.gas() <= MOST_GAS
                && bytes + next.bytes() <= MOST_BYTES
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(next),
            None => groups.push(vec![next]),
        }
    }
    groups
}

/// Notes which batches a transaction settled, with equal shares of its gas; the others were overtaken.
fn tell(
    group: &[Planned<'_>],
    settled: &[Settled],
    receipt: &Receipt,
    done: &mut [Option<Result<Settling, SettleError>>],
) {
    let gas = receipt.gas_used / settled.len().max(1) as u64;
    let transaction = receipt.transaction;
    for planned in group {
        let own = |event: &&Settled| (event.cohort, event.epoch) == planned.cohort_and_epoch();
        let event = settled.iter().find(own);
        done[planned.place] =
            event.map(|event| Ok(Settling::Sent { added: event.added, gas, transaction }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::primitives::U256;

    fn batch(route: u8, cohort: u32, members: usize) -> Batch {
        Batch {
            route: B256::repeat_byte(route),
            cohort,
            epoch: 3,
            c: U256::ZERO,
            seal: U256::ONE,
            state_after: U256::ZERO,
            prover: Address::ZERO,
            included: 0,
            units: vec![1; members],
            proof: [U256::ZERO; 8],
        }
    }

    fn plan(batches: &[Batch]) -> Vec<Planned<'_>> {
        let planned = |(place, batch)| Planned { place, batch, previous: &[] };
        batches.iter().enumerate().map(planned).collect()
    }

    #[test]
    fn a_transaction_holds_batches_of_one_route_within_its_gas_and_bytes() {
        let batches: Vec<_> = (0..90).map(|i| batch((i % 2) as u8, i, 128)).collect();
        let groups = groups(plan(&batches));
        assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), 90);
        for group in &groups {
            let call = settleAllCall {
                batches: group.iter().map(|planned| planned.batch.into()).collect(),
                previous: vec![packed(&[]); group.len()],
            };
            assert!(call.abi_encode().len() <= MOST_BYTES, "{}", group.len());
            assert!(group.iter().map(Planned::gas).sum::<usize>() <= MOST_GAS);
            assert!(group.iter().all(|planned| planned.batch.route == group[0].batch.route));
        }
        assert_eq!(groups.len(), 4, "as few as their gas allows");
        let small: Vec<_> = (0..100).map(|i| batch(0, i, 1)).collect();
        assert_eq!(super::groups(plan(&small)).len(), 2, "gas bounds small cohorts");
    }

    #[test]
    fn what_others_settled_meanwhile_is_left_to_be_looked_at() {
        let batches = [batch(0, 1, 1), batch(0, 2, 1)];
        let settled = Settled {
            cohort: 2,
            epoch: 3,
            kind: 1,
            prover: Address::ZERO,
            seal: U256::ONE,
            added: U256::from(7),
            units: packed(&[]),
        };
        let receipt = Receipt {
            transaction: B256::ZERO,
            block: 1,
            gas_used: 500,
            created: None,
            logs: Vec::new(),
        };
        let mut done = vec![None, None];
        tell(&plan(&batches), &[settled], &receipt, &mut done);
        assert!(done[0].is_none());
        let Some(Ok(Settling::Sent { added, gas: 500, .. })) = done[1] else { panic!("{done:?}") };
        assert_eq!(added, U256::from(7));
    }
}
