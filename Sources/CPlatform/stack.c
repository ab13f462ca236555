#define _GNU_SOURCE
#include "CPlatform.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <ucontext.h>

/// Below the first, work gets a stack of its own, of the second size; pages that nobody touches cost nothing.
enum { least_stack = 1 << 20, own_stack = 8 << 20 };

static void (*work)(void);

static void begin(void) { work(); }

static bool run_on_own_stack(void (*body)(void)) {
  static ucontext_t before, inside;
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
  void *stack = mmap(NULL, own_stack, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (stack == MAP_FAILED) return false;
  // Whoever runs off its end is to fault there.
  mprotect(stack, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE);
  if (getcontext(&inside) != 0) return false;
  inside.uc_stack.ss_sp = stack;
  inside.uc_stack.ss_size = own_stack;
  inside.uc_link = &before;
  work = body;
  makecontext(&inside, begin, 0);
  return swapcontext(&before, &inside) == 0;
}
#endif

void albertkit_with_enough_stack(void (*body)(void)) {
#ifdef __GLIBC__
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
      limit.rlim_cur < least_stack && run_on_own_stack(body))
    return;
#endif
  body();
}
