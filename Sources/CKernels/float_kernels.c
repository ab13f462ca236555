#include "float_kernels.h"

#include "processor.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define SET portable
#define SET_NAME "portable"
#define TARGET
#define WIDTH 4
// NEON has 32 registers, SSE2 has 16.
#if defined(__aarch64__)
#define TILE_ROWS 12
#else
#define TILE_ROWS 6
#endif
#include "float_set.h"

#if defined(__x86_64__)

#define SET avx2
#define SET_NAME "AVX2"
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define WIDTH 8
#define TILE_ROWS 6
#include "float_set.h"

#define SET avx512
#define SET_NAME "AVX-512"
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma,f16c")))
#define WIDTH 16
#define TILE_ROWS 12
#include "float_set.h"

const albertkit_float_kernels *albertkit_nth_float_kernels(size_t n) {
  if (n == 0) return &portable_kernels;
  int is_usual = has_avx2() && __builtin_cpu_supports("f16c");
  if (n == 1 && is_usual) return &avx2_kernels;
  if (n == 2 && is_usual && has_avx512()) return &avx512_kernels;
  return NULL;
}

#else

const albertkit_float_kernels *albertkit_nth_float_kernels(size_t n) {
  return n == 0 ? &portable_kernels : NULL;
}

#endif

const albertkit_float_kernels *albertkit_best_float_kernels(void) {
  for (size_t n = 2; n > 0; n--) {
    const albertkit_float_kernels *kernels = albertkit_nth_float_kernels(n);
    if (kernels) return kernels;
  }
  return &portable_kernels;
}
