/*
 * Names that are allowed but will trouble somebody.
 */
#include "schema/resolver_part.h"
#include "schema/scope.h"

/* Words that Apache's compiler refuses as names because some target language keeps them. Sorted. */
static const char *const reserved_words[] = {
    "BEGIN",        "END",        "__CLASS__",     "__DIR__",   "__FILE__",   "__FUNCTION__",
    "__LINE__",     "__METHOD__", "__NAMESPACE__", "abstract",  "alias",      "and",
    "args",         "as",         "assert",        "begin",     "break",      "case",
    "catch",        "class",      "clone",         "continue",  "declare",    "def",
    "default",      "del",        "delete",        "do",        "dynamic",    "elif",
    "else",         "elseif",     "elsif",         "end",       "enddeclare", "endfor",
    "endforeach",   "endif",      "endswitch",     "endwhile",  "ensure",     "except",
    "exec",         "finally",    "float",         "for",       "foreach",    "from",
    "function",     "global",     "goto",          "if",        "implements", "import",
    "in",           "inline",     "instanceof",    "interface", "is",         "lambda",
    "module",       "native",     "new",           "next",      "nil",        "not",
    "or",           "package",    "pass",          "print",     "private",    "protected",
    "public",       "raise",      "redo",          "register",  "rescue",     "retry",
    "return",       "self",       "sizeof",        "static",    "super",      "switch",
    "synchronized", "then",       "this",          "throw",     "transient",  "try",
    "undef",        "unless",     "unsigned",      "until",     "use",        "var",
    "virtual",      "volatile",   "when",          "while",     "with",       "xor",
    "yield"};

#define WORD_SIZE_LEAST 2
#define WORD_SIZE_MOST 13

static int compare(const char *word, struct ast_name name)
{
    int order = strncmp(word, name.text, name.size);

    return order != 0 ? order : word[name.size] != '\0';
}

static bool is_reserved(struct ast_name name)
{
    size_t low = 0, high = sizeof reserved_words / sizeof reserved_words[0];

    if (name.size < WORD_SIZE_LEAST || name.size > WORD_SIZE_MOST) {
        return false;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(reserved_words[middle], name);

        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* Names that Apache's compiler takes for one, because two files share their namespaces; fbthrift's
 * tells them apart. */
#define COMPARISONS_MOST ((size_t)10000000)

/* The last one of a scope is the one that counts. */
static const char *namespace_of(const struct source *source, const char *scope)
{
    const char *name = "";

    for (const struct ast_namespace *at = source->ast->namespaces; at != NULL; at = at->next) {
        if (strcmp(at->content.scope, scope) == 0) {
            name = at->content.name;
        }
    }
    return name;
}

static bool covers(const struct source *a, const struct source *b)
{
    for (const struct ast_namespace *at = a->ast->namespaces; at != NULL; at = at->next) {
        const char *scope = at->content.scope;

        if (strcmp(namespace_of(a, scope), namespace_of(b, scope)) != 0) {
            return false;
        }
    }
    return true;
}

static bool share_namespaces(const struct source *a, const struct source *b)
{
    enum { NAMESPACES_MOST = 64 };

    return !a->ast->fbthrift && !b->ast->fbthrift && a->ast->namespace_count <= NAMESPACES_MOST &&
           b->ast->namespace_count <= NAMESPACES_MOST && covers(a, b) && covers(b, a);
}

static void compare_with(struct resolver *r, const struct source *source,
                         const struct source *included)
{
    for (const struct ast_definition *ast = source->ast->definitions; ast != NULL;
         ast = ast->next) {
        const struct definition *other =
            ast->kind != AST_CONSTANT
                ? name_map_get(&included->definitions, ast->name.text, ast->name.size)
                : NULL;

        if (other != NULL) {
            finding_note(finding_error(r->findings, "same-name-included",
                                       scope_span(source, ast->name),
                                       "an included file in the same namespaces defines '%.*s', "
                                       "too",
                                       (int)ast->name.size, ast->name.text),
                         scope_span(included, other->ast->name), "it is defined here");
        }
    }
}

bool check_other_files(struct resolver *r)
{
    size_t left = COMPARISONS_MOST;

    for (size_t i = 0; i < r->source_count; i++) {
        const struct source *source = r->sources[i];

        for (const struct ast_include *at = source->ast->includes; at != NULL; at = at->next) {
            if (at->source != NULL && source->ast->definition_count <= left &&
                share_namespaces(source, at->source)) {
                left -= source->ast->definition_count;
                compare_with(r, source, at->source);
            }
        }
    }
    return true;
}

void check_name(struct resolver *r, const struct source *source, struct ast_name name)
{
    if (is_reserved(name)) {
        finding_warning(r->findings, "reserved-in-target", scope_span(source, name),
                        "'%.*s' is a word of some language that definitions are compiled for",
                        (int)name.size, name.text);
    }
}
