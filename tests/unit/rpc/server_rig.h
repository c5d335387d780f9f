/*
 * A server that runs beside the test on the fixture's service, and peers that speak to it byte by
 * byte.
 */
#ifndef RPC_SERVER_RIG_H
#define RPC_SERVER_RIG_H

#include <rethrift/server.h>

#include "fixture.h"
#include "transport/address.h"

extern const struct wire_form running_form; /* of peer_send_call(): framed binary */

struct running {
    struct fixture fixture;
    struct captured_log lines;
    thrift_server *server;
    struct address address;
};

/* The log goes to `lines`. It does not run yet: thrift_server_start(). */
void running_listen(struct running *running, thrift_server_options options, const char *address);
void running_start_with(struct running *running, thrift_server_options options,
                        const char *address);
/* With defaults, on a port of 127.0.0.1. */
void running_start(struct running *running);
void running_stop(struct running *running);
/* Until the log has it; fails the test otherwise. */
void running_wait_for_line(struct running *running, const char *part);

uint64_t after_ms(uint64_t ms); /* for the deadlines of transport/socket.h */
size_t open_descriptors(void);

/* All of these fail the test when they cannot do what they say. */
int peer_dial(const struct running *running);
int peer_dial_address(const struct address *address);
void peer_send(int fd, const void *data, size_t size);
void peer_send_call(const struct running *running, int fd, const char *method, int32_t id,
                    thrift_args args);
/* Reads until there is one reply more; `in` keeps what came behind it. */
struct reply peer_receive_reply(const struct running *running, int fd, const char *method,
                                thrift_buffer *in);
/* A call and its right answer. */
void peer_expect_sum(const struct running *running, int fd, int32_t id);
void peer_expect_closed(int fd);

#endif
