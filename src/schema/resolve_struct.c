/*
 * Fields: types, ids, requiredness, uniqueness.
 *
 * Ids: what is not written becomes -1, -2, … in the order of appearance, and so does what is
 * written as zero or less, unless the program asked to keep those (THRIFT_IDS_KEEP).
 */
#include <stdlib.h>

#include "schema/resolver_part.h"
#include "schema/scope.h"

#define FIELDS_MOST 32767

static const char *role_name(const thrift_struct *record) { return record->node.name; }

/* The next id that is given out in one struct. */
static int16_t assign_id(struct resolver *r, const struct source *source,
                         const struct ast_field *ast, int32_t *next)
{
    struct span at = scope_span(source, ast->id_name);
    struct finding *finding;

    if (ast->id_name.text == NULL) {
        finding = finding_warning(r->findings, "implicit-id", scope_span(source, ast->name),
                                  "field '%.*s' has no id; it becomes %d", (int)ast->name.size,
                                  ast->name.text, (int)*next);
        finding_hint(r->findings, finding, "give it one: ids must never change");
        return (int16_t)((*next)--);
    }
    if (ast->id == INT64_MAX || ast->id == INT64_MIN) {
        return 0; /* the lexer has complained */
    }
    if (ast->id > INT16_MAX || ast->id < INT16_MIN) {
        finding = finding_error(r->findings, "field-id-range", at,
                                "field id %lld does not fit 16 bits", (long long)ast->id);
        finding_hint(r->findings, finding, "ids lie between 1 and 32767");
        return 0;
    }
    if (ast->id > 0) {
        return (int16_t)ast->id;
    }
    if (r->ids == THRIFT_IDS_KEEP) {
        finding_warning(r->findings, "non-positive-id", at, "field id %d is not positive",
                        (int)ast->id);
        *next = ast->id <= *next ? (int32_t)ast->id - 1 : *next;
        return (int16_t)ast->id;
    }
    finding =
        finding_warning(r->findings, "non-positive-id", at,
                        "field id %d is not positive; it becomes %d", (int)ast->id, (int)*next);
    finding_hint(r->findings, finding, "ids lie between 1 and 32767");
    return (int16_t)((*next)--);
}

static thrift_requiredness requiredness_of(struct resolver *r, const struct source *source,
                                           const struct ast_field *ast, enum field_role role)
{
    struct span at = scope_span(source, ast->name);

    switch (role) {
    case ROLE_UNION:
        if (ast->requiredness == THRIFT_FIELD_REQUIRED) {
            finding_hint(r->findings,
                         finding_warning(r->findings, "required-in-union", at,
                                         "a member of a union cannot be required"),
                         "leave 'required' out");
        }
        return THRIFT_FIELD_OPTIONAL;
    case ROLE_THROWS:
        if (ast->requiredness == THRIFT_FIELD_REQUIRED) {
            finding_warning(r->findings, "required-in-throws", at,
                            "an exception that is thrown cannot be required");
        }
        return THRIFT_FIELD_OPTIONAL;
    case ROLE_ARGUMENT:
        if (ast->requiredness == THRIFT_FIELD_OPTIONAL) {
            finding_warning(r->findings, "optional-argument", at,
                            "an argument cannot be optional; it is always sent");
            return THRIFT_FIELD_DEFAULT;
        }
        return ast->requiredness;
    case ROLE_STRUCT:
    default:
        return ast->requiredness;
    }
}

static void check_thrown(struct resolver *r, const struct source *source,
                         const struct ast_field *ast, const thrift_type *type)
{
    if (type != NULL &&
        (type->record == NULL || type->record->node.kind != THRIFT_NODE_EXCEPTION)) {
        finding_hint(r->findings,
                     finding_error(r->findings, "throws-no-exception",
                                   scope_span(source, ast->name), "'%s' is not an exception",
                                   type->spelling),
                     "only what is defined with 'exception' can be thrown");
    }
}

static bool wait_for_default(struct resolver *r, struct source *source, thrift_field *field,
                             const struct ast_value *value)
{
    struct pending_default *pending;

    if (value == NULL) {
        return true;
    }
    pending = arena_alloc_zero(r->scratch, sizeof *pending);
    if (pending == NULL) {
        return false;
    }
    *pending = (struct pending_default){NULL, field, value, source};
    *r->last_default = pending;
    r->last_default = &pending->next;
    return true;
}

static bool resolve_field(struct resolver *r, struct source *source, thrift_field *field,
                          const struct ast_field *ast, enum field_role role)
{
    check_name(r, source, ast->name);
    if (memchr(ast->name.text, '.', ast->name.size) != NULL) {
        finding_warning(r->findings, "dotted-name", scope_span(source, ast->name),
                        "the name of a field contains a dot; it cannot be used in paths");
    }
    field->reference = ast->reference;
    field->requiredness = requiredness_of(r, source, ast, role);
    if (!resolve_node(r, &field->node, THRIFT_NODE_FIELD, source, ast->name, ast->doc,
                      ast->annotations) ||
        !resolve_type(r, source, ast->type, &field->type) ||
        !wait_for_default(r, source, field, ast->value)) {
        return false;
    }
    field->json_quotes = resolve_json_quotes(field);
    if (role == ROLE_THROWS) {
        check_thrown(r, source, ast, field->type);
    }
    return true;
}

static int compare_ids(const void *left, const void *right)
{
    const thrift_field *a = *(const thrift_field *const *)left;
    const thrift_field *b = *(const thrift_field *const *)right;

    if (a->id != b->id) {
        return a->id < b->id ? -1 : 1;
    }
    return a->slot < b->slot ? -1 : a->slot > b->slot;
}

static struct span field_span(const struct source *source, const thrift_field *field)
{
    return (struct span){source, field->node.line, field->node.column,
                         (uint32_t)strlen(field->node.name)};
}

static void report_same_id(struct resolver *r, const struct source *source,
                           const thrift_field *first, const thrift_field *second)
{
    struct finding *finding =
        finding_error(r->findings, "duplicate-field-id", field_span(source, second),
                      "field '%s' of %s has id %d, which '%s' has already", second->node.name,
                      role_name(second->owner), (int)second->id, first->node.name);

    finding_note(finding, field_span(source, first), "it is first used here");
    finding_hint(r->findings, finding, "give it an id that no other field has or had");
}

static bool index_ids(struct resolver *r, thrift_struct *record, const struct source *source)
{
    bool sorted = true;

    record->by_id = arena_alloc(r->keep, (record->field_count + (size_t)1) * sizeof *record->by_id);
    if (record->by_id == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < record->field_count; i++) {
        record->by_id[i] = &record->fields[i];
        sorted = sorted && (i == 0 || record->fields[i - 1].id < record->fields[i].id);
    }
    if (sorted) {
        return true;
    }
    qsort(record->by_id, record->field_count, sizeof *record->by_id, compare_ids);
    for (uint32_t i = 1; i < record->field_count && source != NULL; i++) {
        if (record->by_id[i - 1]->id == record->by_id[i]->id && record->by_id[i]->id != 0) {
            report_same_id(r, source, record->by_id[i - 1], record->by_id[i]);
        }
    }
    return true;
}

bool index_fields(struct resolver *r, thrift_struct *record, const struct source *source)
{
    struct name_items items = NAME_ITEMS(record->fields, record->field_count);

    if (!index_ids(r, record, source) || !name_index_init(&record->by_name, r->keep, items)) {
        return false;
    }
    for (size_t i = 0; i < record->field_count; i++) {
        size_t first = name_index_add(&record->by_name, items, i);

        if (first != NAME_NONE && source != NULL) {
            struct finding *finding = finding_error(
                r->findings, "duplicate-field-name", field_span(source, &record->fields[i]),
                "'%s' is already a field of %s", record->fields[i].node.name, role_name(record));

            finding_note(finding, field_span(source, &record->fields[first]),
                         "it is first used here");
            finding_hint(r->findings, finding, "give one of them another name");
        }
    }
    return true;
}

static bool too_many(struct resolver *r, const struct source *source, const thrift_struct *record,
                     uint32_t count)
{
    if (count <= FIELDS_MOST) {
        return false;
    }
    finding_failure(r->findings, THRIFT_E_LIMIT, "too-many-fields",
                    (struct span){source, record->node.line, record->node.column, 1},
                    "%s has more than %d fields", record->node.name, FIELDS_MOST);
    return true;
}

bool resolve_fields(struct resolver *r, struct source *source, thrift_struct *record,
                    const struct ast_fields *fields, enum field_role role)
{
    uint32_t count = too_many(r, source, record, fields->count) ? 0 : fields->count, slot = 0;
    int32_t next_id = -1;

    record->schema = r->schema;
    record->field_count = count;
    record->fields = arena_alloc_zero(r->keep, (count + (size_t)1) * sizeof *record->fields);
    if (record->fields == NULL) {
        return false;
    }
    for (const struct ast_field *ast = fields->first; ast != NULL && slot < count;
         ast = ast->next) {
        thrift_field *field = &record->fields[slot];

        field->slot = slot++;
        field->owner = record;
        field->id = assign_id(r, source, ast, &next_id);
        if (!resolve_field(r, source, field, ast, role)) {
            return false;
        }
    }
    return index_fields(r, record, source);
}

void resolve_number_struct(struct resolver *r, thrift_struct *record)
{
    record->index = (uint32_t)r->schema->struct_count;
    r->schema->structs[r->schema->struct_count++] = record;
}

/* fbthrift's compiler allows several; the first one counts. */
static void report_union_default(struct resolver *r, const struct definition *definition,
                                 const struct ast_field *first, const struct ast_field *second)
{
    struct span at = scope_span(definition->source, second->name);
    struct finding *finding =
        definition->source->ast->fbthrift
            ? finding_warning(r->findings, "union-defaults", at,
                              "a union can have one default; '%.*s' is the second",
                              (int)second->name.size, second->name.text)
            : finding_error(r->findings, "union-defaults", at,
                            "a union can have one default; '%.*s' would be the second",
                            (int)second->name.size, second->name.text);

    finding_note(finding, scope_span(definition->source, first->name), "this is the first");
}

static void check_union_defaults(struct resolver *r, const struct definition *definition)
{
    const struct ast_field *first = NULL;

    for (const struct ast_field *ast = definition->ast->as.fields.first; ast != NULL;
         ast = ast->next) {
        if (ast->value == NULL) {
            continue;
        }
        if (first != NULL) {
            report_union_default(r, definition, first, ast);
        } else {
            first = ast;
        }
    }
}

bool resolve_structs(struct resolver *r)
{
    for (size_t i = 0; i < r->definition_count; i++) {
        struct definition *definition = &r->definitions[i];
        enum ast_definition_kind kind = definition->ast->kind;

        if (kind != AST_STRUCT && kind != AST_UNION && kind != AST_EXCEPTION) {
            continue;
        }
        resolve_number_struct(r, definition->as.record);
        if (!resolve_fields(r, definition->source, definition->as.record,
                            &definition->ast->as.fields,
                            kind == AST_UNION ? ROLE_UNION : ROLE_STRUCT) ||
            !resolve_json_names(r, definition->source, definition->as.record)) {
            return false;
        }
        if (kind == AST_UNION) {
            check_union_defaults(r, definition);
        }
    }
    return true;
}
