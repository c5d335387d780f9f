/*
 * Names of included files.
 */
#include "schema/include_path.h"

#include "suite.h"

static const struct {
    const char *from, *path, *joined;
} joins[] = {{"main.thrift", "shared.thrift", "shared.thrift"},
             {"idl/main.thrift", "shared.thrift", "idl/shared.thrift"},
             {"idl/main.thrift", "../x.thrift", "idl/../x.thrift"},
             {"/abs/main.thrift", "./x.thrift", "/abs/x.thrift"}};

START_TEST(beside)
{
    struct arena arena;

    arena_init(&arena, NULL, SIZE_MAX);
    ck_assert_str_eq(include_path_beside(&arena, joins[_i].from, joins[_i].path), joins[_i].joined);
    arena_deinit(&arena);
}
END_TEST

static const struct {
    const char *path, *tidy;
} tidies[] = {{"a/./b", "a/b"},     {"a/b/../c", "a/c"}, {"../a", "../a"}, {"a/../../b", "../b"},
              {"/a/../../b", "/b"}, {"a//b", "a/b"},     {"./a", "a"},     {"../../a", "../../a"}};

START_TEST(tidy)
{
    struct arena arena;

    arena_init(&arena, NULL, SIZE_MAX);
    ck_assert_str_eq(include_path_tidy(&arena, tidies[_i].path), tidies[_i].tidy);
    arena_deinit(&arena);
}
END_TEST

static const struct {
    const char *path;
    bool refused;
} refusals[] = {{"a.thrift", false},   {"../a.thrift", false}, {"", true},
                {"/etc/passwd", true}, {"/a.thrift", false},   {"http://host/a.thrift", true},
                {"file:///a", true}};

START_TEST(refusal)
{
    ck_assert((include_path_refusal(refusals[_i].path) != NULL) == refusals[_i].refused);
}
END_TEST

START_TEST(inside)
{
    ck_assert(include_path_is_inside("/a/b/c", "/a/b"));
    ck_assert(include_path_is_inside("/a/b", "/"));
    ck_assert(!include_path_is_inside("/a/bc", "/a/b"));
    ck_assert(!include_path_is_inside("/a", "/a/b"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, beside, 0, COUNT_OF(joins));
    tcase_add_loop_test(tests, tidy, 0, COUNT_OF(tidies));
    tcase_add_loop_test(tests, refusal, 0, COUNT_OF(refusals));
    tcase_add_test(tests, inside);
}

SUITE_MAIN("include_path")
