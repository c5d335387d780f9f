/*
 * A definition, handlers, and an engine without I/O, for the tests of rpc.
 */
#ifndef RPC_FIXTURE_H
#define RPC_FIXTURE_H

#include <pthread.h>
#include <rethrift/client.h>
#include <stdatomic.h>

#include "rpc/outcome.h"
#include "rpc/session.h"

extern const char fixture_idl[];

struct fixture {
    thrift_schema *schema;
    thrift_registry *registry; /* all handlers bound, but Users.unhandled */
    atomic_int fired;          /* calls of the oneway method */
    atomic_int calls;          /* of any handler */
};

void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);

/* Lines of the log, newest last, each with its newline. Threads: any. */
struct captured_log {
    pthread_mutex_t lock;
    char text[16384];
    size_t size;
};
void captured_log_init(struct captured_log *log);
void captured_log_write(int level, const char *line, void *data);
bool captured_log_has(struct captured_log *log, const char *part);

/* ---- a session of its own ---- */

struct engine {
    struct fixture fixture;
    struct captured_log lines;
    struct log log;
    struct codec_policy policy;
    struct generation *generation;
    struct dispatcher dispatcher;
    struct inbound_shared shared;
    struct session session;
    thrift_buffer out;
};

void engine_open(struct engine *engine, const thrift_allocator *allocator);
void engine_close(struct engine *engine);
/* A new connection. */
void engine_reconnect(struct engine *engine);

struct wire_form {
    thrift_protocol protocol;
    bool framed, old;
};

/* Appends a call with these arguments, or with these bytes instead of them. */
void request_append(const struct fixture *fixture, struct wire_form form, const char *method,
                    uint8_t kind, int32_t sequence_id, thrift_args args, thrift_buffer *out);
void request_append_raw(struct wire_form form, const char *method, uint8_t kind,
                        int32_t sequence_id, thrift_bytes args, thrift_buffer *out);

/* Takes one reply off the front of `bytes`; the outcome is the caller's. NULL: there is none. */
struct reply {
    int32_t sequence_id;
    char name[64];
    thrift_outcome *outcome;
};
struct reply reply_take(const struct fixture *fixture, const char *method, thrift_bytes *bytes);

#endif
