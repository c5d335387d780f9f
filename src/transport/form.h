/*
 * Form: how a message stands in its stream. A reply stands as its request did.
 */
#ifndef TRANSPORT_FORM_H
#define TRANSPORT_FORM_H

#include <rethrift/protocol.h>

struct message_form {
    thrift_protocol protocol;
    bool framed;
    bool header;         /* in a THeader frame; `framed` is set too */
    bool zlib;           /* compressed, in a THeader frame */
    int32_t sequence_id; /* of the THeader frame: the message has its own */
    bool nested;         /* the THeader frame is all that another frame has in it */
};

#endif
