// One head's attention, for one instruction set; see float_set.h. The scores of a few queries at a time
// are all that is held of them, so that they stay in the first cache.

INLINE size_t NAME(panels)(size_t outputs) { return (outputs + PANEL - 1) / PANEL * PANEL; }

TARGET static size_t NAME(attention_memory)(size_t tokens, size_t size) {
  return NAME(panels)(tokens) * size + tokens * NAME(panels)(size) + TILE_ROWS * tokens;
}

TARGET static void NAME(attend)(const albertkit_attention *a) {
  size_t tokens = a->tokens, size = a->size;
  float *keys = a->memory;
  float *values = keys + NAME(panels)(tokens) * size;
  float *scores = values + tokens * NAME(panels)(size);
  NAME(pack)(keys, a->key, albertkit_float32, a->stride, tokens, size);
  // Values are summed over tokens: they are a matrix turned already.
  for (size_t column = 0; column < size; column += PANEL) {
    size_t width = size - column < PANEL ? size - column : PANEL;
    float *panel = values + column * tokens;
    for (size_t token = 0; token < tokens; token++, panel += PANEL) {
      memcpy(panel, a->value + token * a->stride + column, 4 * width);
      if (width < PANEL) memset(panel + width, 0, 4 * (PANEL - width));
    }
  }
  size_t tiles = (tokens + TILE_ROWS - 1) / TILE_ROWS;
  for (size_t i = 0; i < tiles; i++) {
    size_t first = tokens * i / tiles;
    size_t rows = tokens * (i + 1) / tiles - first;
    NAME(multiply)(&(albertkit_float_product){
        .x = a->query + first * a->stride, .x_stride = a->stride, .panels = keys,
        .y = scores, .y_stride = tokens, .rows = rows, .depth = size, .outputs = tokens,
        .first = 0, .end = tokens, .scale = a->scale, .activation = -1});
    NAME(softmax)(scores, a->mask, rows, tokens);
    if (a->probabilities)
      memcpy(a->probabilities + first * tokens, scores, 4 * rows * tokens);
    NAME(multiply)(&(albertkit_float_product){
        .x = scores, .x_stride = tokens, .panels = values,
        .y = a->context + first * a->context_stride, .y_stride = a->context_stride, .rows = rows,
        .depth = tokens, .outputs = size, .first = 0, .end = size, .scale = 1, .activation = -1});
  }
}
