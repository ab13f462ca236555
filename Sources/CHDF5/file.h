#ifndef ALBERTKIT_HDF5_FILE_H
#define ALBERTKIT_HDF5_FILE_H

#include "CHDF5.h"

// Versions 1.13 and later declare what drivers need in a header of its own.
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

// What every driver of this module keeps of a file.
typedef struct {
  // First, as the library casts between the two.
  H5FD_t common;
  // The end of what the library has taken of it.
  haddr_t end;
} DriverFile;

static inline haddr_t get_end(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const DriverFile *)file)->end;
}

static inline herr_t set_end(H5FD_t *file, H5FD_mem_t type, haddr_t address) {
  (void)type;
  ((DriverFile *)file)->end = address;
  return 0;
}

#endif
