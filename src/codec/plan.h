/*
 * Plan: a layout turned into what the codecs run on, one array of operations per struct.
 *
 * Operations stand in the order of their ids, which is the order that Apache writes in, so that a
 * reader may expect the next one. Made once per schema on first use, immutable. Threads: any.
 * Invariant: ops[op_count] is a sentinel that matches no head of any protocol.
 */
#ifndef CODEC_PLAN_H
#define CODEC_PLAN_H

#include "base/bytes.h"
#include "value/layout.h"

/* Readers compare: numbers of the same size stand side by side. */
enum plan_code {
    PLAN_BOOL,
    PLAN_I8,
    PLAN_I16,
    PLAN_I32,
    PLAN_ENUM,
    PLAN_I64,
    PLAN_DOUBLE,
    PLAN_UUID,
    PLAN_STRING,
    PLAN_BINARY,
    /* those above are leaves: read and written in one step */
    PLAN_RECORD,
    PLAN_LIST, /* and set */
    PLAN_MAP
};

/* The code of the sentinel, which no value has. */
#define PLAN_END (PLAN_MAP + 1)

struct plan_type {
    uint8_t code;  /* enum plan_code */
    uint8_t wire;  /* enum wire_type */
    bool leafy;    /* a list of leaves, a map of leaves to leaves */
    bool flat;     /* the same, or with leafy containers or shallow structs instead of leaves, but
                      for keys */
    uint32_t size; /* of the slot */
    const thrift_type *type;
    const struct plan *record;
    const struct plan_type *element, *key; /* as in thrift_type */
    uint32_t entry_size, value_offset;     /* of a map's entries */
};

static inline bool plan_is_leaf(const struct plan_type *type) { return type->code < PLAN_RECORD; }

#define PLAN_NO_ID INT32_MAX

/* A binary field's type and id as the first three bytes in memory; the fourth is 0. */
static inline uint32_t plan_head(uint8_t wire, int16_t id)
{
    return BYTES_BIG32((uint32_t)wire << 24 | (uint32_t)(uint16_t)id << 8);
}
#define PLAN_HEAD_BYTES BYTES_BIG32(UINT32_C(0xffffff00))
#define PLAN_NO_HEAD UINT32_MAX
#define PLAN_OTHER_HEAD (UINT32_MAX - 1) /* matches nothing, not even PLAN_NO_HEAD */
#define PLAN_NO_COMPACT_HEAD 0x0fffu

struct plan_op {
    uint32_t head;     /* plan_head() */
    uint32_t expected; /* the same where a reader may take it without a further look, which it may
                          when `has` is not 0; else PLAN_NO_HEAD */
    uint32_t offset;   /* of the slot in the struct */
    uint8_t code;      /* of type */
    uint8_t wire;
    uint8_t requiredness; /* thrift_requiredness */
    uint8_t binary_need;  /* bytes of the head and the least value */
    uint64_t has;         /* bit in the first presence word; 0: in a later word, or a union's tag */
    uint16_t compact_expected; /* compact_head, or PLAN_NO_COMPACT_HEAD as above */
    uint8_t compact_need;
    uint8_t compact_head; /* when previous_id was the last field */
    uint8_t compact_span; /* 1: the head of a bool may be one more */
    bool left_out;        /* when it is not set, which `has` says */
    int16_t id;
    int32_t previous_id; /* PLAN_NO_ID: compact_head is none, the long form is needed */
    uint16_t rest; /* of a shallow struct: bytes from this field to behind the stop at most, any
                      protocol, with no string longer than BYTES_PAIR and without the items of
                      leafy containers */
    uint8_t shift; /* of a number: bits by which it is shorter than 64 */
    const struct plan_type *type;
    const struct layout_field *field;
};

/* Structs inside each other, the outermost among them, and their operations in all, of which each
 * takes up to 40 bytes: plan_op.rest must hold them. */
#define PLAN_NESTED_MOST 4u
#define PLAN_NESTED_COUNT_MOST 1600u

/* What a reader or writer without frames is made for; each can do what those before it can. */
enum plan_form { PLAN_FLAT, PLAN_NESTED, PLAN_SHALLOW };

struct plan {
    const struct layout *layout;
    const struct plan_op *ops; /* ascending ids */
    const struct plan_op *end; /* the sentinel */
    const uint8_t *image;      /* of the layout */
    uint32_t size;             /* of the layout */
    uint32_t op_count;
    uint32_t dense_count;  /* ids below it are looked up in `dense` */
    const uint16_t *dense; /* id -> op + 1; 0: none */
    uint64_t required;     /* of the first presence word */
    uint64_t all;          /* of all fields that have a bit in it */
    uint32_t required_count;
    uint32_t has_offset; /* of the layout */
    bool tagged;         /* a union */
    bool far;            /* has presence beyond the first word */
    bool flat;           /* nothing but leaves, which every protocol has a form for, and not far */
    bool nested;         /* the same, or with structs of this kind */
    bool shallow;        /* the same, or with leafy containers in the outermost */
    uint8_t depth;       /* of shallow ones: structs inside each other, PLAN_NESTED_MOST at most */
    bool may_be_empty;   /* nothing but its stop is a value, the shared empty one */
    uint32_t binary_least, compact_least; /* bytes of the smallest complete value (R2) */
    uint32_t nested_count, nested_size;   /* of a shallow one: operations and aligned bytes, with
                                             those of the structs in it */
};

/* Names that struct_named() may remember. */
#define PLANS_NAMED 16

struct plans {
    struct schema_derived derived;
    const thrift_schema *schema;
    struct arena arena;
    const struct plan *items; /* by thrift_struct.index */
    _Atomic(const thrift_struct *) named[PLANS_NAMED];
};

/* Makes the schema's plans if they are not there. NULL: E_NOMEM. */
const struct plans *plans_of(const thrift_schema *schema, thrift_error *err);

/* NULL when they are not there yet. */
static inline const struct plans *plans_made(const thrift_schema *schema)
{
    const struct schema_derived *derived =
        atomic_load_explicit(&schema->derived[SCHEMA_PLANS], memory_order_acquire);

    return (const struct plans *)(const void *)derived;
}

/* Where the schema's plans were made before. */
static inline const struct plan *plan_made(const thrift_struct *type)
{
    return &plans_made(type->schema)->items[type->index];
}

/* The same where one has the layout. NULL: not there yet, or not seen yet. */
static inline const struct plan *plan_of_layout(const struct layout *layout)
{
    return atomic_load_explicit(&layout->plan, memory_order_acquire);
}

/* NULL: E_NOMEM. */
static inline const struct plan *plan_of(const thrift_schema *schema, const thrift_struct *type,
                                         thrift_error *err)
{
    const struct plans *all = plans_made(schema);

    if (all == NULL) {
        all = plans_of(schema, err);
    }
    return all != NULL ? &all->items[type->index] : NULL;
}

const struct plan_op *plan_search(const struct plan *plan, int16_t id);

/* The operation of a field id; NULL when the struct has none. */
static inline const struct plan_op *plan_find(const struct plan *plan, int16_t id)
{
    if ((uint16_t)id < plan->dense_count) {
        uint16_t place = plan->dense[id];

        return place != 0 ? &plan->ops[place - 1] : NULL;
    }
    return plan_search(plan, id);
}

/* The least bytes that a value takes; for a record only what its required fields make certain. */
static inline uint32_t plan_least(const struct plan_type *type, const uint8_t *least, bool compact,
                                  bool missing_accepted)
{
    if (type->code != PLAN_RECORD || missing_accepted) {
        return least[type->wire];
    }
    return compact ? type->record->compact_least : type->record->binary_least;
}

#endif
