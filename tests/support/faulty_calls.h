/*
 * Calls of the system that fail on purpose: recv(), send(), accept4() and poll() of everything that
 * is linked statically into the program. It needs the link arguments of tests/support/meson.build;
 * without a plan the calls are only counted. Threads: any.
 */
#ifndef SUPPORT_FAULTY_CALLS_H
#define SUPPORT_FAULTY_CALLS_H

enum faulty_call { FAULTY_RECV, FAULTY_SEND, FAULTY_ACCEPT, FAULTY_POLL, FAULTY_CALLS };

#define FAULTY_ONE_BYTE 0 /* for `error`: no failure, but one byte at most */

/* From now on every so many-th call fails with this errno, `most` of them; counts begin anew. */
void faulty_call_plan(enum faulty_call call, unsigned every, unsigned most, int error);
/* None fails any more. */
void faulty_calls_stop(void);

unsigned faulty_call_count(enum faulty_call call);  /* calls, with those that failed */
unsigned faulty_call_faults(enum faulty_call call); /* those that failed or were cut short */

#endif
