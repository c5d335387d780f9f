/*
 * Constants and defaults: evaluated once each, in the order of need, with an explicit stack.
 *
 * A constant used by another of the same type shares its value; under another type its text is
 * evaluated anew, so often as the resolver's budget allows.
 */
#include "schema/constant.h"

#include "schema/lookup.h"

/* A container whose parts are being evaluated. */
struct frame {
    struct frame *below;
    struct evaluation whole;
    const struct ast_value *next;
    struct const_value *parts; /* items; keys and values of a map; values of a record */
    const thrift_field **fields;
    size_t count;         /* parts that are begun */
    struct name_map seen; /* of a record with many fields: name -> its part */
    bool is_value;        /* of a map or record: the next part is a value */
};

struct machine {
    struct resolver *r;
    struct frame *top, *spare;
    bool failed;
};

#define FEW_FIELDS 16

static bool wants_list(thrift_kind kind)
{
    return kind == THRIFT_KIND_LIST || kind == THRIFT_KIND_SET;
}

/* "[]" may stand for an empty map, "{}" for an empty list or set, and a set may be written with
 * braces only when it is empty. */
static bool container_fits(const struct evaluation *e)
{
    bool empty = e->ast->count == 0;

    if (e->ast->kind == AST_VALUE_LIST) {
        return wants_list(e->type->kind) || (empty && e->type->kind == THRIFT_KIND_MAP);
    }
    return e->type->kind == THRIFT_KIND_MAP || e->type->kind == THRIFT_KIND_RECORD ||
           (empty && wants_list(e->type->kind));
}

static size_t part_count(const struct evaluation *e)
{
    return e->type->kind == THRIFT_KIND_MAP ? (size_t)2 * e->ast->count : e->ast->count;
}

static bool push(struct machine *m, const struct evaluation *e)
{
    struct resolver *r = m->r;
    struct frame *frame = m->spare;
    size_t count = part_count(e);

    if (frame != NULL) {
        m->spare = frame->below;
    } else {
        frame = arena_alloc(r->scratch, sizeof *frame);
    }
    if (frame == NULL) {
        return false;
    }
    *frame = (struct frame){.below = m->top, .whole = *e, .next = e->ast->first};
    frame->seen.arena = r->scratch;
    frame->parts = arena_alloc_zero(r->keep, (count + 1) * sizeof *frame->parts);
    if (e->type->kind == THRIFT_KIND_RECORD) {
        frame->fields = arena_alloc(r->keep, (count + 1) * sizeof *frame->fields);
    }
    if (frame->parts == NULL || (e->type->kind == THRIFT_KIND_RECORD && frame->fields == NULL)) {
        return false;
    }
    m->top = frame;
    if (++r->depth > r->deepest) {
        r->deepest = r->depth;
    }
    return true;
}

/* Begins one value; a container is pushed. false: no memory. */
static bool begin(struct machine *m, struct evaluation e)
{
    enum outcome outcome = OUTCOME_REDIRECT;

    while (outcome == OUTCOME_REDIRECT) {
        e.out->kind = e.type->kind;
        if (e.ast->kind == AST_VALUE_NAME) {
            outcome = value_name(m->r, &e);
        } else if (e.ast->kind != AST_VALUE_LIST && e.ast->kind != AST_VALUE_MAP) {
            outcome = value_scalar(m->r, &e);
        } else {
            outcome = container_fits(&e) ? OUTCOME_CONTAINER : value_mismatch(m->r, &e);
        }
    }
    m->r->weight++;
    if (outcome == OUTCOME_CONTAINER && m->r->depth >= VALUE_DEPTH_MOST) {
        finding_failure(m->r->findings, THRIFT_E_LIMIT, "nesting-too-deep", value_span(&e),
                        "values are nested more than %d levels deep", VALUE_DEPTH_MOST);
        outcome = OUTCOME_FAILED;
    }
    if (outcome == OUTCOME_CONTAINER) {
        return push(m, &e);
    }
    m->failed = m->failed || outcome == OUTCOME_FAILED;
    return outcome != OUTCOME_NO_MEMORY;
}

/* -- records -- */

/* Quoted or not. */
static struct ast_name key_name(const struct ast_value *key)
{
    if (key->kind == AST_VALUE_NAME) {
        return key->name;
    }
    return (struct ast_name){key->as.text, (uint32_t)key->size, key->name.line, key->name.column};
}

static bool report_unknown_field(struct resolver *r, const struct evaluation *whole,
                                 struct ast_name name)
{
    const thrift_struct *record = whole->type->record;
    struct name_guess guess;
    struct finding *finding =
        finding_error(r->findings, "unknown-field", scope_span(whole->source, name),
                      "%s has no field '%.*s'", record->node.name, (int)name.size, name.text);

    if (!name_guess_init(&guess, r, name)) {
        return false;
    }
    for (size_t i = 0; i < record->field_count && r->guesses_left > 0; i++) {
        name_guess_offer(&guess, record->fields[i].node.name);
    }
    if (guess.best != NULL) {
        finding_hint(r->findings, finding, "did you mean '%s'?", guess.best);
    }
    return true;
}

/* Where the value of a field goes: a new part, or the one it has already, the last one wins. */
static struct const_value *part_of(struct machine *m, struct frame *frame,
                                   const thrift_field *field)
{
    struct const_value *fresh = &frame->parts[frame->count], *part = NULL;
    size_t size = strlen(field->node.name);

    if (frame->whole.ast->count > FEW_FIELDS) {
        part = name_map_add(&frame->seen, field->node.name, size, fresh);
        if (part == NULL) {
            return NULL;
        }
    } else {
        for (size_t i = 0; i < frame->count && part == NULL; i++) {
            part = frame->fields[i] == field ? &frame->parts[i] : NULL;
        }
        part = part != NULL ? part : fresh;
    }
    if (part == fresh) {
        frame->fields[frame->count++] = field;
    } else {
        finding_warning(m->r->findings, "duplicate-key", value_span(&frame->whole),
                        "field '%s' is given twice", field->node.name);
    }
    return part;
}

/* One key and value. */
static bool step_record(struct machine *m, struct frame *frame)
{
    const thrift_struct *record = frame->whole.type->record;
    const struct ast_value *key = frame->next, *value = key->next;
    const thrift_field *field;
    struct const_value *part;
    struct ast_name name;

    frame->next = value->next;
    if (key->kind == AST_VALUE_NAME) {
        struct evaluation e = {key, frame->whole.source, frame->whole.type, NULL};

        finding_warning(m->r->findings, "unquoted-key", value_span(&e),
                        "the name of a field should stand in quotes");
    } else if (key->kind != AST_VALUE_STRING) {
        struct evaluation e = {key, frame->whole.source, frame->whole.type, NULL};

        finding_hint(m->r->findings,
                     finding_error(m->r->findings, "constant-type", value_span(&e),
                                   "the fields of %s are given by name", record->node.name),
                     "write the name in quotes");
        m->failed = true;
        return true;
    }
    name = key_name(key);
    field = struct_find_field(record, name.text, name.size);
    if (field == NULL) {
        m->failed = true;
        return report_unknown_field(m->r, &frame->whole, name);
    }
    if (field->type == NULL) {
        m->failed = true;
        return true;
    }
    part = part_of(m, frame, field);
    return part != NULL &&
           begin(m, (struct evaluation){value, frame->whole.source, field->type, part});
}

static bool step_items(struct machine *m, struct frame *frame)
{
    const thrift_type *type = frame->whole.type;
    const struct ast_value *ast = frame->next;
    const thrift_type *part_type =
        type->kind == THRIFT_KIND_MAP && !frame->is_value ? type->key : type->element;

    frame->next = ast->next;
    frame->is_value = !frame->is_value;
    return begin(
        m, (struct evaluation){ast, frame->whole.source, part_type, &frame->parts[frame->count++]});
}

static void check_required(struct resolver *r, const struct frame *frame)
{
    const thrift_struct *record = frame->whole.type->record;

    if (record->node.kind == THRIFT_NODE_UNION) {
        if (frame->count != 1) {
            finding_warning(r->findings, "union-members", value_span(&frame->whole),
                            "a value of union %s has exactly one member, not %zu",
                            record->node.name, frame->count);
        }
        return;
    }
    for (uint32_t i = 0; i < record->field_count; i++) {
        const thrift_field *field = &record->fields[i];
        bool given = false;

        if (field->requiredness != THRIFT_FIELD_REQUIRED) {
            continue;
        }
        for (size_t j = 0; j < frame->count && !given; j++) {
            given = frame->fields[j] == field;
        }
        if (!given) {
            finding_warning(r->findings, "missing-required", value_span(&frame->whole),
                            "the required field '%s' of %s is not given", field->node.name,
                            record->node.name);
            return; /* one is enough, and keeps this linear */
        }
    }
}

static void finish(struct machine *m, struct frame *frame)
{
    struct const_value *out = frame->whole.out;

    if (frame->whole.type->kind == THRIFT_KIND_RECORD) {
        check_required(m->r, frame);
        out->as.record.type = frame->whole.type->record;
        out->as.record.fields = frame->fields;
        out->as.record.values = frame->parts;
        out->as.record.count = frame->count;
    } else {
        out->as.container.items = frame->parts;
        out->as.container.count = frame->whole.ast->count;
    }
    m->r->depth--;
    m->top = frame->below;
    frame->below = m->spare;
    m->spare = frame;
}

/* *out is NULL when there is a finding. */
static bool evaluate(struct resolver *r, const struct ast_value *ast, struct source *source,
                     const thrift_type *type, const struct const_value **out)
{
    struct machine m = {r, NULL, NULL, false};
    struct const_value *value = arena_alloc_zero(r->keep, sizeof *value);

    r->weight = r->depth = r->deepest = 0;
    if (value == NULL || !begin(&m, (struct evaluation){ast, source, type, value})) {
        return false;
    }
    while (m.top != NULL) {
        struct frame *frame = m.top;
        bool ok = true;

        if (frame->next == NULL) {
            finish(&m, frame);
        } else if (frame->whole.type->kind == THRIFT_KIND_RECORD) {
            ok = step_record(&m, frame);
        } else {
            ok = step_items(&m, frame);
        }
        if (!ok) {
            return false;
        }
    }
    *out = m.failed ? NULL : value;
    return true;
}

static struct definition *needs(struct order *order, struct definition *definition,
                                const struct ast_reference *reference)
{
    (void)order;
    return scope_find(definition->source, SCOPE_CONSTANT, reference->name.text,
                      reference->name.size);
}

static bool finish_constant(struct order *order, struct definition *definition, bool circular)
{
    thrift_constant *constant = definition->as.constant;
    const struct ast_value *value = definition->ast->as.typed.value;

    constant->schema = order->r->schema;
    if (!resolve_type(order->r, definition->source, definition->ast->as.typed.type,
                      &constant->type)) {
        return false;
    }
    definition->type = constant->type;
    if (constant->type == NULL || value == NULL || circular) {
        return true;
    }
    if (!evaluate(order->r, value, definition->source, constant->type, &constant->value)) {
        return false;
    }
    definition->weight = order->r->weight;
    definition->depth = order->r->deepest;
    return true;
}

bool resolve_constants(struct resolver *r)
{
    struct order order = {.r = r,
                          .kind = AST_CONSTANT,
                          .rule = "constant-cycle",
                          .what = "constant",
                          .needs = needs,
                          .finish = finish_constant};

    return order_definitions(&order);
}

bool resolve_defaults(struct resolver *r)
{
    for (const struct pending_default *at = r->defaults; at != NULL; at = at->next) {
        if (at->field->type != NULL &&
            !evaluate(r, at->value, at->source, at->field->type, &at->field->default_value)) {
            return false;
        }
    }
    return true;
}
