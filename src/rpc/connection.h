/*
 * Connection: one peer on a loop. A stream feeds a session, the session's output goes back.
 *
 * Threads: the loop's.
 */
#ifndef RPC_CONNECTION_H
#define RPC_CONNECTION_H

#include "rpc/session.h"
#include "transport/stream.h"

struct peer_count;
struct worker;

/* Deadlines by kind: a worker has a list of each. */
enum connection_list {
    LIST_FIRST_BYTE,
    LIST_FRAME,
    LIST_IDLE,
    LIST_WRITE,
    LIST_FAREWELL,
    CONNECTION_LISTS
};

struct connection {
    struct session session; /* first: print_peer() gets it */
    struct worker *worker;
    struct peer_count *peer; /* it counts as one of this peer's connections */
    struct connection *next, *previous;
    struct deadline reading; /* first byte, frame, idle, farewell */
    struct deadline writing;
    uint32_t queued; /* when the writing deadline was started */
    bool paused;     /* until the output is written */
    bool full;       /* input waits in the session */
    bool ending;     /* the peer sends no more, or shall be closed: after the output */
    bool farewell;   /* all is said; what still arrives is dropped */
};

/* A worker's lists and ring. */
void connection_init_lists(struct worker *worker);

/* A stream with room for a connection that has entered; any thread. NULL: no memory. */
struct stream *connection_new(struct peer_count *peer, const thrift_allocator *allocator);
/* The peer of one that was never opened. */
struct peer_count *connection_peer(struct stream *stream);
/* Takes `fd` and the stream over. */
void connection_open(struct worker *worker, struct stream *stream, int fd);
/* Those that are idle end politely, or all of them at once. */
void connection_close_idle(struct worker *worker);
void connection_close_all(struct worker *worker);

#endif
