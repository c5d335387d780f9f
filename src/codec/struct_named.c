/*
 * Struct by name, with the error for who misspelled it.
 */
#include "codec/struct_named.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

const thrift_struct *struct_named(const thrift_schema *schema, const char *type, thrift_error *err)
{
    const char *name = type != NULL ? type : "";
    const thrift_struct *found = thrift_schema_struct(schema, name);
    char quoted[TEXT_QUOTED_SIZE];

    if (found == NULL) {
        FAIL(err, THRIFT_E_NAME, "no struct %s", text_quote(name, strlen(name), quoted));
    }
    return found;
}
