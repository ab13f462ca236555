#include "CHDF5.h"

#if H5_VERSION_GE(1, 12, 0)
typedef H5O_info1_t ObjectInfo;
typedef H5L_info1_t LinkInfo;
#define ITERATE H5Literate1
#else
typedef H5O_info_t ObjectInfo;
typedef H5L_info_t LinkInfo;
#define ITERATE H5Literate
#endif

int albertkit_hdf5_object(hid_t location, const char *name, albertkit_hdf5_object_info *result) {
  ObjectInfo info;
  if (H5Oget_info_by_name2(location, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) return -1;
  result->address = info.addr;
  result->is_group = info.type == H5O_TYPE_GROUP;
  result->is_dataset = info.type == H5O_TYPE_DATASET;
  return 0;
}

typedef struct {
  albertkit_hdf5_each_link each;
  void *context;
} Visit;

static herr_t visit_link(hid_t group, const char *name, const LinkInfo *info, void *context) {
  (void)group;
  const Visit *visit = context;
  return visit->each(name, info->type == H5L_TYPE_HARD, visit->context);
}

int albertkit_hdf5_links(hid_t group, albertkit_hdf5_each_link each, void *context) {
  Visit visit = {each, context};
  return ITERATE(group, H5_INDEX_NAME, H5_ITER_INC, NULL, visit_link, &visit);
}
