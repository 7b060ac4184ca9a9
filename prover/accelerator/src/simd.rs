//! Eight 64-bit lanes with the 52-bit multiply-add of AVX-512 IFMA, and how code that is generic over them runs.
//!
//! Arithmetic is written once over [`Simd`]. [`Ifma`](ifma::Ifma) is the processor's; [`Emulated`] is the same in plain
//! integers, for tests on any machine. A value of either type is the proof that its instructions may be used.

#[cfg(target_arch = "x86_64")]
pub(crate) mod ifma;

/// Lanes of a vector.
pub(crate) const LANES: usize = 8;

/// Low 52 bits.
pub(crate) const MASK: u64 = (1 << 52) - 1;

/// Operations on eight 64-bit lanes.
pub(crate) trait Simd: Copy + Send + Sync + 'static {
    /// Eight lanes.
    type V: Copy + Send + Sync;

    /// Runs code with these instructions enabled.
    fn run<T: Task>(self, task: T) -> T::Output;

    /// All lanes `x`.
    fn splat(self, x: u64) -> Self::V;
    /// From an array.
    fn load(self, x: &[u64; LANES]) -> Self::V;
    /// To an array.
    fn store(self, x: Self::V) -> [u64; LANES];
    /// `a + b`, wrapping.
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a − b`, wrapping.
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a & b`.
    fn and(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a | b`.
    fn or(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a << N`.
    fn shl<const N: u32>(self, a: Self::V) -> Self::V;
    /// `a >> N`.
    fn shr<const N: u32>(self, a: Self::V) -> Self::V;
    /// `a >> N` of signed lanes.
    fn sar<const N: u32>(self, a: Self::V) -> Self::V;
    /// `acc` + the low 52 bits of the product of the low 52 bits.
    fn madd_lo(self, acc: Self::V, a: Self::V, b: Self::V) -> Self::V;
    /// `acc` + the product of the low 52 bits, shifted right by 52.
    fn madd_hi(self, acc: Self::V, a: Self::V, b: Self::V) -> Self::V;
    /// `b` in the lanes whose bit is set, else `a`.
    fn blend(self, bits: u8, a: Self::V, b: Self::V) -> Self::V;
    /// In each lane the lane of `table` that the low three bits of `index` name.
    fn lookup(self, table: Self::V, index: Self::V) -> Self::V;
    /// Asks for a line of memory, into the second-level cache.
    fn prefetch(self, x: &[u64; LANES]);
    /// Transposes an 8 × 8 matrix.
    fn transpose(self, rows: [Self::V; LANES]) -> [Self::V; LANES];
}

/// Code that is compiled once for each kind of lanes. Implementations are `#[inline(always)]`.
pub(crate) trait Task {
    /// Result.
    type Output;
    /// The code.
    fn run<S: Simd>(self, s: S) -> Self::Output;
}

/// The processor's lanes, for tests; where it has none a test says so, and the emulated lanes have run the same code.
#[cfg(all(test, target_arch = "x86_64"))]
pub(crate) fn processor() -> Option<ifma::Ifma> {
    let found = ifma::Ifma::detect();
    if found.is_none() {
        eprintln!("not run: this processor has no AVX-512 IFMA");
    }
    found
}

/// The lanes in plain integers: slow, and the same results on any machine.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Emulated;

#[cfg(test)]
impl Emulated {
    fn each(a: [u64; LANES], b: [u64; LANES], f: impl Fn(u64, u64) -> u64) -> [u64; LANES] {
        std::array::from_fn(|i| f(a[i], b[i]))
    }

    fn product(a: u64, b: u64) -> u128 {
        u128::from(a & MASK) * u128::from(b & MASK)
    }
}

#[cfg(test)]
impl Simd for Emulated {
    type V = [u64; LANES];

    fn run<T: Task>(self, task: T) -> T::Output {
        task.run(self)
    }
    fn splat(self, x: u64) -> Self::V {
        [x; LANES]
    }
    fn load(self, x: &[u64; LANES]) -> Self::V {
        *x
    }
    fn store(self, x: Self::V) -> [u64; LANES] {
        x
    }
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        Self::each(a, b, u64::wrapping_add)
    }
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        Self::each(a, b, u64::wrapping_sub)
    }
    fn and(self, a: Self::V, b: Self::V) -> Self::V {
        Self::each(a, b, |a, b| a & b)
    }
    fn or(self, a: Self::V, b: Self::V) -> Self::V {
        Self::each(a, b, |a, b| a | b)
    }
    fn shl<const N: u32>(self, a: Self::V) -> Self::V {
        a.map(|x| x << N)
    }
    fn shr<const N: u32>(self, a: Self::V) -> Self::V {
        a.map(|x| x >> N)
    }
    fn sar<const N: u32>(self, a: Self::V) -> Self::V {
        a.map(|x| ((x as i64) >> N) as u64)
    }
    fn madd_lo(self, acc: Self::V, a: Self::V, b: Self::V) -> Self::V {
        Self::each(acc, Self::each(a, b, |a, b| Self::product(a, b) as u64 & MASK), |acc, p| {
            acc.wrapping_add(p)
        })
    }
    fn madd_hi(self, acc: Self::V, a: Self::V, b: Self::V) -> Self::V {
        Self::each(acc, Self::each(a, b, |a, b| (Self::product(a, b) >> 52) as u64), |acc, p| {
            acc.wrapping_add(p)
        })
    }
    fn blend(self, bits: u8, a: Self::V, b: Self::V) -> Self::V {
        std::array::from_fn(|i| if bits >> i & 1 == 1 { b[i] } else { a[i] })
    }
    fn lookup(self, table: Self::V, index: Self::V) -> Self::V {
        index.map(|i| table[i as usize % LANES])
    }
    fn prefetch(self, _: &[u64; LANES]) {}
    fn transpose(self, rows: [Self::V; LANES]) -> [Self::V; LANES] {
        std::array::from_fn(|i| std::array::from_fn(|j| rows[j][i]))
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every operation on two vectors.
    fn all<S: Simd>(s: S, x: [[u64; LANES]; 2], bits: u8) -> Vec<[u64; LANES]> {
        let [a, b] = [s.load(&x[0]), s.load(&x[1])];
        let c = s.splat(x[0][0]);
        let mut out = vec![
            s.add(a, b),
            s.sub(a, b),
            s.and(a, b),
            s.or(a, b),
            s.shl::<12>(a),
            s.shr::<52>(a),
            s.sar::<52>(a),
            s.madd_lo(c, a, b),
            s.madd_hi(c, a, b),
            s.blend(bits, a, b),
            s.lookup(a, b),
        ];
        out.extend(s.transpose([a, b, c, a, b, a, c, b]));
        out.into_iter().map(|v| s.store(v)).collect()
    }

    proptest! {
        #[test]
        fn the_processors_lanes_compute_what_plain_integers_do(
            a in any::<[u64; LANES]>(), b in any::<[u64; LANES]>(), bits in any::<u8>(),
        ) {
            if let Some(ifma) = processor() {
                prop_assert_eq!(all(ifma, [a, b], bits), all(Emulated, [a, b], bits));
            }
        }
    }
}
