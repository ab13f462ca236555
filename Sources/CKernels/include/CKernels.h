// Kernels that need instructions beyond the compiler's baseline, each beside a portable path that
// is chosen at run time. Swift compiles for the baseline only, and per-target flags would stop
// other packages from depending on this one.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "float_kernels.h"

/// CRC-32C (Castagnoli) of `length` bytes, continuing from `crc` (0 to begin).
uint32_t albertkit_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The same through the table-driven path, so that tests can hold the two against each other.
uint32_t albertkit_crc32c_portable(uint32_t crc, const void *bytes, size_t length);
