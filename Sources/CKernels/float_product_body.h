// The product with a packed matrix, for one instruction set; see float_set.h.

// The terms that are summed at a time: a panel's part and the rows that meet it stay in the second cache.
#ifndef ALBERTKIT_TERMS
#define ALBERTKIT_TERMS 768
#endif

typedef float NAME(lanes) __attribute__((vector_size(4 * WIDTH)));

// tile [rows, PANEL] = x times a panel. A constant `rows` keeps all sums in registers.
//
// Meanwhile `step` floats of what is needed next are fetched for each term: the first tile of a panel
// would otherwise wait for memory all the time, and the others never.
INLINE void NAME(sums)(size_t rows, const float *x, size_t x_stride, const float *panel,
                       size_t depth, const float *next, size_t step, float *tile) {
  NAME(lanes) sums[TILE_ROWS][2];
  for (size_t row = 0; row < rows; row++)
    sums[row][0] = sums[row][1] = (NAME(lanes)){0};
#pragma clang loop unroll(disable)
  for (size_t k = 0; k < depth; k++) {
    NAME(lanes) w0, w1;
    memcpy(&w0, panel + k * PANEL, sizeof w0);
    memcpy(&w1, panel + k * PANEL + WIDTH, sizeof w1);
    __builtin_prefetch(next, 0, 2);
    next += step;
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; row++) {
      float factor = x[row * x_stride + k];
      sums[row][0] += factor * w0;
      sums[row][1] += factor * w1;
    }
  }
  for (size_t row = 0; row < rows; row++) memcpy(tile + row * PANEL, sums[row], 4 * PANEL);
}

TARGET static void NAME(tile)(size_t rows, const float *x, size_t x_stride, const float *panel,
                              size_t depth, const float *next, size_t step, float *tile) {
#define CASE(n) \
  case n: NAME(sums)(n, x, x_stride, panel, depth, next, step, tile); return;
  switch (rows) {
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if TILE_ROWS > 6
    CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#endif
  }
}

// What follows the last terms of a tile, while it is in the first cache.
INLINE void NAME(finish)(const albertkit_float_product *p, float *tile, size_t rows, size_t column,
                         size_t width) {
  if (p->scale != 1)
    for (size_t i = 0; i < rows * PANEL; i++) tile[i] *= p->scale;
  if (!p->bias) return;
  float bias[PANEL] = {0};
  memcpy(bias, p->bias + column, 4 * width);
  if (p->activation >= 0)
    NAME(activate)(p->activation, tile, bias, rows, PANEL);
  else
    NAME(add_bias)(tile, bias, rows, PANEL);
}

TARGET static void NAME(multiply)(const albertkit_float_product *p) {
  float tile[TILE_ROWS * PANEL] __attribute__((aligned(64)));
  size_t blocks = (p->depth + ALBERTKIT_TERMS - 1) / ALBERTKIT_TERMS;
  // Tiles of like heights: a low one waits for its sums.
  size_t tiles = (p->rows + TILE_ROWS - 1) / TILE_ROWS;
  size_t step = (PANEL + tiles - 1) / tiles;
  for (size_t block = 0; block < blocks; block++) {
    size_t k = p->depth * block / blocks;
    size_t end = p->depth * (block + 1) / blocks;
    for (size_t column = p->first; column < p->end; column += PANEL) {
      size_t width = p->outputs - column < PANEL ? p->outputs - column : PANEL;
      const float *panel = p->panels + column * p->depth + k * PANEL;
      const float *next = panel;
      if (column + PANEL < p->end)
        next += p->depth * PANEL;
      else if (end < p->depth)
        next = p->panels + p->first * p->depth + end * PANEL;
      for (size_t i = 0; i < tiles; i++) {
        size_t first = p->rows * i / tiles;
        size_t rows = p->rows * (i + 1) / tiles - first;
        float *y = p->y + first * p->y_stride + column;
        NAME(tile)(rows, p->x + first * p->x_stride + k, p->x_stride, panel, end - k,
                   next + i * step * (end - k), step, tile);
        if (block > 0)
          for (size_t row = 0; row < rows; row++)
            for (size_t j = 0; j < width; j++) tile[row * PANEL + j] += y[row * p->y_stride + j];
        if (block + 1 == blocks) NAME(finish)(p, tile, rows, column, width);
        for (size_t row = 0; row < rows; row++)
          if (width == PANEL)
            memcpy(y + row * p->y_stride, tile + row * PANEL, 4 * PANEL);
          else
            memcpy(y + row * p->y_stride, tile + row * PANEL, 4 * width);
      }
    }
  }
}
