/*
 * The parts of `rethrift describe`.
 */
#ifndef TOOL_DESCRIBE_H
#define TOOL_DESCRIBE_H

#include <rethrift/value.h>

#include "json_out.h"

/* A constant or default as JSON: enums by name where they have one, records as objects, maps as
 * lists of [key, value]. What nests deeper than people write ends in null. */
void describe_value(struct json_out *out, const char *key, thrift_value value);

/* Everything about a schema, or about one element of it. */
void describe_json_schema(struct json_out *out, const thrift_schema *schema);
void describe_json_node(struct json_out *out, const thrift_schema *schema, const thrift_node *node);
void describe_json_method(struct json_out *out, const thrift_schema *schema,
                          const thrift_method *method);

/* The same for people; the root file only. */
void describe_text_schema(FILE *to, const thrift_schema *schema);
void describe_text_node(FILE *to, const thrift_node *node);
void describe_text_method(FILE *to, const thrift_method *method);

#endif
