// Fq2 = Fq[u] / (u^2 + 1).
typedef struct { Fq c0, c1; } Fq2;

INLINE Fq2 Fq2_zero(void) {
  Fq2 r;
  r.c0 = Fq_zero();
  r.c1 = Fq_zero();
  return r;
}

INLINE Fq2 Fq2_one(void) {
  Fq2 r;
  r.c0 = Fq_one();
  r.c1 = Fq_zero();
  return r;
}

INLINE int Fq2_is_zero(Fq2 a) { return Fq_is_zero(a.c0) && Fq_is_zero(a.c1); }

INLINE Fq2 Fq2_add(Fq2 a, Fq2 b) {
  Fq2 r;
  r.c0 = Fq_add(a.c0, b.c0);
  r.c1 = Fq_add(a.c1, b.c1);
  return r;
}

INLINE Fq2 Fq2_sub(Fq2 a, Fq2 b) {
  Fq2 r;
  r.c0 = Fq_sub(a.c0, b.c0);
  r.c1 = Fq_sub(a.c1, b.c1);
  return r;
}

INLINE Fq2 Fq2_neg(Fq2 a) { return Fq2_sub(Fq2_zero(), a); }

INLINE Fq2 Fq2_dbl(Fq2 a) { return Fq2_add(a, a); }

// Karatsuba: three products.
NOINLINE Fq2 Fq2_mul(Fq2 a, Fq2 b) {
  Fq low = Fq_mul(a.c0, b.c0), high = Fq_mul(a.c1, b.c1);
  Fq both = Fq_mul(Fq_add(a.c0, a.c1), Fq_add(b.c0, b.c1));
  Fq2 r;
  r.c0 = Fq_sub(low, high);
  r.c1 = Fq_sub(Fq_sub(both, low), high);
  return r;
}

NOINLINE Fq2 Fq2_sqr(Fq2 a) {
  Fq2 r;
  r.c0 = Fq_mul(Fq_add(a.c0, a.c1), Fq_sub(a.c0, a.c1));
  r.c1 = Fq_dbl(Fq_mul(a.c0, a.c1));
  return r;
}
