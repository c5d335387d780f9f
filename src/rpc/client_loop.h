/*
 * A loop as programs hold it: shared by the program and its clients.
 */
#ifndef RPC_CLIENT_LOOP_H
#define RPC_CLIENT_LOOP_H

#include <rethrift/loop.h>

#include "transport/loop.h"

/* For a client; a program's loop keeps running from here to client_loop_let_go(). */
void client_loop_ref(thrift_loop *loop);
/* The client is freed, on the loop's thread: it lets go soon. */
void client_loop_leave(thrift_loop *loop);
void client_loop_let_go(thrift_loop *loop); /* loop thread */
void client_loop_unref(thrift_loop *loop);  /* NULL allowed */
struct loop *client_loop_of(const thrift_loop *loop);
/* Would waiting for something on the loop wait for ever? */
bool client_loop_is_here(const thrift_loop *loop);

#endif
