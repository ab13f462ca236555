#define _GNU_SOURCE
#include "CSupport.h"

#include <fcntl.h>

#ifdef O_TMPFILE
const int albertkit_o_tmpfile = O_TMPFILE;
#else
const int albertkit_o_tmpfile = 0;
#endif
