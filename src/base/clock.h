/*
 * Monotonic time. Nothing in the library looks at the calendar to decide anything.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Nanoseconds since an arbitrary point, never going back. Threads: any. */
uint64_t clock_now_ns(void);

#endif
