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
/* The reply to a request with that head, in the same form, which is not a THeader frame. E_NOMEM.
 */
thrift_status outbound_begin_again(struct outbound *message, thrift_buffer *out,
                                   const struct message_form *form, const struct message_head *head,
                                   thrift_message_kind kind, int32_t sequence_id,
                                   thrift_error *err);
/* E_LIMIT when it is larger than `most`, E_NOMEM; the message is cancelled then. */
thrift_status outbound_end(struct outbound *message, size_t most, thrift_error *err);
void outbound_cancel(struct outbound *message);

#endif
