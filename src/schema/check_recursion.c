/*
 * Structs that need themselves: by required fields, which makes them impossible to build, and by
 * defaults, which would make their values endless.
 */
#include "schema/resolver_part.h"
#include "schema/scope.h"

/* A struct in the graph of who requires whom. */
struct requirer {
    uint32_t open; /* required structs that are not known to be buildable; a union: members */
    bool buildable;
};

/* "this struct is required by": an edge of the reversed graph. */
struct edge {
    struct edge *next;
    const thrift_struct *from;
};

struct graph {
    struct requirer *requirers; /* by thrift_struct.index */
    struct edge **edges;        /* by index of the required one */
    uint32_t *ready;            /* indexes of structs that became buildable */
    size_t ready_count;
    bool any_member; /* one member is enough for a union */
};

static bool counts(const thrift_struct *record, const thrift_field *field)
{
    return field->type != NULL && field->type->kind == THRIFT_KIND_RECORD &&
           (record->node.kind == THRIFT_NODE_UNION ||
            field->requiredness == THRIFT_FIELD_REQUIRED) &&
           field->default_value == NULL;
}

static void make_ready(struct graph *graph, const thrift_struct *record)
{
    if (!graph->requirers[record->index].buildable) {
        graph->requirers[record->index].buildable = true;
        graph->ready[graph->ready_count++] = record->index;
    }
}

static bool enter(struct resolver *r, struct graph *graph, const thrift_struct *record)
{
    struct requirer *requirer = &graph->requirers[record->index];

    for (uint32_t i = 0; i < record->field_count; i++) {
        const thrift_field *field = &record->fields[i];
        struct edge *edge;

        if (!counts(record, field)) {
            continue;
        }
        edge = arena_alloc(r->scratch, sizeof *edge);
        if (edge == NULL) {
            return false;
        }
        *edge = (struct edge){graph->edges[field->type->record->index], record};
        graph->edges[field->type->record->index] = edge;
        requirer->open++;
    }
    if (requirer->open == 0 ||
        (record->node.kind == THRIFT_NODE_UNION && requirer->open < record->field_count)) {
        make_ready(graph, record);
    }
    return true;
}

static void spread(struct graph *graph)
{
    while (graph->ready_count > 0) {
        uint32_t index = graph->ready[--graph->ready_count];

        for (const struct edge *edge = graph->edges[index]; edge != NULL; edge = edge->next) {
            struct requirer *requirer = &graph->requirers[edge->from->index];

            requirer->open--;
            if (requirer->open == 0 ||
                (graph->any_member && edge->from->node.kind == THRIFT_NODE_UNION)) {
                make_ready(graph, edge->from);
            }
        }
    }
}

static void report(struct resolver *r, const struct definition *definition,
                   const struct graph *graph)
{
    const thrift_struct *record = definition->as.record;

    for (uint32_t i = 0; i < record->field_count; i++) {
        const thrift_field *field = &record->fields[i];

        if (counts(record, field) && !graph->requirers[field->type->record->index].buildable) {
            struct span at = {definition->source, field->node.line, field->node.column,
                              (uint32_t)strlen(field->node.name)};

            finding_hint(r->findings,
                         finding_warning(r->findings, "required-recursion", at,
                                         "%s can never be built: '%s' needs %s, which needs %s",
                                         record->node.name, field->node.name,
                                         field->type->record->node.name, record->node.name),
                         "make the field optional");
            return;
        }
    }
}

static bool graph_init(struct resolver *r, struct graph *graph, bool any_member)
{
    size_t count = r->schema->struct_count + 1;

    *graph =
        (struct graph){.requirers = arena_alloc_zero(r->scratch, count * sizeof *graph->requirers),
                       .edges = arena_alloc_zero(r->scratch, count * sizeof *graph->edges),
                       .ready = arena_alloc(r->scratch, count * sizeof *graph->ready),
                       .any_member = any_member};
    return graph->requirers != NULL && graph->edges != NULL && graph->ready != NULL;
}

static bool check_required(struct resolver *r)
{
    struct graph graph;

    if (!graph_init(r, &graph, true)) {
        return false;
    }
    for (size_t i = 0; i < r->schema->struct_count; i++) {
        if (!r->schema->structs[i]->synthetic && !enter(r, &graph, r->schema->structs[i])) {
            return false;
        }
    }
    spread(&graph);
    for (size_t i = 0; i < r->definition_count; i++) {
        const struct definition *definition = &r->definitions[i];
        const thrift_struct *record = thrift_node_struct(definition->as.node);

        if (record != NULL && !graph.requirers[record->index].buildable) {
            report(r, definition, &graph);
        }
    }
    return true;
}

/* ---- defaults ---- */

/* Values next to each other whose insides are still to be looked at. */
struct value_walk {
    const struct const_value *at;
    size_t left;
};

static struct value_walk parts_of(const struct const_value *value)
{
    if (value->kind == THRIFT_KIND_RECORD) {
        return (struct value_walk){value->as.record.values, value->as.record.count};
    }
    if (value->kind == THRIFT_KIND_LIST || value->kind == THRIFT_KIND_SET) {
        return (struct value_walk){value->as.container.items, value->as.container.count};
    }
    if (value->kind == THRIFT_KIND_MAP) {
        return (struct value_walk){value->as.container.items, 2 * value->as.container.count};
    }
    return (struct value_walk){NULL, 0};
}

static bool add_edge(struct resolver *r, struct graph *graph, const thrift_struct *from,
                     const thrift_struct *to)
{
    struct edge *edge = arena_alloc(r->scratch, sizeof *edge);

    if (edge != NULL) {
        *edge = (struct edge){graph->edges[to->index], from};
        graph->edges[to->index] = edge;
        graph->requirers[from->index].open++;
    }
    return edge != NULL;
}

/* The owner of a default needs every struct that the default is made of, with *its* defaults. */
static bool enter_default(struct resolver *r, struct graph *graph, const thrift_field *field)
{
    struct value_walk stack[VALUE_DEPTH_MOST + 1];
    size_t depth = 0;

    stack[depth++] = (struct value_walk){field->default_value, 1};
    while (depth > 0) {
        struct value_walk *top = &stack[depth - 1], inner;

        if (top->left == 0) {
            depth--;
            continue;
        }
        top->left--;
        if (top->at->kind == THRIFT_KIND_RECORD &&
            !add_edge(r, graph, field->owner, top->at->as.record.type)) {
            return false;
        }
        inner = parts_of(top->at++);
        if (inner.left > 0) {
            stack[depth++] = inner;
        }
    }
    return true;
}

static void report_default(struct resolver *r, const struct pending_default *pending)
{
    const thrift_field *field = pending->field;
    struct span at = {pending->source, field->node.line, field->node.column,
                      (uint32_t)strlen(field->node.name)};

    finding_hint(r->findings,
                 finding_error(r->findings, "endless-default", at,
                               "the default of '%s' needs %s, whose defaults need it again",
                               field->node.name, field->owner->node.name),
                 "leave the default out");
}

static bool check_defaults(struct resolver *r)
{
    struct graph graph;

    if (r->defaults == NULL) {
        return true;
    }
    if (!graph_init(r, &graph, false)) {
        return false;
    }
    for (const struct pending_default *at = r->defaults; at != NULL; at = at->next) {
        if (at->field->default_value != NULL && !enter_default(r, &graph, at->field)) {
            return false;
        }
    }
    for (size_t i = 0; i < r->schema->struct_count; i++) {
        if (graph.requirers[i].open == 0) {
            make_ready(&graph, r->schema->structs[i]);
        }
    }
    spread(&graph);
    for (const struct pending_default *at = r->defaults; at != NULL; at = at->next) {
        if (at->field->default_value != NULL && !at->field->owner->synthetic &&
            !graph.requirers[at->field->owner->index].buildable) {
            report_default(r, at);
        }
    }
    return true;
}

bool check_recursion(struct resolver *r) { return check_required(r) && check_defaults(r); }
