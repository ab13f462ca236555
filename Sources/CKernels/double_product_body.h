// One instruction set's product of matrices, and the widening of their numbers; see double_product.h.
// Included once per set, with SET, TARGET, LANES (numbers in a register) and ROWS (of a tile) defined.

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(x) JOIN(SET, x)

// Registers and columns that are summed up at once for each of ROWS rows, and terms of a sum that are
// taken in a go.
#define VECTORS 3
#define COLUMNS (VECTORS * LANES)
#define DEPTH 256

typedef double NAME(lanes) __attribute__((vector_size(8 * LANES)));

// Adds a tile of the product to `c`; of `rows` and `columns` as many as there are.
TARGET static void NAME(tile)(const double *a, size_t a_stride, const double *b, double *c,
                              size_t c_stride, size_t rows, size_t depth, size_t columns) {
  const double *from[ROWS];
  // A missing row is computed as the first one, and not stored.
  for (size_t row = 0; row < ROWS; row++) from[row] = row < rows ? a + row * a_stride : a;
  NAME(lanes) sums[ROWS][VECTORS] = {{{0}}};
  for (size_t k = 0; k < depth; k++) {
    NAME(lanes) terms[VECTORS];
    memcpy(terms, b + k * COLUMNS, sizeof terms);
#pragma clang loop unroll(full)
    for (size_t row = 0; row < ROWS; row++) {
      double x = from[row][k];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < VECTORS; v++) sums[row][v] += x * terms[v];
    }
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

// Numbers that are widened in a go.
#define PART 256

// A half-precision number's value: its exponent is moved by a product, which is exact for subnormal
// numbers too; what is not finite keeps the largest exponent.
TARGET static void NAME(widen_half)(double *to, const uint16_t *from, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t magnitude = ((uint32_t)from[i] & 0x7FFF) << 13;
    float moved;
    memcpy(&moved, &magnitude, 4);
    moved *= 0x1p112f;
    uint32_t bits;
    memcpy(&bits, &moved, 4);
    if ((from[i] & 0x7C00) == 0x7C00) bits = magnitude | 0x7F800000;
    bits |= ((uint32_t)from[i] & 0x8000) << 16;
    float value;
    memcpy(&value, &bits, 4);
    to[i] = value;
  }
}

TARGET static void NAME(widen_brain)(double *to, const uint16_t *from, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)from[i] << 16;
    float value;
    memcpy(&value, &bits, 4);
    to[i] = value;
  }
}

TARGET static void NAME(widen)(double *to, const char *from, int element, size_t count) {
  // By way of aligned copies, since the addresses of elements may be odd.
  float singles[PART];
  uint16_t halves[PART];
  for (size_t done = 0; done < count; done += PART, to += PART) {
    size_t part = count - done < PART ? count - done : PART;
    switch (element) {
      case albertkit_float32:
        memcpy(singles, from + 4 * done, 4 * part);
        for (size_t i = 0; i < part; i++) to[i] = singles[i];
        break;
      case albertkit_float64: memcpy(to, from + 8 * done, 8 * part); break;
      default:
        memcpy(halves, from + 2 * done, 2 * part);
        if (element == albertkit_float16)
          NAME(widen_half)(to, halves, part);
        else
          NAME(widen_brain)(to, halves, part);
    }
  }
}

#undef PART
#undef JOIN_
#undef JOIN
#undef NAME
#undef VECTORS
#undef COLUMNS
#undef DEPTH
