#include "single_product.h"

#include "processor.h"

// Columns whose sums are taken at once.
#define COLUMNS 64

static inline __attribute__((always_inline)) void product(
    const float *a, size_t a_stride, const float *b, size_t b_stride, float *c, size_t c_stride,
    size_t rows, size_t depth, size_t columns, size_t panel) {
  for (size_t column = 0; column < columns; column += COLUMNS) {
    size_t width = columns - column < COLUMNS ? columns - column : COLUMNS;
    for (size_t row = 0; row < rows; row++) {
      float *target = c + row * c_stride + column;
      for (size_t j = 0; j < width; j++) target[j] = 0;
      for (size_t start = 0; start < depth; start += panel) {
        size_t end = depth - start < panel ? depth : start + panel;
        float sums[COLUMNS] = {0};
        for (size_t k = start; k < end; k++) {
          float factor = a[row * a_stride + k];
          const float *terms = b + k * b_stride + column;
          for (size_t j = 0; j < width; j++) sums[j] = __builtin_fmaf(factor, terms[j], sums[j]);
        }
        for (size_t j = 0; j < width; j++) target[j] += sums[j];
      }
    }
  }
}

void albertkit_single_product_portable(const float *a, size_t a_stride, const float *b,
                                       size_t b_stride, float *c, size_t c_stride, size_t rows,
                                       size_t depth, size_t columns, size_t panel) {
  product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns, panel);
}

#if defined(__x86_64__)

__attribute__((target("avx2,fma"))) static void fused_product(
    const float *a, size_t a_stride, const float *b, size_t b_stride, float *c, size_t c_stride,
    size_t rows, size_t depth, size_t columns, size_t panel) {
  product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns, panel);
}

#endif

void albertkit_single_product(const float *a, size_t a_stride, const float *b, size_t b_stride,
                              float *c, size_t c_stride, size_t rows, size_t depth, size_t columns,
                              size_t panel) {
#if defined(__x86_64__)
  if (has_avx2()) {
    fused_product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns, panel);
    return;
  }
#endif
  product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns, panel);
}
