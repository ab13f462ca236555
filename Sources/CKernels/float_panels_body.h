// The packing of a matrix, for one instruction set; see float_set.h.

#define PANEL (2 * WIDTH)

// The depth that is widened at a time.
#define DEPTH 64

#ifndef ALBERTKIT_QUADS
#define ALBERTKIT_QUADS
typedef float quad __attribute__((vector_size(16)));
#endif

// Turns a square of 4 rows, `from_stride` apart, into 4 rows `to_stride` apart.
INLINE void NAME(turn)(float *to, size_t to_stride, const float *from, size_t from_stride) {
  quad a, b, c, d;
  memcpy(&a, from, sizeof a);
  memcpy(&b, from + from_stride, sizeof b);
  memcpy(&c, from + 2 * from_stride, sizeof c);
  memcpy(&d, from + 3 * from_stride, sizeof d);
  quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  quad cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  quad row0 = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
  quad row1 = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
  ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  quad row2 = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
  quad row3 = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
  memcpy(to, &row0, sizeof row0);
  memcpy(to + to_stride, &row1, sizeof row1);
  memcpy(to + 2 * to_stride, &row2, sizeof row2);
  memcpy(to + 3 * to_stride, &row3, sizeof row3);
}

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

TARGET static void NAME(pack)(float *panels, const void *w, int element, size_t stride,
                              size_t outputs, size_t depth) {
  size_t size = element == albertkit_float32 ? 4 : element == albertkit_float64 ? 8 : 2;
  float strip[PANEL * DEPTH];
  for (size_t output = 0; output < outputs; output += PANEL, panels += depth * PANEL) {
    size_t width = outputs - output < PANEL ? outputs - output : PANEL;
    for (size_t k = 0; k < depth; k += DEPTH) {
      size_t block = depth - k < DEPTH ? depth - k : DEPTH;
      if (width < PANEL || block < DEPTH) memset(strip, 0, sizeof strip);
      for (size_t row = 0; row < width; row++) {
        size_t first = (output + row) * stride + k;
        NAME(widen)(strip + row * DEPTH, (const char *)w + first * size, element, block);
      }
      float *to = panels + k * PANEL;
      size_t whole = block / 4 * 4;
      for (size_t i = 0; i < whole; i += 4)
        for (size_t row = 0; row < PANEL; row += 4)
          NAME(turn)(to + i * PANEL + row, PANEL, strip + row * DEPTH + i, DEPTH);
      for (size_t i = whole; i < block; i++)
        for (size_t row = 0; row < PANEL; row++) to[i * PANEL + row] = strip[row * DEPTH + i];
    }
  }
}
