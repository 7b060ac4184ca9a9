//! Sixteen devices of three owners, each enrolled by its owner with the signatures of its issuer and secure element.

use crate::proofs::{self, word};
use crate::signer::Signer;
use crate::world::{OWNERS, PROVER, SIZE, World};
use ergon_chain::{Attestation, B256, Certificate, NewCohort, certificate_digest};
use ergon_circuits::{Statement, WITNESSES};
use ergon_fleet::{Asset, DeviceDay, Fleet, Room, trial_key};
use ergon_types::{Kind, Member, Membership, SecretKey};

/// Hotspots and meters; there is one beacon more.
const DEVICES: usize = 4;
const SEED: u64 = 7;

pub(crate) struct Device {
    pub(crate) id: u64,
    pub(crate) index: u32,
    pub(crate) key: SecretKey,
    pub(crate) day: DeviceDay,
}

pub(crate) struct Cohort {
    /// Of a coverage cohort's witnesses: coverage.
    pub(crate) kind: Kind,
    pub(crate) membership: Membership,
    pub(crate) devices: Vec<Device>,
    pub(crate) witnesses: Option<Box<Cohort>>,
}

impl Cohort {
    pub(crate) fn number(&self) -> u32 {
        self.membership.cohort
    }
}

/// Enrols everybody; the cohorts of uptime, coverage and energy, in this order, before their memberships are committed.
pub(crate) async fn all(world: &World) -> [Cohort; 3] {
    let issuer = Signer::new(1);
    let number = world.chain.add_issuer(issuer.key()).await.unwrap().value;
    let mut registrar = Registrar { world, issuer, number, enrolled: 0 };
    let fleet = Fleet::simulate(SEED, &[Kind::Coverage, Kind::Energy], DEVICES);
    let beacons = Fleet::simulate(SEED, &[Kind::Uptime], DEVICES + 1).groups.remove(0).devices;
    let [coverage, energy] = &fleet.groups[..] else { panic!("two groups were asked for") };
    let room = Room { witnesses: WITNESSES, cells: ergon_circuits::input::ROWS };
    let testers = coverage.choose(0, DEVICES, room).witnesses;

    let witnesses = registrar.cohort(Kind::Coverage, testers, 0, None).await;
    let uptime = registrar.cohort(Kind::Uptime, beacons, 0, None).await;
    let region = coverage.region.unwrap();
    let hotspots = coverage.devices.clone();
    let coverage =
        registrar.cohort(Kind::Coverage, hotspots, region, Some(Box::new(witnesses))).await;
    let energy = registrar.cohort(Kind::Energy, energy.devices.clone(), 0, None).await;
    assert_eq!(registrar.enrolled, 16);
    [uptime, coverage, energy]
}

struct Registrar<'a> {
    world: &'a World,
    issuer: Signer,
    number: u32,
    enrolled: usize,
}

impl Registrar<'_> {
    /// A cohort of these devices; without a region, coverage is that of witnesses.
    async fn cohort(
        &mut self,
        kind: Kind,
        days: Vec<DeviceDay>,
        region: u64,
        witnesses: Option<Box<Cohort>>,
    ) -> Cohort {
        let are_witnesses = kind == Kind::Coverage && region == 0;
        let new = NewCohort {
            kind: if are_witnesses { 0 } else { kind as u8 },
            size: if are_witnesses { WITNESSES } else { SIZE } as u32,
            region,
            witness_cohort: witnesses.as_ref().map_or(0, |cohort| cohort.number()),
            attestor: if are_witnesses { 0 } else { self.world.attestor },
        };
        let chain = &self.world.chain;
        let number = chain.create_cohort(new).await.unwrap().value;
        chain.set_open(number, true).await.unwrap();
        let mut devices = Vec::new();
        for day in days {
            devices.push(self.enrol(number, new, day).await);
        }
        let membership = membership(self.world, number, new, &devices).await;
        Cohort { kind, membership, devices, witnesses }
    }

    async fn enrol(&mut self, cohort: u32, new: NewCohort, day: DeviceDay) -> Device {
        let chain = &self.world.chain;
        let owner = OWNERS[self.enrolled % OWNERS.len()];
        self.enrolled += 1;
        let hardware = Signer::new(100 + self.enrolled as u8);
        let key = trial_key(SEED, self.enrolled as u64);
        let proof = key.public().halvings().into();
        let attribute = day.asset.attribute().unwrap() as u32;
        let is_meter = matches!(day.asset, Asset::Meter { .. });
        let certificate = Certificate {
            hardware: hardware.key(),
            kind: new.kind,
            nameplate: if is_meter { attribute } else { 0 },
            region: new.region,
            position: if is_meter { 0 } else { attribute },
        };
        let nonce = chain.enrolment_nonce(owner).await.unwrap();
        let attestation = Attestation {
            issuer: self.number,
            byIssuer: self.issuer.sign(certificate_digest(&certificate)),
            byHardware: hardware.sign(chain.enrolment_digest(owner, &proof, nonce)),
        };
        let enrolled = chain.enrol_attested(owner, cohort, certificate, attestation, proof).await;
        let enrolled = enrolled.unwrap().value;
        Device { id: enrolled.device, index: enrolled.index, key, day }
    }
}

/// A cohort's members, with operators and attributes as the registry has them now.
pub(crate) async fn membership(
    world: &World,
    cohort: u32,
    new: NewCohort,
    devices: &[Device],
) -> Membership {
    let mut members = vec![None; new.size as usize];
    for device in devices {
        let place = world.chain.member(cohort, device.index).await.unwrap();
        members[device.index as usize] = Some(Member {
            device: place.device,
            key: device.key.public(),
            operator: ergon_types::Address(place.operator.into_array()),
            attribute: place.attribute,
        });
    }
    Membership { cohort, region: new.region, members }
}

/// Proves a membership and sends it.
pub(crate) async fn commit(world: &World, membership: &Membership) {
    let statement = Statement::membership(&world.network, membership);
    let route = B256::from(proofs::proof(&statement).route);
    let (c, proof) = (word(&statement.commitment()), proofs::chain_proof(&statement));
    let committed = world.chain.commit_membership(PROVER, membership.cohort, route, c, proof).await;
    committed.unwrap();
}
