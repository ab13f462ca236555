#define _GNU_SOURCE
#include "CPlatform.h"

#include <sys/resource.h>

/// Lowers one limit; a limit that is lower already stays.
static void lower(int resource, rlim_t value) {
  struct rlimit limits;
  if (getrlimit(resource, &limits) != 0) return;
  if (limits.rlim_max > value) limits.rlim_max = value;
  limits.rlim_cur = limits.rlim_max;
  setrlimit(resource, &limits);
}

// Address space of the program and its libraries, which takes no memory.
#define PROGRAM ((uint64_t)448 << 20)

static void limit_resources(uint64_t memory, uint64_t seconds) {
  lower(RLIMIT_AS, memory + PROGRAM);
  // On Linux also what is mapped, which is where a library's memory comes from.
  lower(RLIMIT_DATA, memory);
  lower(RLIMIT_CPU, seconds);
  lower(RLIMIT_NOFILE, 3);
  lower(RLIMIT_FSIZE, 0);
  lower(RLIMIT_CORE, 0);
  lower(RLIMIT_NPROC, 0);
}

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Landlock's numbers, which are newer than some systems' headers.
#define CREATE_RULESET 444
#define RESTRICT_SELF 446

typedef struct {
  uint64_t files;
  uint64_t network;
  uint64_t scopes;
} Ruleset;

/// Handles every kind of access that the kernel knows and allows none of them.
static bool shut_off_files(void) {
  long version = syscall(CREATE_RULESET, NULL, 0, 1U);
  if (version < 1) return false;
  Ruleset rules = {0, 0, 0};
  const int kinds = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
  rules.files = (UINT64_C(1) << kinds) - 1;
  if (version >= 4) rules.network = 3;
  if (version >= 6) rules.scopes = 3;
  const size_t size = version >= 6 ? sizeof rules : version >= 4 ? 16 : 8;
  long descriptor = syscall(CREATE_RULESET, &rules, size, 0U);
  if (descriptor < 0) return false;
  long result = syscall(RESTRICT_SELF, descriptor, 0U);
  close((int)descriptor);
  return result == 0;
}

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define LOAD(field) \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ALLOW(name) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), RETURN(SECCOMP_RET_ALLOW)
// The low half of an argument is enough: the kernel looks at no more of a protection.
#define ALLOW_WITHOUT_CODE(name)                                \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 4),       \
      LOAD(args[2]),                                            \
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),    \
      RETURN(SECCOMP_RET_ERRNO | EPERM), RETURN(SECCOMP_RET_ALLOW)

/// Leaves reading, writing, memory and the end of the process; all else fails with EPERM.
static bool shut_off_calls(void) {
  static struct sock_filter filter[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
      RETURN(SECCOMP_RET_KILL_PROCESS),
      LOAD(nr),
      ALLOW(pread64),
      ALLOW(read),
      ALLOW(write),
      ALLOW(close),
      ALLOW(lseek),
      ALLOW(fstat),
      ALLOW(brk),
      ALLOW(munmap),
      ALLOW(mremap),
      ALLOW(madvise),
      ALLOW(futex),
      ALLOW(getrandom),
      ALLOW(gettimeofday),
      ALLOW(clock_gettime),
      ALLOW(sched_yield),
      ALLOW(rt_sigprocmask),
      ALLOW(rt_sigreturn),
      ALLOW(restart_syscall),
      ALLOW(exit),
      ALLOW(exit_group),
      ALLOW_WITHOUT_CODE(mmap),
      ALLOW_WITHOUT_CODE(mprotect),
      RETURN(SECCOMP_RET_ERRNO | EPERM),
  };
  const struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

bool albertkit_confine_process(uint64_t memory, uint64_t seconds) {
  // A crash handler that takes cores through a pipe does not look at the limit.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // Each step needs what the next one takes away.
  bool files = shut_off_files();
  limit_resources(memory, seconds);
  // Also where Landlock is missing: this alone keeps files from being opened.
  bool calls = shut_off_calls();
  return files && calls;
}

#else

bool albertkit_confine_process(uint64_t memory, uint64_t seconds) {
  limit_resources(memory, seconds);
  return false;
}

#endif
