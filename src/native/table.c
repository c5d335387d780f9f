/*
 * Verifying tables: every member has its field, every required field its member, and each fits.
 */
#include "native/table.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "codec/native_unknown.h"
#include "schema/lookup.h"

#define ALIGNMENT_MOST 16 /* of the arena */
#define DISTANCE_MOST 3
#define ELEMENT_SIZE 256

struct native_table {
    struct native_table *next;
    const thrift_native_struct *table;
    const thrift_struct *record;
    struct native_plan plan;
    struct native_op *ops;
    uint32_t inline_depth; /* of structs inside of it, as far as it is known */
    bool verified, fits;
};

void native_tables_init(struct native_tables *tables, const thrift_schema *schema,
                        struct arena *arena, struct native_findings *findings)
{
    *tables = (struct native_tables){.schema = schema, .arena = arena, .findings = findings};
    tables->last = &tables->first;
    tables->some_keep = native_tables_alloc(tables, sizeof *tables->some_keep);
}

void *native_tables_alloc(struct native_tables *tables, size_t size)
{
    void *block = arena_alloc_zero(tables->arena, size);

    tables->out_of_memory |= block == NULL;
    return block;
}

bool native_table_names(const thrift_native_struct *table, const thrift_struct *record)
{
    return table->idl_name != NULL && (strcmp(table->idl_name, record->node.name) == 0 ||
                                       strcmp(table->idl_name, record->full_name) == 0);
}

bool native_table_is_box(const thrift_native_struct *table)
{
    return table->member_count == 1 && table->members[0].count_offset != 0;
}

struct native_plan *native_tables_plan(struct native_tables *tables,
                                       const thrift_native_struct *table,
                                       const thrift_struct *record)
{
    struct native_table *made;

    for (made = tables->first; made != NULL; made = made->next) {
        if (made->table == table && made->record == record) {
            return &made->plan;
        }
    }
    made = native_tables_alloc(tables, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    made->table = table;
    made->record = record;
    made->plan = (struct native_plan){.size = (uint32_t)table->size,
                                      .alignment = (uint32_t)table->alignment,
                                      .tagged = record->node.kind == THRIFT_NODE_UNION,
                                      .some_keep = tables->some_keep,
                                      .type = record};
    *tables->last = made;
    tables->last = &made->next;
    return &made->plan;
}

/* ---- one member ---- */

static const char *idl_name_of(const thrift_member *member)
{
    return member->idl_name != NULL ? member->idl_name : member->c_name;
}

static const char *nearest_field(const thrift_struct *record, const char *name)
{
    const char *best = NULL;
    size_t least = DISTANCE_MOST + 1;

    for (uint32_t i = 0; i < record->field_count; i++) {
        size_t distance = text_distance(name, record->fields[i].node.name, DISTANCE_MOST);

        if (distance < least) {
            least = distance;
            best = record->fields[i].node.name;
        }
    }
    return best;
}

static void report_no_field(const struct native_tables *tables, const struct native_table *table,
                            const thrift_member *member, const char *element)
{
    const char *name = idl_name_of(member), *guess = nearest_field(table->record, name);

    native_finding(tables->findings, THRIFT_E_NAME, "native-field", element, &table->record->node,
                   "%s: %s has no field \"%s\"%s%s%s", element, table->record->full_name, name,
                   guess != NULL ? ", did you mean \"" : "", guess != NULL ? guess : "",
                   guess != NULL ? "\"?" : "");
}

static bool is_inside(const thrift_native_struct *table, size_t offset, size_t size)
{
    return size <= table->size && offset <= table->size - size;
}

static bool member_is_inside(const thrift_native_struct *table, const thrift_member *member)
{
    return is_inside(table, member->offset, member->size) &&
           (member->has_offset == 0 || is_inside(table, member->has_offset - 1, sizeof(bool))) &&
           (member->count_offset == 0 ||
            is_inside(table, member->count_offset - 1, sizeof(size_t)));
}

static uint8_t presence_of(const struct native_table *table, const thrift_member *member,
                           const struct native_type *type)
{
    if (table->plan.tagged) {
        return NATIVE_TAGGED;
    }
    if (member->has_offset != 0) {
        return NATIVE_HAS;
    }
    switch (type->code) {
    case NATIVE_TEXT:
    case NATIVE_DYNAMIC:
    case NATIVE_POINTER:
    case NATIVE_ARRAY:
    case NATIVE_ENTRIES:
    case PLAN_STRING: /* thrift_bytes begin with their pointer */
    case PLAN_BINARY:
        return NATIVE_NULL;
    default:
        return NATIVE_ALWAYS;
    }
}

static bool has_op(const struct native_table *table, const thrift_field *field)
{
    for (uint32_t i = 0; i < table->plan.op_count; i++) {
        if (table->ops[i].field == field) {
            return true;
        }
    }
    return false;
}

static void add_op(struct native_tables *tables, struct native_table *table,
                   const struct native_source *source, const thrift_field *field)
{
    struct native_type *type = native_tables_alloc(tables, sizeof *type);

    if (type == NULL || !native_type_fit(tables, source, field->type, &field->node, type)) {
        table->fits = false;
        return;
    }
    table->ops[table->plan.op_count++] = (struct native_op){
        .id = field->id,
        .requiredness = (uint8_t)field->requiredness,
        .presence = presence_of(table, source->member, type),
        .has_offset =
            source->member->has_offset != 0 ? (uint32_t)source->member->has_offset - 1 : 0,
        .type = type,
        .field = field,
    };
}

static bool verify_tag(struct native_tables *tables, struct native_table *table,
                       const thrift_member *member, const char *element)
{
    if (!table->plan.tagged || member != table->table->members) {
        native_finding(tables->findings, THRIFT_E_TYPE, "native-tag", element, &table->record->node,
                       "%s: a tag is the first member of a union, and only there", element);
        return false;
    }
    table->plan.tag_offset = (uint32_t)member->offset;
    return true;
}

_Static_assert(sizeof(thrift_unknown_fields) == sizeof(struct native_unknown),
               "the public type is what the codec keeps fields in");

static bool keeps_fields(const thrift_member *member)
{
    return member->ctype == THRIFT_C_UNKNOWN && member->count_offset == 0;
}

static bool verify_unknown(struct native_tables *tables, struct native_table *table,
                           const thrift_member *member, const char *element)
{
    const char *wrong = table->plan.tagged                              ? "stands in a union"
                        : table->plan.keeps                             ? "is the second"
                        : member->size != sizeof(thrift_unknown_fields) ? "is of another size"
                                                                        : NULL;

    if (wrong != NULL) {
        native_finding(tables->findings, THRIFT_E_TYPE, "native-unknown", element,
                       &table->record->node,
                       "%s %s: a struct, not a union, keeps its unknown fields in one "
                       "thrift_unknown_fields",
                       element, wrong);
        return false;
    }
    table->plan.keeps = *tables->some_keep = true;
    table->plan.unknown_offset = (uint32_t)member->offset;
    return true;
}

static void verify_member(struct native_tables *tables, struct native_table *table,
                          const thrift_member *member)
{
    char element[ELEMENT_SIZE];
    const char *name = idl_name_of(member);
    const struct native_source source = {element, member, 0};
    const thrift_field *field = struct_find_field(table->record, name, strlen(name));

    (void)snprintf(element, sizeof element, "%s.%s", table->table->c_name, member->c_name);
    if (!member_is_inside(table->table, member)) {
        native_finding(tables->findings, THRIFT_E_RANGE, "native-offset", element,
                       &table->record->node, "%s does not stand inside of %s", element,
                       table->table->c_name);
        table->fits = false;
    } else if (member->ctype == THRIFT_C_TAG) {
        table->fits &= verify_tag(tables, table, member, element);
    } else if (keeps_fields(member)) {
        table->fits &= verify_unknown(tables, table, member, element);
    } else if (field == NULL) {
        if (!member->if_defined) {
            report_no_field(tables, table, member, element);
            table->fits = false;
        }
    } else if (has_op(table, field)) {
        native_finding(tables->findings, THRIFT_E_NAME, "native-twice", element, &field->node,
                       "%s: another member stands for %s.%s already", element,
                       table->record->full_name, name);
        table->fits = false;
    } else {
        add_op(tables, table, &source, field);
    }
}

/* ---- one table ---- */

static bool names_field(const thrift_native_struct *table, const thrift_field *field)
{
    for (size_t i = 0; i < table->member_count; i++) {
        if (!keeps_fields(&table->members[i]) &&
            strcmp(idl_name_of(&table->members[i]), field->node.name) == 0) {
            return true;
        }
    }
    return false;
}

static void verify_required(const struct native_tables *tables, struct native_table *table)
{
    const thrift_struct *record = table->record;

    for (uint32_t i = 0; i < record->field_count && !table->plan.tagged; i++) {
        const thrift_field *field = &record->fields[i];

        if (field->requiredness == THRIFT_FIELD_REQUIRED && !names_field(table->table, field)) {
            native_finding(tables->findings, THRIFT_E_REQUIRED, "native-required",
                           table->table->c_name, &field->node,
                           "%s has no member for %s.%s, which is required", table->table->c_name,
                           record->full_name, field->node.name);
            table->fits = false;
        }
    }
}

static void verify_whole(const struct native_tables *tables, struct native_table *table)
{
    const thrift_native_struct *own = table->table;
    const thrift_node *node = &table->record->node;

    if (own->alignment > ALIGNMENT_MOST || own->size > INT32_MAX) {
        native_finding(tables->findings, THRIFT_E_LIMIT, "native-size", own->c_name, node,
                       "%s: structs are aligned to at most %d bytes", own->c_name, ALIGNMENT_MOST);
        table->fits = false;
    }
    if (table->plan.tagged && (own->member_count == 0 || own->members[0].ctype != THRIFT_C_TAG)) {
        native_finding(tables->findings, THRIFT_E_TYPE, "native-tag", own->c_name, node,
                       "%s stands for a union: its first member must be THRIFT_TAG", own->c_name);
        table->fits = false;
    }
    verify_required(tables, table);
}

static thrift_status verify(struct native_tables *tables, struct native_table *table,
                            thrift_error *err)
{
    size_t count = table->table->member_count;

    table->ops = native_tables_alloc(tables, (count + 1) * sizeof *table->ops);
    if (table->ops == NULL) {
        return arena_fail(tables->arena, err);
    }
    table->verified = table->fits = true;
    verify_whole(tables, table);
    for (size_t i = 0; i < count; i++) {
        verify_member(tables, table, &table->table->members[i]);
    }
    if (tables->out_of_memory) {
        return arena_fail(tables->arena, err);
    }
    if (!table->fits) {
        table->plan.op_count = 0;
    }
    return native_plan_finish(&table->plan, table->ops, tables->arena, err);
}

/* ---- structs inside of structs ---- */

static struct native_table *table_of_plan(const struct native_tables *tables,
                                          const struct native_plan *plan)
{
    for (struct native_table *at = tables->first; at != NULL; at = at->next) {
        if (&at->plan == plan) {
            return at;
        }
    }
    return NULL;
}

/* Grows with each pass until it is right; beyond the number of tables there is a circle. */
static void grow_depth(const struct native_tables *tables, struct native_table *table)
{
    for (uint32_t i = 0; i < table->plan.op_count; i++) {
        const struct native_type *type = table->ops[i].type;
        const struct native_table *inner =
            type->code == NATIVE_STRUCT ? table_of_plan(tables, type->record) : NULL;

        if (inner != NULL && inner->inline_depth >= table->inline_depth) {
            table->inline_depth = inner->inline_depth + 1;
        }
    }
}

static void verify_recursion(const struct native_tables *tables)
{
    uint32_t count = 0;

    for (struct native_table *at = tables->first; at != NULL; at = at->next) {
        count++;
    }
    for (uint32_t pass = 0; pass <= count; pass++) {
        for (struct native_table *at = tables->first; at != NULL; at = at->next) {
            grow_depth(tables, at);
        }
    }
    for (struct native_table *at = tables->first; at != NULL; at = at->next) {
        if (at->inline_depth >= count) {
            native_finding(tables->findings, THRIFT_E_TYPE, "native-recursion", at->table->c_name,
                           &at->record->node, "%s contains itself: use a pointer",
                           at->table->c_name);
        }
    }
}

thrift_status native_tables_finish(struct native_tables *tables, thrift_error *err)
{
    if (tables->some_keep == NULL) {
        return arena_fail(tables->arena, err);
    }
    for (struct native_table *at = tables->first; at != NULL; at = at->next) {
        thrift_status status = at->verified ? THRIFT_OK : verify(tables, at, err);

        if (status != THRIFT_OK) {
            return status;
        }
    }
    verify_recursion(tables);
    return THRIFT_OK;
}
