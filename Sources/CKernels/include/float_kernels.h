// The parts of a Float32 forward pass that are no matrix products.
//
// Each is written once over 16 lanes and compiled for several instruction sets; the lanes, and so the
// order of every sum, are the same in all of them. They differ only where a set fuses multiply and add.
#pragma once

#include <stddef.h>

#pragma clang assume_nonnull begin

/// An activation, by the order of the cases below.
enum albertkit_activation {
  albertkit_gelu_erf,
  albertkit_gelu_tanh,
  albertkit_relu,
  albertkit_silu,
  albertkit_tanh,
};

/// The kernels of one instruction set. Matrices are row-major, without gaps between rows.
typedef struct {
  /// The instruction set's name.
  const char *name;

  /// Adds a bias per column, in place.
  void (*_Nonnull add_bias)(float *x, const float *bias, size_t rows, size_t columns);

  /// Adds a bias per column and applies an activation, in place.
  ///
  /// What is not finite becomes NaN in the three smooth ones; a relu keeps it.
  void (*_Nonnull activate)(int activation, float *x, const float *bias, size_t rows, size_t columns);

  /// out = LayerNorm(x + bias + residual) * weight + offset; `bias` and `residual` may be null, and
  /// `out` may be `x` or `residual`.
  void (*_Nonnull layer_norm)(float *out, const float *x, const float *_Nullable bias,
                              const float *_Nullable residual, const float *weight,
                              const float *offset, float epsilon, size_t rows, size_t columns);

  /// The softmax of each row plus `mask`, which is one row, in place.
  void (*_Nonnull softmax)(float *x, const float *mask, size_t rows, size_t columns);
} albertkit_float_kernels;

/// The kernels for the best instruction set of this processor.
const albertkit_float_kernels *albertkit_best_float_kernels(void);

/// Those of the n-th set, from the portable one on; null where there is none or this processor lacks
/// it. For tests, which hold them against each other.
const albertkit_float_kernels *_Nullable albertkit_nth_float_kernels(size_t n);

#pragma clang assume_nonnull end
