#include "file.h"

#include <stdlib.h>

typedef struct {
  DriverFile file;
  albertkit_hdf5_storage storage;
} StoredFile;

static H5FD_t *open_stored(const char *name, unsigned flags, hid_t list, haddr_t most) {
  (void)name;
  (void)most;
  const albertkit_hdf5_storage *storage = H5Pget_driver_info(list);
  if (storage == NULL || (flags & H5F_ACC_CREAT) == 0) return NULL;
  StoredFile *file = calloc(1, sizeof *file);
  if (file == NULL) return NULL;
  file->storage = *storage;
  return &file->file.common;
}

static herr_t close_stored(H5FD_t *file) {
  const StoredFile *stored = (const StoredFile *)file;
  stored->storage.close(stored->storage.context, stored->file.end);
  free(file);
  return 0;
}

static herr_t query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  // Each piece gets the room it needs, where the library would ask for blocks and leave a part.
  *flags = 0;
  return 0;
}

static herr_t read_stored(
    H5FD_t *file, H5FD_mem_t type, hid_t list, haddr_t address, size_t size, void *buffer) {
  (void)type;
  (void)list;
  const albertkit_hdf5_storage *storage = &((const StoredFile *)file)->storage;
  storage->read(storage->context, address, size, buffer);
  return 0;
}

static herr_t write_stored(
    H5FD_t *file, H5FD_mem_t type, hid_t list, haddr_t address, size_t size, const void *buffer) {
  (void)type;
  (void)list;
  const albertkit_hdf5_storage *storage = &((const StoredFile *)file)->storage;
  storage->write(storage->context, address, size, buffer);
  return 0;
}

int albertkit_hdf5_set_storage(hid_t list, albertkit_hdf5_storage storage) {
  static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 13, 0)
      .version = H5FD_CLASS_VERSION,
      .value = (H5FD_class_value_t)510,
#endif
      .name = "albertkit-storage",
      .maxaddr = INT64_MAX,
      .fc_degree = H5F_CLOSE_STRONG,
      .fapl_size = sizeof(albertkit_hdf5_storage),
      .open = open_stored,
      .close = close_stored,
      .query = query,
      .get_eoa = get_end,
      .set_eoa = set_end,
      .get_eof = get_end,
      .read = read_stored,
      .write = write_stored,
      .fl_map = H5FD_FLMAP_SINGLE,
  };
  // For good: version 1.10 calls a driver once more after it has given up the file's hold on it.
  static hid_t identifier = H5I_INVALID_HID;
  if (H5Iget_type(identifier) != H5I_VFL) identifier = H5FDregister(&driver);
  if (identifier < 0) return -1;
  return H5Pset_driver(list, identifier, &storage) < 0 ? -1 : 0;
}

hid_t albertkit_hdf5_link_creation(void) { return H5P_LINK_CREATE; }

hid_t albertkit_hdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }

unsigned albertkit_hdf5_truncate(void) { return H5F_ACC_TRUNC; }

size_t albertkit_hdf5_variable_size(void) { return H5T_VARIABLE; }

hid_t albertkit_hdf5_text(void) { return H5T_C_S1; }

hid_t albertkit_hdf5_integer(size_t size, bool is_signed) {
  switch (size) {
    case 1: return is_signed ? H5T_STD_I8LE : H5T_STD_U8LE;
    case 2: return is_signed ? H5T_STD_I16LE : H5T_STD_U16LE;
    case 4: return is_signed ? H5T_STD_I32LE : H5T_STD_U32LE;
    case 8: return is_signed ? H5T_STD_I64LE : H5T_STD_U64LE;
    default: return -1;
  }
}

hid_t albertkit_hdf5_float(size_t size) {
  switch (size) {
    case 4: return H5T_IEEE_F32LE;
    case 8: return H5T_IEEE_F64LE;
    default: return -1;
  }
}
