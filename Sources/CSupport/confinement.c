#define _GNU_SOURCE
#include "CSupport.h"

#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

/// Lowers one limit; a limit that is lower already stays.
static void lower(int resource, rlim_t value) {
  struct rlimit limits;
  if (getrlimit(resource, &limits) != 0) return;
  if (limits.rlim_max > value) limits.rlim_max = value;
  limits.rlim_cur = limits.rlim_max;
  setrlimit(resource, &limits);
}

void albertkit_limit_process(uint64_t memory, uint64_t seconds) {
  lower(RLIMIT_AS, memory);
  lower(RLIMIT_CPU, seconds);
  lower(RLIMIT_NOFILE, 3);
  lower(RLIMIT_FSIZE, 0);
  lower(RLIMIT_CORE, 0);
  lower(RLIMIT_NPROC, 0);
#ifdef __linux__
  // A crash handler that takes cores through a pipe does not look at the limit.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
}
