#define _GNU_SOURCE
#include "CPlatform.h"

#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_THREADS 1024

static void *wait_for_release(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

int albertkit_threads_available(int wanted) {
  pthread_t threads[MAX_THREADS];
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  if (wanted > MAX_THREADS) wanted = MAX_THREADS;
  int count = 0;
  // All at once, since that is how they will run.
  pthread_mutex_lock(&gate);
  while (count < wanted && pthread_create(&threads[count], NULL, wait_for_release, &gate) == 0)
    count++;
  pthread_mutex_unlock(&gate);
  for (int index = 0; index < count; index++) pthread_join(threads[index], NULL);
  return count;
}

bool albertkit_memory_is_limited(void) {
  const int kinds[] = {RLIMIT_AS, RLIMIT_DATA};
  for (unsigned index = 0; index < sizeof kinds / sizeof kinds[0]; index++) {
    struct rlimit limit;
    if (getrlimit(kinds[index], &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) return true;
  }
  return false;
}

void albertkit_memory_share(void) {
#ifdef M_ARENA_MAX
  mallopt(M_ARENA_MAX, 1);
#endif
}

void albertkit_memory_keep(void) {
#if defined(M_MMAP_THRESHOLD) && defined(M_TRIM_THRESHOLD)
  // glibc allows no more than 32 MiB for the first.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

void albertkit_memory_prefer_large_pages(void *memory, size_t size) {
#ifdef MADV_HUGEPAGE
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t first = ((uintptr_t)memory + page - 1) / page * page;
  const uintptr_t last = ((uintptr_t)memory + size) / page * page;
  // Not where less than one of them fits.
  if (last > first && last - first >= 4 << 20) madvise((void *)first, last - first, MADV_HUGEPAGE);
#else
  (void)memory, (void)size;
#endif
}

bool albertkit_memory_is_available(size_t size) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#ifdef MAP_NORESERVE
  flags |= MAP_NORESERVE;
#endif
  // Writable, so that a limit on data counts it too; no page of it is touched.
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (memory == MAP_FAILED) return false;
  munmap(memory, size);
  return true;
}
