/*
 * Look-up as Thrift has it: a bare name in its own file, a qualified one in the file included under
 * that prefix. Names over several includes ("a.b.User"), which ThriftPy2 allows, come last.
 */
#include "schema/scope.h"

#include "base/text.h"

#define DISTANCE_MOST 3

struct span scope_span(const struct source *source, struct ast_name name)
{
    return (struct span){source, name.line, name.column, name.size};
}

bool scope_enter_includes(struct resolver *r, struct source *source)
{
    for (struct ast_include *include = source->ast->includes; include != NULL;
         include = include->next) {
        const char *prefix =
            include->alias != NULL ? include->alias : source_prefix(r->keep, include->path);
        struct ast_include *first;

        if (prefix == NULL) {
            return false;
        }
        if (include->cpp) {
            continue;
        }
        first = name_map_add(&source->prefixes, prefix, strlen(prefix), include);
        if (first == NULL) {
            return false;
        }
        if (first != include) {
            include->same_name = first->same_name;
            first->same_name = include;
        }
    }
    return true;
}

static struct definition *find_here(const struct source *source, enum scope_kind kind,
                                    const char *name, size_t size)
{
    return name_map_get(kind == SCOPE_TYPE ? &source->definitions : &source->constants, name, size);
}

static const char *last_dot(const char *name, size_t size)
{
    while (size > 0 && name[size - 1] != '.') {
        size--;
    }
    return size > 0 ? name + size - 1 : NULL;
}

/* In any of the files included under one prefix. */
static struct definition *find_in(const struct ast_include *include, enum scope_kind kind,
                                  const char *name, size_t size)
{
    for (; include != NULL; include = include->same_name) {
        struct definition *found =
            include->source != NULL ? find_here(include->source, kind, name, size) : NULL;

        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

struct definition *scope_find(const struct source *source, enum scope_kind kind, const char *name,
                              size_t size)
{
    struct definition *found = find_here(source, kind, name, size);
    const char *dot = last_dot(name, size);

    while (found == NULL && dot != NULL) {
        size_t prefix_size = (size_t)(dot - name), rest = size - prefix_size - 1;
        const struct ast_include *include;

        found = find_in(name_map_get(&source->prefixes, name, prefix_size), kind, dot + 1, rest);
        if (found == NULL && strlen(source->prefix) == prefix_size &&
            memcmp(source->prefix, name, prefix_size) == 0) {
            found = find_here(source, kind, dot + 1, rest);
        }
        dot = memchr(name, '.', size);
        include = name_map_get(&source->prefixes, name, (size_t)(dot - name));
        if (found != NULL || include == NULL || include->source == NULL) {
            break;
        }
        source = include->source;
        size -= (size_t)(dot - name) + 1;
        name = dot + 1;
        dot = last_dot(name, size);
    }
    return found;
}

bool name_guess_init(struct name_guess *guess, struct resolver *r, struct ast_name name)
{
    *guess = (struct name_guess){.best_distance = DISTANCE_MOST + 1, .budget = &r->guesses_left};
    guess->name = arena_strdup(r->scratch, name.text, name.size);
    if (name.size / 2 < DISTANCE_MOST) {
        guess->best_distance = name.size / 2 + 1; /* short names are near to everything */
    }
    return guess->name != NULL;
}

void name_guess_offer(struct name_guess *guess, const char *candidate)
{
    size_t distance;

    if (*guess->budget == 0 || candidate == NULL) {
        return;
    }
    --*guess->budget;
    distance = text_distance(guess->name, candidate, guess->best_distance);
    if (distance < guess->best_distance) {
        guess->best_distance = distance;
        guess->best = candidate;
    }
}

/* What scope_report_unknown() looks through. */
struct search {
    struct name_guess guess;
    const char *bare;      /* the last part of what was written */
    const char *otherwise; /* the hint when nothing is alike */
    bool any_type;         /* base types, too */
};

static void offer(const char *name, size_t size, void *value, void *data)
{
    const struct definition *definition = value;
    struct search *search = data;

    if (!definition->source->quotable) {
        return;
    }
    name_guess_offer(&search->guess, definition->as.node->name);
    (void)name, (void)size;
}

static const struct ast_include *missing_include(const struct source *source, struct ast_name name)
{
    const char *dot = last_dot(name.text, name.size);
    const struct ast_include *include =
        dot != NULL ? name_map_get(&source->prefixes, name.text, (size_t)(dot - name.text)) : NULL;

    while (include != NULL && !include->missing) {
        include = include->same_name;
    }
    return include;
}

/* The same name in a file included here, qualified. */
static const char *find_qualified(struct resolver *r, const struct source *source,
                                  enum scope_kind kind, const char *bare, size_t size)
{
    for (const struct ast_include *include = source->ast->includes; include != NULL;
         include = include->next) {
        const struct definition *found;
        const char *prefix;
        thrift_buffer text = THRIFT_BUFFER_INIT;
        char *copy = NULL;

        if (include->source == NULL || !include->source->quotable) {
            continue;
        }
        found = find_here(include->source, kind, bare, size);
        if (found == NULL) {
            continue;
        }
        text.allocator = r->schema->allocator;
        prefix = include->alias != NULL ? include->alias : include->source->prefix;
        if (text_printf(&text, "%s.%s", prefix, found->as.node->name)) {
            copy = arena_strdup(r->scratch, (const char *)text.data, text.size);
        }
        thrift_buffer_deinit(&text);
        return copy;
    }
    return NULL;
}

static const char *const base_names[] = {"bool",   "i8",   "i16",  "i32", "i64", "double", "string",
                                         "binary", "uuid", "list", "set", "map", NULL};

static void add_guess(struct resolver *r, const struct source *source, enum scope_kind kind,
                      struct ast_name name, struct finding *finding, struct search *search)
{
    const char *dot = last_dot(name.text, name.size);
    const struct source *where = source;
    const char *qualified;
    bool any_type = search->any_type && dot == NULL;
    size_t bare_size = strlen(search->bare);

    if (dot != NULL) {
        const struct ast_include *include =
            name_map_get(&source->prefixes, name.text, (size_t)(dot - name.text));

        where = include != NULL ? include->source : NULL;
    }
    qualified = find_qualified(r, source, kind, search->bare, bare_size);
    if (qualified != NULL) {
        finding_hint(r->findings, finding, "did you mean '%s'?", qualified);
        return;
    }
    if (any_type && scope_foreign_type(name.text, name.size) != NULL) {
        finding_hint(r->findings, finding, "%s", scope_foreign_type(name.text, name.size));
        return;
    }
    if (where != NULL && r->guesses_left > 0) {
        search->guess.name = search->bare;
        name_map_visit(kind == SCOPE_TYPE ? &where->definitions : &where->constants, offer, search);
    }
    for (size_t i = 0; any_type && base_names[i] != NULL; i++) {
        name_guess_offer(&search->guess, base_names[i]);
    }
    if (search->guess.best != NULL) {
        finding_hint(r->findings, finding, "did you mean '%.*s%s'?",
                     dot != NULL ? (int)(dot - name.text + 1) : 0, name.text, search->guess.best);
    } else if (dot == NULL) {
        finding_hint(r->findings, finding, "%s", search->otherwise);
    }
}

bool scope_report_unknown(struct resolver *r, const struct source *source, enum scope_kind kind,
                          const char *what, struct ast_name name, const char *otherwise)
{
    const struct ast_include *missing = missing_include(source, name);
    const char *dot = last_dot(name.text, name.size);
    struct finding *finding;
    struct search search = {.otherwise = otherwise, .any_type = strcmp(what, "type") == 0};

    if (missing != NULL) {
        finding = finding_error(r->findings, "missing-include-used", scope_span(source, name),
                                "%s '%.*s' is not defined: the file that would define it is not "
                                "found",
                                what, (int)name.size, name.text);
        finding_note(finding, (struct span){source, missing->line, missing->column, missing->size},
                     "it is included here");
        finding_hint(r->findings, finding,
                     "correct the name of the file, or its directory with -I");
        return true;
    }
    if (!name_guess_init(&search.guess, r, name)) {
        return false;
    }
    search.bare = dot != NULL ? search.guess.name + (dot - name.text) + 1 : search.guess.name;
    finding = finding_error(r->findings, kind == SCOPE_TYPE ? "unknown-type" : "unknown-constant",
                            scope_span(source, name), "%s '%.*s' is not defined", what,
                            (int)name.size, name.text);
    if (finding != NULL) {
        add_guess(r, source, kind, name, finding, &search);
    }
    return true;
}
