/*
 * Native plan: the operations of one struct of the program's own.
 *
 * Where a record's plan follows from the definition alone, a native plan follows from a table of
 * the program's that src/native has verified: offsets, C types, how presence is said. Operations
 * are there for the fields that the C struct has, in the order of their ids; all others are passed
 * over. Immutable once native_plan_finish() was there. Threads: any.
 * Invariant: ops[op_count] is a sentinel that matches no head of any protocol.
 */
#ifndef CODEC_NATIVE_PLAN_H
#define CODEC_NATIVE_PLAN_H

#include "codec/plan.h"

/* What stands in C memory. Numbers, bool, uuid and thrift_bytes as in records: PLAN_BOOL … . */
enum native_code {
    NATIVE_TEXT = 64, /* char *, of a string */
    NATIVE_CHARS,     /* char[N], of a string */
    /* those above are leaves: read and written in one step */
    NATIVE_STRUCT,  /* inline */
    NATIVE_POINTER, /* to a struct */
    NATIVE_ARRAY,   /* pointer and size_t count: list, set */
    NATIVE_ENTRIES, /* the same for a map: an array of entry structs */
    NATIVE_DYNAMIC, /* pointer to a record, list or map */
    NATIVE_END      /* the sentinel's */
};

enum native_presence {
    NATIVE_ALWAYS, /* written as it stands */
    NATIVE_NULL,   /* a pointer that is NULL is absent */
    /* those below are written when a field is read */
    NATIVE_HAS,    /* a bool of the struct says so */
    NATIVE_TAGGED, /* of a union: the tag holds the field's id */
    NATIVE_BEHIND, /* the sentinel's */
    NATIVE_KEPT    /* no field: the place of those that were kept and have lower ids */
};

/* A place in a struct, an item or an entry, and what stands there. */
struct native_type {
    uint8_t code; /* enum plan_code below PLAN_RECORD, or enum native_code */
    uint8_t wire; /* enum wire_type */
    uint32_t offset, count_offset;
    uint32_t size;      /* NATIVE_CHARS: of the array */
    uint32_t item_size; /* NATIVE_ARRAY, NATIVE_ENTRIES */
    uint32_t item_alignment;
    bool dense; /* NATIVE_ARRAY: an item is one leaf and nothing else */
    const thrift_type *type;
    const struct native_plan *record;
    const struct native_type *element, *key;
    const struct plan_type *dynamic; /* NATIVE_DYNAMIC */
};

static inline bool native_is_leaf(const struct native_type *type)
{
    return type->code < NATIVE_STRUCT;
}

struct native_op {
    uint32_t head;   /* as in struct plan_op, like all that have the same names */
    uint32_t offset; /* of type */
    uint64_t seen;   /* its bit while the struct is read; 0: of a union, or beyond the 64th */
    uint8_t code, wire;
    uint8_t presence; /* enum native_presence */
    uint8_t binary_need, compact_need, compact_head, compact_span;
    uint8_t requiredness;
    uint16_t compact_expected;
    int16_t id;
    bool defaulted; /* an absent one is given its default when read */
    bool left_out;  /* an absent one is not written, and that is no mistake */
    int32_t previous_id;
    int32_t below;       /* NATIVE_KEPT: lower than which id */
    uint32_t has_offset; /* NATIVE_HAS */
    const struct native_type *type;
    const thrift_field *field;
    /* Written when it is absent: the value's bytes; of a bool in compact the first says which. */
    thrift_bytes absent_binary, absent_compact;
    thrift_bytes default_struct; /* binary: a struct of this field with its default */
};

struct native_plan {
    const struct native_op *ops; /* ascending ids */
    uint32_t op_count;
    uint32_t dense_count; /* as in struct plan */
    const uint16_t *dense;
    uint64_t required, defaulted; /* bits of `seen` */
    uint64_t awaited;             /* both; of a union all, since its end is always looked at */
    uint32_t size, alignment;     /* of the C struct */
    uint32_t tag_offset;
    uint32_t unknown_offset; /* of struct native_unknown, when it keeps fields */
    bool tagged;             /* a union */
    bool keeps;              /* fields that C does not have */
    bool careful;            /* tagged, or keeps */
    bool flat;               /* not careful; fields are leaves, or structs inside of it */
    const bool *some_keep; /* true: a struct that was verified together with this one keeps fields*/
    /* `ops`, before each and behind the last a NATIVE_KEPT. NULL: it does not keep fields */
    const struct native_op *kept_ops;
    uint32_t binary_least, compact_least;
    const thrift_struct *type;
};

#define NATIVE_SEEN_MOST 64u

/*
 * Completes plans whose operations are in place, unordered, with `id`, `type`, `field`,
 * `requiredness`, `presence` and `has_offset`; the sentinel's place is there, too. Texts and tables
 * go into the arena; what is dynamic in the types gets its plan. E_NOMEM; E_LIMIT: more required
 * fields and defaults than NATIVE_SEEN_MOST.
 */
thrift_status native_plan_finish(struct native_plan *plan, struct native_op *ops,
                                 struct arena *arena, thrift_error *err);

/* The wire's code for a kind; the code for a kind that is stored as in records. */
uint8_t native_wire_of(thrift_kind kind);

const struct native_op *native_plan_search(const struct native_plan *plan, int16_t id);

static inline const struct native_op *native_plan_find(const struct native_plan *plan, int16_t id)
{
    if ((uint16_t)id < plan->dense_count) {
        uint16_t place = plan->dense[id];

        return place != 0 ? &plan->ops[place - 1] : NULL;
    }
    return native_plan_search(plan, id);
}

#endif
