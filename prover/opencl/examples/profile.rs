//! Where the time of a batch goes on each GPU: `profile LOG BATCH`, for a domain of 2^LOG points and witnesses of which half are
//! bits, as most are.
#![allow(clippy::unwrap_used)]

use ark_bn254::{Fr, G1Projective, G2Projective};
use ark_ec::{CurveGroup, PrimeGroup};
use ark_ff::{AdditiveGroup, Field, UniformRand};
use ark_std::test_rng;
use ergon_accelerator::{Accelerator, Evaluated, Queries};
use ergon_opencl::{OpenCl, Options, Sort, devices};
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|word| word.parse::<usize>().unwrap());
    let (log, batch) = (arguments.next().unwrap_or(16), arguments.next().unwrap_or(8));
    let domain = 1 << log;
    let (mut g1, mut g2) = (vec![G1Projective::generator()], vec![G2Projective::generator()]);
    for place in 1..domain {
        g1.push(g1[place - 1].double() + g1[0]);
        g2.push(g2[place - 1].double() + g2[0]);
    }
    let (g1, g2) = (G1Projective::normalize_batch(&g1), G2Projective::normalize_batch(&g2));
    let queries = Queries { inputs: 2, a: &g1, b_g1: &g1, b_g2: &g2, l: &g1[2..], h: &g1 };
    let mut rng = test_rng();
    let wide: Vec<Fr> = (0..domain).map(|_| Fr::rand(&mut rng)).collect();
    let half = |place| [Fr::ZERO, Fr::ONE, wide[place], wide[place]][place % 4];
    let assignment: Vec<Fr> = (0..domain).map(half).collect();
    let witnesses = vec![Evaluated { assignment: &assignment, a: &wide, b: &wide }; batch];
    for info in devices().unwrap().iter().filter(|info| info.sort == Sort::Gpu) {
        let device = OpenCl::open(info, &Options { profile: true, ..Options::default() }).unwrap();
        let start = Instant::now();
        let loaded = device.load(&queries).unwrap();
        println!("{}: loaded in {:.0?}", device.name(), start.elapsed());
        for _ in 0..3 {
            device.profile().unwrap();
            let start = Instant::now();
            loaded.sums(&witnesses).unwrap();
            println!("2^{log}, {batch} witnesses: {:.1?} each", start.elapsed() / batch as u32);
        }
        for (name, (count, time)) in device.profile().unwrap() {
            println!("{name:>16} {count:>6} times {:>10.1?} a witness", time / batch as u32);
        }
    }
}
