/*
 * Translate: copies of what belongs to another schema, matched by the names of fields.
 */
#ifndef VALUE_TRANSLATE_H
#define VALUE_TRANSLATE_H

#include "value/layout.h"
#include "value/root.h"

/* As copy_object(), for any schema's object. Fields that the new type does not have are left out;
 * a value that does not fit is noted with the field's path. */
thrift_status translate_object(struct thrift_root *root, const thrift_type *type, void **object);

#endif
