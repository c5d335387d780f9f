/*
 * Definitions in the order of need: depth first over what each refers to, with an explicit stack
 * because chains are as long as the file.
 */
#include "base/text.h"
#include "schema/resolver_part.h"
#include "schema/scope.h"

#define CHAIN_MOST 8

/* A definition whose references are being followed. */
struct need {
    struct need *below;
    struct definition *definition;
    const struct ast_reference *next;
    bool circular;
};

struct need_stack {
    struct need *top;
    struct need *spare; /* given back by pop() */
};

static bool push(struct resolver *r, struct need_stack *stack, struct definition *definition)
{
    struct need *need = stack->spare;

    if (need != NULL) {
        stack->spare = need->below;
    } else {
        need = arena_alloc(r->scratch, sizeof *need);
    }
    if (need == NULL) {
        return false;
    }
    *need = (struct need){stack->top, definition, definition->ast->as.typed.references, false};
    stack->top = need;
    definition->state = DEFINITION_OPEN;
    return true;
}

static void pop(struct need_stack *stack)
{
    struct need *need = stack->top;

    stack->top = need->below;
    need->below = stack->spare;
    stack->spare = need;
}

/* Everybody in the circle is marked; the nearest are named: names[0] needs `again`, names[1] needs
 * names[0] … Returns how many there are besides `again`. */
static size_t collect_circle(struct need_stack *stack, const struct definition *again,
                             const char *names[CHAIN_MOST])
{
    size_t length = 0;
    struct need *need = stack->top;

    for (; need->definition != again; need = need->below) {
        need->circular = true;
        if (length < CHAIN_MOST) {
            names[length] = need->definition->as.node->name;
        }
        length++;
    }
    need->circular = true;
    return length;
}

/* "A -> B -> A" */
static bool report_circle(struct order *order, struct need_stack *stack,
                          const struct ast_reference *reference, const struct definition *again)
{
    struct resolver *r = order->r;
    thrift_buffer chain = {.allocator = r->schema->allocator};
    const char *names[CHAIN_MOST];
    size_t length = collect_circle(stack, again, names);
    bool ok =
        text_printf(&chain, "%s%s", again->as.node->name, length > CHAIN_MOST ? " -> ..." : "");

    for (size_t i = length < CHAIN_MOST ? length : CHAIN_MOST; i-- > 0;) {
        ok = ok && text_printf(&chain, " -> %s", names[i]);
    }
    ok = ok && text_printf(&chain, " -> %s", again->as.node->name) && text_end(&chain) != NULL;
    if (ok) {
        finding_error(r->findings, order->rule,
                      scope_span(stack->top->definition->source, reference->name),
                      "%s '%s' needs itself: %s", order->what, again->as.node->name,
                      (const char *)chain.data);
    }
    thrift_buffer_deinit(&chain);
    return ok;
}

/* One step on the topmost: its next reference, or its end. */
static bool step(struct order *order, struct need_stack *stack)
{
    struct need *top = stack->top;
    const struct ast_reference *reference = top->next;
    struct definition *needed;

    if (reference == NULL) {
        struct definition *definition = top->definition;
        bool circular = top->circular;

        pop(stack);
        definition->state = DEFINITION_DONE;
        return order->finish(order, definition, circular);
    }
    top->next = reference->next;
    needed = order->needs(order, top->definition, reference);
    if (needed == NULL || needed->state == DEFINITION_DONE) {
        return true;
    }
    if (needed->state == DEFINITION_OPEN) {
        return report_circle(order, stack, reference, needed);
    }
    return push(order->r, stack, needed);
}

bool order_definitions(struct order *order)
{
    struct resolver *r = order->r;
    struct need_stack stack = {NULL, NULL};

    for (size_t i = 0; i < r->definition_count; i++) {
        struct definition *definition = &r->definitions[i];

        if (definition->ast->kind != order->kind || definition->state != DEFINITION_NEW) {
            continue;
        }
        if (!push(r, &stack, definition)) {
            return false;
        }
        while (stack.top != NULL) {
            if (!step(order, &stack)) {
                return false;
            }
        }
    }
    return true;
}
