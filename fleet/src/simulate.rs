//! A plausible fleet without a file: sun and clouds, outages, radio path loss. The same seed gives the same fleet.

mod radio;

use ergon_types::Kind;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::day::{Asset, DeviceDay, Fleet, Group, Step};
use crate::{replay, uptime};

/// Source and day of simulated devices.
const SIMULATED: &str = "simulated";
const NAMEPLATES: [u32; 6] = [4_000, 6_000, 10_000, 30_000, 100_000, 350_000];
const SLOTS: u32 = 288;

impl Fleet {
    /// One group of `devices` for each kind.
    pub fn simulate(seed: u64, kinds: &[Kind], devices: usize) -> Self {
        let group = |kind: &Kind| {
            // Its own stream: a kind's devices do not depend on which other kinds are asked for.
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(*kind as u64);
            match kind {
                Kind::Uptime => plain(*kind, (0..devices).map(|_| beacon(&mut rng)).collect()),
                Kind::Energy => {
                    plain(*kind, (1..).take(devices).map(|n| meter(&mut rng, n)).collect())
                }
                Kind::Coverage => radio::group(&mut rng, devices),
            }
        };
        Self { groups: kinds.iter().map(group).collect(), notes: Vec::new() }
    }
}

type Simulated = (Asset, u64, Vec<Step>);

fn plain(kind: Kind, simulated: Vec<Simulated>) -> Group {
    let days = (1..).zip(simulated);
    Group {
        source: SIMULATED.to_owned(),
        kind,
        region: None,
        devices: days
            .map(|(number, simulated)| device(format!("{kind}#{number}"), simulated))
            .collect(),
        witnesses: Vec::new(),
    }
}

fn device(name: String, (asset, measured, steps): Simulated) -> DeviceDay {
    DeviceDay {
        name,
        source: SIMULATED.to_owned(),
        day: SIMULATED.to_owned(),
        asset,
        measured,
        steps,
    }
}

/// Five-minute slots in which a device is up; outages come at a rate of its own and last for some slots.
fn up(rng: &mut ChaCha8Rng) -> Vec<u32> {
    let failure = rng.random_range(0.0..0.02);
    let repair = rng.random_range(0.1..0.6);
    let mut alive = true;
    let mut seconds = Vec::new();
    for slot in 0..SLOTS {
        alive = match alive {
            true => !rng.random_bool(failure),
            false => rng.random_bool(repair),
        };
        if alive {
            seconds.push(slot * 300 + rng.random_range(0..240));
        }
    }
    seconds
}

fn beacon(rng: &mut ChaCha8Rng) -> Simulated {
    let steps = uptime::steps(up(rng));
    (Asset::Beacon, steps.len() as u64, steps)
}

/// Power follows the sun's height and a slowly changing sky; now and then a quarter hour is lost.
fn meter(rng: &mut ChaCha8Rng, number: u64) -> Simulated {
    let nameplate_w = NAMEPLATES[rng.random_range(0..NAMEPLATES.len())];
    let (rise, set) = (rng.random_range(5.0..6.5), rng.random_range(19.0..20.5));
    let mut sky: f64 = rng.random_range(0.4..1.0);
    let (mut steps, mut measured) = (Vec::new(), 0);
    for slot in 0..96u32 {
        let hour = (f64::from(slot) + 0.5) / 4.0;
        let height = (std::f64::consts::PI * (hour - rise) / (set - rise)).sin();
        sky = (sky + rng.random_range(-0.12..0.12)).clamp(0.15, 1.0);
        if rng.random_bool(0.01) {
            continue;
        }
        let sun = if (rise..set).contains(&hour) { height.max(0.0).powf(1.2) } else { 0.0 };
        let delta = (f64::from(nameplate_w) / 4.0 * sun * sky * 0.97) as u32;
        measured += u64::from(delta);
        steps.push(replay::quarter(slot as usize, delta));
    }
    let asset = Asset::Meter {
        nameplate_w,
        generation: 1,
        start_wh: number * 1_000_000 + rng.random_range(0..1_000_000),
    };
    (asset, measured, steps)
}
