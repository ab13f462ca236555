// One instruction set's product of matrices; see double_product.h. Included once per set, with SET and
// TARGET defined.

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(x) JOIN(SET, x)

// Rows by columns that are summed up in registers at once, and terms of a sum that are taken in a go.
#define ROWS 4
#define COLUMNS 12
#define DEPTH 256

#ifndef ALBERTKIT_DOUBLE_LANES
#define ALBERTKIT_DOUBLE_LANES
typedef double lanes __attribute__((vector_size(32)));
#endif

// Adds a tile of the product to `c`; of `rows` and `columns` as many as there are.
TARGET static void NAME(tile)(const double *a, size_t a_stride, const double *b, double *c,
                              size_t c_stride, size_t rows, size_t depth, size_t columns) {
  // A missing row is computed as the first one, and not stored.
  const double *a0 = a;
  const double *a1 = rows > 1 ? a + a_stride : a;
  const double *a2 = rows > 2 ? a + 2 * a_stride : a;
  const double *a3 = rows > 3 ? a + 3 * a_stride : a;
  lanes sums[ROWS][3] = {{{0}}};
  for (size_t k = 0; k < depth; k++) {
    lanes b0, b1, b2;
    memcpy(&b0, b + k * COLUMNS, sizeof b0);
    memcpy(&b1, b + k * COLUMNS + 4, sizeof b1);
    memcpy(&b2, b + k * COLUMNS + 8, sizeof b2);
    lanes x0 = {a0[k], a0[k], a0[k], a0[k]};
    sums[0][0] += x0 * b0;
    sums[0][1] += x0 * b1;
    sums[0][2] += x0 * b2;
    lanes x1 = {a1[k], a1[k], a1[k], a1[k]};
    sums[1][0] += x1 * b0;
    sums[1][1] += x1 * b1;
    sums[1][2] += x1 * b2;
    lanes x2 = {a2[k], a2[k], a2[k], a2[k]};
    sums[2][0] += x2 * b0;
    sums[2][1] += x2 * b1;
    sums[2][2] += x2 * b2;
    lanes x3 = {a3[k], a3[k], a3[k], a3[k]};
    sums[3][0] += x3 * b0;
    sums[3][1] += x3 * b1;
    sums[3][2] += x3 * b2;
  }
  double results[ROWS][COLUMNS];
  memcpy(results, sums, sizeof results);
  for (size_t row = 0; row < rows; row++)
    for (size_t column = 0; column < columns; column++)
      c[row * c_stride + column] += results[row][column];
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
      for (size_t row = 0; row < rows; row += ROWS) {
        size_t height = rows - row < ROWS ? rows - row : ROWS;
        NAME(tile)(a + row * a_stride + k, a_stride, strip, c + row * c_stride + column, c_stride,
                   height, block, width);
      }
    }
  }
}

#undef JOIN_
#undef JOIN
#undef NAME
#undef ROWS
#undef COLUMNS
#undef DEPTH
