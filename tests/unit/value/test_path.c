/*
 * Paths: each step as it is written, and what is none.
 */
#include "value/path.h"

#include "sample.h"

static const struct {
    const char *path;
    const char *steps; /* one letter each: f, i, k, and "!" where it goes wrong */
} paths[] = {
    {"a", "f"},
    {"a.b", "ff"},
    {"a[0]", "fi"},
    {"a[0][12].b", "fiif"},
    {"a{x}", "fk"},
    {"a{\"x\"}.b", "fkf"},
    {"a{\"}\"}", "fk"},
    {"a{\"\\\"\"}", "fk"},
    {"a{\"\"}", "fk"},
    {"", "!"},
    {".a", "!"},
    {"[0]", "!"},
    {"a.", "f!"},
    {"a..b", "f!"},
    {"a[", "f!"},
    {"a[]", "f!"},
    {"a[1", "f!"},
    {"a[-1]", "f!"},
    {"a[4294967295]", "fi"},
    {"a[4294967296]", "f!"},
    {"a{", "f!"},
    {"a{}", "f!"},
    {"a{\"", "f!"},
    {"a{\"x}", "f!"},
    {"a{\"x\"", "f!"},
    {"a{\"\\", "f!"},
    {"a]", "f!"},
    {"a}", "f!"},
    {"a[0]b", "fi!"},
    {"a\"", "f!"},
};

START_TEST(steps_are_read)
{
    static const char letters[] = {
        [PATH_FIELD] = 'f', [PATH_ITEM] = 'i', [PATH_KEY] = 'k', [PATH_BAD] = '!'};
    const char *at = paths[_i].path;
    char steps[16];
    size_t count = 0;
    struct path_step step;

    do {
        step = path_next(&at, count == 0);
        steps[count++] = letters[step.kind % sizeof letters];
    } while (step.kind != PATH_END && step.kind != PATH_BAD);
    steps[step.kind == PATH_END ? count - 1 : count] = '\0';
    ck_assert_msg(strcmp(steps, paths[_i].steps) == 0, "%s: %s", paths[_i].path, steps);
}
END_TEST

START_TEST(keys_with_escapes_have_a_limit)
{
    static const thrift_type type = {.kind = THRIFT_KIND_STRING};
    char text[PATH_SCRATCH_SIZE + 32] = "a{\"";
    char scratch[PATH_SCRATCH_SIZE];
    const char *at = text + 1;
    union slot key;
    struct path_step step;

    memset(text + 3, 'x', PATH_SCRATCH_SIZE);
    memcpy(text + 3 + PATH_SCRATCH_SIZE, "\\n\"}", 5);
    step = path_next(&at, false);
    ck_assert_int_eq(step.kind, PATH_KEY);
    ck_assert_int_eq(path_key(&step, &type, scratch, &key), THRIFT_E_LIMIT);
    text[3 + PATH_SCRATCH_SIZE] = 'y';
    at = text + 1;
    step = path_next(&at, false);
    ck_assert_int_eq(path_key(&step, &type, scratch, &key), THRIFT_OK);
    ck_assert_uint_eq(key.bytes.size, PATH_SCRATCH_SIZE + 2);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, steps_are_read, 0, COUNT_OF(paths));
    tcase_add_test(tests, keys_with_escapes_have_a_limit);
}

SUITE_MAIN("value/path")
