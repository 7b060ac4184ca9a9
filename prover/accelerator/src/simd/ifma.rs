//! The lanes of AVX-512 IFMA. The only place with `unsafe`.
//!
//! Every block rests on one fact: an [`Ifma`] is only made by [`Ifma::detect`], so whoever holds one runs on a processor
//! that has the instructions which [`enabled`] enables.
#![allow(unsafe_code)]

use super::{LANES, Simd, Task};
use std::arch::x86_64::*;

/// Proof that the processor has AVX-512 F, DQ and IFMA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ifma(());

impl Ifma {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512ifma");
        has.then_some(Self(()))
    }
}

/// What is inlined into this function is compiled to the instructions themselves.
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
fn enabled<T: Task>(s: Ifma, task: T) -> T::Output {
    task.run(s)
}

/// An intrinsic of AVX-512 F, DQ or IFMA.
macro_rules! intrinsic {
    ($call:expr) => {
        // SAFETY: `self` proves that the processor has the instruction (see the head of this file), and the intrinsic
        // has no other condition: it reads and writes registers only, or asks for a line of memory, which never fails.
        unsafe { $call }
    };
}

impl Simd for Ifma {
    type V = __m512i;

    #[inline(always)]
    fn run<T: Task>(self, task: T) -> T::Output {
        // SAFETY: `self` proves that the processor has the features.
        unsafe { enabled(self, task) }
    }
    #[inline(always)]
    fn splat(self, x: u64) -> __m512i {
        intrinsic!(_mm512_set1_epi64(x as i64))
    }
    #[inline(always)]
    fn load(self, x: &[u64; LANES]) -> __m512i {
        // SAFETY: as above; the reference is valid for 64 bytes, and unaligned loads have no other condition.
        unsafe { _mm512_loadu_si512(x.as_ptr().cast()) }
    }
    #[inline(always)]
    fn store(self, x: __m512i) -> [u64; LANES] {
        let mut out = [0; LANES];
        // SAFETY: as above; the array is valid for 64 bytes, and unaligned stores have no other condition.
        unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), x) };
        out
    }
    #[inline(always)]
    fn add(self, a: __m512i, b: __m512i) -> __m512i {
        intrinsic!(_mm512_add_epi64(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m512i, b: __m512i) -> __m512i {
        intrinsic!(_mm512_sub_epi64(a, b))
    }
    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        intrinsic!(_mm512_and_si512(a, b))
    }
    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        intrinsic!(_mm512_or_si512(a, b))
    }
    #[inline(always)]
    fn shl<const N: u32>(self, a: __m512i) -> __m512i {
        intrinsic!(_mm512_slli_epi64::<N>(a))
    }
    #[inline(always)]
    fn shr<const N: u32>(self, a: __m512i) -> __m512i {
        intrinsic!(_mm512_srli_epi64::<N>(a))
    }
    #[inline(always)]
    fn sar<const N: u32>(self, a: __m512i) -> __m512i {
        intrinsic!(_mm512_srai_epi64::<N>(a))
    }
    #[inline(always)]
    fn madd_lo(self, acc: __m512i, a: __m512i, b: __m512i) -> __m512i {
        intrinsic!(_mm512_madd52lo_epu64(acc, a, b))
    }
    #[inline(always)]
    fn madd_hi(self, acc: __m512i, a: __m512i, b: __m512i) -> __m512i {
        intrinsic!(_mm512_madd52hi_epu64(acc, a, b))
    }
    #[inline(always)]
    fn blend(self, bits: u8, a: __m512i, b: __m512i) -> __m512i {
        intrinsic!(_mm512_mask_blend_epi64(bits, a, b))
    }
    #[inline(always)]
    fn lookup(self, table: __m512i, index: __m512i) -> __m512i {
        intrinsic!(_mm512_permutexvar_epi64(index, table))
    }
    /// Not into the first level, where it gained nothing: presumably lines from afar take up the few misses that it can wait
    /// for at a time, and stores wait for those.
    #[inline(always)]
    fn prefetch(self, x: &[u64; LANES]) {
        intrinsic!(_mm_prefetch::<_MM_HINT_T1>(x.as_ptr().cast()))
    }
    /// Pairs of lanes, then pairs of pairs, then halves.
    #[inline(always)]
    fn transpose(self, r: [__m512i; LANES]) -> [__m512i; LANES] {
        intrinsic!({
            let a = [
                _mm512_unpacklo_epi64(r[0], r[1]),
                _mm512_unpackhi_epi64(r[0], r[1]),
                _mm512_unpacklo_epi64(r[2], r[3]),
                _mm512_unpackhi_epi64(r[2], r[3]),
                _mm512_unpacklo_epi64(r[4], r[5]),
                _mm512_unpackhi_epi64(r[4], r[5]),
                _mm512_unpacklo_epi64(r[6], r[7]),
                _mm512_unpackhi_epi64(r[6], r[7]),
            ];
            let b = [
                _mm512_shuffle_i64x2::<0x88>(a[0], a[2]),
                _mm512_shuffle_i64x2::<0xdd>(a[0], a[2]),
                _mm512_shuffle_i64x2::<0x88>(a[4], a[6]),
                _mm512_shuffle_i64x2::<0xdd>(a[4], a[6]),
            ];
            let c = [
                _mm512_shuffle_i64x2::<0x88>(a[1], a[3]),
                _mm512_shuffle_i64x2::<0xdd>(a[1], a[3]),
                _mm512_shuffle_i64x2::<0x88>(a[5], a[7]),
                _mm512_shuffle_i64x2::<0xdd>(a[5], a[7]),
            ];
            [
                _mm512_shuffle_i64x2::<0x88>(b[0], b[2]),
                _mm512_shuffle_i64x2::<0x88>(c[0], c[2]),
                _mm512_shuffle_i64x2::<0x88>(b[1], b[3]),
                _mm512_shuffle_i64x2::<0x88>(c[1], c[3]),
                _mm512_shuffle_i64x2::<0xdd>(b[0], b[2]),
                _mm512_shuffle_i64x2::<0xdd>(c[0], c[2]),
                _mm512_shuffle_i64x2::<0xdd>(b[1], b[3]),
                _mm512_shuffle_i64x2::<0xdd>(c[1], c[3]),
            ]
        })
    }
}
