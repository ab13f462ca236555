// One instruction set's product of matrices, and the widening of their numbers; see double_product.h.
// Included once per set, with SET, TARGET, LANES (numbers in a register) and ROWS (of a tile) defined.

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(x) JOIN(SET, x)
#define INLINE TARGET static inline __attribute__((always_inline))

// Registers and columns that are summed up at once for each of ROWS rows, and terms of a sum that are
// taken, or widened, in a go.
#define VECTORS 3
#define COLUMNS (VECTORS * LANES)
#define DEPTH 256

typedef double NAME(lanes) __attribute__((vector_size(8 * LANES)));

// Adds a tile of the product to `c`; of `rows` and `columns` as many as there are, the latter within
// `vectors` registers.
INLINE void NAME(add_tile)(const double *a, size_t a_stride, const double *b, double *c,
                           size_t c_stride, size_t rows, size_t depth, size_t columns,
                           size_t vectors) {
  const double *from[ROWS];
  // A missing row is computed as the first one, and not stored.
  for (size_t row = 0; row < ROWS; row++) from[row] = row < rows ? a + row * a_stride : a;
  NAME(lanes) sums[ROWS][VECTORS] = {{{0}}};
  for (size_t k = 0; k < depth; k++) {
    NAME(lanes) terms[VECTORS];
    memcpy(terms, b + k * COLUMNS, vectors * sizeof terms[0]);
#pragma clang loop unroll(full)
    for (size_t row = 0; row < ROWS; row++) {
      double x = from[row][k];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) sums[row][v] += x * terms[v];
    }
  }
  double results[ROWS][COLUMNS];
  memcpy(results, sums, sizeof results);
  for (size_t row = 0; row < rows; row++)
    for (size_t column = 0; column < columns; column++)
      c[row * c_stride + column] += results[row][column];
}

// The same with no more registers than the columns need.
TARGET static void NAME(tile)(const double *a, size_t a_stride, const double *b, double *c,
                              size_t c_stride, size_t rows, size_t depth, size_t columns) {
  if (columns <= LANES)
    NAME(add_tile)(a, a_stride, b, c, c_stride, rows, depth, columns, 1);
  else if (columns <= 2 * LANES)
    NAME(add_tile)(a, a_stride, b, c, c_stride, rows, depth, columns, 2);
  else
    NAME(add_tile)(a, a_stride, b, c, c_stride, rows, depth, columns, VECTORS);
}

TARGET static void NAME(panel_product)(const double *a, size_t a_stride, const double *panel,
                                       double *c, size_t c_stride, size_t rows, size_t depth,
                                       size_t columns) {
  for (size_t k = 0; k < depth; k += DEPTH) {
    size_t block = depth - k < DEPTH ? depth - k : DEPTH;
    for (size_t row = 0; row < rows; row += ROWS) {
      size_t height = rows - row < ROWS ? rows - row : ROWS;
      NAME(tile)(a + row * a_stride + k, a_stride, panel + k * COLUMNS, c + row * c_stride,
                 c_stride, height, block, columns);
    }
  }
}

TARGET static void NAME(product)(const double *a, size_t a_stride, const double *b, size_t b_stride,
                                 double *c, size_t c_stride, size_t rows, size_t depth,
                                 size_t columns) {
  double strip[DEPTH * COLUMNS];
  for (size_t k = 0; k < depth; k += DEPTH) {
    size_t block = depth - k < DEPTH ? depth - k : DEPTH;
    for (size_t column = 0; column < columns; column += COLUMNS) {
      size_t width = columns - column < COLUMNS ? columns - column : COLUMNS;
      for (size_t i = 0; i < block; i++) {
        const double *from = b + (k + i) * b_stride + column;
        memcpy(strip + i * COLUMNS, from, width * sizeof(double));
        for (size_t rest = width; rest < COLUMNS; rest++) strip[i * COLUMNS + rest] = 0;
      }
      NAME(panel_product)(a + k, a_stride, strip, c + column, c_stride, rows, block, width);
    }
  }
}

#include "widening_body.h"

// `count` elements of a type as Float64, by way of Float32, which holds all but Float64's own.
TARGET static void NAME(widen_to_double)(double *to, const char *from, int element, size_t count) {
  if (element == albertkit_float64) {
    memcpy(to, from, 8 * count);
    return;
  }
  size_t size = albertkit_element_size(element);
  float singles[DEPTH];
  for (size_t done = 0; done < count; done += DEPTH, to += DEPTH) {
    size_t part = count - done < DEPTH ? count - done : DEPTH;
    NAME(widen)(singles, from + size * done, element, part);
    for (size_t i = 0; i < part; i++) to[i] = singles[i];
  }
}

static const double_kernels NAME(double_kernels) = {
    COLUMNS,
    NAME(product),
    NAME(panel_product),
    NAME(widen_to_double),
};

#undef JOIN_
#undef JOIN
#undef NAME
#undef INLINE
#undef VECTORS
#undef COLUMNS
#undef DEPTH
