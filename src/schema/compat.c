/*
 * Compatibility: walks two schemas side by side and reports every change by its rule.
 *
 * Owns one comparison (arena, texts) for the time of the call. Definitions are matched by full
 * name, then, when one moved to another file, by its bare name. Not here: the rules
 * (compat_rules.h), the kinds of definitions (compat_field.c, compat_enum.c, compat_service.c,
 * compat_constant.c, compat_type.c).
 */
#include "schema/compat.h"

#include <stdarg.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "schema/lookup.h"

/* Comparing values and types may take this many steps beyond what the definitions have. */
#define SPARE_STEPS 1000000u

/* ---- reporting ---- */

static thrift_place place_of(const thrift_schema *schema, const thrift_node *node)
{
    if (node == NULL) {
        return (thrift_place){schema->file_count > 0 ? schema->files[0].path : NULL, 0, 0};
    }
    return (thrift_place){node->file->path, node->line, node->column};
}

bool comparison_asks(const struct comparison *c, thrift_direction direction)
{
    return direction == THRIFT_BOTH_WAYS || c->direction == THRIFT_BOTH_WAYS ||
           c->direction == direction;
}

static thrift_severity severity_of(const struct comparison *c, const thrift_rule *rule,
                                   thrift_direction direction)
{
    uint32_t counted = rule->breaks & c->breaking;

    if (!comparison_asks(c, direction)) {
        counted &= ~(uint32_t)THRIFT_BREAKS_WIRE;
    }
    if (counted != 0) {
        return THRIFT_FINDING_BREAKING;
    }
    return rule->breaks != 0 ? THRIFT_FINDING_WARNING : THRIFT_FINDING_NOTE;
}

static bool is_allowed(const struct comparison *c, const thrift_finding *finding)
{
    for (const char *const *allow = c->allow; allow != NULL && *allow != NULL; allow++) {
        if (thrift_finding_allowed(finding, *allow)) {
            return true;
        }
    }
    return false;
}

static void keep_first(struct comparison *c, const thrift_finding *finding)
{
    if (c->breaking_count++ == 0 && c->first != NULL) {
        const thrift_place *place = finding->at.line > 0 ? &finding->at : &finding->before;

        error_set(c->first, THRIFT_E_INCOMPATIBLE, "%s (%s)", finding->message, finding->rule);
        error_set_place(c->first, place->source, place->line, place->column);
    }
}

static bool write_element(struct comparison *c, const struct change *change)
{
    c->element.size = 0;
    return text_append(&c->element, change->outer) &&
           (change->inner == NULL ||
            (text_append(&c->element, ".") && text_append(&c->element, change->inner))) &&
           text_end(&c->element) != NULL;
}

static void report(struct comparison *c, const thrift_rule *rule, thrift_direction direction,
                   const struct change *change, const char *message)
{
    thrift_finding finding = {.rule = rule->name,
                              .element = (const char *)c->element.data,
                              .message = message,
                              .at = place_of(c->after, change->now)};

    char excerpt[EXCERPT_SIZE], before_excerpt[EXCERPT_SIZE];

    if (change->then != NULL) {
        finding.before = place_of(c->before, change->then);
        finding.note = "it was here";
        finding.before_excerpt = comparison_excerpt(c, c->before, change->then, before_excerpt,
                                                    &finding.before_excerpt_caret);
    }
    finding.excerpt = comparison_excerpt(c, c->after, change->now, excerpt, &finding.excerpt_caret);
    finding.size =
        change->now != NULL && change->now->name != NULL ? (uint32_t)strlen(change->now->name) : 0;
    finding.severity = severity_of(c, rule, direction);
    if (finding.severity != THRIFT_FINDING_NOTE) {
        finding.hint = rule->hint;
        if (is_allowed(c, &finding)) {
            finding.severity = THRIFT_FINDING_NOTE;
        }
    }
    if (finding.severity == THRIFT_FINDING_BREAKING) {
        keep_first(c, &finding);
    }
    if (c->on_finding != NULL) {
        c->on_finding(&finding, c->data);
    }
}

/* "User.email: field 2 was string, is i32" */
static bool write_message(struct comparison *c, const char *format, va_list arguments)
    THRIFT_PRINTF(2, 0);

static bool write_message(struct comparison *c, const char *format, va_list arguments)
{
    char text[THRIFT_ERROR_MESSAGE_SIZE];
    int size = vsnprintf(text, sizeof text, format, arguments);

    c->message.size = 0;
    return size >= 0 && text_append(&c->message, (const char *)c->element.data) &&
           text_append(&c->message, ": ") && text_append(&c->message, text) &&
           text_end(&c->message) != NULL;
}

static void report_list(struct comparison *c, enum compat_rule rule, thrift_direction direction,
                        const struct change *change, const char *format, va_list arguments)
    __attribute__((format(printf, 5, 0)));

static void report_list(struct comparison *c, enum compat_rule rule, thrift_direction direction,
                        const struct change *change, const char *format, va_list arguments)
{
    if (c->failure != THRIFT_OK) {
        return;
    }
    if (!write_element(c, change) || !write_message(c, format, arguments)) {
        c->failure = THRIFT_E_NOMEM;
        return;
    }
    report(c, thrift_rule_at((size_t)rule), direction, change, (const char *)c->message.data);
}

void comparison_report(struct comparison *c, enum compat_rule rule, const struct change *change,
                       const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    report_list(c, rule, thrift_rule_at((size_t)rule)->direction, change, format, arguments);
    va_end(arguments);
}

void comparison_report_towards(struct comparison *c, enum compat_rule rule,
                               thrift_direction direction, const struct change *change,
                               const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    report_list(c, rule, direction, change, format, arguments);
    va_end(arguments);
}

/* ---- definitions and their counterparts ---- */

static const char *known_full_name(const thrift_node *node)
{
    if (thrift_node_struct(node) != NULL) {
        return thrift_node_struct(node)->full_name;
    }
    if (node->kind == THRIFT_NODE_ENUM) {
        return thrift_node_enum(node)->full_name;
    }
    return node->kind == THRIFT_NODE_SERVICE ? thrift_node_service(node)->full_name : NULL;
}

const char *comparison_full_name(struct comparison *c, const thrift_schema *schema,
                                 const thrift_node *node)
{
    const char *known = known_full_name(node);
    size_t prefix, size;
    char *name;

    if (known != NULL || node->file == &schema->files[0]) {
        return known != NULL ? known : node->name;
    }
    prefix = strlen(node->file->prefix);
    size = strlen(node->name);
    name = arena_alloc_aligned(&c->arena, prefix + size + 2, 1);
    if (name == NULL) {
        c->failure = THRIFT_E_NOMEM;
        return "";
    }
    memcpy(name, node->file->prefix, prefix);
    name[prefix] = '.';
    memcpy(name + prefix + 1, node->name, size + 1);
    return name;
}

static bool same_sort(const thrift_node *a, const thrift_node *b)
{
    return a->kind == b->kind || (thrift_node_struct(a) != NULL && thrift_node_struct(b) != NULL);
}

/* Constants have names of their own, all other definitions share one space. */
static const thrift_node *find_like(const thrift_schema *schema, const thrift_node *like,
                                    const char *name)
{
    const thrift_node *found = NULL;
    const thrift_constant *constant;

    if (like->kind == THRIFT_NODE_CONSTANT) {
        constant = schema_find_constant(schema, name, strlen(name));
        found = constant != NULL ? &constant->node : NULL;
    } else {
        found = schema_find_definition(schema, name, strlen(name));
    }
    return found != NULL && same_sort(like, found) ? found : NULL;
}

const thrift_node *comparison_counterpart(struct comparison *c, const thrift_node *before)
{
    const char *name = comparison_full_name(c, c->before, before);
    const thrift_node *after = find_like(c->after, before, name);

    return after != NULL ? after : name_map_get(&c->moved_from, name, strlen(name));
}

static void keep(struct comparison *c, struct name_map *map, const char *name,
                 const thrift_node *node)
{
    if (name_map_add(map, name, strlen(name), (void *)(uintptr_t)node) == NULL) {
        c->failure = THRIFT_E_NOMEM;
    }
}

/* What has no counterpart by its full name but one by its bare name went to another file. */
static void find_moved(struct comparison *c)
{
    struct name_map fresh = {.arena = &c->arena};

    for (size_t i = 0; i < c->after->node_count && c->failure == THRIFT_OK; i++) {
        const thrift_node *node = c->after->nodes[i];

        if (find_like(c->before, node, comparison_full_name(c, c->after, node)) == NULL) {
            keep(c, &fresh, node->name, node);
        }
    }
    for (size_t i = 0; i < c->before->node_count && fresh.count > 0 && c->failure == THRIFT_OK;
         i++) {
        const thrift_node *old = c->before->nodes[i];
        const thrift_node *now = name_map_get(&fresh, old->name, strlen(old->name));
        const char *name = comparison_full_name(c, c->before, old);

        if (now != NULL && same_sort(old, now) && find_like(c->after, old, name) == NULL) {
            keep(c, &c->moved_from, name, now);
            keep(c, &c->moved_to, comparison_full_name(c, c->after, now), old);
        }
    }
}

/* ---- the walk ---- */

struct sort_rules {
    enum compat_rule added, removed;
};

static struct sort_rules rules_of(const thrift_node *node)
{
    if (thrift_node_struct(node) != NULL) {
        return (struct sort_rules){RULE_STRUCT_ADDED, RULE_STRUCT_REMOVED};
    }
    if (node->kind == THRIFT_NODE_ENUM) {
        return (struct sort_rules){RULE_ENUM_ADDED, RULE_ENUM_REMOVED};
    }
    if (node->kind == THRIFT_NODE_SERVICE) {
        return (struct sort_rules){RULE_SERVICE_ADDED, RULE_SERVICE_REMOVED};
    }
    return node->kind == THRIFT_NODE_CONSTANT
               ? (struct sort_rules){RULE_CONSTANT_ADDED, RULE_CONSTANT_REMOVED}
               : (struct sort_rules){RULE_TYPEDEF_ADDED, RULE_TYPEDEF_REMOVED};
}

static const char *noun_of(thrift_node_kind kind)
{
    static const char *const nouns[] = {
        [THRIFT_NODE_STRUCT] = "struct",       [THRIFT_NODE_UNION] = "union",
        [THRIFT_NODE_EXCEPTION] = "exception", [THRIFT_NODE_ENUM] = "enum",
        [THRIFT_NODE_SERVICE] = "service",     [THRIFT_NODE_CONSTANT] = "constant",
        [THRIFT_NODE_ALIAS] = "typedef",
    };

    return nouns[kind];
}

static void compare_pair(struct comparison *c, const thrift_node *before, const thrift_node *after)
{
    if (thrift_node_struct(before) != NULL) {
        compare_structs(c, thrift_node_struct(before), thrift_node_struct(after));
    } else if (before->kind == THRIFT_NODE_ENUM) {
        compare_enums(c, thrift_node_enum(before), thrift_node_enum(after));
    } else if (before->kind == THRIFT_NODE_SERVICE) {
        compare_services(c, thrift_node_service(before), thrift_node_service(after));
    } else if (before->kind == THRIFT_NODE_CONSTANT) {
        compare_constants(c, thrift_node_constant(before), thrift_node_constant(after));
    } else if (before->kind == THRIFT_NODE_ALIAS) {
        compare_aliases(c, thrift_node_alias(before), thrift_node_alias(after));
    }
}

static void compare_old_node(struct comparison *c, const thrift_node *before)
{
    const char *name = comparison_full_name(c, c->before, before);
    const thrift_node *after = comparison_counterpart(c, before);
    struct change change = {name, NULL, after, before};

    if (after == NULL) {
        comparison_report(c, rules_of(before).removed, &change, "the %s is gone",
                          noun_of(before->kind));
        return;
    }
    if (name_map_get(&c->moved_from, name, strlen(name)) == after) {
        comparison_report(c, RULE_DEFINITION_MOVED, &change, "it is '%s' now",
                          comparison_full_name(c, c->after, after));
    }
    compare_pair(c, before, after);
}

static void compare_new_node(struct comparison *c, const thrift_node *after)
{
    const char *name = comparison_full_name(c, c->after, after);
    struct change change = {name, NULL, after, NULL};

    if (find_like(c->before, after, name) == NULL &&
        name_map_get(&c->moved_to, name, strlen(name)) == NULL) {
        comparison_report(c, rules_of(after).added, &change, "the %s is new", noun_of(after->kind));
    }
}

/* ---- namespaces ---- */

static void report_namespace(struct comparison *c, enum compat_rule rule,
                             const struct schema_file *then_file,
                             const struct schema_namespace *then,
                             const struct schema_file *now_file, const struct schema_namespace *now)
{
    thrift_node then_node = {.file = then_file}, now_node = {.file = now_file};
    struct change change = {"namespace", NULL, &now_node, then != NULL ? &then_node : NULL};

    change.inner = then != NULL ? then->scope : now->scope;
    if (then != NULL) {
        then_node.line = then->line;
        then_node.column = then->column;
    }
    if (now != NULL) {
        now_node.line = now->line;
        now_node.column = now->column;
    }
    if (then == NULL || now == NULL) {
        comparison_report(c, rule, &change, "'%s' is %s", then != NULL ? then->name : now->name,
                          now != NULL ? "new" : "gone");
    } else {
        comparison_report(c, rule, &change, "it was '%s' and is '%s'", then->name, now->name);
    }
}

/* The last namespace of a scope is the one that counts. */
static void collect_namespaces(struct comparison *c, const struct schema_file *file,
                               struct name_map *out)
{
    for (size_t i = file->namespace_count; i > 0 && c->failure == THRIFT_OK; i--) {
        const struct schema_namespace *space = &file->namespaces[i - 1];

        if (name_map_add(out, space->scope, strlen(space->scope), (void *)(uintptr_t)space) ==
            NULL) {
            c->failure = THRIFT_E_NOMEM;
        }
    }
}

static void compare_namespaces(struct comparison *c, const struct schema_file *before,
                               const struct schema_file *after)
{
    struct name_map old = {.arena = &c->arena}, now = {.arena = &c->arena};

    collect_namespaces(c, before, &old);
    collect_namespaces(c, after, &now);
    for (size_t i = 0; i < before->namespace_count && c->failure == THRIFT_OK; i++) {
        const struct schema_namespace *then = &before->namespaces[i];
        const struct schema_namespace *here = name_map_get(&now, then->scope, strlen(then->scope));

        if (name_map_get(&old, then->scope, strlen(then->scope)) == then &&
            (here == NULL || strcmp(here->name, then->name) != 0)) {
            report_namespace(c, RULE_NAMESPACE_CHANGED, before, then, after, here);
        }
    }
    for (size_t i = 0; i < after->namespace_count && c->failure == THRIFT_OK; i++) {
        const struct schema_namespace *here = &after->namespaces[i];

        if (name_map_get(&old, here->scope, strlen(here->scope)) == NULL &&
            name_map_get(&now, here->scope, strlen(here->scope)) == here) {
            report_namespace(c, RULE_NAMESPACE_ADDED, before, NULL, after, here);
        }
    }
}

/* The root files belong together, and included ones of the same prefix. */
static void compare_files(struct comparison *c)
{
    struct name_map files = {.arena = &c->arena};

    if (c->before->file_count == 0 || c->after->file_count == 0) {
        return;
    }
    compare_namespaces(c, &c->before->files[0], &c->after->files[0]);
    for (size_t i = 1; i < c->after->file_count && c->failure == THRIFT_OK; i++) {
        const struct schema_file *file = &c->after->files[i];

        if (name_map_add(&files, file->prefix, strlen(file->prefix), &c->after->files[i]) == NULL) {
            c->failure = THRIFT_E_NOMEM;
        }
    }
    for (size_t i = 1; i < c->before->file_count && c->failure == THRIFT_OK; i++) {
        const struct schema_file *file = &c->before->files[i];
        const struct schema_file *now = name_map_get(&files, file->prefix, strlen(file->prefix));

        if (now != NULL) {
            compare_namespaces(c, file, now);
        }
    }
}

/* ---- the call ---- */

static size_t budget(const thrift_schema *schema)
{
    size_t steps = SPARE_STEPS / 2;

    for (size_t i = 0; i < schema->struct_count; i++) {
        steps += 16 * (size_t)schema->structs[i]->field_count;
    }
    return steps + 16 * schema->node_count;
}

static void compare_all(struct comparison *c)
{
    find_moved(c);
    compare_files(c);
    for (size_t i = 0; i < c->before->node_count && c->failure == THRIFT_OK; i++) {
        compare_old_node(c, c->before->nodes[i]);
    }
    for (size_t i = 0; i < c->after->node_count && c->failure == THRIFT_OK; i++) {
        compare_new_node(c, c->after->nodes[i]);
    }
}

static void comparison_init(struct comparison *c, const thrift_schema *before,
                            const thrift_schema *after, const thrift_compare_options *options)
{
    const thrift_allocator *memory = &after->allocator;

    *c = (struct comparison){.before = before, .after = after, .breaking = THRIFT_BREAKS_WIRE};
    c->element = c->message = c->before_text = c->after_text = c->digests =
        (thrift_buffer){.allocator = *memory};
    if (options != NULL) {
        c->direction = options->direction;
        c->breaking = options->breaking != 0 ? options->breaking : c->breaking;
        c->allow = options->allow;
        c->on_finding = options->on_finding;
        c->data = options->data;
    }
    arena_init(&c->arena, memory, SIZE_MAX);
    c->moved_from.arena = c->moved_to.arena = c->pairs.arena = &c->arena;
    c->steps = budget(before) + budget(after);
}

static void comparison_deinit(struct comparison *c)
{
    arena_deinit(&c->arena);
    thrift_buffer_deinit(&c->element);
    thrift_buffer_deinit(&c->message);
    thrift_buffer_deinit(&c->before_text);
    thrift_buffer_deinit(&c->after_text);
    thrift_buffer_deinit(&c->digests);
}

thrift_status thrift_schema_compare_with(const thrift_schema *before, const thrift_schema *after,
                                         const thrift_compare_options *options,
                                         size_t *out_breaking, thrift_error *err)
{
    thrift_error first = THRIFT_ERROR_INIT;
    struct comparison c;

    if (before == NULL || after == NULL) {
        return err != NULL && err->code != THRIFT_OK
                   ? err->code
                   : FAIL(err, THRIFT_E_ARGUMENT, "there is no definition to compare");
    }
    comparison_init(&c, before, after, options);
    c.first = &first;
    compare_all(&c);
    comparison_deinit(&c);
    if (c.failure != THRIFT_OK) {
        return FAIL_NOMEM(err);
    }
    if (out_breaking != NULL) {
        *out_breaking = c.breaking_count;
    }
    if (c.breaking_count == 0) {
        return THRIFT_OK;
    }
    if (err != NULL) {
        *err = first;
        err->more = (uint32_t)(c.breaking_count - 1);
    }
    return THRIFT_E_INCOMPATIBLE;
}

size_t thrift_schema_compare(const thrift_schema *before, const thrift_schema *after,
                             thrift_direction direction, thrift_finding_fn on_finding, void *data)
{
    size_t breaking = 0;
    thrift_status status = thrift_schema_compare_with(
        before, after,
        THRIFT_COMPARE_OPTIONS(.direction = direction, .on_finding = on_finding, .data = data),
        &breaking, NULL);

    return status == THRIFT_OK || status == THRIFT_E_INCOMPATIBLE ? breaking : SIZE_MAX;
}
