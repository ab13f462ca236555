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

#include "widening_body.h"

TARGET static void NAME(pack)(float *panels, const void *w, int element, size_t stride,
                              size_t outputs, size_t depth) {
  size_t size = albertkit_element_size(element);
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
