// Points by the signed digits of their scalars: count, scan, place. A scalar s of more than middle the order is replaced by
// r - s and the point by its negative; a digit of c bits lies in [-2^(c-1), 2^(c-1)], and 0 costs nothing.
// Key (proof * windows + window) * buckets + |digit| - 1.
#define NEGATIVE 0x80000000u
// Entries that one work-item adds up, and the most parts of a bucket: a crowded bucket has longer tasks instead.
#define TASK 64u
#define PARTS 256u
// Keys that one work-item scans.
#define RUN 256u

// `width` bits (at most 16) from bit `from` on.
INLINE uint bits(const Fr *s, uint from, uint width) {
  uint limb = from / 64, shift = from % 64;
  if (limb > 3) return 0;
  ulong value = s->l[limb] >> shift;
  if (shift + width > 64 && limb < 3) value |= s->l[limb + 1] << (64 - shift);
  return (uint)value & ((1u << width) - 1);
}

INLINE Fr smaller(Fr s, uint *negated) {
  ulong is_smaller;
  Fr other = Fr_sub(Fr_modulus(), s);
  Fr_borrow(other, s.l, &is_smaller);
  *negated = (uint)is_smaller;
  return is_smaller ? other : s;
}

// Counts (order = 0) or places (order given, `next` beginning where each key's entries begin) the digits of one scalar.
INLINE void each_digit(GLOBAL const Fr *scalars, GLOBAL const uint *places, GLOBAL uint *next, GLOBAL uint *order,
                       uint points, uint stride, uint width, uint windows, uint proofs) {
  uint g = GLOBAL_ID();
  uint proof = g / points, point = g % points;
  if (proof >= proofs) return;
  uint negated;
  Fr s = smaller(scalars[(ulong)proof * stride + places[point]], &negated);
  uint middle = 1u << (width - 1), carry = 0;
  for (uint w = 0; w < windows; w++) {
    uint digit = bits(&s, w * width, width) + carry, sign = negated;
    carry = digit > middle;
    if (carry) {
      digit = 2 * middle - digit;
      sign ^= 1;
    }
    if (digit == 0) continue;
    uint place = INCREMENT(&next[(proof * windows + w) * middle + digit - 1]);
    if (order) order[place] = point | (sign ? NEGATIVE : 0);
  }
}

KERNEL void count_digits(GLOBAL const Fr *scalars, GLOBAL const uint *places, GLOBAL uint *counts, uint points,
                         uint stride, uint width, uint windows, uint proofs) {
  each_digit(scalars, places, counts, 0, points, stride, width, windows, proofs);
}

KERNEL void place_digits(GLOBAL const Fr *scalars, GLOBAL const uint *places, GLOBAL uint *next, GLOBAL uint *order,
                         uint points, uint stride, uint width, uint windows, uint proofs) {
  each_digit(scalars, places, next, order, points, stride, width, windows, proofs);
}

INLINE uint tasks_of(uint count) {
  uint tasks = (count + TASK - 1) / TASK;
  return tasks > PARTS ? PARTS : tasks;
}

// The entries and the tasks of each run of keys.
KERNEL void scan_runs(GLOBAL const uint *counts, GLOBAL uint *runs, uint keys) {
  uint g = GLOBAL_ID();
  if (g * RUN >= keys) return;
  uint entries = 0, tasks = 0;
  for (uint key = g * RUN; key < keys && key < (g + 1) * RUN; key++) {
    entries += counts[key];
    tasks += tasks_of(counts[key]);
  }
  runs[2 * g] = entries;
  runs[2 * g + 1] = tasks;
}

// Given where each run's entries and tasks begin: where each key's entries (`next`) and tasks (`firsts`) begin, and the tasks:
// where its entries begin, how many they are, which part of its key's it is, and of how many.
KERNEL void make_tasks(GLOBAL const uint *counts, GLOBAL const uint *runs, GLOBAL uint *next, GLOBAL uint *firsts,
                       GLOBAL uint *tasks, uint keys) {
  uint g = GLOBAL_ID();
  if (g * RUN >= keys) return;
  uint entry = runs[2 * g], task = runs[2 * g + 1];
  for (uint key = g * RUN; key < keys && key < (g + 1) * RUN; key++) {
    uint left = counts[key], parts = tasks_of(left);
    next[key] = entry;
    firsts[key] = task;
    for (uint part = parts; part > 0; part--) {
      uint length = (left + part - 1) / part;
      tasks[4 * task] = entry;
      tasks[4 * task + 1] = length;
      tasks[4 * task + 2] = parts - part;
      tasks[4 * task + 3] = parts;
      entry += length;
      left -= length;
      task++;
    }
    if (key + 1 == keys) firsts[keys] = task;
  }
}
