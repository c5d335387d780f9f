/*
 * What is remembered of attempts to reload: counters, and the last one with its findings.
 */
#ifndef RPC_RELOAD_HISTORY_H
#define RPC_RELOAD_HISTORY_H

#include <pthread.h>
#include <rethrift/reload.h>

#include "rpc/finding_list.h"

#define RELOAD_OUTCOMES (THRIFT_RELOAD_FAILED + 1)
#define RELOAD_FINDINGS_MOST 100 /* of the last attempt; what refuses comes first */

struct reload_history {
    pthread_mutex_t lock; /* guards all that follows; whoever reads takes it */
    uint64_t attempts[RELOAD_OUTCOMES];
    thrift_reload_outcome last; /* 0: there was none */
    char message[THRIFT_ERROR_MESSAGE_SIZE];
    uint64_t ended_ns; /* of clock_now_ns() */
    uint64_t duration_ns;
    struct finding_list findings;
};

void reload_history_init(struct reload_history *history, const thrift_allocator *allocator);
void reload_history_deinit(struct reload_history *history);
/* Takes the lock. `err`: why it was refused or failed. */
void reload_history_add(struct reload_history *history, const thrift_reload *attempt,
                        const thrift_error *err);
/* "none", "published", … */
const char *reload_outcome_name(thrift_reload_outcome outcome);

#endif
