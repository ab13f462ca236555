#include "CKernels.h"

#include <string.h>

// A line of the cache holds TILE elements of 4 bytes. A tile is copied line by line, turned within the
// first cache level and written line by line: rows whose distance is a power of two fall on the same few
// places of a cache, and would drive each other out if they were visited element by element.
#define TILE 16

#define TRANSPOSE(T, NAME)                                                                        \
  static void NAME(const unsigned char *from, size_t from_pitch, unsigned char *to,               \
                   size_t to_pitch, size_t rows, size_t columns) {                                \
    for (size_t row = 0; row < rows; row += TILE) {                                               \
      size_t height = rows - row < TILE ? rows - row : TILE;                                      \
      for (size_t column = 0; column < columns; column += TILE) {                                 \
        size_t width = columns - column < TILE ? columns - column : TILE;                         \
        T in[TILE][TILE], out[TILE][TILE];                                                        \
        const unsigned char *source = from + row * from_pitch + column * sizeof(T);               \
        unsigned char *target = to + column * to_pitch + row * sizeof(T);                         \
        if (height == TILE && width == TILE) {                                                    \
          for (int r = 0; r < TILE; r++) memcpy(in[r], source + r * from_pitch, sizeof in[r]);    \
          for (int c = 0; c < TILE; c++)                                                          \
            for (int r = 0; r < TILE; r++) out[c][r] = in[r][c];                                  \
          for (int c = 0; c < TILE; c++) memcpy(target + c * to_pitch, out[c], sizeof out[c]);    \
        } else {                                                                                  \
          for (size_t r = 0; r < height; r++)                                                     \
            memcpy(in[r], source + r * from_pitch, width * sizeof(T));                            \
          for (size_t c = 0; c < width; c++) {                                                    \
            for (size_t r = 0; r < height; r++) out[c][r] = in[r][c];                             \
            memcpy(target + c * to_pitch, out[c], height * sizeof(T));                            \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }

TRANSPOSE(uint8_t, transpose1)
TRANSPOSE(uint16_t, transpose2)
TRANSPOSE(uint32_t, transpose4)
TRANSPOSE(uint64_t, transpose8)

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
