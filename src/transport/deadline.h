/*
 * Deadlines without a timer each: all that share one time-out stand in one list, which is in order
 * of expiry by itself, since each start puts its deadline at the end.
 *
 * Intrusive: nothing is allocated. Times are milliseconds of one clock, given by the caller.
 * Invariant: a deadline stands in at most one list. Threads: owner (one loop).
 */
#ifndef TRANSPORT_DEADLINE_H
#define TRANSPORT_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

struct deadline_list;

struct deadline {
    struct deadline *next, *previous;
    struct deadline_list *list; /* NULL: not running */
    uint64_t at_ms;
};

struct deadline_list {
    struct deadline head;                       /* a ring; its list is NULL */
    uint32_t timeout_ms;                        /* 0: off, starting has no effect */
    void (*expired)(struct deadline *deadline); /* called stopped; may start it again */
    struct deadline_list *next;                 /* of a loop's lists */
};

void deadline_list_init(struct deadline_list *list, uint32_t timeout_ms,
                        void (*expired)(struct deadline *deadline));

/* From now on; one that runs, in whatever list, starts anew. */
void deadline_start(struct deadline_list *list, struct deadline *deadline, uint64_t now_ms);
void deadline_stop(struct deadline *deadline);

/* When the first one expires; UINT64_MAX when none runs. */
uint64_t deadline_next(const struct deadline_list *list);
/* Stops and reports all that have expired. */
void deadline_run(struct deadline_list *list, uint64_t now_ms);

#endif
