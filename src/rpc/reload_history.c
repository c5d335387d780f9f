/*
 * Counters and the last attempt.
 */
#include "rpc/reload_history.h"

#include <string.h>

#include "base/clock.h"

void reload_history_init(struct reload_history *history, const thrift_allocator *allocator)
{
    *history = (struct reload_history){.attempts = {0}};
    (void)pthread_mutex_init(&history->lock, NULL);
    finding_list_init(&history->findings, allocator);
}

void reload_history_deinit(struct reload_history *history)
{
    finding_list_deinit(&history->findings);
    (void)pthread_mutex_destroy(&history->lock);
}

static bool is_refusing(const thrift_finding *finding)
{
    return finding->severity == THRIFT_FINDING_BREAKING ||
           finding->severity == THRIFT_FINDING_ERROR;
}

static void keep_findings(struct finding_list *kept, const thrift_reload *attempt)
{
    finding_list_clear(kept);
    for (int refusing = 1; refusing >= 0; refusing--) {
        for (size_t i = 0; i < attempt->finding_count && kept->count < RELOAD_FINDINGS_MOST; i++) {
            if (is_refusing(&attempt->findings[i]) == (refusing == 1)) {
                finding_list_add(&attempt->findings[i], kept);
            }
        }
    }
}

void reload_history_add(struct reload_history *history, const thrift_reload *attempt,
                        const thrift_error *err)
{
    bool failed =
        attempt->outcome == THRIFT_RELOAD_REFUSED || attempt->outcome == THRIFT_RELOAD_FAILED;

    pthread_mutex_lock(&history->lock);
    history->attempts[attempt->outcome]++;
    history->last = attempt->outcome;
    history->ended_ns = clock_now_ns();
    history->duration_ns = attempt->duration_ns;
    memcpy(history->message, failed ? err->message : "", failed ? sizeof history->message : 1);
    keep_findings(&history->findings, attempt);
    pthread_mutex_unlock(&history->lock);
}

const char *reload_outcome_name(thrift_reload_outcome outcome)
{
    static const char *const names[RELOAD_OUTCOMES] = {"none", "published", "unchanged", "refused",
                                                       "failed"};

    return names[outcome];
}
