/*
 * The life of a schema: made empty, filled by the loader, shared by counting, freed whole.
 */
#include "schema/schema.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "schema/type_spelling.h"

thrift_schema *schema_new(const thrift_allocator *allocator, const thrift_limits *limits)
{
    thrift_schema *schema = mem_alloc_zero(allocator, 1, sizeof *schema);

    if (schema != NULL) {
        reference_init(&schema->reference);
        if (allocator != NULL) {
            schema->allocator = *allocator;
        }
        schema->limits = limits_in_force(limits);
        arena_init(&schema->arena, allocator, SIZE_MAX);
        schema->index.arena = schema->constants.arena = &schema->arena;
        hash_fingerprint("", 0, schema->fingerprint);
    }
    return schema;
}

static void free_derivations(thrift_schema *schema)
{
    /* Last made first: a plan refers to layouts. */
    for (size_t i = SCHEMA_DERIVATION_COUNT; i-- > 0;) {
        struct schema_derived *derived = atomic_load(&schema->derived[i]);

        if (derived != NULL) {
            derived->free(derived);
        }
    }
}

static __attribute__((noinline)) void schema_free(thrift_schema *schema)
{
    thrift_allocator allocator = schema->allocator;

    free_derivations(schema);
    spelled_types_free(schema);
    for (size_t i = 0; i < schema->file_count; i++) {
        file_release(schema->files[i].owned_text);
    }
    arena_deinit(&schema->arena);
    mem_free(&allocator, schema, sizeof *schema);
}

thrift_schema *thrift_schema_empty(thrift_error *err)
{
    thrift_schema *schema = schema_new(NULL, NULL);

    if (schema == NULL) {
        FAIL_NOMEM(err);
    }
    return schema;
}

thrift_schema *thrift_schema_ref(thrift_schema *schema)
{
    if (schema != NULL) {
        reference_take(&schema->reference);
    }
    return schema;
}

void thrift_schema_unref(thrift_schema *schema)
{
    if (schema != NULL && reference_drop(&schema->reference)) {
        schema_free(schema);
    }
}

struct schema_derived *schema_derive(const thrift_schema *schema, enum schema_derivation which,
                                     schema_derive_fn make, thrift_error *err)
{
    /* The one part of a schema that changes; it was not const when it was made. */
    _Atomic(struct schema_derived *) *place =
        (_Atomic(struct schema_derived *) *)(uintptr_t)&schema->derived[which];
    struct schema_derived *present = atomic_load_explicit(place, memory_order_acquire);
    struct schema_derived *made;

    if (present != NULL) {
        return present;
    }
    made = make(schema, err);
    if (made == NULL || atomic_compare_exchange_strong(place, &present, made)) {
        return made;
    }
    made->free(made);
    return present;
}

const char *thrift_schema_fingerprint(const thrift_schema *schema)
{
    return schema != NULL ? schema->fingerprint : NULL;
}

size_t thrift_schema_file_count(const thrift_schema *schema)
{
    return schema != NULL ? schema->file_count : 0;
}

const char *thrift_schema_file(const thrift_schema *schema, size_t i, const char **out_text)
{
    if (i >= thrift_schema_file_count(schema)) {
        return NULL;
    }
    if (out_text != NULL) {
        *out_text = schema->files[i].text;
    }
    return schema->files[i].path;
}
