/*
 * Rings of deadlines.
 */
#include "transport/deadline.h"

#include <stddef.h>

void deadline_list_init(struct deadline_list *list, uint32_t timeout_ms,
                        void (*expired)(struct deadline *deadline))
{
    *list = (struct deadline_list){.timeout_ms = timeout_ms, .expired = expired};
    list->head.next = list->head.previous = &list->head;
}

void deadline_stop(struct deadline *deadline)
{
    if (deadline->list != NULL) {
        deadline->previous->next = deadline->next;
        deadline->next->previous = deadline->previous;
        deadline->list = NULL;
    }
}

void deadline_start(struct deadline_list *list, struct deadline *deadline, uint64_t now_ms)
{
    deadline_stop(deadline);
    if (list->timeout_ms == 0) {
        return;
    }
    deadline->at_ms = now_ms + list->timeout_ms;
    deadline->list = list;
    deadline->next = &list->head;
    deadline->previous = list->head.previous;
    list->head.previous->next = deadline;
    list->head.previous = deadline;
}

uint64_t deadline_next(const struct deadline_list *list)
{
    return list->head.next == &list->head ? UINT64_MAX : list->head.next->at_ms;
}

void deadline_run(struct deadline_list *list, uint64_t now_ms)
{
    while (deadline_next(list) <= now_ms) {
        struct deadline *first = list->head.next;

        deadline_stop(first);
        list->expired(first);
    }
}
