/*
 * Slots: size and alignment of what stands for a value of each kind, as the C compiler has them,
 * and arrays of them.
 */
#include "value/layout.h"

#include "base/alloc.h"

#define COUNT_FIRST 8u

#define SLOT_ALIGNMENT(type)                                                                       \
    ((uint32_t)offsetof(                                                                           \
        struct {                                                                                   \
            char before;                                                                           \
            type slot;                                                                             \
        },                                                                                         \
        slot))
#define SLOT_MAP(X)                                                                                \
    X(BOOL, bool)                                                                                  \
    X(I8, int8_t)                                                                                  \
    X(I16, int16_t)                                                                                \
    X(I32, int32_t)                                                                                \
    X(I64, int64_t)                                                                                \
    X(DOUBLE, double)                                                                              \
    X(STRING, thrift_bytes)                                                                        \
    X(BINARY, thrift_bytes)                                                                        \
    X(UUID, thrift_uuid)                                                                           \
    X(ENUM, int32_t)                                                                               \
    X(RECORD, thrift_record *)                                                                     \
    X(LIST, thrift_list *)                                                                         \
    X(SET, thrift_list *)                                                                          \
    X(MAP, thrift_map *)

uint32_t slot_size(thrift_kind kind)
{
    static const uint8_t sizes[] = {
#define SIZE(name, type) [THRIFT_KIND_##name] = sizeof(type),
        SLOT_MAP(SIZE)
#undef SIZE
    };
    return sizes[kind];
}

uint32_t slot_alignment(thrift_kind kind)
{
    static const uint8_t alignments[] = {
#define ALIGNMENT(name, type) [THRIFT_KIND_##name] = SLOT_ALIGNMENT(type),
        SLOT_MAP(ALIGNMENT)
#undef ALIGNMENT
    };
    return alignments[kind];
}

static uint32_t next_capacity(uint32_t capacity, uint32_t least)
{
    if (capacity == 0) {
        /* What is asked for first is often what it comes to. */
        return least > 1 ? least : COUNT_FIRST;
    }
    if (capacity > UINT32_MAX / 2) {
        return least;
    }
    return 2 * capacity > least ? 2 * capacity : least;
}

bool slots_reserve(struct arena *arena, void **items, uint32_t count, uint32_t *capacity,
                   uint32_t more, uint32_t size)
{
    uint32_t grown;
    size_t bytes;

    if (more <= *capacity - count) {
        return true;
    }
    if (more > UINT32_MAX - count) {
        return false;
    }
    grown = next_capacity(*capacity, count + more);
    if (!size_multiply(grown, size, &bytes)) {
        return false;
    }
    if (*items == NULL || !arena_extend(arena, *items, (size_t)*capacity * size, bytes)) {
        void *moved = arena_alloc(arena, bytes);

        if (moved == NULL) {
            return false;
        }
        if (count > 0) {
            memcpy(moved, *items, (size_t)count * size);
        }
        *items = moved;
    }
    *capacity = grown;
    return true;
}
