/*
 * Layout: how one struct stands in memory. Codec, getters and setters are driven by layouts alone.
 *
 * Automatic layout of a record: its header, presence, then the fields by the C ABI's rules in the
 * order of the definition. Presence is one bit per slot in 64-bit words. A union has a tag instead
 * (slot + 1; 0: none) and one place that all members share.
 * The layouts of a schema are made once, on first use, and hang on it; immutable. Threads: any.
 */
#ifndef VALUE_LAYOUT_H
#define VALUE_LAYOUT_H

#include <rethrift/value.h>

#include "schema/descriptor.h"

struct layouts;
struct layout_name;
struct map;
struct mapping_index;
struct plan;

/* What a slot of each kind is made of. A container or record is a pointer to it. */
union slot {
    bool boolean;
    int8_t i8;
    int16_t i16;
    int32_t i32; /* enum, too */
    int64_t i64;
    double real;
    thrift_bytes bytes; /* string, binary; data NULL: absent, so an empty one points somewhere */
    thrift_uuid uuid;
    thrift_record *record;
    thrift_list *list;
    thrift_map *map;
    void *object; /* any of the last three */
};

/* Both 0 for THRIFT_KIND_NONE. */
uint32_t slot_size(thrift_kind kind);
uint32_t slot_alignment(thrift_kind kind);

/* An array of `*capacity` places of `size` bytes in the arena, of which `count` are used, gets room
 * for `more`: in place when it can. false: no memory (or budget), nothing changed. */
bool slots_reserve(struct arena *arena, void **items, uint32_t count, uint32_t *capacity,
                   uint32_t more, uint32_t size);

struct layout_field {
    const thrift_field *field;
    const thrift_type *type;
    thrift_kind kind;
    uint32_t slot;            /* field->slot */
    uint32_t offset;          /* from the beginning of the struct */
    uint32_t has;             /* automatic: presence bit; of a union: the tag, slot + 1 */
    uint32_t size;            /* of the slot */
    const void *default_slot; /* the declared default as slot memory, shared; NULL: none */
};

struct layout {
    const thrift_struct *type;
    const struct layouts *all; /* of the schema */
    uint32_t index;            /* type->index */
    uint32_t size, alignment;  /* of the struct; the size is a multiple of the alignment */
    uint32_t has_offset;       /* automatic: presence words, or a union's 32-bit tag */
    uint32_t has_words;        /* 64-bit presence words; 0 in a union */
    uint32_t field_count;
    bool native;                       /* no header, no presence words: the user's own C struct */
    bool tagged;                       /* a union */
    const struct layout_field *fields; /* by slot */
    const uint64_t *required;          /* has_words words: the bits that must be set */
    /* Initial bytes: header with root NULL, zero presence, declared defaults. */
    const void *image;
    const thrift_record *shared_empty; /* the image as a record: stands for empty sub-structs */
    /* Field by name: open addressing, a power of two of places. */
    const struct layout_name *names;
    uint32_t name_mask;
    bool names_strong;
    _Atomic(const struct plan *) plan; /* the codec's, of a layout of its schema; NULL: not yet */
};

struct layouts {
    struct schema_derived derived;
    const thrift_schema *schema;
    struct arena arena;
    struct arena_store store;      /* of the roots' arenas */
    const struct layout *items;    /* by thrift_struct.index */
    struct mapping_index *indexes; /* of constant maps */
    struct map *constants;         /* const thrift_constant * (its bytes) -> slot memory */
};

/* Makes the schema's layouts on first use. NULL: E_NOMEM. Threads: any. */
const struct layouts *layouts_of(const thrift_schema *schema, thrift_error *err);
const struct layout *layout_of(const thrift_schema *schema, const thrift_struct *type,
                               thrift_error *err);

/* The same where a record of the schema exists, so that its layouts do, too. */
static inline const struct layout *layout_made(const thrift_struct *type)
{
    const struct schema_derived *derived =
        atomic_load_explicit(&type->schema->derived[SCHEMA_LAYOUTS], memory_order_acquire);

    return &((const struct layouts *)(const void *)derived)->items[type->index];
}

/* NULL when there is none; never looks for a path. */
const struct layout_field *layout_field_named(const struct layout *layout, const char *name,
                                              size_t size);
/* The same for a member of plain JSON: by the name there, or the declared one. */
const struct layout_field *layout_field_in_json(const struct layout *layout, const char *name,
                                                size_t size);

#endif
