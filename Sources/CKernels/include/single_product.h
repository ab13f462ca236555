// The product of Float32 matrices in one order of its sums.
#pragma once

#include <stddef.h>

#pragma clang assume_nonnull begin

/// c = a b, on the calling thread; matrices are row-major with the given distances between rows.
///
/// Each sum begins anew every `panel` terms: within a panel it takes its terms in order, each product
/// and addition rounded once (a fused multiply-add), and the panels' sums are added in order.
void albertkit_single_product(const float *a, size_t a_stride, const float *b, size_t b_stride,
                              float *c, size_t c_stride, size_t rows, size_t depth, size_t columns,
                              size_t panel);

/// The same without instructions beyond the compiler's baseline, for tests.
void albertkit_single_product_portable(const float *a, size_t a_stride, const float *b,
                                       size_t b_stride, float *c, size_t c_stride, size_t rows,
                                       size_t depth, size_t columns, size_t panel);

#pragma clang assume_nonnull end
