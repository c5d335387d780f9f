/*
 * Streaming writer: the counterpart of reader.h. Binary and compact.
 *
 * A failed write (no memory) is remembered in `failed`; what follows does nothing.
 */
#ifndef WIRE_WRITER_H
#define WIRE_WRITER_H

#include "wire/reader.h"

struct writer {
    thrift_buffer *out;
    thrift_protocol protocol;
    bool failed;
};

/* The head of a field; of a bool on compact this is the whole field. */
void writer_field(struct writer *writer, int16_t *last_id, uint8_t type, int16_t id, bool truth);
void writer_stop(struct writer *writer);
void writer_value(struct writer *writer, const struct wire_value *value);
void writer_container(struct writer *writer, uint8_t type, const struct wire_container *container);

#endif
