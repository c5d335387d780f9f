/*
 * Open: an object in a slot, ready to be written.
 */
#ifndef VALUE_OPEN_H
#define VALUE_OPEN_H

#include "value/layout.h"
#include "value/root.h"

/* A new empty record, list, set or map. NULL: noted. */
void *object_make(struct thrift_root *root, const thrift_type *type);

/* The object in the slot; made where there is none, copied where it is shared. NULL: noted. */
void *slot_open(struct thrift_root *root, const thrift_type *type, void *slot);

#endif
