#include "double_product.h"

#include "float_kernels.h"
#include "processor.h"

#include <stdint.h>
#include <string.h>

/// The kernels of one instruction set.
typedef struct {
  size_t columns;
  void (*product)(const double *a, size_t a_stride, const double *b, size_t b_stride, double *c,
                  size_t c_stride, size_t rows, size_t depth, size_t columns);
  void (*panel_product)(const double *a, size_t a_stride, const double *panel, double *c,
                        size_t c_stride, size_t rows, size_t depth, size_t columns,
                        albertkit_rows_ahead ahead);
  void (*widen)(double *to, const char *from, int element, size_t count);
} double_kernels;

#define SET portable
#define TARGET
#define LANES 4
#define ROWS 4
#include "double_product_body.h"
#undef SET
#undef TARGET

#if defined(__x86_64__)

#define SET avx2
#define TARGET __attribute__((target("avx2,fma")))
#include "double_product_body.h"
#undef SET
#undef TARGET
#undef LANES
#undef ROWS

#define SET avx512
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq")))
#define LANES 8
#define ROWS 8
#include "double_product_body.h"
#undef SET
#undef TARGET

#endif

static const double_kernels *best(void) {
#if defined(__x86_64__)
  if (has_avx512()) return &avx512_double_kernels;
  if (has_avx2()) return &avx2_double_kernels;
#endif
  return &portable_double_kernels;
}

void albertkit_product_portable(const double *a, size_t a_stride, const double *b, size_t b_stride,
                                double *c, size_t c_stride, size_t rows, size_t depth,
                                size_t columns) {
  portable_product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns);
}

void albertkit_product(const double *a, size_t a_stride, const double *b, size_t b_stride, double *c,
                       size_t c_stride, size_t rows, size_t depth, size_t columns) {
  best()->product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns);
}

size_t albertkit_panel_columns(void) { return best()->columns; }

void albertkit_panel_product(const double *a, size_t a_stride, const double *panel, double *c,
                             size_t c_stride, size_t rows, size_t depth, size_t columns,
                             albertkit_rows_ahead ahead) {
  best()->panel_product(a, a_stride, panel, c, c_stride, rows, depth, columns, ahead);
}

void albertkit_widen_portable(double *to, const void *from, int element, size_t count) {
  portable_widen_to_double(to, from, element, count);
}

void albertkit_widen(double *to, const void *from, int element, size_t count) {
  best()->widen(to, from, element, count);
}

void albertkit_widen_rows(double *to, size_t to_stride, const void *from, size_t from_stride,
                          int element, size_t rows, size_t count) {
  enum { rows_ahead = 2, cache_line = 64 };
  const double_kernels *kernels = best();
  size_t size = albertkit_element_size(element);
  for (size_t row = 0; row < rows; row++) {
    const char *begin = (const char *)from + row * from_stride;
    if (row + rows_ahead < rows) {
      const char *ahead = begin + rows_ahead * from_stride;
      for (size_t byte = 0; byte < count * size; byte += cache_line) {
        __builtin_prefetch(ahead + byte);
      }
    }
    kernels->widen(to + row * to_stride, begin, element, count);
  }
}
