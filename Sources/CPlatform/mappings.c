#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

// What a signal handler may read: no lock, no allocation, only these numbers.
typedef struct {
  _Atomic(uintptr_t) start;  // 0 while the slot is free or not filled in yet.
  _Atomic(uintptr_t) end;
  atomic_int descriptor;
  atomic_bool is_taken;
  atomic_bool is_cut;
} Mapping;

static Mapping mappings[ALBERTKIT_MAX_MAPPINGS];
// Slots from here on were never taken, so that the handler need not look at them.
static atomic_int slots_used;

int albertkit_mapping_watch(const void *start, size_t length, int descriptor) {
  for (int slot = 0; slot < ALBERTKIT_MAX_MAPPINGS; slot++) {
    bool free = false;
    if (!atomic_compare_exchange_strong(&mappings[slot].is_taken, &free, true)) continue;
    int used = atomic_load(&slots_used);
    while (used <= slot && !atomic_compare_exchange_weak(&slots_used, &used, slot + 1)) {
    }
    atomic_store(&mappings[slot].is_cut, false);
    atomic_store(&mappings[slot].descriptor, descriptor);
    atomic_store(&mappings[slot].end, (uintptr_t)start + length);
    atomic_store(&mappings[slot].start, (uintptr_t)start);
    return slot;
  }
  return -1;
}

void albertkit_mapping_forget(int slot) {
  if (slot < 0) return;
  atomic_store(&mappings[slot].start, 0);
  atomic_store(&mappings[slot].is_taken, false);
}

bool albertkit_mapping_is_cut(int slot) {
  return slot >= 0 && atomic_load(&mappings[slot].is_cut);
}

/// The slot of the mapping that holds all of some bytes; -1 where none does.
static int slot_of(uintptr_t first, uintptr_t last) {
  const int used = atomic_load(&slots_used);
  for (int slot = 0; slot < used; slot++) {
    const uintptr_t start = atomic_load(&mappings[slot].start);
    if (start != 0 && first >= start && last <= atomic_load(&mappings[slot].end)) return slot;
  }
  return -1;
}

void albertkit_mapping_release(const void *bytes, size_t length) {
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t first = ((uintptr_t)bytes + page - 1) / page * page;
  const uintptr_t last = ((uintptr_t)bytes + length) / page * page;
  if (first >= last || slot_of(first, last) < 0) return;
  madvise((void *)first, last - first, MADV_DONTNEED);
}

bool albertkit_mapping_read(void *target, const void *bytes, size_t length) {
  const int slot = slot_of((uintptr_t)bytes, (uintptr_t)bytes + length);
  if (slot < 0) return false;
  const int descriptor = atomic_load(&mappings[slot].descriptor);
  const size_t offset = (uintptr_t)bytes - atomic_load(&mappings[slot].start);
  for (size_t done = 0; done < length;) {
    const ssize_t count =
        pread(descriptor, (char *)target + done, length - done, (off_t)(offset + done));
    if (count > 0) {
      done += (size_t)count;
    } else if (count == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

static struct sigaction previous;

/// Puts zeros in the place of what a watched mapping has lost; false for any other address.
static bool replace(uintptr_t address) {
  const int used = atomic_load(&slots_used);
  for (int slot = 0; slot < used; slot++) {
    const uintptr_t start = atomic_load(&mappings[slot].start);
    const uintptr_t end = atomic_load(&mappings[slot].end);
    if (start == 0 || address < start || address >= end) continue;
    atomic_store(&mappings[slot].is_cut, true);
    // All that lies behind, too: a file that lost a page has lost what follows it.
    const uintptr_t page = address & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
    return mmap((void *)page, end - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                0) != MAP_FAILED;
  }
  return false;
}

static void handle(int number, siginfo_t *info, void *context) {
  const int error = errno;
  // A signal that somebody sent has no address.
  if (info->si_code > 0 && replace((uintptr_t)info->si_addr)) {
    errno = error;
    return;
  }
  errno = error;
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(number, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(number);
  } else {
    // As if there were no handler: the same access ends the process, or the signal sent again does.
    signal(number, SIG_DFL);
    if (info->si_code <= 0) raise(number);
  }
}

bool albertkit_mapping_guard(void) {
  static atomic_flag is_installed = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&is_installed)) return true;
  struct sigaction action = {0};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  // What was there must be known before the first signal comes here.
  if (sigaction(SIGBUS, NULL, &previous) == 0 && sigaction(SIGBUS, &action, NULL) == 0) return true;
  atomic_flag_clear(&is_installed);
  return false;
}
