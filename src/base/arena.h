/*
 * Arena: many small allocations, one release.
 *
 * Chunks grow geometrically and are kept by arena_reset(), so that a warm arena allocates nothing.
 * The budget bounds what is handed out between two resets (hostile input: rule R4).
 * Invariant: at <= end; ARENA_SLOP writable bytes follow every allocation, so that short copies
 * may write whole vectors, and two at a time. Threads: owner.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <rethrift/limits.h>
#include <stdatomic.h>
#include <string.h>

#define ARENA_SLOP 32u /* BYTES_PAIR */

struct arena_chunk;

/*
 * Where arenas leave their chunks when they go and take them from when they come: so that a record
 * made and freed again and again costs no trips to the allocator. One owner, one allocator, users
 * in any number of threads. All zero is an empty one. Under AddressSanitizer nothing is kept.
 */
struct arena_store {
    _Atomic(struct arena_chunk *) chunks;
};
#define ARENA_STORE_MOST ((size_t)4 << 20) /* bytes kept */

void arena_store_deinit(struct arena_store *store, const thrift_allocator *allocator);

struct arena {
    uint8_t *at, *end;          /* the free part of the current chunk */
    struct arena_chunk *chunks; /* newest first; the first is the current one */
    struct arena_chunk *spare;  /* kept by a reset or rewind, largest first */
    size_t used;                /* bytes handed out of the older chunks */
    size_t budget;              /* bytes; SIZE_MAX for none */
    size_t chunk_size;        /* of the next chunk, if nothing larger is asked for; 0: the first */
    uint8_t *lent, *lent_end; /* the owner's first block, used before any chunk; NULL: none */
    bool over_budget;         /* the last failure was the budget's */
    thrift_allocator allocator;
    struct arena_store *store; /* NULL: none; of the same allocator */
};

/* A place to return to: everything allocated later is given back. */
struct arena_mark {
    struct arena_chunk *chunk;
    uint8_t *at;
    size_t used;
};

static inline void arena_init(struct arena *arena, const thrift_allocator *allocator, size_t budget)
{
    /* One by one: what compilers clear a struct of this size with takes longer than a message. */
    arena->at = arena->end = NULL;
    arena->chunks = arena->spare = NULL;
    arena->used = arena->chunk_size = 0;
    arena->budget = budget;
    arena->lent = arena->lent_end = NULL;
    arena->over_budget = false;
    arena->allocator = allocator != NULL ? *allocator : (thrift_allocator){NULL, NULL};
    arena->store = NULL;
}

/* Lends a first block to an arena that nothing was taken from yet: small needs allocate nothing. It
 * outlives the arena and stays the caller's. */
static inline void arena_lend(struct arena *arena, void *block, size_t size)
{
    arena->at = arena->lent = (uint8_t *)block;
    arena->end = arena->lent_end = arena->lent + size - ARENA_SLOP;
}

void arena_deinit(struct arena *arena);
/* arena_reset() of an arena that has chunks. */
void arena_reset_chunks(struct arena *arena, size_t keep);
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

/* The failure that the last NULL stands for: E_LIMIT when over budget, else E_NOMEM. */
thrift_status arena_fail(const struct arena *arena, thrift_error *err);

void *arena_alloc_slow(struct arena *arena, size_t size, size_t alignment);

/* Everything handed out is gone; memory up to `keep` bytes stays for the next time. */
static inline void arena_reset(struct arena *arena, size_t keep)
{
    if (arena->chunks == NULL && arena->spare == NULL) {
        arena->at = arena->lent;
        arena->over_budget = false;
    } else {
        arena_reset_chunks(arena, keep);
    }
}

/* Not zeroed; alignment is a power of two up to 16. */
static inline void *arena_alloc_aligned(struct arena *arena, size_t size, size_t alignment)
{
    size_t skip = (size_t)(-(uintptr_t)arena->at) & (alignment - 1);
    size_t room = (size_t)(arena->end - arena->at);

    if (room < skip || size > room - skip) {
        return arena_alloc_slow(arena, size, alignment);
    }
    uint8_t *block = arena->at + skip;

    arena->at = block + size;
    return block;
}

/* Not zeroed, aligned for pointers and numbers. */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    return arena_alloc_aligned(arena, size, 8);
}

static inline void *arena_alloc_zero(struct arena *arena, size_t size)
{
    void *block = arena_alloc(arena, size);

    if (block != NULL) {
        memset(block, 0, size);
    }
    return block;
}

/* Grows the newest allocation where it stands; false when it is not the newest or has no room. */
static inline bool arena_extend(struct arena *arena, const void *block, size_t old_size,
                                size_t new_size)
{
    if ((const uint8_t *)block + old_size != arena->at ||
        new_size - old_size > (size_t)(arena->end - arena->at)) {
        return false;
    }
    arena->at += new_size - old_size;
    return true;
}

/* A NUL-terminated copy. */
char *arena_strdup(struct arena *arena, const char *text, size_t size);

#endif
