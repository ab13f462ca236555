// The product of Float64 matrices and the widening of weights, for the processor's best instruction set.
#pragma once

#include <stddef.h>

#pragma clang assume_nonnull begin

/// c += a b, on the calling thread; matrices are row-major with the given distances between rows.
///
/// Each sum is taken in the order of its terms, in blocks of 256, so that it does not depend on how a
/// larger product is parted by rows and columns.
void albertkit_product(const double *a, size_t a_stride, const double *b, size_t b_stride, double *c,
                       size_t c_stride, size_t rows, size_t depth, size_t columns);

/// The columns of a panel.
size_t albertkit_panel_columns(void);

/// What is read after a product: as many rows as it has, of `size` bytes each, whose beginnings lie `stride`
/// bytes apart. Nothing where `first` is null.
typedef struct {
  const void *_Nullable first;
  size_t stride, size;
} albertkit_rows_ahead;

/// The same with a panel: a matrix b of `albertkit_panel_columns()` columns without gaps, of which the first
/// `columns` count. One that many products share is laid out but once.
///
/// What is read next is asked for meanwhile: else widening waits for memory, and the product never does.
void albertkit_panel_product(const double *a, size_t a_stride, const double *panel, double *c,
                             size_t c_stride, size_t rows, size_t depth, size_t columns,
                             albertkit_rows_ahead ahead);

/// The same without instructions beyond the compiler's baseline, for tests.
void albertkit_product_portable(const double *a, size_t a_stride, const double *b, size_t b_stride,
                                double *c, size_t c_stride, size_t rows, size_t depth,
                                size_t columns);

/// `count` numbers of an `albertkit_element` as Float64, all of them exactly; their addresses may be odd.
void albertkit_widen(double *to, const void *from, int element, size_t count);

/// The same of some rows' blocks of `count` numbers: their beginnings lie `from_stride` bytes apart, and
/// `to_stride` numbers apart once they are widened.
///
/// A block's end is no place from which a processor guesses that the next row's comes next: it is asked for
/// in advance, which reads a matrix that lies outside the caches 1.6 times as fast.
void albertkit_widen_rows(double *to, size_t to_stride, const void *from, size_t from_stride,
                          int element, size_t rows, size_t count);

/// The same without instructions beyond the compiler's baseline, for tests.
void albertkit_widen_portable(double *to, const void *from, int element, size_t count);

#pragma clang assume_nonnull end
