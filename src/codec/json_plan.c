/*
 * Making the texts of all fields of a schema.
 */
#include "codec/json_plan.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/integer.h"
#include "schema/lookup.h"
#include "wire/tjson.h"

struct json_plans {
    struct schema_derived derived;
    struct arena arena;
    struct json_plan *items;
};

bool json_key_matches_slow(const struct json_key *key, const uint8_t *at, size_t left)
{
    return left > key->size && memcmp(at, key->text, key->size) == 0;
}

/* The arena's copy of a text, as a key. */
static bool make_key(struct arena *arena, struct json_key *key, const char *text, size_t size)
{
    char *copy = arena_alloc_aligned(arena, size + JSON_KEY_SLOP, 8);

    if (copy == NULL) {
        return false;
    }
    memset(copy + size, 0, JSON_KEY_SLOP);
    memcpy(copy, text, size);
    key->text = copy;
    key->size = (uint32_t)size;
    key->first = load_little64((const uint8_t *)copy);
    key->last = size >= 8 ? load_little64((const uint8_t *)copy + size - 8) : 0;
    key->mask = size >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * size) - 1;
    return true;
}

static size_t put(char *to, const char *text)
{
    size_t size = strlen(text);

    memcpy(to, text, size);
    return size;
}

static bool make_tagged(struct arena *arena, struct json_key *key, const struct plan_op *op)
{
    char text[64];
    size_t size = 0;

    text[size++] = '"';
    size += integer_write_i64(text + size, op->id);
    size += put(text + size, "\":{");
    size += put(text + size, tjson_type_text(op->wire));
    text[size++] = ':';
    if (op->code == PLAN_LIST || op->code == PLAN_MAP) {
        text[size++] = '[';
        if (op->code == PLAN_MAP) {
            size += put(text + size, tjson_type_text(op->type->key->wire));
            text[size++] = ',';
        }
        size += put(text + size, tjson_type_text(op->type->element->wire));
        text[size++] = ',';
    }
    return make_key(arena, key, text, size);
}

/* Nothing in names has to be escaped, nor in those that annotations give. */
static bool make_named(struct arena *arena, struct json_key *key, const char *name)
{
    size_t size = strlen(name);
    char *text = arena_alloc_aligned(arena, size + 3, 1);

    if (text == NULL) {
        return false;
    }
    text[0] = '"';
    memcpy(text + 1, name, size);
    memcpy(text + 1 + size, "\":", 2);
    return make_key(arena, key, text, size + 3);
}

static bool make_plan(struct arena *arena, struct json_plan *made, const struct plan *plan)
{
    size_t count = plan->op_count;
    struct json_key *tagged = arena_alloc_zero(arena, (count + 1) * sizeof *tagged);
    struct json_key *named = arena_alloc_zero(arena, (count + 1) * sizeof *named);
    struct json_key *plain = plan->layout->type->json_name_count > 0
                                 ? arena_alloc_zero(arena, (count + 1) * sizeof *plain)
                                 : named;
    bool done = tagged != NULL && named != NULL && plain != NULL;

    for (size_t i = 0; done && i < count; i++) {
        const thrift_field *field = plan->ops[i].field->field;

        done = make_tagged(arena, &tagged[i], &plan->ops[i]) &&
               make_named(arena, &named[i], field->node.name) &&
               (plain == named || make_named(arena, &plain[i], field_json_name(field)));
        plain[i].quotes = field->json_quotes ? JSON_QUOTES_ALL : JSON_QUOTES_NONE;
    }
    /* Behind the last there is one that matches nothing. */
    done = done && make_key(arena, &tagged[count], "\t\t\t\t\t\t\t\t", 8) &&
           make_key(arena, &named[count], "\t\t\t\t\t\t\t\t", 8) &&
           (plain == named || make_key(arena, &plain[count], "\t\t\t\t\t\t\t\t", 8));
    *made = (struct json_plan){.tagged = tagged, .named = named, .plain = plain};
    return done;
}

/* Of the field that no struct has. */
static bool make_lone(struct arena *arena, struct json_plan *made, enum json_quotes quotes)
{
    struct json_key *keys = arena_alloc_zero(arena, 2 * sizeof *keys);

    if (keys == NULL || !make_key(arena, &keys[0], "\"1\":{", 5) ||
        !make_named(arena, &keys[1], "1")) {
        return false;
    }
    keys[1].quotes = (uint8_t)quotes;
    *made = (struct json_plan){.tagged = &keys[0], .named = &keys[1], .plain = &keys[1]};
    return true;
}

static void plans_free(struct schema_derived *derived)
{
    struct json_plans *all = (struct json_plans *)(void *)derived;
    thrift_allocator allocator = all->arena.allocator;

    arena_deinit(&all->arena);
    mem_free(&allocator, all, sizeof *all);
}

static struct schema_derived *plans_make(const thrift_schema *schema, thrift_error *err)
{
    struct json_plans *all;
    bool done;

    all = mem_alloc_zero(&schema->allocator, 1, sizeof *all);
    if (all == NULL) {
        FAIL_NOMEM(err);
        return NULL;
    }
    all->derived.free = plans_free;
    arena_init(&all->arena, &schema->allocator, SIZE_MAX);
    all->items = arena_alloc_zero(&all->arena, (schema->struct_count + 2) * sizeof *all->items);
    done = all->items != NULL;
    for (size_t i = 0; done && i < schema->struct_count; i++) {
        done = make_plan(&all->arena, &all->items[i], plan_made(schema->structs[i]));
    }
    for (size_t i = 0; done && i < 2; i++) {
        done = make_lone(&all->arena, &all->items[schema->struct_count + i],
                         i == 0 ? JSON_QUOTES_NONE : JSON_QUOTES_ALL);
    }
    if (!done) {
        plans_free(&all->derived);
        FAIL_NOMEM(err);
        return NULL;
    }
    return &all->derived;
}

const struct json_plan *json_plans_of(const thrift_schema *schema, thrift_error *err)
{
    struct schema_derived *derived;

    if (schema->struct_count > 0 && plan_of(schema, schema->structs[0], err) == NULL) {
        return NULL;
    }
    derived = schema_derive(schema, SCHEMA_JSON_PLANS, plans_make, err);
    return derived != NULL ? ((const struct json_plans *)(const void *)derived)->items : NULL;
}
