/*
 * Roots: made, recycled and freed; the first mistake.
 */
#include "value/root.h"

#include "base/alloc.h"
#include "base/reference.h"
#include "value/mapping_index.h"
#include "value/record.h"

/* A root of its own has room behind its top record, so that small records need one allocation.
 * Allocators keep freed blocks of up to a kibibyte at hand, so the smallest records stay below. */
#define BLOCK_QUICK ((size_t)1024)
#define ROOM_LEAST ((size_t)256)
#define ROOM_FIRST ((size_t)512)

/* Of root, top record and room, when the first two take `used`. */
static size_t block_size(size_t used)
{
    return used + ROOM_LEAST <= BLOCK_QUICK ? BLOCK_QUICK : used + ROOM_FIRST;
}

static inline void set_up(struct thrift_root *root, const thrift_schema *schema)
{
    /* References are counted through const: the schema itself stays as it is. */
    thrift_schema *counted = (thrift_schema *)(uintptr_t)schema;
    struct schema_derived *derived =
        atomic_load_explicit(&counted->derived[SCHEMA_LAYOUTS], memory_order_acquire);

    arena_init(&root->arena, &schema->allocator, SIZE_MAX);
    root->arena.store = derived != NULL ? &((struct layouts *)(void *)derived)->store : NULL;
    reference_take(&counted->reference);
    root->schema = counted;
    root->top = NULL;
    root->top_layout = NULL;
    root->block_size = 0;
    atomic_init(&root->indexes, NULL);
    root->unknown = NULL;
    root->view = (thrift_bytes){NULL, 0};
    atomic_init(&root->mistaken, ROOT_NO_MISTAKE);
    root->mistake = NULL;
}

void root_init(struct thrift_root *root, const thrift_schema *schema) { set_up(root, schema); }

/* What stands for a mistake that there was no memory to note. */
static const thrift_error no_memory = {
    .code = THRIFT_E_NOMEM,
    .message = "out of memory",
};

/* There is none any more. */
static void forget_mistake(struct thrift_root *root)
{
    if (root->mistake != NULL && root->mistake != &no_memory) {
        mem_free(&root->arena.allocator, (void *)(uintptr_t)root->mistake, sizeof *root->mistake);
    }
    root->mistake = NULL;
    atomic_store_explicit(&root->mistaken, ROOT_NO_MISTAKE, memory_order_relaxed);
}

void root_deinit(struct thrift_root *root)
{
    if (atomic_load_explicit(&root->indexes, memory_order_relaxed) != NULL) {
        mapping_index_free_all(root);
    }
    forget_mistake(root);
    arena_deinit(&root->arena);
    thrift_schema_unref(root->schema);
    root->schema = NULL;
}

void root_reset(struct thrift_root *root, size_t keep)
{
    if (atomic_load_explicit(&root->indexes, memory_order_relaxed) != NULL) {
        mapping_index_free_all(root);
    }
    arena_reset(&root->arena, keep);
    if (root->mistake != NULL) {
        forget_mistake(root);
    }
    root_forget(root);
    if (root->top != NULL) {
        record_fill(root->top, root->top_layout, root);
    }
}

void root_use_schema(struct thrift_root *root, const thrift_schema *schema)
{
    if (root->schema != schema) {
        thrift_schema *old = root->schema;

        root->arena.store = NULL; /* its chunks are of the old schema's allocator */
        root->schema = thrift_schema_ref((thrift_schema *)(uintptr_t)schema);
        thrift_schema_unref(old);
    }
}

struct thrift_root *root_new(const struct layout *layout, thrift_error *err)
{
    const thrift_schema *schema = layout->all->schema;
    size_t top = (sizeof(struct thrift_root) + 15) & ~(size_t)15;
    size_t used = top + ((layout->size + 15) & ~(uint32_t)15), size = block_size(used);
    uint8_t *block = mem_alloc(&schema->allocator, size);

    if (block == NULL) {
        FAIL_NOMEM(err);
        return NULL;
    }
    void *at = block;
    void *record = block + top;
    struct thrift_root *root = at;

    set_up(root, schema);
    arena_lend(&root->arena, block + used, size - used);
    root->block_size = size;
    root->top_layout = layout;
    root->top = record;
    record_fill(root->top, layout, root);
    return root;
}

/* With memory that is not in the root's own block. */
static __attribute__((noinline)) void free_all(struct thrift_root *root)
{
    thrift_allocator allocator = root->arena.allocator;

    root_deinit(root);
    mem_free(&allocator, root, root->block_size);
}

void root_free(struct thrift_root *root)
{
    if (root == NULL) {
        return;
    }
    if (!root_is_small(root) || root->arena.allocator.fn != NULL) {
        free_all(root);
    } else {
        thrift_schema_unref(root->schema);
        mem_free(NULL, root, root->block_size);
    }
}

/* Mistakes are noted while reading, too, and readers have the root const. */
static struct thrift_root *writable(const struct thrift_root *root)
{
    return (struct thrift_root *)(uintptr_t)root;
}

static THRIFT_PRINTF(4, 0) const thrift_error *note(const struct thrift_root *root,
                                                    thrift_status code, const char *path,
                                                    const char *format, va_list arguments)
{
    thrift_error *mistake = mem_alloc(&root->arena.allocator, sizeof *mistake);

    if (mistake == NULL) {
        return &no_memory;
    }
    *mistake = (thrift_error)THRIFT_ERROR_INIT;
    error_set_list(mistake, code, format, arguments);
    if (path != NULL) {
        error_set_source(mistake, path);
    }
    return mistake;
}

thrift_status root_mistake(const struct thrift_root *root, thrift_status code, const char *path,
                           const char *format, ...)
{
    unsigned none = ROOT_NO_MISTAKE;
    va_list arguments;

    if (root == NULL) {
        return code;
    }
    if (!atomic_compare_exchange_strong(&writable(root)->mistaken, &none, ROOT_MISTAKE_COMING)) {
        thrift_status first = root_status(root);

        return first != THRIFT_OK ? first : code;
    }
    va_start(arguments, format);
    writable(root)->mistake = note(root, code, path, format, arguments);
    va_end(arguments);
    atomic_store_explicit(&writable(root)->mistaken, ROOT_MISTAKE, memory_order_release);
    return code;
}

thrift_status root_no_memory(const struct thrift_root *root)
{
    thrift_error why = THRIFT_ERROR_INIT;

    arena_fail(&root->arena, &why);
    return root_mistake(root, why.code, NULL, "%s", why.message);
}

thrift_status root_first_mistake(const struct thrift_root *root, thrift_error *err)
{
    thrift_status status = root_status(root);

    if (status != THRIFT_OK && err != NULL) {
        *err = *root->mistake;
    }
    return status;
}
