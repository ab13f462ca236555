#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

// A checksum is the remainder of the bytes, taken as a polynomial over GF(2), modulo P(x), whose low
// bits are 0xEDB88320 in reflected order. 64 bytes that lie n bits further up are congruent to
// themselves times x^n mod P, so a carry-less multiplication folds them onto the next 64 (V. Gopal et
// al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009). Each
// constant is such a power, reflected and shifted left by one.
#define FOLD_BY_512_LOW 0x154442BD4ll   // x^(512 + 32)
#define FOLD_BY_512_HIGH 0x1C6E41596ll  // x^(512 - 32)
#define FOLD_BY_128_LOW 0x1751997D0ll   // x^(128 + 32)
#define FOLD_BY_128_HIGH 0x0CCAA009Ell  // x^(128 - 32)
#define FOLD_BY_64 0x163CD6124ll        // x^64
#define POLYNOMIAL 0x1DB710641ll        // P itself
#define QUOTIENT 0x1F7011641ll          // x^64 / P, for Barrett's reduction

#define HARDWARE __attribute__((target("pclmul,sse4.1")))

HARDWARE static __m128i load(const uint8_t *p) { return _mm_loadu_si128((const __m128i *)p); }

HARDWARE static __m128i fold(__m128i value, __m128i powers, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(value, powers, 0x00);
  __m128i high = _mm_clmulepi64_si128(value, powers, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// `length` is a multiple of 16 and at least 64.
HARDWARE static uint32_t crc32_hardware(uint32_t crc, const uint8_t *p, size_t length) {
  const __m128i by_512 = _mm_set_epi64x(FOLD_BY_512_HIGH, FOLD_BY_512_LOW);
  const __m128i by_128 = _mm_set_epi64x(FOLD_BY_128_HIGH, FOLD_BY_128_LOW);
  __m128i a = _mm_xor_si128(load(p), _mm_cvtsi32_si128((int)~crc));
  __m128i b = load(p + 16), c = load(p + 32), d = load(p + 48);
  for (p += 64, length -= 64; length >= 64; p += 64, length -= 64) {
    a = fold(a, by_512, load(p));
    b = fold(b, by_512, load(p + 16));
    c = fold(c, by_512, load(p + 32));
    d = fold(d, by_512, load(p + 48));
  }
  a = fold(fold(fold(a, by_128, b), by_128, c), by_128, d);
  for (; length >= 16; p += 16, length -= 16) a = fold(a, by_128, load(p));

  // 128 bits to 64, to 32.
  const __m128i low_halves = _mm_setr_epi32(-1, 0, -1, 0);
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, by_128, 0x10));
  __m128i low = _mm_clmulepi64_si128(_mm_and_si128(a, low_halves), _mm_cvtsi64_si128(FOLD_BY_64), 0x00);
  a = _mm_xor_si128(_mm_srli_si128(a, 4), low);
  const __m128i reduction = _mm_set_epi64x(QUOTIENT, POLYNOMIAL);
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(a, low_halves), reduction, 0x10);
  __m128i multiple = _mm_clmulepi64_si128(_mm_and_si128(quotient, low_halves), reduction, 0x00);
  return ~(uint32_t)_mm_extract_epi32(_mm_xor_si128(a, multiple), 1);
}

size_t albertkit_crc32_blocks(uint32_t *crc, const void *bytes, size_t length) {
  if (length < 64 || !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("sse4.1")) return 0;
  length &= ~(size_t)15;
  *crc = crc32_hardware(*crc, bytes, length);
  return length;
}

#elif defined(__aarch64__)

#include <arm_acle.h>

#if defined(__linux__)
#include <sys/auxv.h>
// HWCAP_CRC32 of <asm/hwcap.h>, a header that is not everywhere.
static int has_instruction(void) { return (getauxval(AT_HWCAP) >> 7) & 1; }
#else
// Every arm64 processor of Apple's has it.
static int has_instruction(void) { return 1; }
#endif

__attribute__((target("crc"))) size_t albertkit_crc32_blocks(uint32_t *crc, const void *bytes,
                                                             size_t length) {
  if (!has_instruction()) return 0;
  length &= ~(size_t)7;
  uint32_t value = ~*crc;
  for (size_t i = 0; i < length; i += 8) {
    uint64_t word;
    memcpy(&word, (const uint8_t *)bytes + i, 8);
    value = __crc32d(value, word);
  }
  *crc = ~value;
  return length;
}

#else

size_t albertkit_crc32_blocks(uint32_t *crc, const void *bytes, size_t length) {
  (void)crc, (void)bytes, (void)length;
  return 0;
}

#endif
