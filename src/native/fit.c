/*
 * What C types stand for a declared type.
 */
#include <string.h>

#include "native/table.h"

static const char *const c_names[] = {
    [THRIFT_C_OTHER] = "a type without a table",
    [THRIFT_C_BOOL] = "bool",
    [THRIFT_C_I8] = "int8_t",
    [THRIFT_C_I16] = "int16_t",
    [THRIFT_C_I32] = "int32_t",
    [THRIFT_C_I64] = "int64_t",
    [THRIFT_C_DOUBLE] = "double",
    [THRIFT_C_ENUM] = "an enum or unsigned int",
    [THRIFT_C_STRING] = "char *",
    [THRIFT_C_CHARS] = "char[]",
    [THRIFT_C_OCTETS] = "uint8_t[]",
    [THRIFT_C_BYTES] = "thrift_bytes",
    [THRIFT_C_UUID] = "thrift_uuid",
    [THRIFT_C_CALL] = "thrift_call *",
    [THRIFT_C_TAG] = "a union's tag",
    [THRIFT_C_RECORD] = "thrift_record *",
    [THRIFT_C_LIST] = "thrift_list *",
    [THRIFT_C_MAP] = "thrift_map *",
    [THRIFT_C_UNKNOWN] = "thrift_unknown_fields",
    [THRIFT_C_STRUCT] = "a struct",
    [THRIFT_C_STRUCT_POINTER] = "a pointer to a struct",
};

/* What to write in C for a type. */
static const char *const wanted[] = {
    [THRIFT_KIND_BOOL] = "bool",
    [THRIFT_KIND_I8] = "int8_t",
    [THRIFT_KIND_I16] = "int16_t",
    [THRIFT_KIND_I32] = "int32_t",
    [THRIFT_KIND_I64] = "int64_t",
    [THRIFT_KIND_DOUBLE] = "double",
    [THRIFT_KIND_STRING] = "char *, char[N] or thrift_bytes",
    [THRIFT_KIND_BINARY] = "thrift_bytes",
    [THRIFT_KIND_UUID] = "thrift_uuid or uint8_t[16]",
    [THRIFT_KIND_ENUM] = "an enum or int32_t",
    [THRIFT_KIND_RECORD] = "a struct or a pointer to one, with a table, or thrift_record *",
    [THRIFT_KIND_LIST] = "a pointer with a size_t count, or thrift_list *",
    [THRIFT_KIND_SET] = "a pointer with a size_t count, or thrift_list *",
    [THRIFT_KIND_MAP] = "an array of entry structs with a size_t count, or thrift_map *",
};

static const char *c_name(const thrift_member *member)
{
    uint8_t ctype = member->ctype & (uint8_t)~THRIFT_C_POINTER;

    if ((member->ctype & THRIFT_C_POINTER) != 0) {
        return "a pointer without a count";
    }
    return ctype < sizeof c_names / sizeof c_names[0] ? c_names[ctype] : "no C type";
}

static bool misfit(const struct native_tables *tables, const struct native_source *source,
                   const thrift_type *type, const thrift_node *node)
{
    native_finding(tables->findings, THRIFT_E_TYPE, "native-type", source->element, node,
                   "%s is %s%s, %s is %s: write %s", source->element,
                   source->member->count_offset != 0 ? "an array of " : "", c_name(source->member),
                   node->name, type->spelling, wanted[type->kind]);
    return false;
}

/* The code of a leaf; NATIVE_END: it does not fit. */
static uint8_t leaf_code(const thrift_member *member, thrift_kind kind)
{
    static const struct {
        uint8_t kind, ctype, code;
    } fits[] = {
        {THRIFT_KIND_BOOL, THRIFT_C_BOOL, PLAN_BOOL},
        {THRIFT_KIND_I8, THRIFT_C_I8, PLAN_I8},
        {THRIFT_KIND_I16, THRIFT_C_I16, PLAN_I16},
        {THRIFT_KIND_I32, THRIFT_C_I32, PLAN_I32},
        {THRIFT_KIND_I64, THRIFT_C_I64, PLAN_I64},
        {THRIFT_KIND_DOUBLE, THRIFT_C_DOUBLE, PLAN_DOUBLE},
        {THRIFT_KIND_ENUM, THRIFT_C_ENUM, PLAN_ENUM},
        {THRIFT_KIND_ENUM, THRIFT_C_I32, PLAN_ENUM},
        {THRIFT_KIND_STRING, THRIFT_C_STRING, NATIVE_TEXT},
        {THRIFT_KIND_STRING, THRIFT_C_CHARS, NATIVE_CHARS},
        {THRIFT_KIND_STRING, THRIFT_C_BYTES, PLAN_STRING},
        {THRIFT_KIND_BINARY, THRIFT_C_BYTES, PLAN_BINARY},
        {THRIFT_KIND_UUID, THRIFT_C_UUID, PLAN_UUID},
        {THRIFT_KIND_UUID, THRIFT_C_OCTETS, PLAN_UUID},
    };

    for (size_t i = 0; i < sizeof fits / sizeof fits[0]; i++) {
        if (fits[i].kind == kind && fits[i].ctype == member->ctype) {
            return fits[i].code;
        }
    }
    return NATIVE_END;
}

static size_t leaf_size(uint8_t code, const thrift_member *member)
{
    static const uint8_t sizes[] = {
        [PLAN_BOOL] = sizeof(bool),
        [PLAN_I8] = 1,
        [PLAN_I16] = 2,
        [PLAN_I32] = 4,
        [PLAN_ENUM] = 4,
        [PLAN_I64] = 8,
        [PLAN_DOUBLE] = 8,
        [PLAN_UUID] = 16,
        [PLAN_STRING] = sizeof(thrift_bytes),
        [PLAN_BINARY] = sizeof(thrift_bytes),
    };

    if (code == NATIVE_TEXT) {
        return sizeof(char *);
    }
    return code == NATIVE_CHARS ? member->size : sizes[code];
}

static bool fit_leaf(const struct native_tables *tables, const struct native_source *source,
                     const thrift_type *type, const thrift_node *node, struct native_type *out)
{
    const thrift_member *member = source->member;
    uint8_t code = leaf_code(member, type->kind);

    if (code == NATIVE_END || leaf_size(code, member) != member->size || member->size == 0) {
        return misfit(tables, source, type, node);
    }
    out->code = code;
    out->size = (uint32_t)member->size;
    return true;
}

static bool fit_struct(struct native_tables *tables, const struct native_source *source,
                       const thrift_type *type, const thrift_node *node, struct native_type *out)
{
    const thrift_member *member = source->member;
    const thrift_native_struct *table = member->table;

    if ((member->ctype != THRIFT_C_STRUCT && member->ctype != THRIFT_C_STRUCT_POINTER) ||
        table == NULL) {
        return misfit(tables, source, type, node);
    }
    if (!native_table_names(table, type->record)) {
        native_finding(tables->findings, THRIFT_E_TYPE, "native-table", source->element, node,
                       "%s has the table of %s (\"%s\"), %s is %s", source->element, table->c_name,
                       table->idl_name, node->name, type->spelling);
        return false;
    }
    if (member->item_size != table->size) {
        native_finding(tables->findings, THRIFT_E_TYPE, "native-table", source->element, node,
                       "%s is a struct of %zu bytes, its table is of %s, of %zu bytes",
                       source->element, member->item_size, table->c_name, table->size);
        return false;
    }
    out->code = member->ctype == THRIFT_C_STRUCT ? NATIVE_STRUCT : NATIVE_POINTER;
    out->size = (uint32_t)member->size;
    out->record = native_tables_plan(tables, table, type->record);
    return out->record != NULL;
}

static struct native_type *new_type(struct native_tables *tables)
{
    return native_tables_alloc(tables, sizeof(struct native_type));
}

/* The member of a box or entry struct that stands for `name`; NULL: any one is taken. */
static const thrift_member *member_for(const thrift_native_struct *table, const char *name)
{
    for (size_t i = 0; i < table->member_count; i++) {
        const thrift_member *member = &table->members[i];

        if (name == NULL ||
            strcmp(member->idl_name != NULL ? member->idl_name : member->c_name, name) == 0) {
            return member;
        }
    }
    return NULL;
}

/* A struct around a container stands for the container. */
static bool fit_box(struct native_tables *tables, const struct native_source *source,
                    const thrift_type *type, const thrift_node *node, struct native_type *out)
{
    const thrift_member *member = source->member;
    struct native_source inner = {source->element, NULL, source->base};

    if (member->ctype != THRIFT_C_STRUCT || member->table == NULL ||
        !native_table_is_box(member->table) || member->item_size != member->table->size) {
        return misfit(tables, source, type, node);
    }
    inner.member = member_for(member->table, NULL);
    inner.base += (uint32_t)member->offset;
    return native_type_fit(tables, &inner, type, node, out);
}

/* The key or value of an entry struct. */
static const struct native_type *fit_part(struct native_tables *tables,
                                          const struct native_source *source, const char *name,
                                          const thrift_type *type, const thrift_node *node)
{
    const thrift_native_struct *table = source->member->table;
    struct native_source part = {source->element, member_for(table, name), 0};
    struct native_type *made;

    if (part.member == NULL) {
        native_finding(tables->findings, THRIFT_E_NAME, "native-entry", source->element, node,
                       "%s: the entries of %s have no member for \"%s\"", source->element,
                       node->name, name);
        return NULL;
    }
    made = new_type(tables);
    return made != NULL && native_type_fit(tables, &part, type, node, made) ? made : NULL;
}

static bool fit_entries(struct native_tables *tables, const struct native_source *source,
                        const thrift_type *type, const thrift_node *node, struct native_type *out)
{
    const thrift_native_struct *table = source->member->table;

    if (source->member->ctype != THRIFT_C_STRUCT || table == NULL ||
        source->member->item_size != table->size) {
        return misfit(tables, source, type, node);
    }
    out->code = NATIVE_ENTRIES;
    out->item_size = (uint32_t)table->size;
    out->item_alignment = (uint32_t)table->alignment;
    out->key = fit_part(tables, source, "key", type->key, node);
    out->element = fit_part(tables, source, "value", type->element, node);
    return out->key != NULL && out->element != NULL;
}

static bool fit_items(struct native_tables *tables, const struct native_source *source,
                      const thrift_type *type, const thrift_node *node, struct native_type *out)
{
    const thrift_member *member = source->member;
    const thrift_member item = {.c_name = member->c_name,
                                .size = member->item_size,
                                .item_size = member->item_size,
                                .ctype = member->ctype,
                                .table = member->table};
    const struct native_source inner = {source->element, &item, 0};
    struct native_type *element = new_type(tables);

    if (element == NULL || !native_type_fit(tables, &inner, type->element, node, element)) {
        return false;
    }
    out->code = NATIVE_ARRAY;
    out->item_size = (uint32_t)member->item_size;
    out->item_alignment = member->table != NULL ? (uint32_t)member->table->alignment
                          : element->size < 8   ? element->size
                                                : 8;
    out->element = element;
    out->dense = native_is_leaf(element) && element->offset == 0 &&
                 element->size == out->item_size && element->code != NATIVE_CHARS;
    return true;
}

/* A value as records hold it, by pointer. */
static bool is_dynamic(const thrift_member *member, const thrift_type *type)
{
    static const uint8_t ctypes[] = {
        [THRIFT_KIND_RECORD] = THRIFT_C_RECORD,
        [THRIFT_KIND_LIST] = THRIFT_C_LIST,
        [THRIFT_KIND_SET] = THRIFT_C_LIST,
        [THRIFT_KIND_MAP] = THRIFT_C_MAP,
    };

    return type->kind < sizeof ctypes && ctypes[type->kind] != THRIFT_C_OTHER &&
           ctypes[type->kind] == member->ctype && member->count_offset == 0 &&
           member->size == sizeof(void *);
}

bool native_type_fit(struct native_tables *tables, const struct native_source *source,
                     const thrift_type *type, const thrift_node *node, struct native_type *out)
{
    const thrift_member *member = source->member;
    bool is_container = type->kind == THRIFT_KIND_LIST || type->kind == THRIFT_KIND_SET ||
                        type->kind == THRIFT_KIND_MAP;

    out->wire = native_wire_of(type->kind);
    out->type = type;
    out->offset = source->base + (uint32_t)member->offset;
    if (is_dynamic(member, type)) {
        out->code = NATIVE_DYNAMIC;
        out->size = sizeof(void *);
        return true;
    }
    if (!is_container) {
        if (member->count_offset != 0) {
            return misfit(tables, source, type, node);
        }
        return type->kind == THRIFT_KIND_RECORD ? fit_struct(tables, source, type, node, out)
                                                : fit_leaf(tables, source, type, node, out);
    }
    if (member->count_offset == 0) {
        return fit_box(tables, source, type, node, out);
    }
    if (member->size != sizeof(void *)) {
        return misfit(tables, source, type, node);
    }
    out->count_offset = source->base + (uint32_t)(member->count_offset - 1);
    return type->kind == THRIFT_KIND_MAP ? fit_entries(tables, source, type, node, out)
                                         : fit_items(tables, source, type, node, out);
}
