#include "CPlatform.h"

#include <stddef.h>

#ifdef __linux__
#include <sys/auxv.h>
#endif

extern char **environ;

static int count = 0;
static char **arguments = NULL;

#if defined(__GLIBC__) || defined(__APPLE__)
// These pass a constructor what they pass `main`.
__attribute__((constructor)) static void remember(int argc, char **argv) {
  count = argc;
  arguments = argv;
}
#endif

int albertkit_argument_count(void) { return count; }

const char *albertkit_argument(int index) { return arguments[index]; }

const char *albertkit_executable_name(void) {
#ifdef __linux__
  return (const char *)getauxval(AT_EXECFN);
#else
  return NULL;
#endif
}

const char *albertkit_environment(int index) { return environ == NULL ? NULL : environ[index]; }
