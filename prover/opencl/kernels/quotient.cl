// The quotient in circom's reduction: from values at the even powers of w, a root of order 2n, to those at the odd ones.
// `powers` holds w^0 .. w^(2n-1). Vectors of n values follow each other: a, b and c of each proof.

INLINE uint reversed(uint value, uint count) {
  uint result = 0;
  for (uint i = 0; i < count; i++) result |= ((value >> i) & 1) << (count - 1 - i);
  return result;
}

// c = a b.
KERNEL void products(GLOBAL Fr *vectors, uint n, uint total) {
  uint g = GLOBAL_ID();
  if (g >= total) return;
  ulong a = (ulong)(g / n) * 3 * n + g % n;
  vectors[a + 2 * (ulong)n] = Fr_mul(vectors[a], vectors[a + n]);
}

// One step of the inverse transform: natural order in, bit-reversed order out after the last, not divided by n.
KERNEL void inverse_step(GLOBAL Fr *vectors, GLOBAL const Fr *powers, uint n, uint span, uint total) {
  uint g = GLOBAL_ID();
  if (g >= total) return;
  uint middle = n / 2, j = (g % middle) % span;
  ulong left = (ulong)(g / middle) * n + (g % middle) / span * 2 * span + j, right = left + span;
  Fr a = vectors[left], b = vectors[right];
  // The power (2n - 2 e) of w, e = j n / (2 span).
  uint back = j * (n / span);
  Fr root = powers[back == 0 ? 0 : 2 * n - back];
  vectors[left] = Fr_add(a, b);
  vectors[right] = Fr_mul(Fr_sub(a, b), root);
}

// Coefficients in bit-reversed order, divided by n and multiplied with powers of w: values on the odd ones follow.
KERNEL void shift(GLOBAL Fr *vectors, GLOBAL const Fr *powers, GLOBAL const Fr *size_inverse, uint n, uint log,
                  uint total) {
  uint g = GLOBAL_ID();
  if (g >= total) return;
  Fr factor = Fr_mul(powers[reversed(g % n, log)], size_inverse[0]);
  vectors[g] = Fr_mul(vectors[g], factor);
}

// One step of the transform: bit-reversed order in, natural order out after the last.
KERNEL void forward_step(GLOBAL Fr *vectors, GLOBAL const Fr *powers, uint n, uint span, uint total) {
  uint g = GLOBAL_ID();
  if (g >= total) return;
  uint middle = n / 2, j = (g % middle) % span;
  ulong left = (ulong)(g / middle) * n + (g % middle) / span * 2 * span + j, right = left + span;
  Fr a = vectors[left], b = Fr_mul(vectors[right], powers[j * (n / span)]);
  vectors[left] = Fr_add(a, b);
  vectors[right] = Fr_sub(a, b);
}

// h = a b - c as integers, behind the variables of each proof's scalars.
KERNEL void quotients(GLOBAL const Fr *vectors, GLOBAL Fr *scalars, uint n, uint variables, uint total) {
  uint g = GLOBAL_ID();
  if (g >= total) return;
  uint proof = g / n, i = g % n;
  ulong a = (ulong)proof * 3 * n + i;
  Fr h = Fr_sub(Fr_mul(vectors[a], vectors[a + n]), vectors[a + 2 * (ulong)n]);
  scalars[(ulong)proof * (variables + n) + variables + i] = Fr_integer(h);
}

// The variables as integers.
KERNEL void integers(GLOBAL Fr *scalars, uint variables, uint stride, uint total) {
  uint g = GLOBAL_ID();
  if (g >= total) return;
  ulong place = (ulong)(g / variables) * stride + g % variables;
  scalars[place] = Fr_integer(scalars[place]);
}
