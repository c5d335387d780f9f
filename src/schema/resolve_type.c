/*
 * Types: names to what they stand for, typedefs gone.
 */
#include "schema/parser.h"
#include "schema/resolver_part.h"
#include "schema/scope.h"
#include "schema/type.h"

/* A container whose parts are being resolved. */
struct open_type {
    const struct ast_type *ast;
    const thrift_type *key;
    bool key_done;
};

static bool is_text(struct ast_name name, const char *text)
{
    return strlen(text) == name.size && memcmp(text, name.text, name.size) == 0;
}

/* The use of a struct or enum under the name that is written. Two are cached; others (aliases of
 * includes) are made each time. */
static const thrift_type *use_of(struct resolver *r, struct definition *definition,
                                 struct ast_name name)
{
    const thrift_type *full = definition->type;
    bool local = is_text(name, definition->as.node->name);
    const thrift_type *made;
    const char *spelling = definition->as.node->name;

    if (full == NULL || is_text(name, full->spelling)) {
        return full;
    }
    if (local && definition->local_type != NULL) {
        return definition->local_type;
    }
    if (!local) {
        spelling = arena_strdup(r->keep, name.text, name.size);
    }
    if (spelling == NULL) {
        return NULL;
    }
    made = definition->as.node->kind == THRIFT_NODE_ENUM
               ? type_enum(r->keep, definition->as.symbols, spelling)
               : type_record(r->keep, definition->as.record, spelling);
    if (local) {
        definition->local_type = made;
    }
    return made;
}

/* A typedef under another spelling than its own. */
static const thrift_type *use_of_alias(struct resolver *r, struct definition *definition,
                                       struct ast_name name)
{
    const thrift_type *own = definition->type;
    thrift_type *copy;

    if (own == NULL || is_text(name, own->spelling)) {
        return own;
    }
    copy = arena_alloc(r->keep, sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *own;
    copy->spelling = arena_strdup(r->keep, name.text, name.size);
    return copy->spelling != NULL ? copy : NULL;
}

static void report_no_type(struct resolver *r, const struct source *source,
                           const struct definition *definition, struct ast_name name)
{
    if (definition->ast->kind == AST_INTERACTION) {
        finding_warning(r->findings, "not-servable", scope_span(source, name),
                        "interactions cannot be served: they have no form on Apache's wire");
        return;
    }
    finding_error(r->findings, "not-a-type", scope_span(source, name),
                  "'%.*s' is a service, not a type", (int)name.size, name.text);
}

static bool resolve_name(struct resolver *r, struct source *source, struct ast_name name,
                         const thrift_type **out)
{
    struct definition *definition = scope_find(source, SCOPE_TYPE, name.text, name.size);

    *out = NULL;
    if (definition == NULL) {
        *out = type_base(name.text, name.size); /* words that older files may use as names */
        if (*out == NULL) {
            return scope_report_unknown(r, source, SCOPE_TYPE, "type", name, DEFINE_IT);
        }
        if ((*out)->is_float) {
            r->has_float = true;
            finding_hint(r->findings,
                         finding_warning(r->findings, "float", scope_span(source, name),
                                         "float has no form on Apache's wire; what contains it "
                                         "is refused there"),
                         "use double");
        }
        return true;
    }
    switch (definition->ast->kind) {
    case AST_TYPEDEF:
        *out = use_of_alias(r, definition, name);
        return *out != NULL || definition->type == NULL;
    case AST_SERVICE:
    case AST_INTERACTION:
        report_no_type(r, source, definition, name);
        return true;
    case AST_ENUM:
    case AST_STRUCT:
    case AST_UNION:
    case AST_EXCEPTION:
    case AST_CONSTANT:
    default:
        *out = use_of(r, definition, name);
        return *out != NULL;
    }
}

static bool annotate(struct resolver *r, const struct ast_type *ast, const thrift_type **type)
{
    thrift_type *copy;

    if (*type == NULL || ast->annotations.count == 0) {
        return true;
    }
    copy = arena_alloc(r->keep, sizeof *copy);
    if (copy == NULL) {
        return false;
    }
    *copy = **type;
    copy->annotations = ast->annotations.items;
    copy->annotation_count = ast->annotations.count;
    *type = copy;
    return true;
}

static thrift_kind container_kind(enum ast_type_kind kind)
{
    return kind == AST_TYPE_MAP   ? THRIFT_KIND_MAP
           : kind == AST_TYPE_SET ? THRIFT_KIND_SET
                                  : THRIFT_KIND_LIST;
}

/* A container of resolved parts, either of which may have failed. */
static bool make_container(struct resolver *r, const struct source *source,
                           const struct open_type *open, const thrift_type *element,
                           const thrift_type **out)
{
    const struct ast_type *ast = open->ast;

    *out = NULL;
    if (element == NULL || (ast->kind == AST_TYPE_MAP && open->key == NULL)) {
        return true;
    }
    if (element->depth >= SCHEMA_TYPE_DEPTH_MOST ||
        (open->key != NULL && open->key->depth >= SCHEMA_TYPE_DEPTH_MOST)) {
        finding_failure(
            r->findings, THRIFT_E_LIMIT, "nesting-too-deep", scope_span(source, ast->name),
            "types are nested more than %d levels deep over typedefs", SCHEMA_TYPE_DEPTH_MOST);
        return true;
    }
    *out = type_container(r->keep, container_kind(ast->kind), open->key, element);
    return *out != NULL && annotate(r, ast, out);
}

/* One type that is no container, or what closes with it. *ast is the next part to resolve, NULL at
 * the end. */
static bool close_types(struct resolver *r, struct source *source, struct open_type *open,
                        size_t *depth, const thrift_type **type, const struct ast_type **next)
{
    *next = NULL;
    while (*depth > 0) {
        struct open_type *top = &open[*depth - 1];

        if (top->ast->key != NULL && !top->key_done) {
            top->key = *type;
            top->key_done = true;
            *next = top->ast->element;
            return true;
        }
        if (!make_container(r, source, top, *type, type)) {
            return false;
        }
        --*depth;
    }
    return true;
}

static bool resolve_any(struct resolver *r, struct source *source, const struct ast_type *type,
                        const thrift_type **out)
{
    struct open_type open[NESTING_MOST];
    size_t depth = 0;

    *out = NULL;
    while (type != NULL) {
        const thrift_type *resolved = type->base;

        if (type->kind != AST_TYPE_NAME) {
            open[depth++] = (struct open_type){type, NULL, false};
            type = type->key != NULL ? type->key : type->element;
            continue;
        }
        if ((resolved == NULL && !resolve_name(r, source, type->name, &resolved)) ||
            !annotate(r, type, &resolved) ||
            !close_types(r, source, open, &depth, &resolved, &type)) {
            return false;
        }
        *out = resolved;
    }
    return true;
}

/* Typedefs of typedefs can mean far more than is written; what is not used may. */
static const thrift_type *within_limits(struct resolver *r, struct span at, const thrift_type *type)
{
    if (type->containers <= r->containers_left && type->containers <= SCHEMA_TYPE_CONTAINERS_MOST) {
        r->containers_left -= type->containers;
        return type;
    }
    finding_failure(r->findings, THRIFT_E_LIMIT, "type-too-large", at,
                    "typedefs make this of more containers than %d, or all types together too many",
                    SCHEMA_TYPE_CONTAINERS_MOST);
    return NULL;
}

bool resolve_type(struct resolver *r, struct source *source, const struct ast_type *type,
                  const thrift_type **out)
{
    if (!resolve_any(r, source, type, out)) {
        return false;
    }
    if (*out != NULL) {
        *out = within_limits(r, scope_span(source, type->name), *out);
    }
    return true;
}

static struct definition *needs(struct order *order, struct definition *definition,
                                const struct ast_reference *reference)
{
    struct definition *found =
        scope_find(definition->source, SCOPE_TYPE, reference->name.text, reference->name.size);

    (void)order;
    return found != NULL && found->ast->kind == AST_TYPEDEF ? found : NULL;
}

/* A typedef's type is that of its target, under its own name. */
static bool finish(struct order *order, struct definition *definition, bool circular)
{
    struct resolver *r = order->r;
    const thrift_type *target = NULL;
    thrift_type *own;

    if (circular || definition->ast->as.typed.type == NULL) {
        return true;
    }
    if (!resolve_any(r, definition->source, definition->ast->as.typed.type, &target)) {
        return false;
    }
    if (target == NULL) {
        return true;
    }
    own = arena_alloc(r->keep, sizeof *own);
    if (own == NULL) {
        return false;
    }
    *own = *target;
    own->alias = definition->as.alias;
    own->spelling = definition->full_name;
    definition->as.alias->type = target;
    definition->type = own;
    return true;
}

bool resolve_typedefs(struct resolver *r)
{
    struct order order = {.r = r,
                          .kind = AST_TYPEDEF,
                          .rule = "typedef-cycle",
                          .what = "typedef",
                          .needs = needs,
                          .finish = finish};

    return order_definitions(&order);
}
