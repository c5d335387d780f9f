/*
 * Framing, writing half.
 */
#include "transport/outbound.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"

#define FRAME_HEAD_SIZE 4u

void outbound_cancel(struct outbound *message) { message->out->size = message->begin; }

thrift_status outbound_begin(struct outbound *message, thrift_buffer *out, thrift_protocol protocol,
                             bool framed, const struct message_header *header, thrift_error *err)
{
    static const uint8_t head[FRAME_HEAD_SIZE];
    thrift_status status;

    *message = (struct outbound){out, out->size, protocol, framed};
    if (framed && !buffer_append(out, head, sizeof head)) {
        return FAIL_NOMEM(err);
    }
    status = message_write_begin(protocol, header, out, err);
    if (status != THRIFT_OK) {
        outbound_cancel(message);
    }
    return status;
}

thrift_status outbound_end(struct outbound *message, size_t most, thrift_error *err)
{
    thrift_buffer *out = message->out;
    thrift_status status = message_write_end(message->protocol, out, err);
    size_t head = message->framed ? FRAME_HEAD_SIZE : 0;
    size_t size = out->size - message->begin - head;

    if (status == THRIFT_OK && (size > most || size > INT32_MAX)) {
        status = FAIL(err, THRIFT_E_LIMIT, "a message of %zu bytes, the limit is %zu", size, most);
    }
    if (status != THRIFT_OK) {
        outbound_cancel(message);
        return status;
    }
    if (message->framed) {
        store_big32(out->data + message->begin, (uint32_t)size);
    }
    return THRIFT_OK;
}
