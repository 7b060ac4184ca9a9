// POINT: y^2 = x^3 + b over FIELD, in coordinates x = X/ZZ, y = Y/ZZZ with ZZ^3 = ZZZ^2; infinity has ZZ = 0.
// Additions hold for all operands: infinity, equal and opposite points. Source: D. Bernstein and T. Lange,
// https://hyperelliptic.org/EFD/g1p/auto-shortw-xyzz.html (add-2008-s, madd-2008-s, dbl-2008-s-1).
typedef struct { FIELD x, y; } POINT_affine;
typedef struct { FIELD x, y, zz, zzz; } POINT;

INLINE POINT POINT_infinity(void) {
  POINT r;
  r.x = FIELD_zero();
  r.y = FIELD_zero();
  r.zz = FIELD_zero();
  r.zzz = FIELD_zero();
  return r;
}

NOINLINE POINT POINT_dbl(POINT a) {
  FIELD u = FIELD_dbl(a.y), v = FIELD_sqr(u), w = FIELD_mul(u, v), s = FIELD_mul(a.x, v);
  FIELD square = FIELD_sqr(a.x), m = FIELD_add(FIELD_dbl(square), square);
  POINT r;
  r.x = FIELD_sub(FIELD_sqr(m), FIELD_dbl(s));
  r.y = FIELD_sub(FIELD_mul(m, FIELD_sub(s, r.x)), FIELD_mul(w, a.y));
  r.zz = FIELD_mul(v, a.zz);
  r.zzz = FIELD_mul(w, a.zzz);
  return r;
}

// The sum whose x differ by p and y by r, both over the common denominators zz and zzz.
INLINE POINT POINT_chord(FIELD x, FIELD y, FIELD p, FIELD r, FIELD zz, FIELD zzz) {
  FIELD pp = FIELD_sqr(p), ppp = FIELD_mul(p, pp), q = FIELD_mul(x, pp);
  POINT sum;
  sum.x = FIELD_sub(FIELD_sub(FIELD_sqr(r), ppp), FIELD_dbl(q));
  sum.y = FIELD_sub(FIELD_mul(r, FIELD_sub(q, sum.x)), FIELD_mul(y, ppp));
  sum.zz = FIELD_mul(zz, pp);
  sum.zzz = FIELD_mul(zzz, ppp);
  return sum;
}

// b is not infinity.
PRODUCT POINT POINT_add_affine(POINT a, POINT_affine b) {
  if (FIELD_is_zero(a.zz)) {
    POINT r;
    r.x = b.x;
    r.y = b.y;
    r.zz = FIELD_one();
    r.zzz = FIELD_one();
    return r;
  }
  FIELD p = FIELD_sub(FIELD_mul(b.x, a.zz), a.x), r = FIELD_sub(FIELD_mul(b.y, a.zzz), a.y);
  if (FIELD_is_zero(p)) return FIELD_is_zero(r) ? POINT_dbl(a) : POINT_infinity();
  return POINT_chord(a.x, a.y, p, r, a.zz, a.zzz);
}

NOINLINE POINT POINT_add(POINT a, POINT b) {
  if (FIELD_is_zero(a.zz)) return b;
  if (FIELD_is_zero(b.zz)) return a;
  FIELD x = FIELD_mul(a.x, b.zz), y = FIELD_mul(a.y, b.zzz);
  FIELD p = FIELD_sub(FIELD_mul(b.x, a.zz), x), r = FIELD_sub(FIELD_mul(b.y, a.zzz), y);
  if (FIELD_is_zero(p)) return FIELD_is_zero(r) ? POINT_dbl(a) : POINT_infinity();
  return POINT_chord(x, y, p, r, FIELD_mul(a.zz, b.zz), FIELD_mul(a.zzz, b.zzz));
}

// Sums the points of one task.
KERNEL void POINT_accumulate(GLOBAL const POINT_affine *bases, GLOBAL const uint *order, GLOBAL const uint *tasks,
                             GLOBAL POINT *parts, uint count) {
  uint g = GLOBAL_ID();
  if (g >= count) return;
  uint first = tasks[4 * g], last = first + tasks[4 * g + 1];
  POINT sum = POINT_infinity();
  for (uint i = first; i < last; i++) {
    uint entry = order[i];
    POINT_affine base = bases[entry & ~NEGATIVE];
    if (entry & NEGATIVE) base.y = FIELD_neg(base.y);
    sum = POINT_add_affine(sum, base);
  }
  parts[g] = sum;
}

// Adds those parts of a key that lie `step` or more behind its first to those before, if they are at most twice as many.
KERNEL void POINT_halve(GLOBAL POINT *parts, GLOBAL const uint *tasks, uint step, uint count) {
  uint g = GLOBAL_ID();
  if (g >= count) return;
  uint part = tasks[4 * g + 2], all = tasks[4 * g + 3];
  if (part < step && part + step < all) parts[g] = POINT_add(parts[g], parts[g + step]);
}

// Of `width` consecutive buckets: the sum of (j + 1) times the j-th, and the plain sum. What a bucket holds is its first part.
KERNEL void POINT_fold(GLOBAL const POINT *parts, GLOBAL const uint *firsts, GLOBAL POINT *folded, uint width,
                       uint count) {
  uint g = GLOBAL_ID();
  if (g >= count) return;
  POINT plain = POINT_infinity(), weighted = POINT_infinity();
  for (uint j = width; j > 0; j--) {
    uint bucket = g * width + j - 1, part = firsts[bucket];
    if (part < firsts[bucket + 1]) plain = POINT_add(plain, parts[part]);
    weighted = POINT_add(weighted, plain);
  }
  folded[2 * g] = weighted;
  folded[2 * g + 1] = plain;
}

// The same of `width` consecutive folds of 2^log buckets each.
KERNEL void POINT_join(GLOBAL const POINT *folded, GLOBAL POINT *joined, uint width, uint log, uint count) {
  uint g = GLOBAL_ID();
  if (g >= count) return;
  POINT plain = POINT_infinity(), steps = POINT_infinity(), weighted = POINT_infinity();
  for (uint j = width; j > 0; j--) {
    ulong fold = 2 * ((ulong)g * width + j - 1);
    steps = POINT_add(steps, plain);
    weighted = POINT_add(weighted, folded[fold]);
    plain = POINT_add(plain, folded[fold + 1]);
  }
  for (uint i = 0; i < log; i++) steps = POINT_dbl(steps);
  joined[2 * g] = POINT_add(weighted, steps);
  joined[2 * g + 1] = plain;
}
