/**
 * Definitions as text: canonical IDL from a schema, and tidy text from text.
 */
#ifndef RETHRIFT_PRINT_H
#define RETHRIFT_PRINT_H

#include <rethrift/buffer.h>
#include <rethrift/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Appends one file of a schema as canonical IDL: namespaces, includes, then the definitions in
 * source order with their comments and annotations; constants as their values. Loaded again, it
 * gives the same fingerprint.
 *
 * @param file  Number of the file, 0 for the root, < thrift_schema_file_count().
 * @param out   Caller-owned; on failure as before. Not NUL-terminated.
 * @return      THRIFT_OK, E_ARGUMENT (no such file), E_LIMIT (a constant that is enormous when
 *              written out), E_NOMEM.
 *
 * Threads: any.
 */
THRIFT_API thrift_status thrift_schema_print(const thrift_schema *schema, size_t file,
                                             thrift_buffer *out, thrift_error *err);

/**
 * Appends one top-level definition in the same form. A field, enum value or method: E_ARGUMENT.
 *
 * Threads: any.
 */
THRIFT_API thrift_status thrift_node_print(const thrift_node *node, thrift_buffer *out,
                                           thrift_error *err);

/**
 * Appends `text`, laid out in the style that docs/reference/format.md describes. Tokens, comments
 * and their order stay, so the meaning does; laid out a second time, nothing changes.
 *
 * @param name     What positions in findings say; NULL for "text".
 * @param options  on_finding, data, limits, allocator count; nothing is included. NULL for
 * defaults.
 * @param out      Caller-owned; on failure as before. Not NUL-terminated.
 * @return         THRIFT_OK, E_SYNTAX (err has the first finding), E_LIMIT, E_NOMEM, E_ARGUMENT.
 *
 * Threads: any.
 */
THRIFT_API thrift_status thrift_format_text(const char *name, const char *text,
                                            const thrift_load_options *options, thrift_buffer *out,
                                            thrift_error *err);

#ifdef __cplusplus
}
#endif
#endif
