// What Swift cannot import from the C library, each with the reason.
#pragma once

#include <stdint.h>

/// `O_TMPFILE`: a macro built from casts and octal alternatives, which Swift does not import.
extern const int albertkit_o_tmpfile;

/// `sync_file_range` with `SYNC_FILE_RANGE_WRITE`, declared for GNU sources only: asks the kernel to
/// begin writing a range to the disk. A hint; it does nothing where there is no such call.
void albertkit_begin_writeback(int descriptor, long long offset, long long length);

/// Makes a pipe whose ends no child process inherits; 0, or -1 with errno (`pipe2`, which is
/// declared only under `_GNU_SOURCE`, and which other systems lack).
int albertkit_pipe(int ends[2]);

/// Closes `first` and every descriptor above it (`close_range`, likewise).
void albertkit_close_from(int first);

/// Lowers what the process may use for good: address space in bytes, processor time in seconds, and
/// to nothing: further descriptors than the standard ones, growth of files, core dumps, processes.
///
/// The names of the limits are enumerators on Linux and macros elsewhere, and some do not import.
void albertkit_limit_process(uint64_t memory, uint64_t seconds);
