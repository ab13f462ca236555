#include "file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

hid_t albertkit_hdf5_file_access(void) { return H5P_FILE_ACCESS; }

hid_t albertkit_hdf5_dataset_access(void) { return H5P_DATASET_ACCESS; }

uint64_t albertkit_hdf5_no_address(void) { return HADDR_UNDEF; }

typedef struct {
  int descriptor;
  uint64_t base;
  uint64_t length;
} Window;

typedef struct {
  DriverFile file;
  Window window;
} WindowFile;

static H5FD_t *open_window(const char *name, unsigned flags, hid_t list, haddr_t most) {
  static bool opened = false;
  (void)name;
  (void)most;
  const Window *window = H5Pget_driver_info(list);
  if (opened || window == NULL || (flags & ~(unsigned)H5F_ACC_SWMR_READ) != H5F_ACC_RDONLY)
    return NULL;
  WindowFile *file = calloc(1, sizeof *file);
  if (file == NULL) return NULL;
  file->window = *window;
  opened = true;
  return &file->file.common;
}

static herr_t close_window(H5FD_t *file) {
  free(file);
  return 0;
}

static herr_t query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  // Metadata comes in small pieces; this lets the library read them together.
  *flags = H5FD_FEAT_ACCUMULATE_METADATA;
  return 0;
}

static haddr_t get_end_of_file(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const WindowFile *)file)->window.length;
}

static herr_t read_window(
    H5FD_t *file, H5FD_mem_t type, hid_t list, haddr_t address, size_t size, void *buffer) {
  (void)type;
  (void)list;
  const Window *window = &((WindowFile *)file)->window;
  if (address > window->length || size > window->length - address) return -1;
  unsigned char *target = buffer;
  while (size > 0) {
    ssize_t count = pread(window->descriptor, target, size, (off_t)(window->base + address));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return -1;
    target += count;
    address += (haddr_t)count;
    size -= (size_t)count;
  }
  return 0;
}

static herr_t refuse_write(
    H5FD_t *file, H5FD_mem_t type, hid_t list, haddr_t address, size_t size, const void *buffer) {
  (void)file;
  (void)type;
  (void)list;
  (void)address;
  (void)size;
  (void)buffer;
  return -1;
}

int albertkit_hdf5_set_window(hid_t list, int descriptor, uint64_t base, uint64_t length) {
  static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 13, 0)
      .version = H5FD_CLASS_VERSION,
      .value = (H5FD_class_value_t)511,
#endif
      .name = "albertkit-window",
      .maxaddr = INT64_MAX,
      .fc_degree = H5F_CLOSE_STRONG,
      .fapl_size = sizeof(Window),
      .open = open_window,
      .close = close_window,
      .query = query,
      .get_eoa = get_end,
      .set_eoa = set_end,
      .get_eof = get_end_of_file,
      .read = read_window,
      .write = refuse_write,
      .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  hid_t identifier = H5FDregister(&driver);
  if (identifier < 0) return -1;
  Window window = {descriptor, base, length};
  return H5Pset_driver(list, identifier, &window) < 0 ? -1 : 0;
}
