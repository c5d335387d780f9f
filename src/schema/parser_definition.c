/*
 * Definitions: const, typedef, enum, struct, union, exception; services are in parser_service.c.
 */
#include "base/text.h"
#include "schema/parser_part.h"

/* Words that Apache keeps for itself are names only of fields and of values of enums. */
static bool begins_named(const struct parser *p, const struct token *next)
{
    struct token after = parser_peek(p, 2);

    switch (p->token.keyword) {
    case KEYWORD_SENUM:
    case KEYWORD_INTERACTION:
        return after.kind == '{';
    default:
        return next->kind == TOKEN_NAME && after.kind != ',' && after.kind != '=' &&
               after.kind != '}' && after.kind != TOKEN_END;
    }
}

bool begins_definition(const struct parser *p)
{
    struct token next;

    if (p->token.kind != TOKEN_NAME ||
        !(p->token.first || p->last_kind == '}' || p->last_kind == ';')) {
        return false;
    }
    switch (p->token.keyword) {
    case KEYWORD_INCLUDE:
    case KEYWORD_CPP_INCLUDE:
    case KEYWORD_NAMESPACE:
    case KEYWORD_CONST:
    case KEYWORD_TYPEDEF:
    case KEYWORD_ENUM:
    case KEYWORD_SENUM:
    case KEYWORD_STRUCT:
    case KEYWORD_UNION:
    case KEYWORD_EXCEPTION:
    case KEYWORD_SERVICE:
    case KEYWORD_INTERACTION:
        next = parser_peek(p, 1);
        return next.line == p->token.line &&
               (next.kind == TOKEN_STRING || next.kind == '*' || begins_named(p, &next));
    default:
        return false;
    }
}

static bool parse_typedef(struct parser *p, struct ast_definition *definition)
{
    struct ast_reference *first = NULL;
    bool ok;

    p->last_type_reference = &first;
    ok = parse_type(p, &definition->as.typed.type);
    p->last_type_reference = NULL;
    definition->as.typed.references = first;
    return ok && parse_new_name(p, "the name of a typedef", &definition->name);
}

static bool parse_constant(struct parser *p, struct ast_definition *definition)
{
    struct ast_reference *first = NULL;
    bool ok;

    if (!parse_type(p, &definition->as.typed.type) ||
        !parse_new_name(p, "the name of a constant", &definition->name) ||
        !parser_expect(p, '=', "before the value of a constant")) {
        return false;
    }
    p->last_value_reference = &first;
    ok = parse_value(p, &definition->as.typed.value);
    p->last_value_reference = NULL;
    definition->as.typed.references = first;
    return ok;
}

static bool add_extra(struct parser *p, struct ast_symbol *symbol, const char *doc,
                      const struct annotation_list *list)
{
    struct ast_symbol_extra *extra;

    if (doc == NULL && list->count == 0) {
        return true;
    }
    extra = parser_new(p, sizeof *extra);
    if (extra == NULL) {
        return false;
    }
    extra->doc = doc;
    symbol->extra = extra;
    return finish_annotations(p, list, &extra->annotations);
}

static bool parse_symbol(struct parser *p, struct ast_definition *definition)
{
    struct ast_symbol *symbol = parser_new(p, sizeof *symbol);
    struct annotation_list list = {0};
    struct ast_name name;
    const char *doc;

    if (symbol == NULL || !parse_structured(p, &list)) {
        return false;
    }
    doc = parse_doc(p);
    if (!parse_any_name(p, "the name of an enum's value", &name)) {
        return false;
    }
    symbol->name = name.text;
    symbol->name_size = name.size;
    symbol->line = name.line;
    symbol->column = name.column;
    if (parser_take(p, '=')) {
        if (p->token.kind != TOKEN_INTEGER) {
            return parser_expected(p, "an integer");
        }
        symbol->has_number = true;
        symbol->number = p->token.integer;
        parser_advance(p);
    }
    if (!parse_annotations(p, &list) || !add_extra(p, symbol, doc, &list)) {
        return false;
    }
    parser_skip_separator(p);
    *definition->as.symbols.last = symbol;
    definition->as.symbols.last = &symbol->next;
    definition->as.symbols.count++;
    return true;
}

static bool skip_to_symbol(struct parser *p, const char *before)
{
    if (p->token.text == before) {
        parser_advance(p);
    }
    for (; p->token.kind != TOKEN_END && !begins_definition(p); parser_advance(p)) {
        bool fresh = p->token.first || p->last_kind == ',' || p->last_kind == ';';

        if (parser_is(p, '}') || (fresh && p->token.kind == TOKEN_NAME)) {
            return true;
        }
    }
    return false;
}

static bool parse_symbols(struct parser *p, struct ast_definition *definition)
{
    struct span opened = parser_span(p);
    bool ok = true;

    definition->as.symbols.last = &definition->as.symbols.first;
    if (!parser_expect(p, '{', "after the name of an enum")) {
        return false;
    }
    while (!parser_take(p, '}')) {
        if (p->token.kind == TOKEN_END || begins_definition(p)) {
            return parser_missing_close(p, '}', "an enum", opened);
        }
        const char *before = p->token.text;

        if (!parse_symbol(p, definition)) {
            ok = false;
            if (p->out_of_memory || !skip_to_symbol(p, before)) {
                return false;
            }
        }
    }
    return ok;
}

static bool parse_members(struct parser *p, struct ast_definition *definition)
{
    const char *what = definition->kind == AST_STRUCT  ? "a struct"
                       : definition->kind == AST_UNION ? "a union"
                                                       : "an exception";

    (void)parser_take_keyword(p, KEYWORD_XSD_ALL);
    return parse_fields(p, '{', what, &definition->as.fields);
}

static bool parse_named(struct parser *p, struct ast_definition *definition)
{
    if (!parse_new_name(p, "a name", &definition->name)) {
        return false;
    }
    if (definition->kind == AST_ENUM) {
        return parse_symbols(p, definition);
    }
    if (definition->kind == AST_SERVICE || definition->kind == AST_INTERACTION) {
        return parse_service(p, definition);
    }
    return parse_members(p, definition);
}

static bool refuse_senum(struct parser *p)
{
    finding_hint(p->findings,
                 finding_syntax(p->findings, "senum", parser_span(p), "senum is gone from Thrift"),
                 "use string, or an enum");
    return false;
}

static bool kind_of(const struct parser *p, enum ast_definition_kind *out)
{
    static const struct {
        enum keyword keyword;
        enum ast_definition_kind kind;
    } kinds[] = {{KEYWORD_STRUCT, AST_STRUCT},   {KEYWORD_ENUM, AST_ENUM},
                 {KEYWORD_CONST, AST_CONSTANT},  {KEYWORD_TYPEDEF, AST_TYPEDEF},
                 {KEYWORD_UNION, AST_UNION},     {KEYWORD_EXCEPTION, AST_EXCEPTION},
                 {KEYWORD_SERVICE, AST_SERVICE}, {KEYWORD_INTERACTION, AST_INTERACTION}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (parser_is_keyword(p, kinds[i].keyword)) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

/* fbthrift's "safe transient server exception". */
static void skip_exception_qualifiers(struct parser *p)
{
    size_t distance = 0;
    struct token token = p->token;

    while (token.kind == TOKEN_NAME && token.keyword >= KEYWORD_SAFE &&
           token.keyword <= KEYWORD_SERVER && distance < 4) {
        token = parser_peek(p, ++distance);
    }
    if (distance > 0 && token.kind == TOKEN_NAME && token.keyword == KEYWORD_EXCEPTION) {
        while (distance-- > 0) {
            const char *doc = p->token.doc;
            uint32_t doc_size = p->token.doc_size;

            parser_advance(p);
            p->token.doc = doc;
            p->token.doc_size = doc_size;
        }
    }
}

static bool parse_body(struct parser *p, struct ast_definition *definition,
                       struct annotation_list *list)
{
    bool ok;

    parser_advance(p);
    ok = definition->kind == AST_CONSTANT  ? parse_constant(p, definition)
         : definition->kind == AST_TYPEDEF ? parse_typedef(p, definition)
                                           : parse_named(p, definition);
    if (!ok || !parse_annotations(p, list) ||
        !finish_annotations(p, list, &definition->annotations)) {
        return false;
    }
    parser_skip_separator(p);
    return true;
}

/* What a definition begins with here and in other languages. */
static const char *meant_word(const struct token *token)
{
    static const struct {
        const char *words[6], *hint;
    } meant[] = {
        {{"struct", "class", "message", "record", "type"}, "did you mean 'struct'?"},
        {{"service", "interface", "server", "protocol"}, "did you mean 'service'?"},
        {{"include", "import", "using", "require"}, "did you mean 'include'?"},
        {{"enum", "enumeration"}, "did you mean 'enum'?"},
        {{"const", "constant", "static", "final"}, "did you mean 'const'?"},
        {{"exception", "error", "throwable"}, "did you mean 'exception'?"},
        {{"namespace", "module", "package"}, "did you mean 'namespace'?"},
        {{"typedef", "alias"}, "did you mean 'typedef'?"},
        {{"union", "oneof", "variant"}, "did you mean 'union'?"},
    };
    char word[16];

    if (token->kind != TOKEN_NAME || token->size >= sizeof word) {
        return NULL;
    }
    memcpy(word, token->text, token->size);
    word[token->size] = '\0';
    for (size_t i = 0; i < sizeof meant / sizeof meant[0]; i++) {
        for (size_t j = 0; j < 6 && meant[i].words[j] != NULL; j++) {
            if (text_distance(word, meant[i].words[j], 2) <= (token->size > 4 ? 2 : 1)) {
                return meant[i].hint;
            }
        }
    }
    return NULL;
}

static bool expected_definition(struct parser *p)
{
    if (parser_is_keyword(p, KEYWORD_SENUM)) {
        return refuse_senum(p);
    }
    return parser_expected_hint(
        p, "a definition (struct, enum, service, const, typedef, include, ...)",
        parser_is(p, '}') ? "there is one '}' too many" : meant_word(&p->token));
}

static bool parse_one_definition(struct parser *p)
{
    struct annotation_list list = {0};
    struct ast_definition *definition;
    enum ast_definition_kind kind;

    if (!parse_structured(p, &list)) {
        return false;
    }
    if (list.count > 0 &&
        (parser_is_keyword(p, KEYWORD_PACKAGE) || parser_is_keyword(p, KEYWORD_NAMESPACE))) {
        return true; /* it was the package's; the header comes next */
    }
    skip_exception_qualifiers(p);
    if (!kind_of(p, &kind)) {
        return expected_definition(p);
    }
    definition = parser_new(p, sizeof *definition);
    if (definition == NULL) {
        return false;
    }
    definition->kind = kind;
    definition->doc = parse_doc(p);
    definition->broken = !parse_body(p, definition, &list);
    if (definition->name.text != NULL) {
        *p->file->last_definition = definition;
        p->file->last_definition = &definition->next;
        p->file->definition_count++;
    }
    return !definition->broken;
}

bool parse_definition(struct parser *p)
{
    bool taken;

    if (!parse_header(p, &taken)) {
        return false;
    }
    if (taken) {
        return true;
    }
    if (parser_is(p, ';') || parser_is(p, ',')) {
        parser_advance(p);
        return true;
    }
    return parse_one_definition(p);
}
