/*
 * The refusal of what has no form in a protocol.
 */
#include "codec/expressible.h"

#include <stdio.h>

#include "base/error.h"

#define PATH_SIZE 96
#define STEPS_MOST 4

/* "limits.ratio": from the type to the float, as far as there is room. */
static void write_path(const thrift_struct *type, char path[PATH_SIZE])
{
    size_t size = 0;

    for (size_t steps = 0; type != NULL && type->float_field != NULL && steps < STEPS_MOST;
         steps++) {
        const thrift_type *inner = type->float_field->type;
        int added = snprintf(path + size, PATH_SIZE - size, "%s%s", steps > 0 ? "." : "",
                             type->float_field->node.name);

        size += added > 0 ? (size_t)added : 0;
        if (size >= PATH_SIZE || inner->is_float) {
            return;
        }
        while (inner->element != NULL) {
            const thrift_struct *key = inner->key != NULL ? inner->key->record : NULL;

            inner = key != NULL && key->float_field != NULL ? inner->key : inner->element;
        }
        type = inner->record;
    }
}

static const char *protocol_name(thrift_protocol protocol)
{
    return protocol == THRIFT_BINARY    ? "the binary protocol"
           : protocol == THRIFT_COMPACT ? "the compact protocol"
                                        : "Apache's JSON protocol";
}

thrift_status refuse_float(const thrift_struct *type, thrift_protocol protocol, thrift_error *err)
{
    const thrift_field *field = type->float_field;
    char path[PATH_SIZE] = "";

    write_path(type, path);
    FAIL(err, THRIFT_E_TYPE,
         "%s cannot be used in %s: field '%s' is a float, which has no form there; use double",
         type->full_name, protocol_name(protocol), path);
    error_set_place(err, field->node.file->path, field->node.line, field->node.column);
    return THRIFT_E_TYPE;
}
