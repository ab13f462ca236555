// The widening of weights to Float32, for one instruction set; DEPTH is the most of them in a go.

// A half-precision number's value: its exponent is moved by a product, which is exact for subnormal
// numbers too; what is not finite keeps the largest exponent.
INLINE void NAME(widen_half)(float *to, const uint16_t *from, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t half = from[i];
    uint32_t magnitude = (half & 0x7FFF) << 13;
    float moved;
    memcpy(&moved, &magnitude, 4);
    moved *= 0x1p112f;
    uint32_t bits;
    memcpy(&bits, &moved, 4);
    if ((half & 0x7C00) == 0x7C00) bits = magnitude | 0x7F800000;
    bits |= (half & 0x8000) << 16;
    memcpy(to + i, &bits, 4);
  }
}

// `count` elements of a type as Float32; the addresses of elements may be odd.
INLINE void NAME(widen)(float *to, const char *from, int element, size_t count) {
  uint16_t halves[DEPTH];
  double doubles[DEPTH];
  switch (element) {
    case albertkit_float32: memcpy(to, from, 4 * count); return;
    case albertkit_float16:
      memcpy(halves, from, 2 * count);
      NAME(widen_half)(to, halves, count);
      return;
    case albertkit_bfloat16:
      memcpy(halves, from, 2 * count);
      for (size_t i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)halves[i] << 16;
        memcpy(to + i, &bits, 4);
      }
      return;
    default:
      memcpy(doubles, from, 8 * count);
      for (size_t i = 0; i < count; i++) to[i] = (float)doubles[i];
  }
}
