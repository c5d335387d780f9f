/*
 * Transcoding: one value from one tagged protocol to another in one pass, without a definition.
 */
#ifndef WIRE_TRANSCODE_H
#define WIRE_TRANSCODE_H

#include <rethrift/protocol.h>

/* One value of wire type `type` at `*input`, which moves behind it; appended to `out`, which is as
 * before on failure. `limits` in force. Binary, compact and TJSON; a bool stands as an element
 * does. */
thrift_status transcode_value(thrift_protocol from, thrift_bytes *input, uint8_t type,
                              thrift_protocol to, const thrift_limits *limits, thrift_buffer *out,
                              thrift_error *err);

#endif
