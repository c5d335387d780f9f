/*
 * Look-ups in finished descriptors. Methods are looked for from the service upwards; how far up is
 * bounded when a schema is made.
 */
#include "schema/lookup.h"

#include <string.h>

const thrift_field *struct_find_field(const thrift_struct *s, const char *name, size_t size)
{
    size_t at = name_index_find(&s->by_name, NAME_ITEMS(s->fields, s->field_count), name, size);

    return at != NAME_NONE ? &s->fields[at] : NULL;
}

const thrift_field *struct_find_field_by_id(const thrift_struct *s, int16_t id)
{
    size_t low = 0, high = s->field_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->by_id[middle]->id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < s->field_count && s->by_id[low]->id == id ? s->by_id[low] : NULL;
}

const thrift_field *struct_find_json_name(const thrift_struct *s, const char *name, size_t size)
{
    size_t at;

    if (s->json_name_count == 0) {
        return NULL;
    }
    at = name_index_find(&s->by_json_name, NAME_ITEMS(s->json_names, s->json_name_count), name,
                         size);
    return at != NAME_NONE ? s->json_names[at].field : NULL;
}

const thrift_symbol *enum_find_symbol(const thrift_enum *e, const char *name, size_t size)
{
    size_t at = name_index_find(&e->by_name, NAME_ITEMS(e->symbols, e->symbol_count), name, size);

    return at != NAME_NONE ? &e->symbols[at] : NULL;
}

const thrift_symbol *enum_find_number(const thrift_enum *e, int32_t number)
{
    size_t low = 0, high = e->symbol_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (enum_ranked(e, middle)->number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < e->symbol_count && enum_ranked(e, low)->number == number ? enum_ranked(e, low)
                                                                          : NULL;
}

const thrift_method *service_find_method(const thrift_service *s, const char *name, size_t size)
{
    for (; s != NULL; s = s->parent) {
        size_t at =
            name_index_find(&s->by_name, NAME_ITEMS(s->methods, s->method_count), name, size);

        if (at != NAME_NONE) {
            return &s->methods[at];
        }
    }
    return NULL;
}

/* The root file's own prefix may be written before its names. */
static void *find_named(const thrift_schema *schema, const struct name_map *map, const char *name,
                        size_t size)
{
    void *found = name_map_get(map, name, size);
    const char *prefix = schema->file_count > 0 ? schema->files[0].prefix : "";
    size_t prefix_size = strlen(prefix);

    if (found == NULL && prefix_size > 0 && size > prefix_size + 1 && name[prefix_size] == '.' &&
        memcmp(name, prefix, prefix_size) == 0) {
        found = name_map_get(map, name + prefix_size + 1, size - prefix_size - 1);
    }
    return found;
}

const thrift_node *schema_find_definition(const thrift_schema *schema, const char *name,
                                          size_t size)
{
    return find_named(schema, &schema->index, name, size);
}

const thrift_constant *schema_find_constant(const thrift_schema *schema, const char *name,
                                            size_t size)
{
    return find_named(schema, &schema->constants, name, size);
}
