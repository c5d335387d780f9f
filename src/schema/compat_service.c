/*
 * Services: methods matched by name, inherited ones included; what they take, return and throw.
 */
#include "base/text.h"
#include "schema/compat.h"

/* "UserService.getUser", in the arena. */
static const char *method_name(struct comparison *c, const thrift_service *service,
                               const thrift_method *method)
{
    size_t outer = strlen(service->full_name), inner = strlen(method->node.name);
    char *name = arena_alloc_aligned(&c->arena, outer + inner + 2, 1);

    if (name == NULL) {
        c->failure = THRIFT_E_NOMEM;
        return "";
    }
    memcpy(name, service->full_name, outer);
    name[outer] = '.';
    memcpy(name + outer + 1, method->node.name, inner + 1);
    return name;
}

static void compare_results(struct comparison *c, const char *name, const thrift_method *before,
                            const thrift_method *after)
{
    static const enum compat_rule rules[] = {[TYPE_RENAMED] = RULE_TYPE_RENAMED,
                                             [TYPE_REPRESENTED] = RULE_REPRESENTATION_CHANGED,
                                             [TYPE_DIFFERENT] = RULE_METHOD_RESULT_CHANGED};
    enum type_difference difference = compare_types(c, before->result, after->result);
    struct change change = {name, NULL, &after->node, &before->node};

    if (difference != TYPE_SAME) {
        comparison_report(c, rules[difference], &change, "it returned %s and returns %s",
                          compare_type_text(c, &c->before_text, before->result),
                          compare_type_text(c, &c->after_text, after->result));
    }
}

static void compare_methods(struct comparison *c, const thrift_service *service,
                            const thrift_method *before, const thrift_method *after)
{
    const char *name = method_name(c, service, before);
    struct change change = {name, NULL, &after->node, &before->node};

    if (before->oneway != after->oneway) {
        comparison_report(c, RULE_ONEWAY_CHANGED, &change, "it %s",
                          after->oneway ? "became oneway" : "is not oneway any more");
    }
    compare_results(c, name, before, after);
    compare_fields(c, ROLE_ARGUMENT, name, before->arguments, after->arguments);
    compare_fields(c, ROLE_EXCEPTION, name, before->throws, after->throws);
}

/* The old parent is still among the ancestors; not when it takes too long to find out. */
static bool is_ancestor(struct comparison *c, const thrift_service *parent,
                        const thrift_service *service)
{
    const thrift_node *wanted = comparison_counterpart(c, &parent->node);

    for (const thrift_service *s = service->parent; s != NULL && c->steps > 0; s = s->parent) {
        if (&s->node == wanted) {
            return true;
        }
        c->steps--;
    }
    return false;
}

static void compare_parents(struct comparison *c, const thrift_service *before,
                            const thrift_service *after)
{
    struct change change = {before->full_name, NULL, &after->node, &before->node};
    const thrift_service *old = before->parent, *now = after->parent;

    if (old != NULL && !is_ancestor(c, old, after)) {
        comparison_report(c, RULE_EXTENDS_CHANGED, &change, "it extended %s and extends %s",
                          old->full_name, now == NULL ? "nothing" : now->full_name);
    } else if (now != NULL &&
               (old == NULL || comparison_counterpart(c, &old->node) != &now->node)) {
        comparison_report(c, RULE_EXTENDS_ADDED, &change, "it extends %s", now->full_name);
    }
}

void compare_services(struct comparison *c, const thrift_service *before,
                      const thrift_service *after)
{
    compare_parents(c, before, after);
    for (size_t i = 0; i < before->method_count && c->failure == THRIFT_OK; i++) {
        const thrift_method *old = &before->methods[i];
        const thrift_method *now = thrift_service_method(after, old->node.name);
        struct change change = {before->full_name, old->node.name, &after->node, &old->node};

        if (now != NULL) {
            compare_methods(c, before, old, now);
        } else {
            comparison_report(c, RULE_METHOD_REMOVED, &change, "the method is gone");
        }
    }
    for (size_t i = 0; i < after->method_count && c->failure == THRIFT_OK; i++) {
        const thrift_method *now = &after->methods[i];
        struct change change = {after->full_name, now->node.name, &now->node, NULL};

        if (thrift_service_method(before, now->node.name) == NULL) {
            comparison_report(c, RULE_METHOD_ADDED, &change, "the method is new");
        }
    }
}
