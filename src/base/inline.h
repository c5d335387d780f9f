/*
 * What hot loops say to the compiler: what is part of them, what is not, and what is rare.
 */
#ifndef BASE_INLINE_H
#define BASE_INLINE_H

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NEVER_INLINE static __attribute__((noinline))
#define RARELY(condition) __builtin_expect((condition), 0)

#endif
