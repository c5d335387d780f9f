/*
 * Watch: the thread that attempts reloads, when files change or somebody asks.
 */
#ifndef RPC_WATCH_H
#define RPC_WATCH_H

#include "rpc/reload.h"

struct watch;

/* Nothing runs yet; the target outlives it. E_NOMEM, E_IO. */
struct watch *watch_new(struct reload_target *target, thrift_error *err);
void watch_free(struct watch *watch); /* stops it; NULL allowed */

/* Follow the target's files. Once, before or after the start. E_STATE, E_NOMEM. */
thrift_status watch_follow(struct watch *watch, const thrift_reload_options *options,
                           thrift_error *err);
thrift_status watch_start(struct watch *watch, thrift_error *err);
void watch_stop(struct watch *watch);
/* Asks for an attempt. Threads: any; signal handlers too. */
void watch_request(struct watch *watch);

#endif
