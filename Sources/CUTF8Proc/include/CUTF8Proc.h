// What Swift's standard library does not offer of Unicode: decompositions, and the width of characters.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// The most scalars that one scalar decomposes into.
#define ALBERTKIT_LONGEST_DECOMPOSITION 18

/// Writes the full decomposition of `scalar`, canonical or of compatibility too, and returns its
/// length; a scalar that has none decomposes into itself.
int albertkit_decompose(uint32_t scalar, bool compatible, uint32_t *result);

/// What the two scalars compose to, or 0.
uint32_t albertkit_compose(uint32_t first, uint32_t second);

/// How many columns of a terminal a scalar takes: 0 for marks, 2 for wide ones, else 1.
int albertkit_columns(uint32_t scalar);
