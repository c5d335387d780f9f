/*
 * Serving: what the loops of one server share.
 *
 * The current generation is behind a lock that only publishing and a loop's change of generation
 * take; a call compares one number. Threads: any, for everything here.
 */
#ifndef RPC_SERVING_H
#define RPC_SERVING_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "base/quota.h"
#include "codec/policy.h"
#include "rpc/generation.h"
#include "rpc/origins.h"
#include "transport/peers.h"

struct worker;

struct serving {
    thrift_allocator allocator;
    thrift_limits limits;               /* in force */
    struct quota quota;                 /* max_server_memory */
    thrift_allocator connection_memory; /* within the quota: what connections hold */
    struct codec_policy policy;
    struct log log;
    struct origins origins;
    unsigned protocols, wires; /* accepted: bits 1 << thrift_protocol, thrift_wire */
    struct worker *chief;      /* the worker that accepts; set before any of them starts */

    pthread_mutex_t lock;
    struct generation *current;  /* guarded by the lock */
    _Atomic(uint64_t) published; /* its number */
    atomic_uint shutdowns;       /* 1: drain; more: end at once */
    atomic_uint connections;     /* open now */
    struct peers peers;          /* the same by address */
    atomic_uint workers;         /* whose loops still run */
};

/* On zeroed memory; nothing is published yet. */
void serving_init(struct serving *serving);
void serving_deinit(struct serving *serving);

/* A reference for the caller; something has been published. */
struct generation *serving_generation(struct serving *serving);
/* Takes the reference over; the loops change when they are woken, or with their next call. */
void serving_publish(struct serving *serving, struct generation *next);

/* Counts one more connection. NULL: counted; else why there may be no more. */
const char *serving_enter(struct serving *serving, int fd, struct peer_count **out);
void serving_leave(struct serving *serving, struct peer_count *peer);

#endif
