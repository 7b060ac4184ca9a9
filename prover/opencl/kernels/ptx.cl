// Long arithmetic in the instructions of NVIDIA's processors, whose carries C cannot name. A number of eight 32-bit words is
// multiplied by one word as two rows of four 64-bit products: those of its even words and those of its odd words, so that the
// products of a row do not overlap. Source: Emmart, Luitjens, Weems, Woolley, Optimizing Modular Multiplication for NVIDIA's
// Maxwell GPUs, ARITH 2016.
#ifdef PTX
// row = b * (a[0], a[2], a[4], a[6]).
INLINE void row_set(uint row[8], const uint *a, uint b) {
  for (int j = 0; j < 8; j += 2) {
    ulong product = (ulong)a[j] * b;
    row[j] = (uint)product;
    row[j + 1] = (uint)(product >> 32);
  }
}

// row += b * (a[0], a[2], a[4], a[6]), of which no carry comes.
INLINE void row_add(uint row[8], const uint *a, uint b) {
  asm("mad.lo.cc.u32 %0, %8, %12, %0; madc.hi.cc.u32 %1, %8, %12, %1;"
      "madc.lo.cc.u32 %2, %9, %12, %2; madc.hi.cc.u32 %3, %9, %12, %3;"
      "madc.lo.cc.u32 %4, %10, %12, %4; madc.hi.cc.u32 %5, %10, %12, %5;"
      "madc.lo.cc.u32 %6, %11, %12, %6; madc.hi.u32 %7, %11, %12, %7;"
      : "+r"(row[0]), "+r"(row[1]), "+r"(row[2]), "+r"(row[3]), "+r"(row[4]), "+r"(row[5]), "+r"(row[6]), "+r"(row[7])
      : "r"(a[0]), "r"(a[2]), "r"(a[4]), "r"(a[6]), "r"(b));
}

// The same with a carry into `top`.
INLINE void row_add_carry(uint row[8], const uint *a, uint b, uint *top) {
  asm("mad.lo.cc.u32 %0, %9, %13, %0; madc.hi.cc.u32 %1, %9, %13, %1;"
      "madc.lo.cc.u32 %2, %10, %13, %2; madc.hi.cc.u32 %3, %10, %13, %3;"
      "madc.lo.cc.u32 %4, %11, %13, %4; madc.hi.cc.u32 %5, %11, %13, %5;"
      "madc.lo.cc.u32 %6, %12, %13, %6; madc.hi.cc.u32 %7, %12, %13, %7; addc.u32 %8, %8, 0;"
      : "+r"(row[0]), "+r"(row[1]), "+r"(row[2]), "+r"(row[3]), "+r"(row[4]), "+r"(row[5]), "+r"(row[6]), "+r"(row[7]),
        "+r"(*top)
      : "r"(a[0]), "r"(a[2]), "r"(a[4]), "r"(a[6]), "r"(b));
}

// A row whose lowest word belongs one place below `low` moves down by two words: low += row[1], row = row / 2^64 +
// b * (a[0], a[2], a[4], a[6]) with the carry of `low`.
INLINE void row_shift(uint row[8], uint *low, const uint *a, uint b) {
  asm("add.cc.u32 %8, %8, %1;"
      "madc.lo.cc.u32 %0, %9, %13, %2; madc.hi.cc.u32 %1, %9, %13, %3;"
      "madc.lo.cc.u32 %2, %10, %13, %4; madc.hi.cc.u32 %3, %10, %13, %5;"
      "madc.lo.cc.u32 %4, %11, %13, %6; madc.hi.cc.u32 %5, %11, %13, %7;"
      "madc.lo.cc.u32 %6, %12, %13, 0; madc.hi.u32 %7, %12, %13, 0;"
      : "+r"(row[0]), "+r"(row[1]), "+r"(row[2]), "+r"(row[3]), "+r"(row[4]), "+r"(row[5]), "+r"(row[6]), "+r"(row[7]),
        "+r"(*low)
      : "r"(a[0]), "r"(a[2]), "r"(a[4]), "r"(a[6]), "r"(b));
}

// even += odd / 2^32, both of eight words, odd's lowest one being no more than a carry's place.
INLINE void rows_join(uint even[8], const uint odd[8]) {
  asm("add.cc.u32 %0, %0, %8; addc.cc.u32 %1, %1, %9; addc.cc.u32 %2, %2, %10; addc.cc.u32 %3, %3, %11;"
      "addc.cc.u32 %4, %4, %12; addc.cc.u32 %5, %5, %13; addc.cc.u32 %6, %6, %14; addc.u32 %7, %7, 0;"
      : "+r"(even[0]), "+r"(even[1]), "+r"(even[2]), "+r"(even[3]), "+r"(even[4]), "+r"(even[5]), "+r"(even[6]),
        "+r"(even[7])
      : "r"(odd[1]), "r"(odd[2]), "r"(odd[3]), "r"(odd[4]), "r"(odd[5]), "r"(odd[6]), "r"(odd[7]));
}

// a += b, of which no carry comes.
INLINE void long_add(ulong a[4], const ulong *b) {
  asm("add.cc.u64 %0, %0, %4; addc.cc.u64 %1, %1, %5; addc.cc.u64 %2, %2, %6; addc.u64 %3, %3, %7;"
      : "+l"(a[0]), "+l"(a[1]), "+l"(a[2]), "+l"(a[3])
      : "l"(b[0]), "l"(b[1]), "l"(b[2]), "l"(b[3]));
}

// a -= b; 1 where that is negative.
INLINE ulong long_sub(ulong a[4], const ulong *b) {
  ulong negative = 0;
  asm("sub.cc.u64 %0, %0, %5; subc.cc.u64 %1, %1, %6; subc.cc.u64 %2, %2, %7; subc.cc.u64 %3, %3, %8; subc.u64 %4, %4, 0;"
      : "+l"(a[0]), "+l"(a[1]), "+l"(a[2]), "+l"(a[3]), "+l"(negative)
      : "l"(b[0]), "l"(b[1]), "l"(b[2]), "l"(b[3]));
  return negative & 1;
}
#endif
