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
// Terms between two fetches, and the bytes that one brings.
#define STEP 16
#define LINE 64

typedef double NAME(lanes) __attribute__((vector_size(8 * LANES)));

// Adds a tile of the product to `c`; of `rows` and `columns` as many as there are, the latter within
// `vectors` registers. Meanwhile as many rows of `ahead_size` bytes are fetched, evenly.
INLINE void NAME(add_tile)(const double *a, size_t a_stride, const double *b, double *c,
                           size_t c_stride, size_t rows, size_t depth, size_t columns,
                           size_t vectors, const char *ahead, size_t ahead_stride,
                           size_t ahead_size) {
  const double *from[ROWS];
  // A missing row is computed as the first one, and not stored.
  for (size_t row = 0; row < ROWS; row++) from[row] = row < rows ? a + row * a_stride : a;
  NAME(lanes) sums[ROWS][VECTORS] = {{{0}}};
  for (size_t start = 0; start < depth; start += STEP) {
    size_t end = depth - start < STEP ? depth : start + STEP;
    for (size_t row = 0; ahead && row < rows; row++) {
      size_t last = ahead_size * end / depth;
      for (size_t byte = ahead_size * start / depth; byte < last; byte += LINE)
        __builtin_prefetch(ahead + row * ahead_stride + byte);
    }
    for (size_t k = start; k < end; k++) {
      NAME(lanes) terms[VECTORS];
      memcpy(terms, b + k * COLUMNS, vectors * sizeof terms[0]);
#pragma clang loop unroll(full)
      for (size_t row = 0; row < ROWS; row++) {
        double x = from[row][k];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) sums[row][v] += x * terms[v];
      }
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
                              size_t c_stride, size_t rows, size_t depth, size_t columns,
                              const char *ahead, size_t stride, size_t size) {
  if (columns <= LANES)
    NAME(add_tile)(a, a_stride, b, c, c_stride, rows, depth, columns, 1, ahead, stride, size);
  else if (columns <= 2 * LANES)
    NAME(add_tile)(a, a_stride, b, c, c_stride, rows, depth, columns, 2, ahead, stride, size);
  else
    NAME(add_tile)(a, a_stride, b, c, c_stride, rows, depth, columns, VECTORS, ahead, stride, size);
}

TARGET static void NAME(panel_product)(const double *a, size_t a_stride, const double *panel,
                                       double *c, size_t c_stride, size_t rows, size_t depth,
                                       size_t columns, albertkit_rows_ahead ahead) {
  for (size_t k = 0; k < depth; k += DEPTH) {
    size_t block = depth - k < DEPTH ? depth - k : DEPTH;
    // All of it during the first terms.
    size_t size = k == 0 && ahead.first ? ahead.size : 0;
    for (size_t row = 0; row < rows; row += ROWS) {
      size_t height = rows - row < ROWS ? rows - row : ROWS;
      const char *next = size > 0 ? (const char *)ahead.first + row * ahead.stride : NULL;
      NAME(tile)(a + row * a_stride + k, a_stride, panel + k * COLUMNS, c + row * c_stride,
                 c_stride, height, block, columns, next, ahead.stride, size);
    }
  }
}

TARGET static void NAME(product)(const double *a, size_t a_stride, const double *b, size_t b_stride,
                                 double *c, size_t c_stride, size_t rows, size_t depth,
                                 size_t columns) {
  double strip[DEPTH * COLUMNS];
  albertkit_rows_ahead none = {0};
  for (size_t k = 0; k < depth; k += DEPTH) {
    size_t block = depth - k < DEPTH ? depth - k : DEPTH;
    for (size_t column = 0; column < columns; column += COLUMNS) {
      size_t width = columns - column < COLUMNS ? columns - column : COLUMNS;
      for (size_t i = 0; i < block; i++) {
        const double *from = b + (k + i) * b_stride + column;
        memcpy(strip + i * COLUMNS, from, width * sizeof(double));
        for (size_t rest = width; rest < COLUMNS; rest++) strip[i * COLUMNS + rest] = 0;
      }
      NAME(panel_product)(a + k, a_stride, strip, c + column, c_stride, rows, block, width,
                          none);
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
  // The most frequent type, by far, needs no step between.
  if (element == albertkit_float32) {
    for (size_t i = 0; i < count; i++) {
      float single;
      memcpy(&single, from + 4 * i, 4);
      to[i] = single;
    }
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
#undef STEP
#undef LINE
