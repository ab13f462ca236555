#include "CKernels.h"

#include <stdatomic.h>
#include <string.h>

// Reflected Castagnoli polynomial, as in RFC 3720, appendix B.4.
#define POLYNOMIAL 0x82F63B78u

static uint32_t tables[8][256];
static _Atomic int tables_ready;

// Every thread that gets here writes the same values, so a race has one outcome.
static void make_tables(void) {
  for (uint32_t n = 0; n < 256; n++) {
    uint32_t crc = n;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (POLYNOMIAL & (0u - (crc & 1)));
    tables[0][n] = crc;
  }
  for (uint32_t n = 0; n < 256; n++)
    for (int k = 1; k < 8; k++)
      tables[k][n] = (tables[k - 1][n] >> 8) ^ tables[0][tables[k - 1][n] & 0xFF];
  atomic_store_explicit(&tables_ready, 1, memory_order_release);
}

uint32_t albertkit_crc32c_portable(uint32_t crc, const void *bytes, size_t length) {
  if (!atomic_load_explicit(&tables_ready, memory_order_acquire)) make_tables();
  const uint8_t *p = bytes;
  crc = ~crc;
  while (length >= 8) {
    uint32_t low = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
    crc = tables[7][low & 0xFF] ^ tables[6][(low >> 8) & 0xFF] ^ tables[5][(low >> 16) & 0xFF] ^
          tables[4][low >> 24] ^ tables[3][p[4]] ^ tables[2][p[5]] ^ tables[1][p[6]] ^ tables[0][p[7]];
    p += 8;
    length -= 8;
  }
  while (length--) crc = (crc >> 8) ^ tables[0][(crc ^ *p++) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_hardware(uint32_t crc, const uint8_t *p, size_t length) {
  uint64_t state = (uint32_t)~crc;
  while (length >= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    state = _mm_crc32_u64(state, word);
    p += 8;
    length -= 8;
  }
  uint32_t tail = (uint32_t)state;
  while (length--) tail = _mm_crc32_u8(tail, *p++);
  return ~tail;
}

uint32_t albertkit_crc32c(uint32_t crc, const void *bytes, size_t length) {
  if (__builtin_cpu_supports("sse4.2")) return crc32c_hardware(crc, bytes, length);
  return albertkit_crc32c_portable(crc, bytes, length);
}
#else
uint32_t albertkit_crc32c(uint32_t crc, const void *bytes, size_t length) {
  return albertkit_crc32c_portable(crc, bytes, length);
}
#endif
