/**
 * Jansson beside values: the umbrella of what the library does with its trees.
 * JSON as text is a protocol like any other: THRIFT_PLAIN_JSON in codec.h.
 */
#ifndef RETHRIFT_JSON_H
#define RETHRIFT_JSON_H

#include <rethrift/client.h>
#include <rethrift/record_json.h>

#endif
