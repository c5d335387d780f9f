/*
 * Unknown fields: what a peer sent beyond the definition, as raw spans beside the records.
 *
 * They stand in a table of the root, by record, so that records that have none pay nothing. All of
 * it lives in the root's arena.
 */
#ifndef VALUE_UNKNOWN_H
#define VALUE_UNKNOWN_H

#include "value/record.h"

struct unknown_field {
    int16_t id;
    uint8_t wire_type;  /* as the protocol numbers them */
    uint8_t protocol;   /* thrift_protocol */
    thrift_bytes bytes; /* of the value */
};

/* Adds a copy to a record that has a root. false: no memory. */
bool unknown_keep(thrift_record *record, const struct unknown_field *field);
/* In order of arrival; NULL and 0 when there are none. */
const struct unknown_field *unknown_of(const thrift_record *record, size_t *out_count);
/* What one record has, to another that has none. false: no memory. */
bool unknown_copy(const thrift_record *from, thrift_record *to);

#endif
