/*
 * Outbound: messages written behind each other into one buffer, framed or not.
 *
 *     outbound_begin(&message, …header…)      then the body is appended to the buffer, then
 *     outbound_end(&message, …)               or outbound_cancel(): as if nothing had been begun
 */
#ifndef TRANSPORT_OUTBOUND_H
#define TRANSPORT_OUTBOUND_H

#include "wire/message.h"

struct outbound {
    thrift_buffer *out;
    size_t begin; /* of the message, its frame head included */
    thrift_protocol protocol;
    bool framed;
};

/* E_NOMEM, E_ARGUMENT; nothing is appended then. */
thrift_status outbound_begin(struct outbound *message, thrift_buffer *out, thrift_protocol protocol,
                             bool framed, const struct message_header *header, thrift_error *err);
/* E_LIMIT when it is larger than `most`, E_NOMEM; the message is cancelled then. */
thrift_status outbound_end(struct outbound *message, size_t most, thrift_error *err);
void outbound_cancel(struct outbound *message);

#endif
