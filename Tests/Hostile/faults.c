// A failing machine, to be loaded before the tool (LD_PRELOAD).
//
//   ALBERT_FAULT=CALL:NTH[+]:ACTION[,…]  what happens at the NTH such call (with +, from it on):
//       CALL     open read pread map stat list | create write pwrite fsync truncate rename link
//                unlink mkdir | change (any of the second group) | print | spawn | any
//       ACTION   a number (the call fails with this errno), `short` (half of the bytes), `kill`
//                (SIGKILL before the call), `stop` (SIGSTOP after it, so that others can act)
//   ALBERT_LACKS=exchange,noreplace,allocate,tmpfile,link   what the file system cannot do
//   ALBERT_TALLY=FILE   counts the calls there, in memory that child processes share
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef enum {
  OPEN, READ, PREAD, MAP, STAT, LIST, PRINT, SPAWN,
  CREATE, WRITE, PWRITE, FSYNC, TRUNCATE, RENAME, LINK, UNLINK, MKDIR,
  CHANGE, ANY, KINDS
} Kind;

static const char *const names[KINDS] = {
  "open", "read", "pread", "map", "stat", "list", "print", "spawn",
  "create", "write", "pwrite", "fsync", "truncate", "rename", "link", "unlink", "mkdir",
  "change", "any"
};

/// What the suite reads after a run; `struct` in harness/faults.py says the same.
typedef struct {
  atomic_int process;
  atomic_int fired;
  atomic_uint counts[KINDS];
  char event[400];
} Tally;

typedef struct {
  Kind kind;
  unsigned nth;
  bool onwards;
  enum { FAIL, SHORT, KILL, STOP } action;
  int error;
} Fault;

typedef enum { PASS, REFUSED, HALF, STOPPED } Verdict;

static Tally own, *tally = &own;
static Fault faults[8];
static int fault_count;
static const char *lacks = "";

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static void parse(char *text) {
  for (char *rest, *one = strtok_r(text, ",", &rest); one && fault_count < 8;
       one = strtok_r(NULL, ",", &rest)) {
    char call[16], nth[16], action[16];
    if (sscanf(one, "%15[^:]:%15[^:]:%15s", call, nth, action) != 3) _exit(99);
    Fault *fault = &faults[fault_count++];
    fault->kind = 0;
    while (fault->kind < KINDS && strcmp(names[fault->kind], call) != 0) fault->kind++;
    if (fault->kind == KINDS) _exit(99);
    fault->nth = (unsigned)atoi(nth);
    fault->onwards = strchr(nth, '+') != NULL;
    fault->error = atoi(action);
    fault->action = strcmp(action, "kill") == 0   ? KILL
                    : strcmp(action, "stop") == 0  ? STOP
                    : strcmp(action, "short") == 0 ? SHORT
                                                   : FAIL;
  }
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("ALBERT_TALLY");
  if (path) {
    int file = REAL(open)(path, O_RDWR | O_CLOEXEC);
    void *memory = mmap(NULL, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file < 0 || memory == MAP_FAILED) _exit(99);
    tally = memory;
    close(file);
  }
  int nobody = 0;
  atomic_compare_exchange_strong(&tally->process, &nobody, getpid());
  const char *text = getenv("ALBERT_FAULT");
  if (text) parse(strdup(text));
  const char *missing = getenv("ALBERT_LACKS");
  if (missing) lacks = strdup(missing);
}

static Verdict act(const Fault *fault, Kind kind, const char *what, const char *other) {
  if (atomic_fetch_add(&tally->fired, 1) == 0)
    snprintf(tally->event, sizeof tally->event, "%s %.180s%s%.180s", names[kind], what,
             *other ? " -> " : "", other);
  switch (fault->action) {
    case FAIL:
      errno = fault->error;
      return REFUSED;
    case SHORT:
      return HALF;
    case KILL:
      kill(getpid(), SIGKILL);
      // A confined process may send no signal.
      _exit(137);
    case STOP:
      // Of a child nobody would hear.
      return getpid() == atomic_load(&tally->process) ? STOPPED : PASS;
  }
  return PASS;
}

/// Counts a call and tells what becomes of it.
static Verdict judge(Kind kind, const char *what, const char *other) {
  unsigned count[KINDS] = {0};
  count[kind] = atomic_fetch_add(&tally->counts[kind], 1) + 1;
  if (kind >= CREATE) count[CHANGE] = atomic_fetch_add(&tally->counts[CHANGE], 1) + 1;
  count[ANY] = atomic_fetch_add(&tally->counts[ANY], 1) + 1;
  for (int i = 0; i < fault_count; i++) {
    unsigned now = count[faults[i].kind];
    if (now == 0) continue;
    if (now == faults[i].nth || (faults[i].onwards && now > faults[i].nth))
      return act(&faults[i], kind, what, other);
  }
  return PASS;
}

static const char *descriptor(int number, char text[24]) {
  snprintf(text, 24, "descriptor %d", number);
  return text;
}

/// The end of every wrapper: the call itself, unless it is refused, and the stop after it.
#define FINISH(type, verdict, call)            \
  do {                                         \
    if ((verdict) == REFUSED) return (type)-1; \
    type result = (call);                      \
    if ((verdict) == STOPPED) {                \
      int error = errno;                       \
      kill(getpid(), SIGSTOP);                 \
      errno = error;                           \
    }                                          \
    return result;                             \
  } while (0)

static size_t part(Verdict verdict, size_t count) {
  return verdict == HALF && count > 1 ? count / 2 : count;
}

// Opening.

static int opening(int folder, const char *path, int flags, mode_t mode) {
  bool creates = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
  if ((flags & O_TMPFILE) == O_TMPFILE && strstr(lacks, "tmpfile")) {
    errno = EOPNOTSUPP;
    return -1;
  }
  Verdict verdict = judge(creates ? CREATE : OPEN, path, "");
  FINISH(int, verdict, REAL(openat)(folder, path, flags, mode));
}

#define MODE(flags)                                        \
  mode_t mode = 0;                                         \
  if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
    va_list rest;                                          \
    va_start(rest, flags);                                 \
    mode = va_arg(rest, mode_t);                           \
    va_end(rest);                                          \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return opening(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE(flags)
  return opening(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  MODE(flags)
  return opening(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
  MODE(flags)
  return opening(folder, path, flags, mode);
}

// Reading.

ssize_t read(int file, void *bytes, size_t count) {
  char text[24];
  Verdict verdict = judge(READ, descriptor(file, text), "");
  FINISH(ssize_t, verdict, REAL(read)(file, bytes, part(verdict, count)));
}

ssize_t pread(int file, void *bytes, size_t count, off_t offset) {
  char text[24];
  Verdict verdict = judge(PREAD, descriptor(file, text), "");
  FINISH(ssize_t, verdict, REAL(pread)(file, bytes, part(verdict, count), offset));
}

ssize_t pread64(int file, void *bytes, size_t count, off_t offset) {
  return pread(file, bytes, count, offset);
}

void *mmap(void *place, size_t count, int protection, int flags, int file, off_t offset) {
  static void *(*map)(void *, size_t, int, int, int, off_t);
  if (!map) map = REAL(mmap);
  if (file < 0) return map(place, count, protection, flags, file, offset);
  char text[24];
  Verdict verdict = judge(MAP, descriptor(file, text), "");
  FINISH(void *, verdict, map(place, count, protection, flags, file, offset));
}

int fstat(int file, struct stat *status) {
  char text[24];
  Verdict verdict = judge(STAT, descriptor(file, text), "");
  FINISH(int, verdict, REAL(fstat)(file, status));
}

int stat(const char *path, struct stat *status) {
  Verdict verdict = judge(STAT, path, "");
  FINISH(int, verdict, REAL(stat)(path, status));
}

int lstat(const char *path, struct stat *status) {
  Verdict verdict = judge(STAT, path, "");
  FINISH(int, verdict, REAL(lstat)(path, status));
}

int fstatat(int folder, const char *path, struct stat *status, int flags) {
  Verdict verdict = judge(STAT, path, "");
  FINISH(int, verdict, REAL(fstatat)(folder, path, status, flags));
}

struct dirent *readdir(DIR *folder) {
  Verdict verdict = judge(LIST, "a folder", "");
  return verdict == REFUSED ? NULL : REAL(readdir)(folder);
}

// Writing.

ssize_t write(int file, const void *bytes, size_t count) {
  char text[24];
  Verdict verdict = judge(file <= 2 ? PRINT : WRITE, descriptor(file, text), "");
  FINISH(ssize_t, verdict, REAL(write)(file, bytes, part(verdict, count)));
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  char text[24];
  Verdict verdict = judge(PWRITE, descriptor(file, text), "");
  FINISH(ssize_t, verdict, REAL(pwrite)(file, bytes, part(verdict, count), offset));
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
  return pwrite(file, bytes, count, offset);
}

int fsync(int file) {
  char text[24];
  Verdict verdict = judge(FSYNC, descriptor(file, text), "");
  FINISH(int, verdict, REAL(fsync)(file));
}

int fdatasync(int file) { return fsync(file); }

int ftruncate(int file, off_t length) {
  char text[24];
  Verdict verdict = judge(TRUNCATE, descriptor(file, text), "");
  FINISH(int, verdict, REAL(ftruncate)(file, length));
}

int ftruncate64(int file, off_t length) { return ftruncate(file, length); }

int fallocate(int file, int mode, off_t start, off_t length) {
  if (strstr(lacks, "allocate")) {
    errno = EOPNOTSUPP;
    return -1;
  }
  char text[24];
  Verdict verdict = judge(TRUNCATE, descriptor(file, text), "");
  FINISH(int, verdict, REAL(fallocate)(file, mode, start, length));
}

int fallocate64(int file, int mode, off_t start, off_t length) {
  return fallocate(file, mode, start, length);
}

ssize_t copy_file_range(
    int from, off_t *start, int to, off_t *target, size_t count, unsigned flags) {
  char text[24];
  Verdict verdict = judge(WRITE, descriptor(to, text), "");
  FINISH(ssize_t, verdict,
         REAL(copy_file_range)(from, start, to, target, part(verdict, count), flags));
}

// Names.

int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
  if (((flags & RENAME_EXCHANGE) && strstr(lacks, "exchange"))
      || ((flags & RENAME_NOREPLACE) && strstr(lacks, "noreplace"))) {
    errno = EINVAL;
    return -1;
  }
  Verdict verdict = judge(RENAME, old, new);
  FINISH(int, verdict, REAL(renameat2)(from, old, to, new, flags));
}

int renameat(int from, const char *old, int to, const char *new) {
  Verdict verdict = judge(RENAME, old, new);
  FINISH(int, verdict, REAL(renameat)(from, old, to, new));
}

int rename(const char *old, const char *new) { return renameat(AT_FDCWD, old, AT_FDCWD, new); }

int linkat(int from, const char *old, int to, const char *new, int flags) {
  if (strstr(lacks, "link")) {
    errno = EPERM;
    return -1;
  }
  Verdict verdict = judge(LINK, old, new);
  FINISH(int, verdict, REAL(linkat)(from, old, to, new, flags));
}

int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int symlinkat(const char *target, int folder, const char *path) {
  Verdict verdict = judge(LINK, target, path);
  FINISH(int, verdict, REAL(symlinkat)(target, folder, path));
}

int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }

int unlinkat(int folder, const char *path, int flags) {
  Verdict verdict = judge(UNLINK, path, "");
  FINISH(int, verdict, REAL(unlinkat)(folder, path, flags));
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode) {
  Verdict verdict = judge(MKDIR, path, "");
  FINISH(int, verdict, REAL(mkdirat)(folder, path, mode));
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

// The rest.

int posix_spawn(
    pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
  // This one returns its error.
  if (judge(SPAWN, path, "") == REFUSED) return errno;
  return REAL(posix_spawn)(child, path, actions, attributes, arguments, environment);
}

/// Calls that bypass the library's own names.
long syscall(long number, ...) {
  long a[6];
  va_list rest;
  va_start(rest, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);
  va_end(rest);
  switch (number) {
    case SYS_renameat2:
      return renameat2((int)a[0], (const char *)a[1], (int)a[2], (const char *)a[3], (unsigned)a[4]);
    case SYS_linkat:
      return linkat((int)a[0], (const char *)a[1], (int)a[2], (const char *)a[3], (int)a[4]);
    case SYS_openat:
      return opening((int)a[0], (const char *)a[1], (int)a[2], (mode_t)a[3]);
    case SYS_copy_file_range:
      return copy_file_range((int)a[0], (off_t *)a[1], (int)a[2], (off_t *)a[3], (size_t)a[4],
                             (unsigned)a[5]);
  }
  return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
