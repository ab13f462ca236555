#include "CUTF8Proc.h"

#include <utf8proc.h>

int albertkit_decompose(uint32_t scalar, bool compatible, uint32_t *result) {
  int boundary = 0;
  utf8proc_int32_t buffer[ALBERTKIT_LONGEST_DECOMPOSITION];
  const utf8proc_option_t options =
      UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0);
  const utf8proc_ssize_t count = utf8proc_decompose_char(
      (utf8proc_int32_t)scalar, buffer, ALBERTKIT_LONGEST_DECOMPOSITION, options, &boundary);
  if (count < 1 || count > ALBERTKIT_LONGEST_DECOMPOSITION) {
    result[0] = scalar;
    return 1;
  }
  for (utf8proc_ssize_t i = 0; i < count; i++) result[i] = (uint32_t)buffer[i];
  return (int)count;
}

uint32_t albertkit_compose(uint32_t first, uint32_t second) {
  utf8proc_int32_t pair[2] = {(utf8proc_int32_t)first, (utf8proc_int32_t)second};
  const utf8proc_ssize_t count =
      utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  return count == 1 ? (uint32_t)pair[0] : 0;
}

int albertkit_columns(uint32_t scalar) { return utf8proc_charwidth((utf8proc_int32_t)scalar); }
