/*
 * What TJSON puts around and under its messages: the envelope, the application error, and where
 * a message ends. message.c, application_error.c and scan.c dispatch here.
 */
#ifndef WIRE_TJSON_MESSAGE_H
#define WIRE_TJSON_MESSAGE_H

#include "wire/cursor.h"
#include "wire/message.h"

/* `[1,"name",1,7,`. A name that was escaped stays so, in both directions. */
enum wire_fault tjson_read_message_begin(struct cursor *in, const thrift_limits *limits,
                                         struct message_header *out);
enum wire_fault tjson_read_message_end(struct cursor *in);
/* false: no memory. */
bool tjson_write_message_begin(const struct message_header *header, thrift_buffer *out);
bool tjson_write_message_end(thrift_buffer *out);

/* The text stays escaped as it came; written ones are escaped where they have to be. */
enum wire_fault tjson_read_application_error(struct cursor *in, const thrift_limits *limits,
                                             struct application_error *out);
enum wire_fault tjson_write_application_error(const struct application_error *error,
                                              thrift_buffer *out);

/* Where a message ends, from bytes that come in any pieces: counts what opens and closes. */
struct tjson_ending {
    uint32_t depth;
    bool in_string, escaped, begun;
};

/* Goes on at the cursor. WIRE_OK: the message ends there; WIRE_TRUNCATED: all was passed;
 * WIRE_BAD_VALUE: this is no message; WIRE_DEPTH_LIMIT: more than `most` levels. */
enum wire_fault tjson_find_end(struct tjson_ending *ending, struct cursor *in, uint32_t most);

#endif
