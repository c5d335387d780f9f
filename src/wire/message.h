/*
 * Message envelopes: what stands around the arguments, the result or the application error.
 *
 *     message_read_begin(protocol, &input, limits, &header, err)   then the body, then
 *     message_read_end(protocol, &input, err)
 *
 * and the same for writing. The protocols that need nothing at the end do nothing there.
 * Not here: frames (transport/), what is answered to what (rpc/).
 */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include <rethrift/protocol.h>

struct message_header {
    uint8_t kind; /* as it came: ask message_kind_valid() before use; INVALID_MESSAGE_TYPE if not */
    bool old;     /* binary without a version: answered in kind */
    int32_t sequence_id;
    thrift_bytes name; /* view into the input; any bytes, not NUL-terminated */
};

static inline bool message_kind_valid(uint8_t kind)
{
    return kind >= THRIFT_MESSAGE_CALL && kind <= THRIFT_MESSAGE_ONEWAY;
}

/*
 * `*input` moves behind the header, on success only. E_TRUNCATED: more bytes are needed;
 * E_PROTOCOL: another version or protocol; E_LIMIT: the name is too long (max_method_name_size);
 * E_CORRUPT. `limits` are in force (limits_in_force()).
 */
thrift_status message_read_begin(thrift_protocol protocol, thrift_bytes *input,
                                 const thrift_limits *limits, struct message_header *out,
                                 thrift_error *err);
thrift_status message_read_end(thrift_protocol protocol, thrift_bytes *input, thrift_error *err);

/* Append; on failure (E_NOMEM; E_ARGUMENT for a protocol without messages) `out` is as before.
 * JSON writes names as they are: they must be free of quotes and control characters. */
thrift_status message_write_begin(thrift_protocol protocol, const struct message_header *header,
                                  thrift_buffer *out, thrift_error *err);
thrift_status message_write_end(thrift_protocol protocol, thrift_buffer *out, thrift_error *err);

/* ---- the body of an EXCEPTION ---- */

enum application_code {
    APPLICATION_UNKNOWN = 0,
    APPLICATION_UNKNOWN_METHOD = 1,
    APPLICATION_INVALID_MESSAGE_TYPE = 2,
    APPLICATION_WRONG_METHOD_NAME = 3,
    APPLICATION_BAD_SEQUENCE_ID = 4,
    APPLICATION_MISSING_RESULT = 5,
    APPLICATION_INTERNAL_ERROR = 6,
    APPLICATION_PROTOCOL_ERROR = 7,
    APPLICATION_INVALID_TRANSFORM = 8,
    APPLICATION_INVALID_PROTOCOL = 9,
    APPLICATION_UNSUPPORTED_CLIENT_TYPE = 10
};

struct application_error {
    int32_t code;      /* an enum application_code, or whatever the peer sent */
    thrift_bytes text; /* view into the input; TJSON: still escaped as it came */
};

/* Unknown and mistyped fields are skipped, absent ones are 0 and empty. `*input` moves on success
 * only. */
thrift_status application_error_read(thrift_protocol protocol, thrift_bytes *input,
                                     const thrift_limits *limits, struct application_error *out,
                                     thrift_error *err);
/* Always both fields; the text is cut nowhere. On failure `out` is as before. */
thrift_status application_error_write(thrift_protocol protocol,
                                      const struct application_error *error, thrift_buffer *out,
                                      thrift_error *err);
/* "UNKNOWN_METHOD"; NULL for a number that Thrift does not name. */
const char *application_code_name(int32_t code);

#endif
