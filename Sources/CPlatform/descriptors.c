#define _GNU_SOURCE
#include "CPlatform.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

int albertkit_pipe(int ends[2]) {
#ifdef __linux__
  // In one step, so that no other thread's child inherits an end and keeps the pipe open.
  return pipe2(ends, O_CLOEXEC);
#else
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

void albertkit_close_from(int first) {
#ifdef __linux__
  if (close_range((unsigned)first, UINT_MAX, 0) == 0) return;
#endif
  long most = sysconf(_SC_OPEN_MAX);
  for (int descriptor = first; descriptor < (most < 0 ? 1024 : most); descriptor++)
    close(descriptor);
}
