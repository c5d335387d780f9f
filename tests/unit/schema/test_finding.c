/*
 * Findings: their order, that each is said once, and how they are printed.
 */
#include "schema/finding.h"

#include <stdio.h>
#include <stdlib.h>

#include "loading.h"
#include "suite.h"

struct log {
    uint32_t lines[8];
    size_t count;
};

static void note_line(const thrift_finding *finding, void *data)
{
    struct log *log = data;

    log->lines[log->count++] = finding->at.line;
}

START_TEST(order)
{
    struct arena arena;
    struct findings findings;
    struct source source = {.path = "t.thrift", .text = "a\nb\nc\n", .size = 6, .quotable = true};
    struct log log = {.count = 0};
    thrift_error err = THRIFT_ERROR_INIT;

    arena_init(&arena, NULL, SIZE_MAX);
    findings_init(&findings, &arena, false);
    finding_error(&findings, "x", (struct span){&source, 3, 1, 1}, "third");
    finding_warning(&findings, "x", (struct span){&source, 1, 1, 1}, "first");
    finding_error(&findings, "x", (struct span){&source, 2, 1, 1}, "second");
    finding_error(&findings, "x", (struct span){&source, 2, 1, 1}, "second");
    ck_assert_int_eq(findings_deliver(&findings, note_line, &log, &err), THRIFT_E_SEMANTIC);
    ck_assert_uint_eq(log.count, 3);
    ck_assert_uint_eq(log.lines[0], 1);
    ck_assert_uint_eq(log.lines[2], 3);
    ck_assert_str_eq(err.message, "second");
    ck_assert_uint_eq(err.more, 1);
    arena_deinit(&arena);
}
END_TEST

START_TEST(many)
{
    struct arena arena;
    struct findings findings;
    struct source source = {.path = "t.thrift", .text = "", .quotable = true};
    thrift_error err = THRIFT_ERROR_INIT;

    arena_init(&arena, NULL, SIZE_MAX);
    findings_init(&findings, &arena, false);
    for (uint32_t i = 1; i <= 3 * FINDINGS_MOST; i++) {
        finding_error(&findings, "x", (struct span){&source, i, 1, 1}, "one");
    }
    ck_assert_int_eq(findings_deliver(&findings, NULL, NULL, &err), THRIFT_E_SEMANTIC);
    ck_assert_uint_eq(err.more, 3 * FINDINGS_MOST - 1);
    arena_deinit(&arena);
}
END_TEST

static const struct {
    const char *name, *text, *printed;
} prints[] = {
    {"t.thrift", "struct S {\n\t1: Strng a\n}\nstruct String {}",
     "t.thrift:2:5: error: type 'Strng' is not defined [unknown-type]\n"
     "    \t1: Strng a\n"
     "    \t   ^~~~~\n"
     "    hint: did you mean 'String'?\n"},
    {"t.thrift", "enum E { A, A }",
     "t.thrift:1:13: error: 'A' is already a value of E [duplicate-enum-value]\n"
     "    enum E { A, A }\n"
     "                ^\n"
     "t.thrift:1:10: note: it is first used here\n"
     "    enum E { A, A }\n"
     "             ^\n"},
};

START_TEST(print)
{
    char *printed = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&printed, &size);

    thrift_schema_unref(thrift_load_text(
        prints[_i].name, prints[_i].text,
        THRIFT_LOAD_OPTIONS(.on_finding = thrift_finding_print, .data = stream), NULL));
    fclose(stream);
    ck_assert_str_eq(printed, prints[_i].printed);
    free(printed);
}
END_TEST

#define PLACED                                                                                     \
    "const i8 A = 300\n"                                                                           \
    "typedef Foo T\n"                                                                              \
    "struct User {\n"                                                                              \
    "  1: Foo name\n"                                                                              \
    "  2: i32 a = \"x\"\n"                                                                         \
    "  i32 implicit\n"                                                                             \
    "}\n"                                                                                          \
    "enum E { B = 1,\n"                                                                            \
    "  C = 1 }\n"                                                                                  \
    "service S { oneway i32 f(1: Bar b), void g() throws (1: User u),\n"                           \
    "  Bar h() }\n"                                                                                \
    "struct E {}\n"

struct elements {
    char text[1024];
};

static void note_element(const thrift_finding *finding, void *data)
{
    struct elements *elements = data;
    size_t size = strlen(elements->text);

    (void)snprintf(elements->text + size, sizeof elements->text - size, "%s %s\n", finding->rule,
                   finding->element != NULL ? finding->element : "-");
}

START_TEST(elements_by_place)
{
    struct elements elements = {.text = ""};

    ck_assert_ptr_null(
        thrift_load_text("t.thrift", PLACED,
                         THRIFT_LOAD_OPTIONS(.on_finding = note_element, .data = &elements), NULL));
    ck_assert_str_eq(elements.text, "constant-range A\n"
                                    "unknown-type T\n"
                                    "unknown-type User.name\n"
                                    "constant-type User.a\n"
                                    "implicit-id User.implicit\n"
                                    "duplicate-enum-number E.C\n"
                                    "oneway-result S.f\n"
                                    "unknown-type S.f\n"
                                    "throws-no-exception S.g\n"
                                    "unknown-type S.h\n"
                                    "duplicate-name E\n");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, order);
    tcase_add_test(tests, elements_by_place);
    tcase_add_test(tests, many);
    tcase_add_loop_test(tests, print, 0, COUNT_OF(prints));
}

SUITE_MAIN("finding")
