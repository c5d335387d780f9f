/*
 * JSON trees of Jansson beside values, in the mapping of plain JSON: field names, symbols' names,
 * base64 for binary, text for uuids, numbers for integers (as text on request: 64-bit ones, or
 * those of a field), "NaN"
 * and "Infinity" for doubles that JSON has no number for. A map whose key has no parts is an
 * object, any other a list of {"key": …, "value": …}. A union is an object with its one member.
 */
#ifndef VALUE_JSON_H
#define VALUE_JSON_H

#include "value/record.h"

struct json_t;

struct json_rules {
    bool i64_as_string, enums_as_numbers, binary_as_text, i8_unsigned;
    bool no_defaults;    /* writing: unset fields are left out unless they are required */
    bool accept_missing; /* reading: required fields may be absent */
    bool accept_union;   /* reading: no member or several; the last wins */
    bool accept_enum;    /* reading: numbers without a symbol */
    bool refuse_unknown; /* reading: members that are no field */
    uint32_t struct_depth_most, depth_most;
};

/* A new reference; NULL: E_REQUIRED, E_CORRUPT (text that is not UTF-8, a union without a member),
 * E_LIMIT, E_NOMEM, with the path. */
struct json_t *json_of_record(const thrift_record *record, const struct json_rules *rules,
                              thrift_error *err);

/* Fills an empty record. E_TYPE, E_RANGE, E_NAME, E_REQUIRED, E_CORRUPT, E_LIMIT, E_NOMEM, with the
 * path. */
thrift_status json_to_record(const struct json_t *json, thrift_record *record,
                             const struct json_rules *rules, thrift_error *err);

/* The same for one member of a record, by its name. The tree is borrowed. */
thrift_status json_to_member(struct json_t *json, const char *name, thrift_record *record,
                             const struct json_rules *rules, thrift_error *err);
/* A new reference; null for a member that is not set, and for a record that is NULL. */
struct json_t *json_of_member(const thrift_record *record, const char *name,
                              const struct json_rules *rules, thrift_error *err);
void json_release(struct json_t *json); /* NULL allowed */

#endif
