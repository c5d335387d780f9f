/* Users.echo, written by hand. */
#ifndef BENCH_BY_HAND_H
#define BENCH_BY_HAND_H

#include <stddef.h>
#include <stdint.h>

#include <rethrift/registry.h>

struct user;
typedef thrift_status (*by_hand_fn)(thrift_call *call, const struct user *user, struct user *out);

/* The reply's size; 0: the message is not understood. */
size_t by_hand(by_hand_fn handler, const uint8_t *message, size_t size, uint8_t *out, size_t room);
/* The same without envelopes: a User's bytes in, the result's out. */
size_t by_hand_user(by_hand_fn handler, const uint8_t *bytes, size_t size, uint8_t *out,
                    size_t room);

#endif
