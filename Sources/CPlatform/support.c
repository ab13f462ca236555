#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#ifdef O_TMPFILE
const int albertkit_o_tmpfile = O_TMPFILE;
#else
const int albertkit_o_tmpfile = 0;
#endif

int albertkit_reserve(int descriptor, long long size) {
#ifdef __linux__
  if (size > 0 && fallocate(descriptor, 0, 0, size) == 0) return 0;
  // These do not know how to; the blocks are then found one after another.
  if (size > 0 && errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL) return -1;
#endif
  return ftruncate(descriptor, size);
}

void albertkit_begin_writeback(int descriptor, long long offset, long long length) {
#ifdef SYNC_FILE_RANGE_WRITE
  (void)sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor;
  (void)offset;
  (void)length;
#endif
}
