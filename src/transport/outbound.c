/*
 * Framing, writing half.
 */
#include "transport/outbound.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "wire/theader.h"

#define FRAME_HEAD_SIZE OUTBOUND_FRAME_HEAD_SIZE

void outbound_cancel(struct outbound *message) { message->out->size = message->begin; }

static thrift_status begin_frame(struct outbound *message, thrift_bytes headers, thrift_error *err)
{
    static const uint8_t head[FRAME_HEAD_SIZE];
    const struct message_form *form = &message->form;
    const struct theader header = {.protocol = form->protocol,
                                   .sequence_id = form->sequence_id,
                                   .zlib = form->zlib,
                                   .headers = headers};

    if (form->framed && (form->nested || !form->header) &&
        !buffer_append(message->out, head, sizeof head)) {
        return FAIL_NOMEM(err);
    }
    return form->header ? theader_begin(&header, message->out, err) : THRIFT_OK;
}

thrift_status outbound_begin(struct outbound *message, thrift_buffer *out,
                             const struct message_form *form, const struct message_header *header,
                             thrift_bytes headers, thrift_error *err)
{
    thrift_status status;

    *message = (struct outbound){out, out->size, *form};
    status = begin_frame(message, headers, err);
    if (status == THRIFT_OK) {
        status = message_write_begin(form->protocol, header, out, err);
    }
    if (status != THRIFT_OK) {
        outbound_cancel(message);
    }
    return status;
}

static thrift_status end_frame(const struct outbound *message, thrift_error *err)
{
    const struct message_form *form = &message->form;
    thrift_buffer *out = message->out;
    thrift_status status = THRIFT_OK;

    if (form->header) {
        status = theader_end(out, message->begin + (form->nested ? FRAME_HEAD_SIZE : 0), form->zlib,
                             err);
    }
    if (status == THRIFT_OK && form->framed && (form->nested || !form->header)) {
        store_big32(out->data + message->begin,
                    (uint32_t)(out->size - message->begin - FRAME_HEAD_SIZE));
    }
    return status;
}

thrift_status outbound_end_any(struct outbound *message, size_t most, thrift_error *err)
{
    thrift_buffer *out = message->out;
    thrift_status status = message_write_end(message->form.protocol, out, err);
    size_t head = message->form.framed ? FRAME_HEAD_SIZE : 0;
    size_t size = out->size - message->begin - head;

    if (status == THRIFT_OK && (size > most || size > INT32_MAX)) {
        status = FAIL(err, THRIFT_E_LIMIT, "a message of %zu bytes, the limit is %zu", size, most);
    }
    if (status == THRIFT_OK) {
        status = end_frame(message, err);
    }
    if (status != THRIFT_OK) {
        outbound_cancel(message);
    }
    return status;
}
