#define _GNU_SOURCE
#include "CPlatform.h"

#include <stdio.h>

#if defined(__linux__)

#include <fcntl.h>

int albertkit_rename_new(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int albertkit_rename_swap(const char *one, const char *other) {
  return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

#else

int albertkit_rename_new(const char *from, const char *to) {
  return renamex_np(from, to, RENAME_EXCL);
}

int albertkit_rename_swap(const char *one, const char *other) {
  return renamex_np(one, other, RENAME_SWAP);
}

#endif
