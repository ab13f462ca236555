// Kernels that need instructions beyond the compiler's baseline, each beside a portable path that
// is chosen at run time. Swift compiles for the baseline only, and per-target flags would stop
// other packages from depending on this one.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "double_product.h"
#include "float_kernels.h"
#include "single_product.h"

/// CRC-32C (Castagnoli) of `length` bytes, continuing from `crc` (0 to begin).
uint32_t albertkit_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The same through the table-driven path, so that tests can hold the two against each other.
uint32_t albertkit_crc32c_portable(uint32_t crc, const void *bytes, size_t length);

/// What one pass over numbers finds out; `least` and `most` of the finite ones.
struct albertkit_statistics {
  uint64_t count;
  uint64_t finite;
  uint64_t nans;
  uint64_t zeros;
  double sum;
  double squares;
  float least;
  float most;
};

/// Takes `count` numbers into `result`, and counts them in 8192 bins by their upper 13 bits: the
/// sign, the exponent, and a sixteenth of the octave.
void albertkit_statistics_f32(
    const float *values, size_t count, struct albertkit_statistics *result, uint32_t *bins);

/// CRC-32, as zip files use it, continuing from `crc` (0 to begin) over as many leading bytes as the
/// processor's own instructions take; returns their number, 0 where it has none. zlib does the rest.
size_t albertkit_crc32_blocks(uint32_t *crc, const void *bytes, size_t length);

/// Writes `rows` by `columns` elements of 1, 2, 4 or 8 bytes as columns by rows; the pitches are the bytes
/// from one row to the next in either.
void albertkit_transpose(
    const void *from, size_t from_pitch, void *to, size_t to_pitch, size_t rows, size_t columns,
    size_t element_size);
