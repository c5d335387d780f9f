/*
 * Cleaning of documentation comments: what Apache's compiler makes of the same ones.
 */
#include "schema/doc_comment.h"

#include "suite.h"

static const struct {
    const char *comment, *text; /* NULL: nothing is left */
} cases[] = {
    {"/** one line */", "one line\n"},
    {"/**one*/", "one\n"},
    {"/** */", NULL},
    {"/**\n */", NULL},
    {"/**\n * first\n * second\n */", "first\nsecond\n"},
    {"/**\n * first\n *\n *   indented\n */", "first\n\n  indented\n"},
    {"/** first\n    second\n    third */", "first\nsecond\nthird\n"},
    {"/**\n  first\n    second\n*/", "first\n  second\n"},
    {"/** a\r\n * b\r\n */", "a\nb\n"},
    {"/** a   \n * b\t\n */", "a\nb\n"},
    {"/**\n * a\n   no star\n */", "* a\n  no star\n"},
    {"/**\n\n * a\n\n * b\n */", "\na\n\nb\n"},
};

START_TEST(clean)
{
    struct arena arena;
    const char *text = "untouched";

    arena_init(&arena, NULL, SIZE_MAX);
    ck_assert(doc_comment_clean(&arena, cases[_i].comment, strlen(cases[_i].comment), &text));
    ck_assert_pstr_eq(text, cases[_i].text);
    arena_deinit(&arena);
}
END_TEST

static void add_tests(TCase *tests) { tcase_add_loop_test(tests, clean, 0, COUNT_OF(cases)); }

SUITE_MAIN("doc_comment")
