// What Swift cannot import from the C library, each with the reason.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// `O_TMPFILE`: a macro built from casts and octal alternatives, which Swift does not import.
extern const int albertkit_o_tmpfile;

/// Gives a file its size, and blocks of the disk for all of it where the file system can: -1 with `errno`
/// ENOSPC where it has too few. (`fallocate` is declared for GNU sources only.)
int albertkit_reserve(int descriptor, long long size);

/// `sync_file_range` with `SYNC_FILE_RANGE_WRITE`, declared for GNU sources only: asks the kernel to
/// begin writing a range to the disk. A hint; it does nothing where there is no such call.
void albertkit_begin_writeback(int descriptor, long long offset, long long length);

/// Makes a pipe whose ends no child process inherits; 0, or -1 with errno (`pipe2`, which is
/// declared only under `_GNU_SOURCE`, and which other systems lack).
int albertkit_pipe(int ends[2]);

/// Closes `first` and every descriptor above it (`close_range`, likewise).
void albertkit_close_from(int first);

/// Confines the process for good, and returns whether all of it could be had.
///
/// Limits come first: memory in bytes (of address space a constant more), processor time in seconds, and nothing of further
/// descriptors than the standard ones, growth of files, core dumps, processes. Then Landlock shuts
/// the process off from all files and ports, and seccomp from every system call but those that
/// computing on open descriptors needs. This takes Linux' headers and macros, of which some do not
/// import, and calls that the C library does not offer.
bool albertkit_confine_process(uint64_t memory, uint64_t seconds);

/// Gives `from` the name `to` where nothing has it (`renameat2` with `RENAME_NOREPLACE`, declared
/// only under `_GNU_SOURCE`, which other systems call otherwise); 0, or -1 with errno.
int albertkit_rename_new(const char *from, const char *to);

/// Swaps what two names stand for, in one step (`RENAME_EXCHANGE`, likewise); 0, or -1 with errno.
int albertkit_rename_swap(const char *one, const char *other);

/// Copies a file, a link as such, a pipe or a device to a new name, with its times, mode, owner and
/// extended attributes as far as the process may and the file system can; what is on the disk then is
/// whole. 0, or -1 with errno. (The calls for attributes differ between systems.)
int albertkit_copy(const char *from, const char *to);

/// The same for what a folder itself bears, its times only if asked for; 0, or -1 with errno where one
/// of the two cannot be opened.
int albertkit_copy_folder_attributes(const char *from, const char *to, bool times);

/// Gives an open file the owner and mode of the regular file at a path, as far as the process may; false
/// where there is none. (It need not be readable.)
bool albertkit_copy_owner_and_mode(const char *from, int to);

/// Answers SIGINT, SIGTERM and SIGHUP by calling `answer` with the signal's number on a thread of its
/// own, and again after the milliseconds that it returns, or with the next signal; a third signal ends
/// the process at once with 128 and its number. SIGXFSZ is ignored from then on. (In a handler itself
/// next to nothing is allowed, and no Swift.)
void albertkit_answer_signals(int (*answer)(int signal));

/// The most mapped files that are watched at a time.
#define ALBERTKIT_MAX_MAPPINGS 4096

/// Watches a file that is mapped whole, and returns a number for it; -1 where too many are watched already.
/// The descriptor stays open until the watch ends.
///
/// A signal handler may take no lock, which Swift cannot promise; hence this table in C.
int albertkit_mapping_watch(const void *start, size_t length, int descriptor);

/// Ends the watch, before the mapping itself ends.
void albertkit_mapping_forget(int slot);

/// Whether a watched file was found to have lost bytes.
bool albertkit_mapping_is_cut(int slot);

/// Takes the whole pages of these bytes, where they are a watched file's, out of the process's memory; they
/// come back from the file when they are read. Bytes of any other memory stay.
void albertkit_mapping_release(const void *bytes, size_t length);

/// Reads these bytes, where they are a watched file's, from the file to another place, so that no page of
/// theirs need be mapped; false where they are not, or where the file does not give them all.
bool albertkit_mapping_read(void *target, const void *bytes, size_t length);

/// Handles SIGBUS from now on: an access behind the end of a watched file, which somebody else made
/// shorter, reads zeros and is remembered; any other goes to the handler that was there before.
bool albertkit_mapping_guard(void);

/// How many of `wanted` further threads the process can have at once.
int albertkit_threads_available(int wanted);

/// Starts a thread that nobody waits for, and to which no signal from outside goes; false where the
/// process can have none.
bool albertkit_thread_start(void *(*body)(void *context), void *context);

/// Calls `body` for the parts 0..<count, in no particular order, on the calling thread and on up to
/// `others` more, which stay for later work; returns when all have ended. Parts may share work
/// themselves. Where the process can have no further threads, the caller does it all. (libdispatch
/// reads files of `/proc` to watch its threads, and ends the process where it has no descriptor left
/// for them.)
void albertkit_share_work(
    long count, int others, void (*body)(void *context, long part), void *context);

/// Work that was begun.
typedef struct albertkit_job albertkit_job;

/// Offers the parts 0..<count, in order, to one of the threads that stay, and returns at once; null where
/// there is nothing to do or no memory. `albertkit_end_work` must follow.
albertkit_job *albertkit_begin_work(
    long count, void (*body)(void *context, long part), void *context);

/// Returns when all parts of begun work have ended, and does those that nobody has taken.
void albertkit_end_work(albertkit_job *job);

/// Calls `body`, on a stack of its own where the system gives this thread a very small one (`ulimit -s`):
/// Swift's runtime alone takes more than 64 KB to tell one generic type from another. Once in a process,
/// and on its first thread, so that what confines that thread confines all.
void albertkit_with_enough_stack(void (*body)(void));

/// Asks for large pages under memory that is about to be filled: a page fault for each 4 KB of a large tensor
/// takes longer than copying it. Nothing happens where the system has none.
void albertkit_memory_prefer_large_pages(void *memory, size_t size);

/// Whether the process's address space or data are limited.
bool albertkit_memory_is_limited(void);

/// Lets all threads allocate from one place from now on: glibc reserves 128 MB of address space for each
/// that comes to a place of its own.
void albertkit_memory_share(void);

/// Keeps freed blocks for the next ones: glibc gives large ones back, and the kernel clears and maps each
/// page of the next one anew.
void albertkit_memory_keep(void);

/// Whether the process may take `size` more bytes.
bool albertkit_memory_is_available(size_t size);

/// The number of arguments that the process was started with, its own name included; 0 where the C
/// library does not tell. Swift's runtime reads them from /proc, which need not be there.
int albertkit_argument_count(void);

/// One of them, as it was given.
const char *albertkit_argument(int index);

/// The path by which the kernel found the process's executable; null where it does not tell.
const char *albertkit_executable_name(void);

/// A variable of the environment as NAME=VALUE, the first being 0; null behind the last. (Swift takes the
/// list of them for a variable that threads might change.)
const char *albertkit_environment(int index);
