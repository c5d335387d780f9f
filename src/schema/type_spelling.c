/*
 * A type by its spelling, for programs: "map<string, list<User>>".
 *
 * A finished schema cannot change, but what is made here must live as long as it does: each
 * spelling is parsed once, into an arena of its own, and pushed on a list that only grows. Threads
 * may race to push the same spelling; both results stay, either serves.
 */
#include "schema/type_spelling.h"

#include "base/alloc.h"
#include "schema/lookup.h"
#include "schema/type.h"

struct schema_spelled_type {
    struct schema_spelled_type *next;
    const char *spelling; /* as the program gave it */
    const thrift_type *type;
    struct arena arena;
};

/* A container whose parts are being read. */
struct open_type {
    thrift_kind kind;
    const thrift_type *key; /* of a map, once it has been read */
};

struct reader {
    const thrift_schema *schema;
    struct arena *arena;
    const char *at;
    size_t depth;
    struct open_type open[SCHEMA_TYPE_DEPTH_MOST];
};

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

static bool take(struct reader *r, char c)
{
    while (is_blank(*r->at)) {
        r->at++;
    }
    if (*r->at != c) {
        return false;
    }
    r->at++;
    return true;
}

static const thrift_type *type_of_node(const thrift_node *node)
{
    if (thrift_node_struct(node) != NULL) {
        return thrift_node_struct(node)->type;
    }
    if (thrift_node_enum(node) != NULL) {
        return thrift_node_enum(node)->type;
    }
    return thrift_alias_type(thrift_node_alias(node));
}

static thrift_kind container_kind(const char *name, size_t size)
{
    static const struct {
        const char *name;
        thrift_kind kind;
    } kinds[] = {{"list", THRIFT_KIND_LIST}, {"set", THRIFT_KIND_SET}, {"map", THRIFT_KIND_MAP}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strlen(kinds[i].name) == size && memcmp(kinds[i].name, name, size) == 0) {
            return kinds[i].kind;
        }
    }
    return THRIFT_KIND_NONE;
}

/* A name: opens a container (*out_type is NULL then) or is a whole type. */
static bool read_name(struct reader *r, const thrift_type **out_type)
{
    const char *name;
    size_t size = 0;
    thrift_kind kind;

    while (is_blank(*r->at)) {
        r->at++;
    }
    name = r->at;
    while (is_name(name[size])) {
        size++;
    }
    r->at += size;
    *out_type = NULL;
    kind = container_kind(name, size);
    if (kind != THRIFT_KIND_NONE) {
        if (r->depth == SCHEMA_TYPE_DEPTH_MOST - 1 || !take(r, '<')) {
            return false;
        }
        r->open[r->depth++] = (struct open_type){kind, NULL};
        return true;
    }
    *out_type = type_of_node(schema_find_definition(r->schema, name, size));
    if (*out_type == NULL && size > 0) {
        *out_type = type_base(name, size);
    }
    return *out_type != NULL;
}

/* Puts a finished type into what is open around it; *type becomes the outermost that closed. */
static bool close_types(struct reader *r, const thrift_type **type)
{
    while (r->depth > 0) {
        struct open_type *open = &r->open[r->depth - 1];

        if (open->kind == THRIFT_KIND_MAP && open->key == NULL) {
            open->key = *type;
            *type = NULL;
            return take(r, ',');
        }
        if (!take(r, '>') || (*type)->depth >= SCHEMA_TYPE_DEPTH_MOST ||
            (open->key != NULL && open->key->depth >= SCHEMA_TYPE_DEPTH_MOST)) {
            return false;
        }
        *type = type_container(r->arena, open->kind, open->key, *type);
        if (*type == NULL) {
            return false;
        }
        r->depth--;
    }
    return true;
}

static const thrift_type *read_type(const thrift_schema *schema, struct arena *arena,
                                    const char *spelling)
{
    struct reader r = {.schema = schema, .arena = arena, .at = spelling};
    const thrift_type *type = NULL;

    do {
        if (!read_name(&r, &type) || (type != NULL && !close_types(&r, &type))) {
            return NULL;
        }
    } while (r.depth > 0);
    return take(&r, '\0') ? type : NULL;
}

static struct schema_spelled_type *spelled_type_new(const thrift_schema *schema,
                                                    const char *spelling)
{
    struct schema_spelled_type *made = mem_alloc_zero(&schema->allocator, 1, sizeof *made);

    if (made == NULL) {
        return NULL;
    }
    arena_init(&made->arena, &schema->allocator, SIZE_MAX);
    made->spelling = arena_strdup(&made->arena, spelling, strlen(spelling));
    made->type = made->spelling != NULL ? read_type(schema, &made->arena, spelling) : NULL;
    if (made->type == NULL) {
        arena_deinit(&made->arena);
        mem_free(&schema->allocator, made, sizeof *made);
        return NULL;
    }
    return made;
}

const thrift_type *thrift_schema_type(const thrift_schema *schema, const char *spelling)
{
    _Atomic(struct schema_spelled_type *) *list;
    struct schema_spelled_type *first, *made;

    if (schema == NULL || spelling == NULL) {
        return NULL;
    }
    list = (_Atomic(struct schema_spelled_type *) *)(uintptr_t)&schema->spelled_types;
    first = atomic_load(list);
    for (const struct schema_spelled_type *at = first; at != NULL; at = at->next) {
        if (strcmp(at->spelling, spelling) == 0) {
            return at->type;
        }
    }
    made = spelled_type_new(schema, spelling);
    if (made == NULL) {
        return NULL;
    }
    do {
        made->next = first;
    } while (!atomic_compare_exchange_weak(list, &first, made));
    return made->type;
}

void spelled_types_free(thrift_schema *schema)
{
    struct schema_spelled_type *at = atomic_load(&schema->spelled_types);

    while (at != NULL) {
        struct schema_spelled_type *next = at->next;

        arena_deinit(&at->arena);
        mem_free(&schema->allocator, at, sizeof *at);
        at = next;
    }
}
