/*
 * Making objects, and copying shared ones before the first write.
 */
#include "value/open.h"

#include "value/copy.h"
#include "value/object.h"

void *object_make(struct thrift_root *root, const thrift_type *type)
{
    void *object;

    if (type->kind == THRIFT_KIND_RECORD) {
        object = record_make(root, layout_made(type->record));
    } else if (type->kind == THRIFT_KIND_MAP) {
        object = mapping_make(root, type, 0);
    } else {
        object = list_make(root, type, 0);
    }
    if (object == NULL) {
        root_no_memory(root);
    }
    return object;
}

static const struct thrift_root *root_of(const thrift_type *type, const void *object)
{
    if (type->kind == THRIFT_KIND_RECORD) {
        return ((const thrift_record *)object)->root;
    }
    return type->kind == THRIFT_KIND_MAP ? ((const thrift_map *)object)->root
                                         : ((const thrift_list *)object)->root;
}

void *slot_open(struct thrift_root *root, const thrift_type *type, void *slot)
{
    void *object;

    memcpy(&object, slot, sizeof object);
    if (object == NULL) {
        object = object_make(root, type);
    } else if (root_of(type, object) != NULL) {
        return object;
    } else if (copy_shared(root, type, &object) != THRIFT_OK) {
        return NULL;
    }
    if (object != NULL) {
        memcpy(slot, &object, sizeof object);
    }
    return object;
}
