// One instruction set's kernels; see float_kernels.h. Included once per set, so that every function is
// compiled for the set and nothing is passed in vector registers between functions of different sets.
// SET, SET_NAME and TARGET name the set, WIDTH the floats of its registers, TILE_ROWS the rows of a
// product's tile, whose sums and factors fill the registers.

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(x) JOIN(SET, x)
#define LANES 16

#ifndef ALBERTKIT_VECTORS
#define ALBERTKIT_VECTORS
typedef float vector __attribute__((vector_size(4 * LANES)));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));
#endif

#define INLINE TARGET static inline __attribute__((always_inline))

#include "float_kernels_body.h"
#include "float_panels_body.h"
#include "float_product_body.h"
#include "float_attention_body.h"

static const albertkit_float_kernels NAME(kernels) = {
    SET_NAME,           PANEL,          NAME(add_bias),         NAME(activate), NAME(layer_norm),
    NAME(softmax),      NAME(pack),     NAME(multiply),         NAME(attention_memory),
    NAME(attend),
};

#undef JOIN_
#undef JOIN
#undef NAME
#undef LANES
#undef INLINE
#undef PANEL
#undef DEPTH
#undef CASE
#undef SET
#undef SET_NAME
#undef TARGET
#undef WIDTH
#undef TILE_ROWS
