#include "CKernels.h"

#include "processor.h"

#include <float.h>
#include <math.h>
#include <string.h>

// One loop for the sums, which the compiler turns into vector code, and one for the bins, which it
// cannot. Both read the same block, small enough to stay in the first cache level.
#define BLOCK 2048

static inline __attribute__((always_inline)) void sums(
    const float *values, size_t count, struct albertkit_statistics *result) {
  float least[16], most[16];
  double sum[16] = {0}, squares[16] = {0};
  uint32_t finite[16] = {0}, zeros[16] = {0}, nans[16] = {0};
  for (int lane = 0; lane < 16; lane++) {
    least[lane] = FLT_MAX;
    most[lane] = -FLT_MAX;
  }
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    for (int lane = 0; lane < 16; lane++) {
      float value = values[index + lane];
      // False for NaN and for both infinities.
      int is_finite = fabsf(value) <= FLT_MAX;
      float kept = is_finite ? value : 0.0f;
      least[lane] = is_finite && value < least[lane] ? value : least[lane];
      most[lane] = is_finite && value > most[lane] ? value : most[lane];
      sum[lane] += (double)kept;
      squares[lane] += (double)kept * (double)kept;
      finite[lane] += is_finite;
      zeros[lane] += value == 0.0f;
      nans[lane] += value != value;
    }
  }
  for (; index < count; index++) {
    float value = values[index];
    int is_finite = fabsf(value) <= FLT_MAX;
    if (is_finite) {
      if (value < least[0]) least[0] = value;
      if (value > most[0]) most[0] = value;
      sum[0] += (double)value;
      squares[0] += (double)value * (double)value;
    }
    finite[0] += is_finite;
    zeros[0] += value == 0.0f;
    nans[0] += value != value;
  }
  for (int lane = 0; lane < 16; lane++) {
    if (least[lane] < result->least) result->least = least[lane];
    if (most[lane] > result->most) result->most = most[lane];
    result->sum += sum[lane];
    result->squares += squares[lane];
    result->finite += finite[lane];
    result->zeros += zeros[lane];
    result->nans += nans[lane];
  }
  result->count += count;
}

static inline __attribute__((always_inline)) void bins(
    const float *values, size_t count, uint32_t *bins) {
  for (size_t index = 0; index < count; index++) {
    uint32_t bits;
    memcpy(&bits, values + index, 4);
    bins[bits >> 19]++;
  }
}

static inline __attribute__((always_inline)) void accumulate(
    const float *values, size_t count, struct albertkit_statistics *result, uint32_t *counts) {
  while (count > 0) {
    size_t part = count < BLOCK ? count : BLOCK;
    sums(values, part, result);
    bins(values, part, counts);
    values += part;
    count -= part;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void accumulate_avx2(
    const float *values, size_t count, struct albertkit_statistics *result, uint32_t *counts) {
  accumulate(values, count, result, counts);
}
#endif

void albertkit_statistics_f32(
    const float *values, size_t count, struct albertkit_statistics *result, uint32_t *counts) {
#if defined(__x86_64__)
  if (has_avx2()) {
    accumulate_avx2(values, count, result, counts);
    return;
  }
#endif
  accumulate(values, count, result, counts);
}
