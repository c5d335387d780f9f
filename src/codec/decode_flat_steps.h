/*
 * The steps of reading without frames that are the same in every protocol: decode_flat.h.
 */
#ifndef CODEC_DECODE_FLAT_STEPS_H
#define CODEC_DECODE_FLAT_STEPS_H

#include "codec/decode_steps.h"

/* The most bytes from a field's head to the end of what a reader looks at, unless it is a string of
 * more than BYTES_PAIR bytes; what it may take of the arena. */
#define DECODE_FIELD_INPUT 40u
#define DECODE_FIELD_MEMORY (BYTES_PAIR + 1)

/* Where a reader without frames stands: a local whose address goes nowhere, as decode_state. */
struct decode_flat {
    struct cursor in;
    const uint8_t *sure; /* as in decode_state */
    uint8_t *free_at, *free_end;
    /* not behind them, all of the next struct or element can be read without a look at the ends of
     * the input and the arena; NULL: nowhere */
    const uint8_t *ample_in, *ample_free;
    struct thrift_root *root;
    int32_t last_id;
};

/* A struct that is read without frames; a local, too. */
struct flat_struct {
    const struct plan_op *op; /* that should come next, or is being read */
    uint8_t *base;
    uint64_t seen;
};

/* Those that wait for one in them. */
struct flat_outer {
    struct flat_struct items[PLAN_NESTED_MOST];
    struct flat_struct *volatile end; /* seldom needed: registers are for the fields */
};

/* What became of a field's value: there is more to it, it was read, or it is a struct. */
enum flat_step { FLAT_LEFT, FLAT_READ, FLAT_STRUCT };

/* Elements of a container that are to be read. */
struct decode_part {
    const struct plan_type *type;
    uint8_t *slot; /* of the first of them, or its entry */
    uint32_t count;
    uint32_t least; /* bytes reserved for each */
};

/* ---- places ---- */

/* The place where the loop with frames stands. */
ALWAYS_INLINE struct decode_flat step_flat(const struct decoder *decoder)
{
    const struct decode_state *s = &decoder->state;

    return (struct decode_flat){.in = s->in,
                                .sure = s->sure,
                                .free_at = s->free_at,
                                .free_end = s->free_end,
                                .root = decoder->root};
}

/* What is read next is structs of `size` bytes with so many fields in all, or so many leaves. */
ALWAYS_INLINE void flat_expect(struct decode_flat *f, size_t fields, size_t size)
{
    size_t input = fields * DECODE_FIELD_INPUT + sizeof(uint32_t); /* heads are read as a word */
    size_t memory = fields * (DECODE_FIELD_MEMORY + 7) + size + 8; /* structs are aligned */

    f->ample_in = cursor_need(&f->in, input) ? f->in.end - input : NULL;
    f->ample_free =
        memory <= (size_t)(f->free_end - f->free_at) ? f->free_end - memory : (uint8_t *)NULL;
}

/* Whether that may be done from this place on. */
ALWAYS_INLINE bool flat_is_ample(const struct decode_flat *f, const uint8_t *at,
                                 const uint8_t *free_at)
{
    return (uintptr_t)at <= (uintptr_t)f->ample_in &&
           (uintptr_t)free_at <= (uintptr_t)f->ample_free;
}

/* What of it is kept, or gone back to. Two pointers, not a whole struct, which compilers copy in
 * pieces that are wider than what was just stored. */
struct flat_place {
    const uint8_t *at;
    uint8_t *free_at;
};

ALWAYS_INLINE struct flat_place flat_place(const struct decode_flat *f)
{
    return (struct flat_place){f->in.at, f->free_at};
}

ALWAYS_INLINE void flat_leave(struct decoder *decoder, struct flat_place place)
{
    decoder->state.in.at = place.at;
    decoder->state.free_at = place.free_at;
}

/* What is left of a container when so many elements are done. */
ALWAYS_INLINE struct decode_part part_rest(struct decode_part part, uint32_t done)
{
    part.slot += (size_t)done *
                 (part.type->code == PLAN_MAP ? part.type->entry_size : part.type->element->size);
    part.count -= done;
    return part;
}

/* ---- structs ---- */

/* Member by member, as step_copy_state(). */
ALWAYS_INLINE void flat_copy(struct flat_struct *to, const struct flat_struct *from)
{
    to->op = from->op;
    to->base = from->base;
    to->seen = from->seen;
}

/* Begins a struct in an empty record from the arena. false: no room. */
ALWAYS_INLINE bool flat_begin(struct decode_flat *f, struct flat_struct *s, const struct plan *plan,
                              bool ample)
{
    uint8_t *base = f->free_at + ((size_t)(-(uintptr_t)f->free_at) & 7);

    if (!ample && RARELY((ptrdiff_t)plan->size > f->free_end - base)) {
        return false;
    }
    step_fill(f->root, plan, base);
    f->free_at = base + plan->size;
    f->last_id = 0;
    s->op = plan->ops;
    s->base = base;
    s->seen = 0;
    return true;
}

/* At the stop. false: a required field is missing. */
ALWAYS_INLINE bool flat_end(struct decode_flat *f, const struct flat_struct *s,
                            const struct plan *plan)
{
    f->in.at += 1;
    memcpy(s->base + plan->has_offset, &s->seen, sizeof s->seen);
    return (plan->required & ~s->seen) == 0;
}

/* What stands for a struct that ended: nothing but its stop needs no record. */
ALWAYS_INLINE const void *flat_object(struct decode_flat *f, const struct flat_struct *s,
                                      const struct plan *plan)
{
    if (RARELY(s->seen == 0) && plan->may_be_empty) {
        f->free_at = s->base;
        return plan->layout->shared_empty;
    }
    return s->base;
}

/* Back to the struct that it is in. */
ALWAYS_INLINE void flat_close(struct decode_flat *f, struct flat_struct *s,
                              const struct flat_struct *outer)
{
    step_point(outer->base + outer->op->offset, flat_object(f, s, outer->op->type->record));
    flat_copy(s, outer);
    f->last_id = s->op->id;
    s->seen |= s->op->has;
    s->op += 1;
}

#endif
