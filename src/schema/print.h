/*
 * Definitions as text, from the inside: the pieces that printing, comparing and describing share.
 *
 * Every function appends to a buffer; bool functions return false when there is no memory. Nothing
 * here recurses on a type or value.
 */
#ifndef SCHEMA_PRINT_H
#define SCHEMA_PRINT_H

#include "schema/descriptor.h"

struct print_type_style {
    bool resolved;    /* typedefs resolved, names with the prefix of their file */
    bool annotations; /* `list<i32> (cpp.type = "x")` */
    size_t max_size;  /* ends with "…" soon after so many bytes; 0: no bound */
};

/* "void" for NULL. */
bool print_type(thrift_buffer *out, const thrift_type *type, const struct print_type_style *style);

/* A literal in double quotes; escapes are those that Apache's lexer knows. */
bool print_string(thrift_buffer *out, const void *bytes, size_t size);

/* ` (key = "value", …)`; nothing when there are none. */
bool print_annotations(thrift_buffer *out, const struct annotation *annotations, size_t count);

/* `@Name{…}`, a line each; nothing when there are none. */
bool print_structured(thrift_buffer *out, const struct annotation *annotations, size_t count,
                      size_t indent);

/* A comment, each line indented by `indent` spaces; nothing when NULL. */
bool print_doc(thrift_buffer *out, const char *doc, size_t indent);

/* Spaces. */
bool print_indent(thrift_buffer *out, size_t indent);

/* What `file` calls an included one: the alias that it gave, else the file's own prefix. */
const char *print_prefix(const struct schema_file *file, const struct schema_file *other);

/*
 * A constant or default as IDL for `file`. What is too long for one line stands on several, the
 * elements of the outermost container indented by `indent` + 2. E_NOMEM; E_LIMIT when it grows
 * beyond a bound far above what people write: constants made of constants can.
 */
thrift_status print_value(thrift_buffer *out, const struct const_value *value,
                          const thrift_type *type, const struct schema_file *file, size_t indent,
                          thrift_error *err);

/* A whole definition, with its comment, ending in a newline. */
thrift_status print_definition(thrift_buffer *out, const thrift_node *node, thrift_error *err);

#endif
