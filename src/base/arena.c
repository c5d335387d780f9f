/*
 * Arena chunks: taking, growing, keeping and giving back.
 */
#include "base/arena.h"

#include "base/alloc.h"
#include "base/error.h"

#define CHUNK_SIZE_FIRST ((size_t)4096)
#define CHUNK_SIZE_MOST ((size_t)1 << 20)

#if defined(__SANITIZE_ADDRESS__)
#define KEEP_IN_STORE false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEP_IN_STORE false
#endif
#endif
#ifndef KEEP_IN_STORE
#define KEEP_IN_STORE true
#endif

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* of the whole block, this head included */
    uint8_t *at; /* where allocation stopped when a newer chunk took over */
};

static uint8_t *chunk_begin(struct arena_chunk *chunk) { return (uint8_t *)chunk + sizeof *chunk; }

static uint8_t *chunk_end(struct arena_chunk *chunk)
{
    return (uint8_t *)chunk + chunk->size - ARENA_SLOP;
}

static void free_chunks(const thrift_allocator *allocator, struct arena_chunk *chunk)
{
    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;

        mem_free(allocator, chunk, chunk->size);
        chunk = next;
    }
}

/* The spare list stays sorted, largest first, so that a reset keeps what is most useful. */
static void keep_spare(struct arena *arena, struct arena_chunk *chunk)
{
    struct arena_chunk **at = &arena->spare;

    while (*at != NULL && (*at)->size > chunk->size) {
        at = &(*at)->next;
    }
    chunk->next = *at;
    *at = chunk;
}

void arena_store_deinit(struct arena_store *store, const thrift_allocator *allocator)
{
    free_chunks(allocator, atomic_exchange(&store->chunks, NULL));
}

static void enter_chunk(struct arena *arena, struct arena_chunk *chunk, uint8_t *at)
{
    arena->chunks = chunk;
    arena->at = at;
    arena->end = chunk != NULL ? chunk_end(chunk) : arena->lent_end;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->chunks, arena->at, arena->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->chunks != mark.chunk) {
        struct arena_chunk *chunk = arena->chunks;

        arena->chunks = chunk->next;
        keep_spare(arena, chunk);
    }
    enter_chunk(arena, mark.chunk, mark.at);
    arena->used = mark.used;
}

/* All chunks become spare ones, or go where that would keep more than `keep` bytes. */
static void retire_chunks(struct arena *arena, size_t keep)
{
    size_t kept = 0;
    struct arena_chunk **at = &arena->spare;

    arena_rewind(arena, (struct arena_mark){NULL, arena->lent, 0});
    while (*at != NULL) {
        struct arena_chunk *chunk = *at;

        if (chunk->size > keep - kept) {
            *at = chunk->next;
            mem_free(&arena->allocator, chunk, chunk->size);
        } else {
            kept += chunk->size;
            at = &chunk->next;
        }
    }
}

static size_t chunks_size(const struct arena_chunk *chunk)
{
    size_t size = 0;

    for (; chunk != NULL; chunk = chunk->next) {
        size += chunk->size;
    }
    return size;
}

/* One chunk instead of several, so that what is taken next stands in one piece; if there is no
 * memory, none. false: what was lent is enough, or they are too large to be taken anew. */
static bool merge_chunks(struct arena *arena, size_t keep)
{
    size_t size = chunks_size(arena->chunks) + chunks_size(arena->spare);
    struct arena_chunk *chunk;

    if (arena->chunks == NULL || size > keep || size > CHUNK_SIZE_MOST) {
        return false;
    }
    free_chunks(&arena->allocator, arena->chunks);
    free_chunks(&arena->allocator, arena->spare);
    arena->spare = NULL;
    arena->used = 0;
    chunk = mem_alloc(&arena->allocator, size);
    if (chunk == NULL) {
        enter_chunk(arena, NULL, arena->lent);
        return true;
    }
    chunk->next = NULL;
    chunk->size = size;
    enter_chunk(arena, chunk, chunk_begin(chunk));
    return true;
}

void arena_reset_chunks(struct arena *arena, size_t keep)
{
    struct arena_chunk *only = arena->chunks;

    arena->chunk_size = 0;
    arena->over_budget = false;
    if (only != NULL && only->next == NULL && arena->spare == NULL && only->size <= keep) {
        arena->at = chunk_begin(only); /* better than what was lent, which was too small */
        arena->used = 0;
    } else if (!merge_chunks(arena, keep)) {
        retire_chunks(arena, keep);
    }
}

size_t arena_used(const struct arena *arena)
{
    const uint8_t *begin = arena->chunks != NULL ? chunk_begin(arena->chunks) : arena->lent;

    return begin == NULL ? 0 : arena->used + (size_t)(arena->at - begin);
}

void arena_deinit(struct arena *arena)
{
    struct arena_store *store = arena->store;

    if (arena->chunks == NULL && arena->spare == NULL) {
        arena->at = arena->end = arena->lent = arena->lent_end = NULL;
        return;
    }
    if (store != NULL && arena_used(arena) > 0 && KEEP_IN_STORE) {
        retire_chunks(arena, ARENA_STORE_MOST);
        arena->spare = atomic_exchange(&store->chunks, arena->spare);
    }
    free_chunks(&arena->allocator, arena->chunks);
    free_chunks(&arena->allocator, arena->spare);
    arena_init(arena, &arena->allocator, arena->budget);
    arena->store = store;
}

thrift_status arena_fail(const struct arena *arena, thrift_error *err)
{
    if (arena->over_budget) {
        return FAIL(err, THRIFT_E_LIMIT, "more than %zu bytes of memory are needed", arena->budget);
    }
    return FAIL_NOMEM(err);
}

/* The smallest that will do: the same demands take the same chunks again, in the same order. */
static struct arena_chunk *take_spare(struct arena *arena, size_t size)
{
    struct arena_chunk **fits = NULL, *chunk;

    if (arena->spare == NULL && arena->store != NULL) {
        arena->spare = atomic_exchange(&arena->store->chunks, NULL);
    }
    for (struct arena_chunk **at = &arena->spare; *at != NULL && (*at)->size >= size;
         at = &(*at)->next) {
        fits = at;
    }
    if (fits == NULL) {
        return NULL;
    }
    chunk = *fits;
    *fits = chunk->next;
    return chunk;
}

/* What is larger than the next chunk gets one of exactly its size: a big array does not make the
 * chunk behind it big, too. */
static struct arena_chunk *new_chunk(struct arena *arena, size_t least)
{
    size_t next = arena->chunk_size != 0 ? arena->chunk_size : CHUNK_SIZE_FIRST;
    size_t size = next < least ? least : next;
    struct arena_chunk *chunk;

    arena->chunk_size = next < CHUNK_SIZE_MOST ? 2 * next : CHUNK_SIZE_MOST;
    chunk = mem_alloc(&arena->allocator, size);
    if (chunk != NULL) {
        chunk->size = size;
    }
    return chunk;
}

void *arena_alloc_slow(struct arena *arena, size_t size, size_t alignment)
{
    size_t least, used = arena_used(arena);
    struct arena_chunk *chunk;

    arena->over_budget = used > arena->budget || size > arena->budget - used;
    if (arena->over_budget || !size_add(size, sizeof *chunk + ARENA_SLOP + alignment - 1, &least)) {
        return NULL;
    }
    chunk = take_spare(arena, least);
    if (chunk == NULL) {
        chunk = new_chunk(arena, least);
    }
    if (chunk == NULL) {
        return NULL;
    }
    if (arena->chunks != NULL) {
        arena->chunks->at = arena->at;
    }
    chunk->next = arena->chunks;
    enter_chunk(arena, chunk, chunk_begin(chunk));
    arena->used = used;
    return arena_alloc_aligned(arena, size, alignment);
}

char *arena_strdup(struct arena *arena, const char *text, size_t size)
{
    char *copy = arena_alloc_aligned(arena, size + 1, 1);

    if (copy != NULL) {
        if (size > 0) { /* text may be NULL then */
            memcpy(copy, text, size);
        }
        copy[size] = '\0';
    }
    return copy;
}
