// libhdf5, and what Swift cannot import from it, each with the reason.
#pragma once

// Debian and Ubuntu keep several builds side by side; this is the serial one's place.
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif

#include <stdbool.h>
#include <stdint.h>

/// A class of property lists for opening files (`H5P_FILE_ACCESS`, a macro that calls a function).
hid_t albertkit_hdf5_file_access(void);

/// A class of property lists for opening datasets (`H5P_DATASET_ACCESS`, likewise).
hid_t albertkit_hdf5_dataset_access(void);

/// The address that stands for none (`HADDR_UNDEF`, a macro built from a cast).
uint64_t albertkit_hdf5_no_address(void);

/// Makes a list for opening files open the bytes [base, base + length) of a descriptor, read-only.
///
/// A virtual file driver, which is a table of C functions whose layout differs between versions of
/// the library. It opens one file in the life of the process, whatever name it is asked for, so
/// that nothing in a file can make the library open another. Negative on failure.
int albertkit_hdf5_set_window(hid_t list, int descriptor, uint64_t base, uint64_t length);

/// What an object is, and where, whichever version of the structure the library has.
typedef struct {
  uint64_t address;
  bool is_group;
  bool is_dataset;
} albertkit_hdf5_object_info;

/// Describes the object that the hard link `name` in a group leads to; negative on failure.
int albertkit_hdf5_object(hid_t location, const char *name, albertkit_hdf5_object_info *result);

/// Is told of one link; a number other than 0 ends the walk.
typedef int (*albertkit_hdf5_each_link)(const char *name, bool is_hard, void *context);

/// Walks over a group's links by name (`H5Literate`, a macro in later versions).
///
/// Negative on failure, else what ended the walk, or 0.
int albertkit_hdf5_links(hid_t group, albertkit_hdf5_each_link each, void *context);

/// Where the bytes of a file that is being written are kept; none of the calls can fail.
typedef struct {
  void *context;
  void (*read)(void *context, uint64_t address, size_t size, void *target);
  void (*write)(void *context, uint64_t address, size_t size, const void *source);
  /// Is told, last of all, where the file ends.
  void (*close)(void *context, uint64_t end);
} albertkit_hdf5_storage;

/// Makes a list for opening files make one whose bytes go to `storage`, whatever its name.
///
/// A virtual file driver, as above, for one thread at a time. Negative on failure.
int albertkit_hdf5_set_storage(hid_t list, albertkit_hdf5_storage storage);

/// A class of property lists for making links (`H5P_LINK_CREATE`, a macro that calls a function).
hid_t albertkit_hdf5_link_creation(void);

/// A class of property lists for making datasets (`H5P_DATASET_CREATE`, likewise).
hid_t albertkit_hdf5_dataset_creation(void);

/// The flag to make a file new (`H5F_ACC_TRUNC`, a macro that calls a function).
unsigned albertkit_hdf5_truncate(void);

/// The size that stands for texts of any length (`H5T_VARIABLE`, a macro built from a cast).
size_t albertkit_hdf5_variable_size(void);

/// The type of texts of one byte (`H5T_C_S1`, a macro that calls a function).
hid_t albertkit_hdf5_text(void);

/// The type of little-endian integers of `size` bytes (`H5T_STD_I32LE` and others, likewise).
hid_t albertkit_hdf5_integer(size_t size, bool is_signed);

/// The type of little-endian IEEE numbers of 4 or 8 bytes (`H5T_IEEE_F32LE` and another, likewise).
hid_t albertkit_hdf5_float(size_t size);
