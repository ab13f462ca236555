#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/xattr.h>
#define MODIFIED st_mtim
#define ACCESSED st_atim
#else
#define MODIFIED st_mtimespec
#define ACCESSED st_atimespec
#endif

/// What the process may not give away, or the file system does not keep, stays as it is.
static void copy_owner_and_mode(const struct stat *status, int to) {
  // A group of its own may be given to a file by anyone, an owner only by root.
  int ignored = fchown(to, status->st_uid, status->st_gid);
  if (ignored != 0) ignored = fchown(to, (uid_t)-1, status->st_gid);
  ignored = fchmod(to, status->st_mode & 07777);
  (void)ignored;
}

static void copy_extended_attributes(int from, int to) {
#ifdef __linux__
  ssize_t size = flistxattr(from, NULL, 0);
  if (size <= 0) return;
  char *names = malloc((size_t)size);
  if (names == NULL) return;
  size = flistxattr(from, names, (size_t)size);
  for (ssize_t at = 0; at < size;) {
    const char *name = names + at;
    while (at < size && names[at] != 0) at++;
    at++;
    ssize_t length = fgetxattr(from, name, NULL, 0);
    if (length < 0) continue;
    void *value = malloc((size_t)length + 1);
    if (value == NULL) break;
    length = fgetxattr(from, name, value, (size_t)length);
    if (length >= 0) fsetxattr(to, name, value, (size_t)length, 0);
    free(value);
  }
  free(names);
#else
  (void)from;
  (void)to;
#endif
}

static void copy_attributes(const struct stat *status, int from, int to) {
  copy_extended_attributes(from, to);
  copy_owner_and_mode(status, to);
}

static void copy_times(const struct stat *status, int to) {
  struct timespec times[2] = {status->ACCESSED, status->MODIFIED};
  futimens(to, times);
}

bool albertkit_copy_owner_and_mode(const char *from, int to) {
  struct stat status;
  if (lstat(from, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  copy_owner_and_mode(&status, to);
  return true;
}

int albertkit_copy_folder_attributes(const char *from, const char *to, bool times) {
  int source = open(from, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (source < 0) return -1;
  int target = open(to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat status;
  int result = target < 0 ? -1 : fstat(source, &status);
  if (result == 0) copy_attributes(&status, source, target);
  if (result == 0 && times) copy_times(&status, target);
  int code = errno;
  close(source);
  if (target >= 0) close(target);
  errno = code;
  return result;
}

static int copy_bytes(int from, int to) {
  enum { size = 1 << 18 };
  char *buffer = malloc(size);
  if (buffer == NULL) return -1;
  int result = 0;
  while (result == 0) {
    ssize_t count = read(from, buffer, size);
    if (count == 0) break;
    if (count < 0 && errno != EINTR) result = -1;
    for (ssize_t done = 0; result == 0 && done < count;) {
      ssize_t written = write(to, buffer + done, (size_t)(count - done));
      if (written >= 0) done += written;
      else if (errno != EINTR) result = -1;
    }
  }
  int code = errno;
  free(buffer);
  errno = code;
  return result;
}

static int copy_file(const char *from, const char *to) {
  int source = open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (source < 0) return -1;
  struct stat status;
  // Taken first: where somebody writes meanwhile, the copy's times then say that it is older.
  int result = fstat(source, &status);
  int target = -1;
  if (result == 0) {
    target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (target < 0) result = -1;
  }
  if (result == 0) result = copy_bytes(source, target);
  if (result == 0) {
    copy_attributes(&status, source, target);
    copy_times(&status, target);
    result = fsync(target);
  }
  int code = errno;
  close(source);
  if (target >= 0 && close(target) != 0 && result == 0) {
    code = errno;
    result = -1;
  }
  errno = code;
  return result;
}

static int copy_link(const char *from, const char *to, const struct stat *status) {
  char text[PATH_MAX + 1];
  ssize_t length = readlink(from, text, sizeof text - 1);
  if (length < 0) return -1;
  text[length] = 0;
  if (symlink(text, to) != 0) return -1;
  int ignored = lchown(to, status->st_uid, status->st_gid);
  (void)ignored;
  return 0;
}

int albertkit_copy(const char *from, const char *to) {
  struct stat status;
  if (lstat(from, &status) != 0) return -1;
  if (S_ISREG(status.st_mode)) return copy_file(from, to);
  int result = S_ISLNK(status.st_mode) ? copy_link(from, to, &status)
      : S_ISFIFO(status.st_mode)       ? mkfifo(to, status.st_mode & 07777)
                                       : mknod(to, status.st_mode, status.st_rdev);
  if (result != 0) return -1;
  struct timespec times[2] = {status.ACCESSED, status.MODIFIED};
  utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW);
  return 0;
}
