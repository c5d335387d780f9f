/*
 * Types: making them, and their accessors.
 *
 * The canonical text of a container grows with its nesting; where it would become long it is
 * replaced by its digest, so that typedefs of typedefs cost linear space.
 */
#include "schema/type.h"

#include <stdio.h>

#include "base/hash.h"

#define CANONICAL_SIZE_MOST 192

#define BASE_NAMED(tag, text, same_as)                                                             \
    {                                                                                              \
        .kind = THRIFT_KIND_##tag, .spelling = text, .canonical = same_as, .depth = 1              \
    }
#define BASE(tag, text) BASE_NAMED(tag, text, text)

static const thrift_type base_types[] = {
    BASE(BOOL, "bool"),
    BASE(I8, "i8"),
    BASE_NAMED(I8, "byte", "i8"),
    BASE(I16, "i16"),
    BASE(I32, "i32"),
    BASE(I64, "i64"),
    BASE(DOUBLE, "double"),
    BASE(STRING, "string"),
    BASE(BINARY, "binary"),
    BASE(UUID, "uuid"),
    {.kind = THRIFT_KIND_DOUBLE,
     .spelling = "float",
     .canonical = "float",
     .depth = 1,
     .is_float = true},
};

const thrift_type *type_base(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof base_types / sizeof base_types[0]; i++) {
        const char *spelling = base_types[i].spelling;

        if (spelling[0] == name[0] && strncmp(spelling, name, size) == 0 &&
            spelling[size] == '\0') {
            return &base_types[i];
        }
    }
    return NULL;
}

/* "list<a>", "map<k, v>" */
static char *join(struct arena *arena, thrift_kind kind, const char *key, const char *element)
{
    const char *head = kind == THRIFT_KIND_MAP ? "map" : kind == THRIFT_KIND_SET ? "set" : "list";
    size_t head_size = strlen(head), key_size = key != NULL ? strlen(key) + 2 : 0;
    size_t element_size = strlen(element), at = 0;
    char *text = arena_alloc_aligned(arena, head_size + key_size + element_size + 3, 1);

    if (text == NULL) {
        return NULL;
    }
    memcpy(text, head, head_size);
    at += head_size;
    text[at++] = '<';
    if (key != NULL) {
        memcpy(text + at, key, key_size - 2);
        memcpy(text + at + key_size - 2, ", ", 2);
        at += key_size;
    }
    memcpy(text + at, element, element_size);
    at += element_size;
    memcpy(text + at, ">", 2);
    return text;
}

static const char *canonical_of(struct arena *arena, const thrift_type *type)
{
    const char *key = type->key != NULL ? type->key->canonical : NULL;
    const char *element = type->element->canonical;
    char digest[HASH_FINGERPRINT_SIZE];
    char *text;

    if (element == type->element->spelling && (key == NULL || key == type->key->spelling) &&
        strlen(type->spelling) <= CANONICAL_SIZE_MOST) {
        return type->spelling;
    }
    text = join(arena, type->kind, key, element);
    if (text != NULL && strlen(text) > CANONICAL_SIZE_MOST) {
        hash_fingerprint(text, strlen(text), digest);
        text = arena_strdup(arena, digest, strlen(digest));
    }
    return text;
}

const thrift_type *type_container(struct arena *arena, thrift_kind kind, const thrift_type *key,
                                  const thrift_type *element)
{
    thrift_type *type = arena_alloc_zero(arena, sizeof *type);
    uint8_t depth = element->depth;
    uint32_t containers;

    if (type == NULL) {
        return NULL;
    }
    if (key != NULL && key->depth > depth) {
        depth = key->depth;
    }
    type->kind = kind;
    type->key = key;
    type->element = element;
    type->depth = (uint8_t)(depth + 1);
    containers = 1u + element->containers + (key != NULL ? key->containers : 0u);
    type->containers = (uint16_t)(containers < UINT16_MAX ? containers : UINT16_MAX);
    type->unservable = element->unservable || (key != NULL && key->unservable);
    type->is_float = element->is_float || (key != NULL && key->is_float);
    type->spelling = join(arena, kind, key != NULL ? key->spelling : NULL, element->spelling);
    type->canonical = type->spelling != NULL ? canonical_of(arena, type) : NULL;
    return type->canonical != NULL ? type : NULL;
}

static thrift_type *new_named(struct arena *arena, thrift_kind kind, const char *spelling,
                              const char *full_name)
{
    thrift_type *type = arena_alloc_zero(arena, sizeof *type);

    if (type != NULL) {
        type->kind = kind;
        type->spelling = spelling;
        type->canonical = full_name;
        type->depth = 1;
    }
    return type;
}

const thrift_type *type_record(struct arena *arena, const thrift_struct *record,
                               const char *spelling)
{
    thrift_type *type = new_named(arena, THRIFT_KIND_RECORD, spelling, record->full_name);

    if (type != NULL) {
        type->record = record;
    }
    return type;
}

const thrift_type *type_enum(struct arena *arena, const thrift_enum *symbols, const char *spelling)
{
    thrift_type *type = new_named(arena, THRIFT_KIND_ENUM, spelling, symbols->full_name);

    if (type != NULL) {
        type->symbols = symbols;
    }
    return type;
}

bool type_equal(const thrift_type *a, const thrift_type *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a == b || strcmp(a->canonical, b->canonical) == 0;
}

thrift_kind thrift_type_kind(const thrift_type *t)
{
    return t != NULL ? t->kind : THRIFT_KIND_NONE;
}

const char *thrift_type_spelling(const thrift_type *t) { return t != NULL ? t->spelling : "void"; }

const thrift_type *thrift_type_element(const thrift_type *t)
{
    return t != NULL ? t->element : NULL;
}

const thrift_type *thrift_type_key(const thrift_type *t) { return t != NULL ? t->key : NULL; }

const thrift_struct *thrift_type_struct(const thrift_type *t)
{
    return t != NULL ? t->record : NULL;
}

const thrift_enum *thrift_type_enum(const thrift_type *t) { return t != NULL ? t->symbols : NULL; }

const thrift_alias *thrift_type_alias(const thrift_type *t) { return t != NULL ? t->alias : NULL; }

size_t thrift_type_annotation_count(const thrift_type *t)
{
    return t != NULL ? t->annotation_count : 0;
}

const char *thrift_type_annotation_at(const thrift_type *t, size_t i, const char **out_value)
{
    if (i >= thrift_type_annotation_count(t)) {
        return NULL;
    }
    if (out_value != NULL) {
        *out_value = t->annotations[i].value;
    }
    return t->annotations[i].key;
}
