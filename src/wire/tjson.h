/*
 * TJSON: Apache's JSON protocol, its primitives, read and write.
 *
 *     message  [1,"name",type,seqid,{…}]         struct  {"<id>":{"<type>":value},…}
 *     list     ["i32",3,1,2,3]                   map     ["i32","str",1,{"1":"a"}]
 *
 * Numbers and bools that are a map's key stand in quotes; a struct or list as a key stands as it
 * is, which is no JSON any more. Types come and go as enum wire_type.
 * What is read beyond what Apache C++ writes: white space, "\/", padded base64, doubles bare or in
 * quotes by any of their names (Python writes nan and inf), negative field ids, control characters
 * that have no letter as they are (Python and node write so).
 * Source: Apache Thrift lib/cpp TJSONProtocol.cpp, lib/py TJSONProtocol.py.
 */
#ifndef WIRE_TJSON_H
#define WIRE_TJSON_H

#include "wire/json.h"
#include "wire/wire_type.h"

/* What one value costs at least on this wire, by enum wire_type; 0: no type. */
extern const uint8_t tjson_least[256];

/* The type's name in its quotes: `"i32"`; NULL for what is no type. */
const char *tjson_type_text(uint8_t type);

/* ---- reading ---- */

/* What a string may hold as it is. */
#define TJSON_CONTROLS JSON_CONTROLS_UNNAMED

/* A type's name: `"rec"`. */
enum wire_fault tjson_read_type(struct cursor *in, uint8_t *type);

/* The begin of a field: `"1":{"i32":`, the comma before it taken by the caller. */
enum wire_fault tjson_read_field(struct cursor *in, int16_t *id, uint8_t *type);

/* The head of a list or set: `["i32",3`; a comma stands before each element. */
enum wire_fault tjson_read_list(struct cursor *in, uint8_t *element, uint32_t *count);

/* The head of a map: `["i32","str",2,{`; `}]` stands behind the entries. */
enum wire_fault tjson_read_map(struct cursor *in, uint8_t *key, uint8_t *value, uint32_t *count);

/* An integer from `least` to `most`; in quotes when it is a `key`. */
enum wire_fault tjson_read_integer(struct cursor *in, bool key, int64_t least, int64_t most,
                                   int64_t *out);
enum wire_fault tjson_read_double(struct cursor *in, bool key, double *out);
/* UUID_SIZE bytes. */
enum wire_fault tjson_read_uuid(struct cursor *in, uint8_t *out);

/* ---- anything ---- */

/* How deep what is skipped stands: both limits count on from there. */
struct tjson_depth {
    uint32_t structs, any;
};

/* Passes over one value of a type; `key` when it stands as a map's key. */
enum wire_fault tjson_skip(struct cursor *in, uint8_t type, bool key, struct tjson_depth depth,
                           const thrift_limits *limits);

#endif
