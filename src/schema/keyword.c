/*
 * Words with a meaning.
 */
#include "schema/lexer.h"

struct word {
    const char *text;
    uint8_t size;
    uint8_t keyword;
};
#define WORD(text, keyword)                                                                        \
    {                                                                                              \
        text, sizeof text - 1, KEYWORD_##keyword                                                   \
    }

/* By first letter; within a letter the frequent ones come first. */
static const struct word words_a[] = {WORD("as", AS), WORD("async", ASYNC), {0}};
static const struct word words_b[] = {
    WORD("bool", BASE), WORD("binary", BASE), WORD("byte", BASE), {0}};
static const struct word words_c[] = {WORD("const", CONST),
                                      WORD("client", CLIENT),
                                      WORD("cpp_type", CPP_TYPE),
                                      WORD("cpp_include", CPP_INCLUDE),
                                      {0}};
static const struct word words_d[] = {WORD("double", BASE), {0}};
static const struct word words_e[] = {
    WORD("enum", ENUM), WORD("extends", EXTENDS), WORD("exception", EXCEPTION), {0}};
static const struct word words_f[] = {WORD("false", FALSE), {0}};
static const struct word words_h[] = {WORD("hs_include", HS_INCLUDE), {0}};
static const struct word words_i[] = {WORD("i32", BASE),
                                      WORD("i64", BASE),
                                      WORD("i16", BASE),
                                      WORD("i8", BASE),
                                      WORD("include", INCLUDE),
                                      WORD("idempotent", IDEMPOTENT),
                                      WORD("interaction", INTERACTION),
                                      {0}};
static const struct word words_l[] = {WORD("list", LIST), {0}};
static const struct word words_m[] = {WORD("map", MAP), {0}};
static const struct word words_n[] = {WORD("namespace", NAMESPACE), {0}};
static const struct word words_o[] = {WORD("optional", OPTIONAL), WORD("oneway", ONEWAY), {0}};
static const struct word words_p[] = {
    WORD("package", PACKAGE), WORD("performs", PERFORMS), WORD("permanent", PERMANENT), {0}};
static const struct word words_r[] = {WORD("required", REQUIRED), WORD("readonly", READONLY), {0}};
static const struct word words_s[] = {
    WORD("string", BASE),       WORD("struct", STRUCT), WORD("set", SET),
    WORD("service", SERVICE),   WORD("stream", STREAM), WORD("sink", SINK),
    WORD("slist", SLIST),       WORD("senum", SENUM),   WORD("safe", SAFE),
    WORD("stateful", STATEFUL), WORD("server", SERVER), {0}};
static const struct word words_t[] = {WORD("throws", THROWS),   WORD("true", TRUE),
                                      WORD("typedef", TYPEDEF), WORD("transient", TRANSIENT),
                                      WORD("terse", TERSE),     {0}};
static const struct word words_u[] = {WORD("union", UNION), {0}};
static const struct word words_v[] = {WORD("void", VOID), {0}};
static const struct word words_x[] = {WORD("xsd_all", XSD_ALL),
                                      WORD("xsd_optional", XSD_OPTIONAL),
                                      WORD("xsd_nillable", XSD_NILLABLE),
                                      WORD("xsd_attrs", XSD_ATTRS),
                                      {0}};

static const struct word *const words[26] = {
    words_a, words_b, words_c, words_d, words_e, words_f, NULL,    words_h, words_i,
    NULL,    NULL,    words_l, words_m, words_n, words_o, words_p, NULL,    words_r,
    words_s, words_t, words_u, words_v, NULL,    words_x, NULL,    NULL};

enum keyword keyword_of(const char *text, size_t size)
{
    const struct word *word;

    if (text[0] < 'a' || text[0] > 'z' || size > 12) {
        return KEYWORD_NONE;
    }
    word = words[text[0] - 'a'];
    for (; word != NULL && word->text != NULL; word++) {
        if (word->size == size && memcmp(word->text, text, size) == 0) {
            return (enum keyword)word->keyword;
        }
    }
    return KEYWORD_NONE;
}
