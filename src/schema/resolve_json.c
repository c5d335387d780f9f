/*
 * What annotations say of a field in plain JSON, as CloudWeGo's dynamicgo understands them: its
 * name there (api.key, else json in go.tag), and that its numbers are text (api.js_conv).
 *
 * A name is taken when it needs no escapes and is no other field's, so that neither reading nor
 * writing has a choice.
 */
#include <string.h>

#include "base/utf8.h"
#include "schema/lookup.h"
#include "schema/resolver_part.h"
#include "schema/scope.h"

#define NAME_MOST 255u

struct text {
    const char *at;
    size_t size; /* 0: none */
};

bool resolve_json_quotes(const thrift_field *field)
{
    return thrift_node_annotation(&field->node, "api.js_conv") != NULL;
}

/* The name in `json:"name,option"` among the tags of Go, whose quotes may have backslashes. */
static struct text name_in_tags(const char *tags)
{
    const char *at = tags + strspn(tags, " ");

    while (*at != '\0') {
        const char *value = at + strcspn(at, ":"), *end;
        bool json = strncmp(at, "json:", 5) == 0, escaped;

        value += *value == ':';
        escaped = *value == '\\';
        value += escaped;
        end = *value == '"' ? strstr(value + 1, escaped ? "\\\"" : "\"") : NULL;
        if (end == NULL) {
            break;
        }
        if (json) {
            size_t size = strcspn(value + 1, ",");

            value += 1;
            return (struct text){value,
                                 size < (size_t)(end - value) ? size : (size_t)(end - value)};
        }
        at = end + 1 + escaped;
        at += strspn(at, " ");
    }
    return (struct text){"", 0};
}

static struct text annotated_name(const thrift_field *field)
{
    const char *key = thrift_node_annotation(&field->node, "api.key");
    const char *tags = thrift_node_annotation(&field->node, "go.tag");
    struct text name = {"", 0};

    if (key != NULL) {
        name = (struct text){key, strlen(key)};
    } else if (tags != NULL) {
        name = name_in_tags(tags);
    }
    if (name.size == 1 && name.at[0] == '-') {
        name.size = 0; /* Go's word for "not in JSON" */
    }
    return name;
}

static bool is_plain(struct text name)
{
    for (size_t i = 0; i < name.size; i++) {
        if ((unsigned char)name.at[i] < 0x20 || name.at[i] == '"' || name.at[i] == '\\') {
            return false;
        }
    }
    return name.size <= NAME_MOST && utf8_check(name.at, name.size) == name.size;
}

static void warn(struct resolver *r, const struct source *source, const thrift_field *field,
                 const char *why)
{
    struct span at = {source, field->node.line, field->node.column,
                      (uint32_t)strlen(field->node.name)};

    finding_hint(r->findings,
                 finding_warning(r->findings, "json-name", at,
                                 "the name that an annotation gives field '%s' in JSON %s; it is "
                                 "not used",
                                 field->node.name, why),
                 "give it another, or none");
}

static bool take_name(struct resolver *r, const struct source *source, thrift_struct *record,
                      struct json_name *names, thrift_field *field, struct text name)
{
    struct name_items items = {names, sizeof *names, record->field_count};
    const thrift_field *other = struct_find_field(record, name.at, name.size);
    char *copy;

    if (other == field) {
        return true;
    }
    if (!is_plain(name)) {
        warn(r, source, field, "cannot be written without escapes");
        return true;
    }
    copy = arena_strdup(r->keep, name.at, name.size);
    if (copy == NULL) {
        return false;
    }
    names[record->json_name_count] = (struct json_name){{.name = copy}, field};
    if (other != NULL ||
        name_index_add(&record->by_json_name, items, record->json_name_count) != NAME_NONE) {
        warn(r, source, field, "is another field's");
        return true;
    }
    field->json_name = copy;
    record->json_name_count += 1;
    return true;
}

static uint32_t count_names(const thrift_struct *record)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < record->field_count; i++) {
        count += annotated_name(&record->fields[i]).size > 0;
    }
    return count;
}

bool resolve_json_names(struct resolver *r, const struct source *source, thrift_struct *record)
{
    uint32_t count = count_names(record);
    struct json_name *names;

    if (count == 0) {
        return true;
    }
    names = arena_alloc_zero(r->keep, count * sizeof *names);
    record->json_names = names;
    if (names == NULL || !name_index_init(&record->by_json_name, r->keep,
                                          (struct name_items){names, sizeof *names, count})) {
        return false;
    }
    for (uint32_t i = 0; i < record->field_count; i++) {
        struct text name = annotated_name(&record->fields[i]);

        if (name.size > 0 && !take_name(r, source, record, names, &record->fields[i], name)) {
            return false;
        }
    }
    return true;
}
