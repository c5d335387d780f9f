/**
 * Jansson's trees beside records. Needs <jansson.h> only where its functions are called. There when
 * the library was built with Jansson. JSON as text is a protocol like any other: THRIFT_PLAIN_JSON
 * in codec.h, and the mapping is the same.
 */
#ifndef RETHRIFT_RECORD_JSON_H
#define RETHRIFT_RECORD_JSON_H

#include <rethrift/codec.h>

struct json_t;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A record as a tree: field names, symbols' names, base64 for binary, text for uuids. A map whose
 * key is a string, number, bool, enum or uuid is an object, any other a list of
 * {"key": …, "value": …}.
 *
 * @param record   NULL fails and leaves `err` as it is.
 * @param options  Of these count i64_as_string, enums_as_numbers, binary_as_text, i8_unsigned,
 * no_defaults and the limits of depth; NULL: none.
 * @param err      The root's first mistake; E_REQUIRED, E_CORRUPT, E_LIMIT, E_NOMEM with the path.
 * @return         A new reference, the caller's to json_decref(); NULL on failure.
 * Threads: any; the record must not change meanwhile.
 */
THRIFT_API THRIFT_NODISCARD struct json_t *
thrift_record_to_json(const thrift_record *record, const thrift_codec_options *options,
                      thrift_error *err);

/**
 * The other way. null is absence; 64-bit integers may be text.
 *
 * @param schema   The definition; the result keeps a reference. NULL fails, `err` is left as is.
 * @param type     Name of a struct, union or exception.
 * @param json     Borrowed; an object.
 * @param options  What is accepted and refused, limits; NULL for defaults.
 * @param err      E_NAME, E_TYPE, E_RANGE, E_REQUIRED, E_CORRUPT, E_LIMIT, E_NOMEM with the path.
 * @return         A new root, the caller's to thrift_record_free(); NULL on failure.
 * Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_record *
thrift_record_from_json(const thrift_schema *schema, const char *type, struct json_t *json,
                        const thrift_codec_options *options, thrift_error *err);

#ifdef __cplusplus
}
#endif
#endif
