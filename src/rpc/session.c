/*
 * The session's loop over the messages that have arrived.
 */
#include "rpc/session.h"

#include "base/error.h"
#include "rpc/carrier.h"

void session_init(struct session *session, struct dispatcher *dispatcher,
                  struct inbound_shared *shared, peer_print_fn print_peer)
{
    *session = (struct session){.dispatcher = dispatcher, .print_peer = print_peer};
    inbound_init(&session->in, shared);
}

void session_deinit(struct session *session)
{
    inbound_deinit(&session->in);
    if (session->carrier != NULL) {
        session->carrier->free(session->carrier);
        session->carrier = NULL;
    }
}

enum session_verdict session_broken(const struct session *session, const thrift_error *err)
{
    const struct log *log = session->dispatcher->log;
    char peer[ADDRESS_TEXT_SIZE];

    if (log->write != NULL) {
        log_write(log, LOG_WARNING, "connection-broken", "%s: %s",
                  session->print_peer(session, peer), err->message);
    }
    return SESSION_CLOSE;
}

static struct carrier *carrier_for(struct session *session)
{
    return inbound_kind(&session->in) == DETECT_ZLIB ? zlib_carrier_new(session)
                                                     : http_carrier_new(session);
}

/* The first bytes were no message: all of them, and those to come, are the carrier's. */
static enum session_verdict hand_over(struct session *session, thrift_buffer *out)
{
    thrift_buffer own = THRIFT_BUFFER_INIT;
    thrift_bytes bytes;
    thrift_error err = THRIFT_ERROR_INIT;
    enum session_verdict verdict;

    session->carrier = carrier_for(session);
    if (session->carrier == NULL) {
        (void)FAIL_NOMEM(&err);
        return session_broken(session, &err);
    }
    bytes = inbound_leave(&session->in, &own);
    session->in.carried = true;
    verdict = session->carrier->receive(session, bytes, out);
    thrift_buffer_deinit(&own);
    return verdict;
}

bool session_dispatch(struct session *session, const struct inbound_message *message,
                      thrift_buffer *out)
{
    const struct peer peer = {session->print_peer, session};
    struct dispatcher *dispatcher = session->dispatcher;

    dispatcher->arrived_ns = session->arrived_ns;
    session->arrived_ns = session->now_ns; /* what comes behind came with these bytes */
    return dispatch(dispatcher, message, &peer, out);
}

static bool answer_message(struct session *session, const struct inbound_message *message,
                           thrift_buffer *out)
{
    struct carrier *carrier = session->carrier;
    size_t begin = out->size;
    bool lives;

    session->messages++;
    lives = session_dispatch(session, message, out);
    return (carrier == NULL || carrier->wrap(carrier, out, begin)) && lives;
}

enum session_verdict session_answer(struct session *session, thrift_bytes bytes, thrift_buffer *out)
{
    struct inbound_message message;
    thrift_error err;
    enum inbound_result next;
    size_t done = 0;

    err.code = THRIFT_OK; /* the rest is written by whoever fails */
    if (inbound_feed(&session->in, bytes, &err) != THRIFT_OK) {
        return session_broken(session, &err);
    }
    while ((next = inbound_next(&session->in, &message, &err)) == INBOUND_MESSAGE) {
        if (!answer_message(session, &message, out)) {
            return SESSION_CLOSE;
        }
        done += message.bytes.size;
        if (out->size >= SESSION_OUTPUT_MOST || done >= SESSION_TURN_MOST) {
            break;
        }
    }
    if (next == INBOUND_CARRIER) {
        return hand_over(session, out);
    }
    if (next == INBOUND_BROKEN || inbound_keep(&session->in, &err) != THRIFT_OK) {
        return session_broken(session, &err);
    }
    return next == INBOUND_MESSAGE ? SESSION_FULL : SESSION_OPEN;
}

enum session_verdict session_receive(struct session *session, thrift_bytes bytes,
                                     thrift_buffer *out)
{
    if (bytes.size > 0 && !session_is_partial(session)) {
        session->arrived_ns = session->now_ns;
    }
    return session->carrier != NULL ? session->carrier->receive(session, bytes, out)
                                    : session_answer(session, bytes, out);
}

bool session_is_partial(const struct session *session)
{
    return session->carrier != NULL ? session->carrier->is_partial(session->carrier)
                                    : inbound_is_partial(&session->in);
}

void session_end(struct session *session)
{
    thrift_error err = THRIFT_ERROR_INIT;

    if (session_is_partial(session)) {
        (void)FAIL(&err, THRIFT_E_TRUNCATED, "the peer closed in the middle of a message");
        (void)session_broken(session, &err);
    }
}
