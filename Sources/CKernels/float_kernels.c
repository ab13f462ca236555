#include "float_kernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define SET portable
#define SET_NAME "portable"
#define TARGET
#include "float_kernels_body.h"
#undef SET
#undef SET_NAME
#undef TARGET

#if defined(__x86_64__)

#define SET avx2
#define SET_NAME "AVX2"
#define TARGET __attribute__((target("avx2,fma")))
#include "float_kernels_body.h"
#undef SET
#undef SET_NAME
#undef TARGET

#define SET avx512
#define SET_NAME "AVX-512"
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma")))
#include "float_kernels_body.h"
#undef SET
#undef SET_NAME
#undef TARGET

const albertkit_float_kernels *albertkit_nth_float_kernels(size_t n) {
  if (n == 0) return &portable_kernels;
  if (n == 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return &avx2_kernels;
  if (n == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq"))
    return &avx512_kernels;
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
