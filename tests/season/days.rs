//! What devices measured in an epoch, sealed by the attestor and proven.

use crate::enrolment::{Cohort, Device};
use crate::proofs;
use crate::world::{PROVER, World, attestor_key};
use ergon_circuits::Statement;
use ergon_fleet::{Asset, Sender, Step};
use ergon_store::{Terms, sealing::Admitted, sealing::Closing};
use ergon_types::{Bundle, Fr, Kind, Packet, Policy, Schema, State};

/// An epoch of one cohort.
pub(crate) struct Day<'a> {
    pub(crate) world: &'a World,
    pub(crate) cohort: &'a Cohort,
    pub(crate) epoch: u64,
    /// Where the meters stand; energy only.
    pub(crate) state: Option<State>,
    /// Who contradicted itself and is sealed as 0.
    pub(crate) contradicted: Option<u64>,
}

impl Day<'_> {
    /// The attestor's seal over everybody's last packet, with what a prover needs.
    pub(crate) fn sealed(&self, salt: u64) -> Bundle {
        let terms = |cohort: &Cohort, schema: Schema, witness_cohort| Terms {
            schema,
            membership: cohort.membership.clone(),
            policy: Some(Policy::standard(cohort.kind)),
            witness_cohort,
        };
        let cohort = self.cohort;
        let covered = cohort
            .witnesses
            .as_deref()
            .map(|witnesses| (witnesses, terms(witnesses, Schema::Witness, None)));
        let witness_cohort = covered.as_ref().map(|(witnesses, _)| witnesses.number());
        let members = terms(cohort, cohort.kind.schema(), witness_cohort);
        let attestor = attestor_key();
        let closing = Closing {
            network: self.world.network,
            epoch: self.epoch,
            terms: &members,
            witnesses: covered.as_ref().map(|(_, terms)| terms),
            state: self.state.clone(),
            attestor: &attestor,
            salt: Fr::from(salt),
        };
        let witnesses = covered.iter().flat_map(|(witnesses, _)| &witnesses.devices);
        let devices: Vec<&Device> = cohort.devices.iter().chain(witnesses).collect();
        closing.bundle(|id, _| {
            if self.contradicted == Some(id) {
                return None;
            }
            let device = devices.iter().find(|device| device.id == id)?;
            let packet = self.last_packet(device);
            let arrivals = packet.record.slots();
            Some(Admitted { packet, arrivals })
        })
    }

    /// The day's last packet of a device, which lost its connection earlier on some days than on others.
    pub(crate) fn last_packet(&self, device: &Device) -> Packet {
        let steps = &device.day.steps;
        let lost = (usize::from(device.index as u8) * 7 + self.epoch as usize * 13) % 40;
        self.packet(device, &steps[..steps.len() - lost.min(steps.len() / 4)])
    }

    /// The packet after these steps.
    pub(crate) fn packet(&self, device: &Device, steps: &[Step]) -> Packet {
        let mut asset = device.day.asset;
        if let (Asset::Meter { start_wh, .. }, Some(state)) = (&mut asset, &self.state) {
            let meter = state.0[device.index as usize];
            if meter.generation > 0 {
                *start_wh = meter.end;
            }
        }
        let (key, network) = (device.key.clone(), self.world.network.id());
        let covered = self.cohort.number();
        let mut sender = Sender::new(key, &asset, network, device.id, self.epoch, covered);
        let packets = steps.iter().map(|step| sender.send(&step.reading).unwrap());
        packets.last().unwrap()
    }

    /// Proves the epoch and settles it; returns the members' units and leaves the state behind it.
    pub(crate) async fn settle(&mut self) -> Vec<u64> {
        let statement: Statement = proofs::honest(&self.sealed(1), PROVER);
        let batch = proofs::batch(&statement);
        self.world.chain.settle(PROVER, &batch, &[]).await.unwrap();
        if self.cohort.kind == Kind::Energy {
            self.state = statement.outcome().unwrap().state_after.clone();
        }
        batch.units
    }
}
