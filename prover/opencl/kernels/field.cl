// FIELD: residues below a modulus of at most 254 bits, in Montgomery form with R = 2^256, four limbs of 64 bits.
// The host puts the modulus and what follows from it in place of the words in capitals.
typedef struct { ulong l[4]; } FIELD;

CONSTANT ulong FIELD_P[4] = { MODULUS };
CONSTANT ulong FIELD_UNIT[4] = { ONE };

INLINE FIELD FIELD_zero(void) {
  FIELD r;
  for (int i = 0; i < 4; i++) r.l[i] = 0;
  return r;
}

INLINE FIELD FIELD_one(void) {
  FIELD r;
  for (int i = 0; i < 4; i++) r.l[i] = FIELD_UNIT[i];
  return r;
}

INLINE int FIELD_is_zero(FIELD a) { return (a.l[0] | a.l[1] | a.l[2] | a.l[3]) == 0; }

// a - b, and whether that is negative.
INLINE FIELD FIELD_borrow(FIELD a, const ulong b[4], ulong *negative) {
#ifdef PTX
  *negative = long_sub(a.l, b);
  return a;
#else
  ulong borrow = 0;
  FIELD r;
  for (int i = 0; i < 4; i++) {
    ulong d = a.l[i] - b[i];
    ulong under = a.l[i] < b[i];
    r.l[i] = d - borrow;
    borrow = under | (d < borrow);
  }
  *negative = borrow;
  return r;
#endif
}

INLINE FIELD FIELD_modulus(void) {
  FIELD r;
  for (int i = 0; i < 4; i++) r.l[i] = FIELD_P[i];
  return r;
}

// Below twice the modulus to below the modulus.
INLINE FIELD FIELD_reduce(FIELD a) {
  ulong negative;
  FIELD p = FIELD_modulus();
  FIELD r = FIELD_borrow(a, p.l, &negative);
  return negative ? a : r;
}

// a + b without reduction: two summands below the modulus leave the two highest bits free.
INLINE FIELD FIELD_carry(FIELD a, FIELD b) {
#ifdef PTX
  long_add(a.l, b.l);
  return a;
#else
  ulong carry = 0;
  FIELD r;
  for (int i = 0; i < 4; i++) {
    ulong s = a.l[i] + b.l[i];
    ulong over = s < a.l[i];
    r.l[i] = s + carry;
    carry = over | (r.l[i] < carry);
  }
  return r;
#endif
}

INLINE FIELD FIELD_add(FIELD a, FIELD b) { return FIELD_reduce(FIELD_carry(a, b)); }

INLINE FIELD FIELD_sub(FIELD a, FIELD b) {
  ulong negative;
  FIELD r = FIELD_borrow(a, b.l, &negative);
  return negative ? FIELD_carry(r, FIELD_modulus()) : r;
}

INLINE FIELD FIELD_neg(FIELD a) { return FIELD_is_zero(a) ? a : FIELD_sub(FIELD_modulus(), a); }

INLINE FIELD FIELD_dbl(FIELD a) { return FIELD_add(a, a); }

#ifdef PTX
INLINE void FIELD_words(uint words[8], const ulong *limbs) {
  for (int i = 0; i < 4; i++) {
    words[2 * i] = (uint)limbs[i];
    words[2 * i + 1] = (uint)(limbs[i] >> 32);
  }
}

// Makes the lowest word of even + 2^32 odd zero by adding a multiple of the modulus.
INLINE void FIELD_clear(uint even[8], uint odd[8], const uint p[8]) {
  uint m = even[0] * (uint)NEGATED_INVERSE;
  row_add(odd, p + 1, m);
  row_add_carry(even, p, m, &odd[7]);
}

// Montgomery product, word by word; even and odd change places with each, for the sum moves down by one word.
PRODUCT FIELD FIELD_mul(FIELD a, FIELD b) {
  uint x[8], y[8], p[8], even[8], odd[8];
  FIELD_words(x, a.l);
  FIELD_words(y, b.l);
  FIELD modulus = FIELD_modulus();
  FIELD_words(p, modulus.l);
  row_set(even, x, y[0]);
  row_set(odd, x + 1, y[0]);
  FIELD_clear(even, odd, p);
  for (int i = 1; i < 8; i += 2) {
    row_shift(even, &odd[0], x + 1, y[i]);
    row_add_carry(odd, x, y[i], &even[7]);
    FIELD_clear(odd, even, p);
    if (i == 7) break;
    row_shift(odd, &even[0], x + 1, y[i + 1]);
    row_add_carry(even, x, y[i + 1], &odd[7]);
    FIELD_clear(even, odd, p);
  }
  rows_join(even, odd);
  FIELD r;
  for (int i = 0; i < 4; i++) r.l[i] = even[2 * i] | (ulong)even[2 * i + 1] << 32;
  return FIELD_reduce(r);
}
#else
// *low = low half of a * b + c + *carry, *carry = its high half.
INLINE ulong FIELD_mac(ulong a, ulong b, ulong c, ulong *carry) {
  ulong low = a * b, high = HIGH(a, b);
  low += c;
  high += low < c;
  low += *carry;
  high += low < *carry;
  *carry = high;
  return low;
}

// Montgomery product, operands limb by limb. The highest word of the modulus has two bits to spare, so that five words hold
// every intermediate sum. Source: Acar, High-Speed Algorithms & Architectures For Number-Theoretic Cryptosystems, 1997, CIOS.
PRODUCT FIELD FIELD_mul(FIELD a, FIELD b) {
  ulong t[5] = { 0, 0, 0, 0, 0 };
  for (int i = 0; i < 4; i++) {
    ulong carry = 0;
    for (int j = 0; j < 4; j++) t[j] = FIELD_mac(a.l[j], b.l[i], t[j], &carry);
    t[4] += carry;
    ulong m = t[0] * NEGATED_INVERSE;
    carry = 0;
    FIELD_mac(m, FIELD_P[0], t[0], &carry);
    for (int j = 1; j < 4; j++) t[j - 1] = FIELD_mac(m, FIELD_P[j], t[j], &carry);
    t[3] = t[4] + carry;
    t[4] = t[3] < carry;
  }
  FIELD r;
  for (int i = 0; i < 4; i++) r.l[i] = t[i];
  return FIELD_reduce(r);
}
#endif

INLINE FIELD FIELD_sqr(FIELD a) { return FIELD_mul(a, a); }

// From Montgomery form to the integer.
INLINE FIELD FIELD_integer(FIELD a) {
  FIELD one = FIELD_zero();
  one.l[0] = 1;
  return FIELD_mul(a, one);
}
