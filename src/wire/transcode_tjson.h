/*
 * Transcoding where one side is TJSON; transcode.c dispatches here.
 */
#ifndef WIRE_TRANSCODE_TJSON_H
#define WIRE_TRANSCODE_TJSON_H

#include "wire/writer.h"

/* A value of `type` at the cursor, as the writer's protocol has it. Strings lose their escapes. */
enum wire_fault transcode_from_tjson(struct cursor *in, uint8_t type, struct writer *writer,
                                     const thrift_limits *limits);

/* The other way. What is no UTF-8 was binary and becomes base64; nothing tells other binary from
 * text. */
enum wire_fault transcode_to_tjson(struct reader *reader, uint8_t type, thrift_buffer *out);

#endif
