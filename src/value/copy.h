/*
 * Copy: what is set in a root becomes the root's own, deeply, without recursion.
 *
 * Shared constants of the root's own schema are not copied but shared again. What comes from
 * another schema (before a reload, say) is translated: fields are matched by name, each value by
 * the rules of convert.h; fields that the new type does not have are left out.
 */
#ifndef VALUE_COPY_H
#define VALUE_COPY_H

#include "value/layout.h"
#include "value/root.h"

/* What empty strings point at. */
extern const uint8_t bytes_shared_empty[1];

/* A NUL-terminated copy in the root; NULL data stays NULL. false: no memory. */
static inline bool copy_bytes(struct thrift_root *root, thrift_bytes *bytes)
{
    uint8_t *copy;

    if (bytes->size == 0) {
        bytes->data = bytes->data != NULL ? bytes_shared_empty : NULL;
        return true;
    }
    copy = arena_alloc_aligned(&root->arena, bytes->size + 1, 1);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, bytes->data, bytes->size);
    copy[bytes->size] = '\0';
    bytes->data = copy;
    return true;
}

/* Replaces the borrowed record, list or map by one of the root's; failures are noted there. The
 * type is that of the place, which slot_take() has accepted. */
thrift_status copy_object(struct thrift_root *root, const thrift_type *type, void **object);

/* Contents of a whole record into an empty one of the same layout. */
thrift_status copy_record(struct thrift_root *root, const thrift_record *from, thrift_record *to);

/* Replaces a shared constant by a copy that may be written; what it points at may stay shared. */
thrift_status copy_shared(struct thrift_root *root, const thrift_type *type, void **object);

#endif
