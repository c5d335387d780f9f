/*
 * A link answers the pings of a WebSocket's server, which closes connections that do not.
 */
#include "base/buffer.h"
#include "rpc/link_parts.h"
#include "transport/socket.h"

/* What the peer does not take at once goes with the next request: whoever reads does not wait, for
 * the peer may be waiting for that itself. */
void link_answer_pings(struct link *link)
{
    size_t sent;

    if (link->dialogue.answer.size == 0 || pthread_mutex_trylock(&link->sending) != 0) {
        return; /* when it reads again: the last ping is the one that counts */
    }
    if (buffer_append(&link->out, link->dialogue.answer.data, link->dialogue.answer.size)) {
        link->dialogue.answer.size = 0;
        (void)socket_send(link->fd, buffer_bytes(&link->out), 0, &sent, NULL);
        buffer_consume(&link->out, sent); /* an error comes back to whoever reads */
    }
    pthread_mutex_unlock(&link->sending);
}

/* One receive that does not wait. */
static thrift_status pass_over(struct link *link)
{
    struct inbound_message message;
    thrift_error err = THRIFT_ERROR_INIT;
    size_t size;
    thrift_status status = socket_receive(link->fd, link->buffer, LINK_READ_SIZE, 0, &size, &err);

    if (status == THRIFT_OK) {
        status = dialogue_feed(&link->dialogue, (thrift_bytes){link->buffer, size}, &err);
    }
    if (status == THRIFT_OK && dialogue_next(&link->dialogue, &message, &err) != DIALOGUE_MORE) {
        return THRIFT_E_PROTOCOL;
    }
    return status == THRIFT_OK ? dialogue_keep(&link->dialogue, &err) : status;
}

bool link_is_stale(struct link *link)
{
    thrift_status status = THRIFT_OK;

    if (link->dialogue.websocket == NULL || link->reading) {
        return socket_is_stale(link->fd);
    }
    while (status == THRIFT_OK && !link->dialogue.closes) {
        status = pass_over(link);
    }
    link_answer_pings(link);
    return status != THRIFT_E_DEADLINE || inbound_is_partial(&link->dialogue.in);
}
