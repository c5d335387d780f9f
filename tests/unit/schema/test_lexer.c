/*
 * Tokens of texts. Covers also: keyword.c, bidirectional.c.
 */
#include "schema/lexer.h"

#include "base/arena.h"
#include "schema/bidirectional.h"
#include "suite.h"

struct fixture {
    struct arena arena;
    struct source source;
    struct findings findings;
    struct lexer lexer;
};

static void begin(struct fixture *f, const char *text)
{
    arena_init(&f->arena, NULL, SIZE_MAX);
    findings_init(&f->findings, &f->arena, false);
    f->source =
        (struct source){.path = "t.thrift", .text = text, .size = strlen(text), .quotable = true};
    lexer_init(&f->lexer, &f->source, &f->findings);
}

static const struct {
    const char *text;
    int kind;
    int64_t integer;
    const char *rule; /* of the first finding; NULL: none */
} numbers[] = {
    {"0", TOKEN_INTEGER, 0, NULL},
    {"+5", TOKEN_INTEGER, 5, NULL},
    {"-007", TOKEN_INTEGER, -7, NULL},
    {"0x1F", TOKEN_INTEGER, 31, NULL},
    {"-0x10", TOKEN_INTEGER, -16, NULL},
    {"0xFFFFFFFFFFFFFFFF", TOKEN_INTEGER, -1, NULL},
    {"0b101", TOKEN_INTEGER, 5, NULL},
    {"0o17", TOKEN_INTEGER, 15, NULL},
    {"9223372036854775807", TOKEN_INTEGER, INT64_MAX, NULL},
    {"-9223372036854775808", TOKEN_INTEGER, INT64_MIN, NULL},
    {"9223372036854775808", TOKEN_INTEGER, INT64_MAX, "integer-too-large"},
    {"0x10000000000000000", TOKEN_INTEGER, INT64_MAX, "integer-too-large"},
    {"1.5", TOKEN_DOUBLE, 0, NULL},
    {".5", TOKEN_DOUBLE, 0, NULL},
    {"1.", TOKEN_DOUBLE, 0, NULL},
    {"-1E-3", TOKEN_DOUBLE, 0, NULL},
    {"1e10", TOKEN_DOUBLE, 0, NULL},
};

START_TEST(number)
{
    struct fixture f;
    struct token token;

    begin(&f, numbers[_i].text);
    lexer_next(&f.lexer, &token);
    ck_assert_msg(token.kind == numbers[_i].kind, "%s", numbers[_i].text);
    ck_assert_uint_eq(token.size, strlen(numbers[_i].text));
    if (token.kind == TOKEN_INTEGER) {
        ck_assert_int_eq(token.integer, numbers[_i].integer);
    }
    ck_assert_pstr_eq(f.findings.first != NULL ? f.findings.first->rule : NULL, numbers[_i].rule);
    arena_deinit(&f.arena);
}
END_TEST

static const struct {
    const char *text, *value, *rule;
} strings[] = {
    {"'plain'", "plain", NULL},
    {"\"it's\"", "it's", NULL},
    {"'a\\n\\t\\r\\\\\\'\\\"'", "a\n\t\r\\'\"", NULL},
    {"'\\x41\\u00e9'", "A\xc3\xa9", "dialect-escape"},
    {"'\\ud800'", "\\ud800", "bad-escape"},
    {"'\\q'", "\\q", "bad-escape"},
    {"'\\x4'", "\\x4", "bad-escape"},
    {"'a\nb'", "a\nb", "multi-line-string"},
};

START_TEST(string)
{
    struct fixture f;
    struct token token;
    size_t size;

    begin(&f, strings[_i].text);
    lexer_next(&f.lexer, &token);
    ck_assert_int_eq(token.kind, TOKEN_STRING);
    ck_assert_str_eq(lexer_string(&f.lexer, &token, &f.arena, &size), strings[_i].value);
    ck_assert_uint_eq(size, strlen(strings[_i].value));
    ck_assert_pstr_eq(f.findings.first != NULL ? f.findings.first->rule : NULL, strings[_i].rule);
    arena_deinit(&f.arena);
}
END_TEST

static const struct {
    const char *text, *rule;
    uint32_t line, column;
} mistakes[] = {
    {"a 'b", "unterminated-string", 1, 3},
    {"a\n /* b", "unterminated-comment", 2, 2},
    {"a $", "bad-character", 1, 3},
    {"\xc3\xa9 a", "bad-character", 1, 1},
    {"a /", "bad-character", 1, 3},
    {"a - b", "bad-character", 1, 3},
    {"// \xff\xfe\n\x01", "bad-character", 2, 1},
};

START_TEST(mistake)
{
    struct fixture f;
    struct token token;

    begin(&f, mistakes[_i].text);
    do {
        lexer_next(&f.lexer, &token);
    } while (token.kind != TOKEN_END);
    ck_assert_ptr_nonnull(f.findings.first);
    ck_assert_str_eq(f.findings.first->rule, mistakes[_i].rule);
    ck_assert_uint_eq(f.findings.first->at.line, mistakes[_i].line);
    ck_assert_uint_eq(f.findings.first->at.column, mistakes[_i].column);
    arena_deinit(&f.arena);
}
END_TEST

START_TEST(places)
{
    struct fixture f;
    struct token token;

    begin(&f, "\xef\xbb\xbf"
              "one.two /* x\n */ three\r\n\t# comment\n  \"f\" // end");
    lexer_next(&f.lexer, &token);
    ck_assert_uint_eq(token.size, strlen("one.two"));
    ck_assert_uint_eq(token.column, 1);
    ck_assert(token.first);
    lexer_next(&f.lexer, &token);
    ck_assert_uint_eq(token.line, 2);
    ck_assert_uint_eq(token.column, 5);
    lexer_next(&f.lexer, &token);
    ck_assert_int_eq(token.kind, TOKEN_STRING);
    ck_assert_uint_eq(token.line, 4);
    ck_assert_uint_eq(token.column, 3);
    lexer_next(&f.lexer, &token);
    ck_assert_int_eq(token.kind, TOKEN_END);
    ck_assert_ptr_null(f.findings.first);
    arena_deinit(&f.arena);
}
END_TEST

static const struct {
    const char *text;
    bool documents;
} comments[] = {{"/** a */ x", true},       {"/**a*/x", true},         {"/* a */ x", false},
                {"/**/ x", false},          {"/***/ x", false},        {"/****/ x", false},
                {"/** a */ /* */ x", true}, {"/** a */ # b\n x", true}};

START_TEST(documentation)
{
    struct fixture f;
    struct token token;

    begin(&f, comments[_i].text);
    lexer_next(&f.lexer, &token);
    ck_assert_int_eq(token.kind, TOKEN_NAME);
    ck_assert_msg((token.doc != NULL) == comments[_i].documents, "%s", comments[_i].text);
    ck_assert_ptr_null(f.findings.first);
    arena_deinit(&f.arena);
}
END_TEST

static const struct {
    const char *word;
    enum keyword keyword;
} words[] = {{"struct", KEYWORD_STRUCT},
             {"i64", KEYWORD_BASE},
             {"list", KEYWORD_LIST},
             {"lists", KEYWORD_NONE},
             {"List", KEYWORD_NONE},
             {"xsd_attrs", KEYWORD_XSD_ATTRS},
             {"interaction", KEYWORD_INTERACTION},
             {"uuid", KEYWORD_NONE},
             {"_", KEYWORD_NONE}};

START_TEST(word)
{
    ck_assert_int_eq(keyword_of(words[_i].word, strlen(words[_i].word)), words[_i].keyword);
}
END_TEST

static const struct {
    const char *text;
    uint32_t line, column; /* of the first warning; 0: none */
} turned[] = {
    {"plain", 0, 0},
    {"\xc3\xa9 \xd8\x9b \xe2\x80\xa2 \xe2\x81\xa5", 0, 0},
    {"a\nb \xe2\x80\xae c", 2, 3},
    {"\xe2\x81\xa9", 1, 1},
    {"\xd8\x9c\n\xe2\x80\x8e", 1, 1},
    {"\xe2\x80", 0, 0},
    {"\xd8", 0, 0},
};

START_TEST(direction)
{
    struct fixture f;

    begin(&f, turned[_i].text);
    check_bidirectional(&f.source, &f.findings);
    ck_assert_uint_eq(f.findings.first != NULL ? f.findings.first->at.line : 0, turned[_i].line);
    ck_assert_uint_eq(f.findings.first != NULL ? f.findings.first->at.column : 0,
                      turned[_i].column);
    arena_deinit(&f.arena);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, number, 0, COUNT_OF(numbers));
    tcase_add_loop_test(tests, string, 0, COUNT_OF(strings));
    tcase_add_loop_test(tests, mistake, 0, COUNT_OF(mistakes));
    tcase_add_test(tests, places);
    tcase_add_loop_test(tests, documentation, 0, COUNT_OF(comments));
    tcase_add_loop_test(tests, word, 0, COUNT_OF(words));
    tcase_add_loop_test(tests, direction, 0, COUNT_OF(turned));
}

SUITE_MAIN("lexer")
