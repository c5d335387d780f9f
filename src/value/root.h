/*
 * Root: the owner of one message's memory and of the first mistake made with it.
 *
 * Records, lists and maps point at their root; shared constants point at none. A root lives in a
 * record that a program made, in a call, in an outcome. Threads: owner; mistakes in any number of
 * threads at once, since getters note them.
 */
#ifndef VALUE_ROOT_H
#define VALUE_ROOT_H

#include <rethrift/value.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/error.h"

struct layout;
struct mapping_index;
struct unknown_table;

enum root_mistaken { ROOT_NO_MISTAKE, ROOT_MISTAKE_COMING, ROOT_MISTAKE };

struct thrift_root {
    struct arena arena;    /* set its budget while decoding */
    thrift_schema *schema; /* a reference */
    thrift_record *top;    /* what thrift_record_free() takes; NULL: something else owns the root */
    const struct layout *top_layout;
    size_t block_size;                       /* of the allocation that begins with the root */
    _Atomic(struct mapping_index *) indexes; /* of maps; freed with the values */
    struct unknown_table *unknown;           /* NULL: none were kept */
    thrift_bytes view; /* the input that decoded strings are views of; empty: they are copies */
    atomic_uint mistaken;
    const thrift_error *mistake; /* the first, allocated; valid in state ROOT_MISTAKE */
};

/* On memory of the caller's; takes a reference of the schema. Allocates nothing. */
void root_init(struct thrift_root *root, const thrift_schema *schema);
void root_deinit(struct thrift_root *root);
/* All values and the mistake are gone; memory up to `keep` bytes stays. The budget, too. */
void root_reset(struct thrift_root *root, size_t keep);
/* Whether all that it holds is in its own block: no chunk was taken, no index or mistake made. */
static inline bool root_is_small(const struct thrift_root *root)
{
    uintptr_t indexes = (uintptr_t)atomic_load_explicit(&root->indexes, memory_order_relaxed);

    /* one branch */
    return ((uintptr_t)root->arena.chunks | (uintptr_t)root->arena.spare |
            (uintptr_t)root->mistake | indexes) == 0;
}
/* What root_reset() does beside memory and mistakes. */
static inline void root_forget(struct thrift_root *root)
{
    root->unknown = NULL;
    root->view.size = 0;
    root->arena.budget = SIZE_MAX;
}
/* The same root for another schema: nothing happens when it is this one already. Only when empty.*/
void root_use_schema(struct thrift_root *root, const thrift_schema *schema);

/* A root in a block of its own, with an empty record of that layout as its top. NULL: E_NOMEM. */
struct thrift_root *root_new(const struct layout *layout, thrift_error *err);
void root_free(struct thrift_root *root); /* one made by root_new(); NULL allowed */

/* Notes a mistake if it is the first; `path` is where (may be NULL). Returns the root's first
 * mistake, or `code` where there is no root to keep it. */
thrift_status root_mistake(const struct thrift_root *root, thrift_status code, const char *path,
                           const char *format, ...) THRIFT_PRINTF(4, 5);
/* The arena's last NULL as a mistake. */
thrift_status root_no_memory(const struct thrift_root *root);
/* THRIFT_OK when there is none; `err` gets a copy. */
thrift_status root_first_mistake(const struct thrift_root *root, thrift_error *err);

/* Whether a string of the root's may be no C string: a view of the input, or what was decoded
 * beside views and has no NUL behind it. At least one byte may be read behind each. */
static inline bool root_is_view(const struct thrift_root *root, thrift_bytes text)
{
    return root != NULL && __builtin_expect(root->view.size > 0, 0) && text.size > 0 &&
           ((uintptr_t)text.data - (uintptr_t)root->view.data < root->view.size ||
            text.data[text.size] != '\0');
}

static inline thrift_status root_status(const struct thrift_root *root)
{
    return atomic_load_explicit(&root->mistaken, memory_order_acquire) == ROOT_MISTAKE
               ? root->mistake->code
               : THRIFT_OK;
}

#endif
