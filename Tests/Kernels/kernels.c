// Holds the C kernels against plain loops in Float64, for processors that no Swift is at hand for.
//
// Every set of instructions that the processor has is tried; exits with 1 where one is wrong.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "double_product.h"
#include "float_kernels.h"
#include "single_product.h"

static int failures;

static void check(int holds, const char *what, const char *set, size_t a, size_t b, size_t c) {
  if (holds) return;
  failures++;
  printf("FAILED: %s, %s, %zu x %zu x %zu\n", what, set, a, b, c);
}

static uint64_t state = 1;
static double next(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (double)(int64_t)(state >> 11) / (1ll << 52) - 1;
}

static float *floats(size_t count) {
  float *values = aligned_alloc(64, (count * 4 + 127) / 64 * 64);
  for (size_t i = 0; i < count; i++) values[i] = (float)next();
  return values;
}

static void checksums(void) {
  uint8_t bytes[4099];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7 + i / 256);
  check(albertkit_crc32c(0, "123456789", 9) == 0xE3069283, "CRC-32C", "check value", 9, 1, 1);
  for (size_t length = 0; length < sizeof bytes; length += 13)
    check(albertkit_crc32c(5, bytes + 3, length % 4096) == albertkit_crc32c_portable(5, bytes + 3, length % 4096),
          "CRC-32C", "both", length, 1, 1);
  uint32_t crc = 0, slow = 0xFFFFFFFF;
  size_t taken = albertkit_crc32_blocks(&crc, bytes, 4096);
  for (size_t i = 0; i < taken; i++) {
    slow ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) slow = slow >> 1 ^ (slow & 1 ? 0xEDB88320 : 0);
  }
  check(taken == 0 || crc == ~slow, "CRC-32", "blocks", taken, 1, 1);
}

static void transposition(size_t rows, size_t columns) {
  for (size_t size = 1; size <= 8; size *= 2) {
    uint8_t *from = malloc(rows * columns * size), *to = malloc(rows * columns * size);
    for (size_t i = 0; i < rows * columns * size; i++) from[i] = (uint8_t)(i * 31 + i / 251);
    albertkit_transpose(from, columns * size, to, rows * size, rows, columns, size);
    int holds = 1;
    for (size_t row = 0; row < rows; row++)
      for (size_t column = 0; column < columns; column++)
        holds &= !memcmp(from + (row * columns + column) * size, to + (column * rows + row) * size, size);
    check(holds, "transpose", "", rows, columns, size);
    free(from);
    free(to);
  }
}

/// Whether `y` is x w' within what Float32's sums cost.
static int isProduct(const float *y, const float *x, const float *w, size_t rows, size_t depth, size_t outputs,
                     int turned) {
  for (size_t row = 0; row < rows; row++)
    for (size_t output = 0; output < outputs; output++) {
      double sum = 0;
      for (size_t i = 0; i < depth; i++)
        sum += (double)x[row * depth + i] * w[turned ? output * depth + i : i * outputs + output];
      if (!(fabs(y[row * outputs + output] - sum) < 1e-6 * (8 + depth))) return 0;
    }
  return 1;
}

static void products(size_t rows, size_t depth, size_t outputs) {
  float *x = floats(rows * depth), *w = floats(outputs * depth), *y = floats(rows * outputs);
  const albertkit_float_kernels *set;
  for (size_t n = 0; (set = albertkit_nth_float_kernels(n)); n++) {
    float *panels = floats((outputs + set->panel) * depth + set->panel);
    set->pack(panels, w, albertkit_float32, depth, outputs, depth);
    albertkit_float_product product = {
        .x = x, .x_stride = depth, .panels = panels, .y = y, .y_stride = outputs, .rows = rows,
        .depth = depth, .outputs = outputs, .first = 0, .end = outputs, .scale = 1, .activation = -1};
    set->multiply(&product);
    check(isProduct(y, x, w, rows, depth, outputs, 1), "packed product", set->name, rows, depth, outputs);
    free(panels);
  }
  albertkit_single_product(x, depth, w, outputs, y, outputs, rows, depth, outputs, 256);
  check(isProduct(y, x, w, rows, depth, outputs, 0), "single product", "best", rows, depth, outputs);
  double *a = malloc(rows * depth * 8), *b = malloc(depth * outputs * 8), *c = calloc(rows * outputs, 8);
  for (size_t i = 0; i < rows * depth; i++) a[i] = x[i];
  for (size_t i = 0; i < depth * outputs; i++) b[i] = w[i];
  albertkit_product(a, depth, b, outputs, c, outputs, rows, depth, outputs);
  for (size_t i = 0; i < rows * outputs; i++) y[i] = (float)c[i];
  check(isProduct(y, x, w, rows, depth, outputs, 0), "Float64 product", "best", rows, depth, outputs);
  // Panel by panel; what a panel has beyond the outputs must not matter.
  size_t width = albertkit_panel_columns();
  double *panel = malloc(depth * width * 8);
  memset(c, 0, rows * outputs * 8);
  for (size_t first = 0; first < outputs; first += width) {
    size_t columns = outputs - first < width ? outputs - first : width;
    for (size_t i = 0; i < depth; i++)
      for (size_t column = 0; column < width; column++)
        panel[i * width + column] = column < columns ? b[i * outputs + first + column] : NAN;
    albertkit_rows_ahead ahead = {a, depth * 8, depth * 8};
    albertkit_panel_product(a, depth, panel, c + first, outputs, rows, depth, columns, ahead);
  }
  for (size_t i = 0; i < rows * outputs; i++) y[i] = (float)c[i];
  check(isProduct(y, x, w, rows, depth, outputs, 0), "Float64 panels", "best", rows, depth, outputs);
  free(panel), free(a), free(b), free(c), free(x), free(w), free(y);
}

static void attention(size_t tokens, size_t size) {
  float *query = floats(tokens * size), *key = floats(tokens * size), *value = floats(tokens * size);
  float *mask = floats(tokens), *context = floats(tokens * size);
  const albertkit_float_kernels *set;
  for (size_t n = 0; (set = albertkit_nth_float_kernels(n)); n++) {
    float *memory = floats(set->attention_memory(tokens, size));
    albertkit_attention problem = {
        .query = query, .key = key, .value = value, .stride = size, .mask = mask, .context = context,
        .context_stride = size, .tokens = tokens, .size = size, .scale = 0.25f, .memory = memory};
    set->attend(&problem);
    int holds = 1;
    for (size_t row = 0; row < tokens; row++) {
      double *weights = malloc(tokens * 8), total = 0;
      for (size_t other = 0; other < tokens; other++) {
        double score = 0;
        for (size_t i = 0; i < size; i++) score += (double)query[row * size + i] * key[other * size + i];
        total += weights[other] = exp(score * 0.25 + mask[other]);
      }
      for (size_t i = 0; i < size; i++) {
        double sum = 0;
        for (size_t other = 0; other < tokens; other++) sum += weights[other] / total * value[other * size + i];
        holds &= fabs(sum - context[row * size + i]) < 2e-6;
      }
      free(weights);
    }
    check(holds, "attention", set->name, tokens, size, 1);
    free(memory);
  }
  free(query), free(key), free(value), free(mask), free(context);
}

static void statistics(size_t count) {
  float *values = floats(count);
  struct albertkit_statistics found;
  memset(&found, 0, sizeof found);
  found.least = INFINITY, found.most = -INFINITY;
  uint32_t *bins = calloc(8192, 4);
  double sum = 0;
  uint64_t binned = 0;
  for (size_t i = 0; i < count; i++) sum += values[i];
  albertkit_statistics_f32(values, count, &found, bins);
  for (size_t i = 0; i < 8192; i++) binned += bins[i];
  check(found.count == count && found.finite == count && binned == count && fabs(found.sum - sum) < 1e-9,
        "statistics", "best", count, 1, 1);
  free(values), free(bins);
}

int main(void) {
  static const size_t sizes[] = {1, 2, 3, 5, 7, 12, 13, 16, 17, 31, 33, 64, 65, 97, 128, 300};
  size_t count = sizeof sizes / sizeof *sizes;
  checksums();
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < count; j++) {
      transposition(sizes[i], sizes[j]);
      attention(sizes[i], sizes[j] < 128 ? sizes[j] : 128);
      products(sizes[i], sizes[j], sizes[(i + 3 * j) % count]);
    }
  for (size_t i = 0; i < count; i++) statistics(sizes[i] * 37);
  const albertkit_float_kernels *set;
  for (size_t n = 0; (set = albertkit_nth_float_kernels(n)); n++) printf("held: %s\n", set->name);
  return failures != 0;
}
