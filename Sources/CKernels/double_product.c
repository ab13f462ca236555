#include "double_product.h"

#include "float_kernels.h"
#include "processor.h"

#include <stdint.h>
#include <string.h>

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

void albertkit_product_portable(const double *a, size_t a_stride, const double *b, size_t b_stride,
                                double *c, size_t c_stride, size_t rows, size_t depth,
                                size_t columns) {
  portable_product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns);
}

void albertkit_product(const double *a, size_t a_stride, const double *b, size_t b_stride, double *c,
                       size_t c_stride, size_t rows, size_t depth, size_t columns) {
#if defined(__x86_64__)
  if (has_avx512()) {
    avx512_product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns);
    return;
  }
  if (has_avx2()) {
    avx2_product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns);
    return;
  }
#endif
  portable_product(a, a_stride, b, b_stride, c, c_stride, rows, depth, columns);
}

void albertkit_widen_portable(double *to, const void *from, int element, size_t count) {
  portable_widen_to_double(to, from, element, count);
}

void albertkit_widen(double *to, const void *from, int element, size_t count) {
#if defined(__x86_64__)
  if (has_avx512()) {
    avx512_widen_to_double(to, from, element, count);
    return;
  }
  if (has_avx2()) {
    avx2_widen_to_double(to, from, element, count);
    return;
  }
#endif
  portable_widen_to_double(to, from, element, count);
}
