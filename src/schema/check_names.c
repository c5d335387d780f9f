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

void check_name(struct resolver *r, const struct source *source, struct ast_name name)
{
    if (is_reserved(name)) {
        finding_warning(r->findings, "reserved-in-target", scope_span(source, name),
                        "'%.*s' is a word of some language that definitions are compiled for",
                        (int)name.size, name.text);
    }
}
