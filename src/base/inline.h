/*
 * What hot loops say to the compiler: what is part of them, what is not, and what is rare.
 */
#ifndef BASE_INLINE_H
#define BASE_INLINE_H

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NEVER_INLINE static __attribute__((noinline))
#define MOSTLY(condition) __builtin_expect_with_probability((condition), 1, 0.7)
#define RARELY(condition) __builtin_expect((condition), 0)

/* On a way that is rarely taken: nothing that was read before is kept for it in registers. */
#define READ_AGAIN() __asm__ volatile("" ::: "memory")

#endif
