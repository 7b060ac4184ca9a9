//! What a device signs and a gateway checks: Poseidon, signatures, packets.
#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use ergon_types::{Fr, Packet, SecretKey, poseidon};
use std::hint::black_box;

fn native(c: &mut Criterion) {
    for width in [2u64, 15] {
        let inputs: Vec<Fr> = (0..width).map(Fr::from).collect();
        c.bench_function(&format!("poseidon/{width}"), |b| {
            b.iter(|| poseidon::hash(black_box(&inputs)));
        });
    }
    let secret = SecretKey::from_bytes([1; 32]);
    let message = Fr::from(1u64);
    c.bench_function("eddsa/sign", |b| b.iter(|| secret.sign(black_box(&message))));
    let (public, signature) = (secret.public(), secret.sign(&message));
    c.bench_function("eddsa/verify", |b| {
        b.iter(|| public.verifies(black_box(&message), &signature));
    });
    let (packet, key) = ergon_benches::packet();
    let bytes = packet.to_bytes();
    c.bench_function("packet/read and verify", |b| {
        b.iter(|| Packet::from_bytes(black_box(&bytes)).is_ok_and(|p| p.is_signed_by(&key)));
    });
}

criterion_group!(benches, native);
criterion_main!(benches);
