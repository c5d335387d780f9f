/*
 * What all carriers do with input that cannot be worked on yet.
 */
#include "rpc/carrier.h"

#include "base/buffer.h"

/* `rest` is what is left of the input, at its end. */
static bool keep_waiting(struct carrier *carrier, thrift_bytes rest)
{
    thrift_buffer *waiting = &carrier->waiting;

    if (waiting->size > 0) {
        buffer_consume(waiting, waiting->size - rest.size);
    } else if (!buffer_append(waiting, rest.data, rest.size)) {
        return false;
    }
    if (waiting->size == 0) {
        thrift_buffer_deinit(waiting);
    }
    return true;
}

enum session_verdict carrier_receive(struct session *session, thrift_bytes bytes,
                                     thrift_buffer *out, carrier_work_fn work)
{
    struct carrier *carrier = session->carrier;
    enum session_verdict verdict;

    if (carrier->waiting.size > 0) {
        if (!buffer_append(&carrier->waiting, bytes.data, bytes.size)) {
            return SESSION_CLOSE;
        }
        bytes = buffer_bytes(&carrier->waiting);
    }
    verdict = work(session, &bytes, out);
    if (session->carrier != carrier) { /* it was replaced: the rest is the other's */
        verdict = session->carrier->receive(session, bytes, out);
        carrier->free(carrier);
        return verdict;
    }
    return keep_waiting(carrier, bytes) ? verdict : SESSION_CLOSE;
}
