// The parts of a Float32 forward pass.
//
// Each is written once and compiled for several instruction sets. What works on elements and rows does so
// over 16 lanes in all of them, so that the order of every sum is the same; they differ only where a set
// fuses multiply and add. The products' tiles are as wide as the set's registers, and each sum is taken in
// the order of its terms, in blocks, so that it does not depend on how a product is parted.
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

/// The types that weights are packed from.
enum albertkit_element {
  albertkit_float32,
  albertkit_float16,
  albertkit_bfloat16,
  albertkit_float64,
};

/// The bytes of one of them.
static inline size_t albertkit_element_size(int element) {
  return element == albertkit_float32 ? 4 : element == albertkit_float64 ? 8 : 2;
}

/// y = activation(scale · x wᵀ + bias), for some of the columns of y.
typedef struct {
  /// [rows, depth], with the distance between rows.
  const float *x;
  size_t x_stride;
  /// w, [outputs, depth], packed.
  const float *panels;
  /// [rows, outputs], with the distance between rows.
  float *y;
  size_t y_stride;
  size_t rows, depth, outputs;
  /// The columns to compute: from the beginning of a panel to the beginning of another or the end.
  size_t first, end;
  float scale;
  /// One number for each output, or null.
  const float *_Nullable bias;
  /// An `albertkit_activation`, which wants a bias, or -1.
  int activation;
} albertkit_float_product;

/// softmax(scale · q kᵀ + mask) v, for one head of one sequence.
typedef struct {
  /// [tokens, size] each, with one distance between rows.
  const float *query, *key, *value;
  size_t stride;
  /// What is added to the scores of each key, [tokens].
  const float *mask;
  /// [tokens, size], with the distance between rows.
  float *context;
  size_t context_stride;
  size_t tokens, size;
  float scale;
  /// Where the softmax is to stay, [tokens, tokens], or null.
  float *_Nullable probabilities;
  /// As much as `attention_memory` says.
  float *memory;
} albertkit_attention;

/// The kernels of one instruction set. Matrices are row-major; where no distance between rows is given,
/// without gaps.
typedef struct {
  /// The instruction set's name.
  const char *name;

  /// The outputs of one panel. A packed matrix consists of panels of so many outputs, each [depth, panel];
  /// the last one is filled up with zeros.
  size_t panel;

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

  /// Packs outputs of `w`, whose rows are `stride` elements of an `albertkit_element` apart, into panels
  /// of Float32; w and the panels begin with the same output.
  void (*_Nonnull pack)(float *panels, const void *w, int element, size_t stride, size_t outputs,
                        size_t depth);

  /// Multiplies with a packed matrix.
  void (*_Nonnull multiply)(const albertkit_float_product *product);

  /// The floats that the attention of so many tokens works with, for heads of a size.
  size_t (*_Nonnull attention_memory)(size_t tokens, size_t size);

  /// One head's attention.
  void (*_Nonnull attend)(const albertkit_attention *attention);
} albertkit_float_kernels;

/// The kernels for the best instruction set of this processor.
const albertkit_float_kernels *albertkit_best_float_kernels(void);

/// Those of the n-th set, from the portable one on; null where there is none or this processor lacks
/// it. For tests, which hold them against each other.
const albertkit_float_kernels *_Nullable albertkit_nth_float_kernels(size_t n);

#pragma clang assume_nonnull end
