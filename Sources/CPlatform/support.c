#define _GNU_SOURCE
#include "CPlatform.h"

#include <fcntl.h>

#ifdef O_TMPFILE
const int albertkit_o_tmpfile = O_TMPFILE;
#else
const int albertkit_o_tmpfile = 0;
#endif

void albertkit_begin_writeback(int descriptor, long long offset, long long length) {
#ifdef SYNC_FILE_RANGE_WRITE
  (void)sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor;
  (void)offset;
  (void)length;
#endif
}
