#include "CKernels.h"

#include <pthread.h>
#include <string.h>

// Reflected Castagnoli polynomial, as in RFC 3720, appendix B.4: bit 31 is x^0.
#define POLYNOMIAL 0x82F63B78u

// The instruction takes 8 bytes each cycle but gives its result after three, so three lanes of this
// many bytes run side by side.
#define LANE 512u

static uint32_t tables[8][256];
// What each byte of a checksum contributes after LANE bytes of zero.
static uint32_t lane_shift[4][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static uint32_t times_x(uint32_t value) { return (value >> 1) ^ (POLYNOMIAL & (0u - (value & 1))); }

static void make_tables(void) {
  for (uint32_t n = 0; n < 256; n++) {
    uint32_t crc = n;
    for (int bit = 0; bit < 8; bit++) crc = times_x(crc);
    tables[0][n] = crc;
  }
  for (uint32_t n = 0; n < 256; n++)
    for (int k = 1; k < 8; k++)
      tables[k][n] = (tables[k - 1][n] >> 8) ^ tables[0][tables[k - 1][n] & 0xFF];

  // A checksum is a polynomial, and n bits that follow multiply it by x^n: a linear map, so it is
  // enough to know where each of the 32 bits goes.
  uint32_t moved = 0x80000000u;
  for (uint32_t bit = 0; bit < 8 * LANE; bit++) moved = times_x(moved);
  for (int bit = 31; bit >= 0; bit--, moved = times_x(moved))
    for (uint32_t n = 0; n < 256; n++)
      if (n >> (bit % 8) & 1) lane_shift[bit / 8][n] ^= moved;
}

uint32_t albertkit_crc32c_portable(uint32_t crc, const void *bytes, size_t length) {
  pthread_once(&tables_once, make_tables);
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
#define HARDWARE __attribute__((target("sse4.2")))
#define STEP8(crc, word) ((uint32_t)_mm_crc32_u64((crc), (word)))
#define STEP1(crc, byte) _mm_crc32_u8((crc), (byte))

static int has_instruction(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__)

#include <arm_acle.h>
#define HARDWARE __attribute__((target("crc")))
#define STEP8(crc, word) __crc32cd((crc), (word))
#define STEP1(crc, byte) __crc32cb((crc), (byte))

#if defined(__linux__)
#include <sys/auxv.h>
// HWCAP_CRC32 of <asm/hwcap.h>, a header that is not everywhere.
static int has_instruction(void) { return (getauxval(AT_HWCAP) >> 7) & 1; }
#else
// Every arm64 processor of Apple's has it.
static int has_instruction(void) { return 1; }
#endif

#endif

#if defined(HARDWARE)

static uint64_t word_at(const uint8_t *p) {
  uint64_t word;
  memcpy(&word, p, 8);
  return word;
}

static uint32_t shifted_by_lane(uint32_t crc) {
  return lane_shift[0][crc & 0xFF] ^ lane_shift[1][(crc >> 8) & 0xFF] ^ lane_shift[2][(crc >> 16) & 0xFF] ^
         lane_shift[3][crc >> 24];
}

HARDWARE static uint32_t crc32c_hardware(uint32_t crc, const uint8_t *p, size_t length) {
  crc = ~crc;
  if (length >= 3 * LANE) pthread_once(&tables_once, make_tables);
  while (length >= 3 * LANE) {
    uint32_t second = 0, third = 0;
    for (size_t i = 0; i < LANE; i += 8) {
      crc = STEP8(crc, word_at(p + i));
      second = STEP8(second, word_at(p + LANE + i));
      third = STEP8(third, word_at(p + 2 * LANE + i));
    }
    crc = shifted_by_lane(shifted_by_lane(crc) ^ second) ^ third;
    p += 3 * LANE;
    length -= 3 * LANE;
  }
  for (; length >= 8; p += 8, length -= 8) crc = STEP8(crc, word_at(p));
  while (length--) crc = STEP1(crc, *p++);
  return ~crc;
}

uint32_t albertkit_crc32c(uint32_t crc, const void *bytes, size_t length) {
  if (has_instruction()) return crc32c_hardware(crc, bytes, length);
  return albertkit_crc32c_portable(crc, bytes, length);
}

#else

uint32_t albertkit_crc32c(uint32_t crc, const void *bytes, size_t length) {
  return albertkit_crc32c_portable(crc, bytes, length);
}

#endif
