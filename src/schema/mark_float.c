/*
 * Which structs contain fbthrift's float, in fields of their own or in what those contain.
 *
 * From the structs that name it the mark goes backwards to those that contain them, each struct
 * once. Not here: the refusal (codec), for only a wire that lacks it has to refuse.
 */
#include "schema/resolver_part.h"

/* "this struct stands in that field": an edge of the reversed graph. */
struct holder {
    struct holder *next;
    const thrift_field *field;
};

struct float_graph {
    struct holder **holders; /* by thrift_struct.index */
    thrift_struct **marked;  /* whose holders are still to be marked */
    size_t marked_count;
};

static void mark(struct float_graph *graph, const thrift_field *field)
{
    thrift_struct *owner = (thrift_struct *)(uintptr_t)field->owner; /* not published yet */

    if (owner->float_field == NULL) {
        owner->float_field = field;
        graph->marked[graph->marked_count++] = owner;
    }
}

/* Enters the field at every struct that its type is made of: a walk of bounded length, because of
 * SCHEMA_TYPE_CONTAINERS_MOST. */
static bool hold(struct resolver *r, struct float_graph *graph, const thrift_field *field)
{
    const thrift_type *open[2 * SCHEMA_TYPE_DEPTH_MOST];
    size_t count = 0;

    open[count++] = field->type;
    while (count > 0) {
        const thrift_type *type = open[--count];

        if (type == NULL) {
            continue;
        }
        if (type->kind == THRIFT_KIND_RECORD) {
            struct holder *holder = arena_alloc(r->scratch, sizeof *holder);

            if (holder == NULL) {
                return false;
            }
            *holder = (struct holder){graph->holders[type->record->index], field};
            graph->holders[type->record->index] = holder;
        } else {
            open[count++] = type->element;
            open[count++] = type->key;
        }
    }
    return true;
}

static bool enter(struct resolver *r, struct float_graph *graph, const thrift_struct *record)
{
    for (uint32_t i = 0; i < record->field_count; i++) {
        const thrift_field *field = &record->fields[i];

        if (field->type != NULL && field->type->is_float) {
            mark(graph, field);
        } else if (field->type != NULL && !hold(r, graph, field)) {
            return false;
        }
    }
    return true;
}

bool mark_float(struct resolver *r)
{
    size_t count = r->schema->struct_count + 1;
    struct float_graph graph = {0};

    if (!r->has_float) {
        return true;
    }
    graph.holders = arena_alloc_zero(r->scratch, count * sizeof *graph.holders);
    graph.marked = arena_alloc(r->scratch, count * sizeof *graph.marked);
    if (graph.holders == NULL || graph.marked == NULL) {
        return false;
    }
    for (size_t i = 0; i < r->schema->struct_count; i++) {
        if (!enter(r, &graph, r->schema->structs[i])) {
            return false;
        }
    }
    while (graph.marked_count > 0) {
        const thrift_struct *inner = graph.marked[--graph.marked_count];

        for (const struct holder *at = graph.holders[inner->index]; at != NULL; at = at->next) {
            mark(&graph, at->field);
        }
    }
    return true;
}
