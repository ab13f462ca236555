#include "CKernels.h"

#include <string.h>

// A line of the cache holds TILE elements of 4 bytes. A tile is copied line by line, turned within the
// first cache level and written line by line: rows whose distance is a power of two fall on the same few
// places of a cache, and would drive each other out if they were visited element by element.
#define TILE 16

// Turns a whole tile element by element.
#define TURN(T, NAME)                                                                             \
  static void NAME(const unsigned char *from, size_t from_pitch, T out[TILE][TILE]) {             \
    T in[TILE][TILE];                                                                             \
    for (int r = 0; r < TILE; r++) memcpy(in[r], from + r * from_pitch, sizeof in[r]);            \
    for (int c = 0; c < TILE; c++)                                                                \
      for (int r = 0; r < TILE; r++) out[c][r] = in[r][c];                                        \
  }

TURN(uint8_t, turn1)
TURN(uint16_t, turn2)
TURN(uint64_t, turn8)

typedef uint32_t lanes __attribute__((vector_size(16)));

// Turns a whole tile in squares of four by four, by registers of four: the size of nearly all weights.
static void turn4(const unsigned char *from, size_t from_pitch, uint32_t out[TILE][TILE]) {
  for (int row = 0; row < TILE; row += 4) {
    for (int column = 0; column < TILE; column += 4) {
      lanes in[4], turned[4];
      for (int r = 0; r < 4; r++)
        memcpy(&in[r], from + (row + r) * from_pitch + column * sizeof(uint32_t), sizeof in[r]);
      lanes low01 = __builtin_shufflevector(in[0], in[1], 0, 4, 1, 5);
      lanes high01 = __builtin_shufflevector(in[0], in[1], 2, 6, 3, 7);
      lanes low23 = __builtin_shufflevector(in[2], in[3], 0, 4, 1, 5);
      lanes high23 = __builtin_shufflevector(in[2], in[3], 2, 6, 3, 7);
      turned[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
      turned[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
      turned[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
      turned[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
      for (int c = 0; c < 4; c++) memcpy(&out[column + c][row], &turned[c], sizeof turned[c]);
    }
  }
}

#define TRANSPOSE(T, NAME, TURN)                                                                  \
  static void NAME(const unsigned char *from, size_t from_pitch, unsigned char *to,               \
                   size_t to_pitch, size_t rows, size_t columns) {                                \
    for (size_t row = 0; row < rows; row += TILE) {                                               \
      size_t height = rows - row < TILE ? rows - row : TILE;                                      \
      for (size_t column = 0; column < columns; column += TILE) {                                 \
        size_t width = columns - column < TILE ? columns - column : TILE;                         \
        const unsigned char *source = from + row * from_pitch + column * sizeof(T);               \
        unsigned char *target = to + column * to_pitch + row * sizeof(T);                         \
        T out[TILE][TILE];                                                                        \
        if (height == TILE && width == TILE) {                                                    \
          TURN(source, from_pitch, out);                                                          \
          for (int c = 0; c < TILE; c++) memcpy(target + c * to_pitch, out[c], sizeof out[c]);    \
        } else {                                                                                  \
          for (size_t r = 0; r < height; r++)                                                     \
            for (size_t c = 0; c < width; c++)                                                    \
              memcpy(&out[c][r], source + r * from_pitch + c * sizeof(T), sizeof(T));             \
          for (size_t c = 0; c < width; c++)                                                      \
            memcpy(target + c * to_pitch, out[c], height * sizeof(T));                            \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }

TRANSPOSE(uint8_t, transpose1, turn1)
TRANSPOSE(uint16_t, transpose2, turn2)
TRANSPOSE(uint32_t, transpose4, turn4)
TRANSPOSE(uint64_t, transpose8, turn8)

void albertkit_transpose(const void *from, size_t from_pitch, void *to, size_t to_pitch, size_t rows,
                         size_t columns, size_t element_size) {
  switch (element_size) {
  case 1: transpose1(from, from_pitch, to, to_pitch, rows, columns); break;
  case 2: transpose2(from, from_pitch, to, to_pitch, rows, columns); break;
  case 4: transpose4(from, from_pitch, to, to_pitch, rows, columns); break;
  case 8: transpose8(from, from_pitch, to, to_pitch, rows, columns); break;
  default: __builtin_trap();
  }
}
