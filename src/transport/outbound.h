/*
 * Outbound: messages written behind each other into one buffer, framed or not, in
 * THeader frames or not.
 *
 *     outbound_begin(&message, …header…)      then the body is appended to the buffer, then
 *     outbound_end(&message, …)               or outbound_cancel(): as if nothing had been begun
 */
#ifndef TRANSPORT_OUTBOUND_H
#define TRANSPORT_OUTBOUND_H

#include "transport/form.h"
#include "wire/message.h"
#include "wire/message_head.h"

#define OUTBOUND_FRAME_HEAD_SIZE 4u

struct outbound {
    thrift_buffer *out;
    size_t begin; /* of the message, its frame head included */
    struct message_form form;
};

/* `headers`, as in wire/headers.h, go with a THeader frame; other forms have no place for them.
 * E_NOMEM, E_ARGUMENT, E_LIMIT; nothing is appended then. */
thrift_status outbound_begin(struct outbound *message, thrift_buffer *out,
                             const struct message_form *form, const struct message_header *header,
                             thrift_bytes headers, thrift_error *err);
/* outbound_end() of any form. */
thrift_status outbound_end_any(struct outbound *message, size_t most, thrift_error *err);
void outbound_cancel(struct outbound *message);

/* The reply to a request with that head, in the same form, which is not a THeader frame. false: no
 * memory; nothing is appended then. */
static inline bool outbound_begin_again(struct outbound *message, thrift_buffer *out,
                                        const struct message_form *form,
                                        const struct message_head *head, thrift_message_kind kind,
                                        int32_t sequence_id)
{
    const size_t frame = form->framed ? OUTBOUND_FRAME_HEAD_SIZE : 0;

    *message = (struct outbound){out, out->size, *form};
    if (!buffer_reserve(out, frame)) {
        return false;
    }
    out->size += frame; /* filled at the end */
    if (!message_head_write(head, kind, sequence_id, out)) {
        out->size = message->begin;
        return false;
    }
    return true;
}

/* E_LIMIT when it is larger than `most`, E_NOMEM; the message is cancelled then. */
static inline thrift_status outbound_end(struct outbound *message, size_t most, thrift_error *err)
{
    const struct message_form *form = &message->form;
    const size_t head = form->framed ? OUTBOUND_FRAME_HEAD_SIZE : 0;
    const size_t size = message->out->size - message->begin - head;

    if (form->protocol != THRIFT_BINARY || form->header || size > most || size > INT32_MAX) {
        return outbound_end_any(message, most, err);
    }
    if (form->framed) {
        store_big32(message->out->data + message->begin, (uint32_t)size);
    }
    return THRIFT_OK; /* nothing stands behind a binary message */
}

#endif
