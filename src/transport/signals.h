/*
 * Signals on a loop, for programs that let the library handle theirs.
 */
#ifndef TRANSPORT_SIGNALS_H
#define TRANSPORT_SIGNALS_H

#include "transport/loop.h"

struct signals;

typedef void (*signals_fn)(int number, void *data);

/* Loop thread. The dispositions found are put back by signals_close(). NULL: E_NOMEM, E_IO. */
struct signals *signals_open(struct loop *loop, const int *numbers, size_t count, signals_fn fn,
                             void *data, const thrift_allocator *allocator, thrift_error *err);
/* Loop thread; the memory is freed by the loop. NULL allowed. */
void signals_close(struct signals *signals);

#endif
