/*
 * Includes, through a reader that keeps its files in a table and counts.
 */
#include <rethrift/schema.h>
#include <stdlib.h>
#include <string.h>

#include "allocator.h"
#include "loading.h"
#include "schema/descriptor.h"
#include "suite.h"

struct file {
    const char *path, *text;
};

struct disk {
    struct first_finding first; /* what keep_first() fills */
    const struct file *files;
    size_t reads;
};

static thrift_status read_file(const char *path, char **out_text, size_t *out_size, void *data,
                               thrift_error *err)
{
    struct disk *disk = data;

    (void)err;
    for (const struct file *file = disk->files; file->path != NULL; file++) {
        if (strcmp(file->path, path) == 0) {
            disk->reads++;
            *out_size = strlen(file->text);
            *out_text = strdup(file->text);
            return *out_text != NULL ? THRIFT_OK : THRIFT_E_NOMEM;
        }
    }
    return THRIFT_E_IO;
}

static thrift_schema *load(struct disk *disk, const char *const *directories,
                           const thrift_limits *limits, thrift_error *err)
{
    return thrift_load_with(disk->files[0].path,
                            THRIFT_LOAD_OPTIONS(.include_dirs = directories, .read = read_file,
                                                .on_finding = keep_first, .data = disk,
                                                .limits = limits),
                            err);
}

START_TEST(diamond)
{
    static const struct file files[] = {
        {"main.thrift", "include \"a.thrift\"\ninclude \"b.thrift\"\n"
                        "struct M { 1: a.A a, 2: b.B b }"},
        {"a.thrift", "include \"sub/base.thrift\"\nstruct A { 1: base.Base b }"},
        {"b.thrift", "include \"./sub/../sub/base.thrift\"\nstruct B { 1: base.Base b }"},
        {"sub/base.thrift", "struct Base {}"},
        {NULL, NULL}};
    struct disk disk = {.files = files};
    thrift_schema *schema = load(&disk, NULL, NULL, NULL);
    const thrift_struct *base = thrift_schema_struct(schema, "base.Base");

    ck_assert_ptr_nonnull(base);
    ck_assert_uint_eq(disk.reads, 4);
    ck_assert_uint_eq(thrift_schema_file_count(schema), 4);
    ck_assert_str_eq(thrift_schema_file(schema, 0, NULL), "main.thrift");
    ck_assert_ptr_eq(thrift_type_struct(thrift_field_type(
                         thrift_struct_at(thrift_schema_struct(schema, "a.A"), 0))),
                     base);
    ck_assert_ptr_null(thrift_schema_struct(schema, "Base"));
    ck_assert_ptr_nonnull(thrift_schema_struct(schema, "main.M"));
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(directories)
{
    static const struct file files[] = {{"idl/main.thrift", "include \"x.thrift\"\n"
                                                            "struct M { 1: x.X x }"},
                                        {"lib/x.thrift", "struct X { 1: i32 second }"},
                                        {NULL, NULL}};
    static const char *const paths[] = {"nowhere", "lib", NULL};
    struct disk disk = {.files = files};
    thrift_schema *schema = load(&disk, paths, NULL, NULL);

    ck_assert_ptr_nonnull(thrift_schema_struct(schema, "x.X"));
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(aliases)
{
    static const struct file files[] = {
        {"main.thrift", "include \"v1/t.thrift\" as one\ninclude \"v2/t.thrift\"\n"
                        "struct M { 1: one.Old a, 2: t.New b, 3: list<one.Old> c }"},
        {"v1/t.thrift", "struct Old {}"},
        {"v2/t.thrift", "struct New {}"},
        {NULL, NULL}};
    struct disk disk = {.files = files};
    thrift_schema *schema = load(&disk, NULL, NULL, NULL);

    ck_assert_ptr_nonnull(schema);
    ck_assert_str_eq(thrift_type_spelling(
                         thrift_field_type(thrift_struct_at(thrift_schema_struct(schema, "M"), 2))),
                     "list<one.Old>");
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    struct file files[4];
    const char *rule;
    bool loads;
} cases[] = {
    {{{"a.thrift", "include \"a.thrift\""}}, "include-cycle", false},
    {{{"a.thrift", "include \"b.thrift\""}, {"b.thrift", "include \"./a.thrift\""}},
     "include-cycle",
     false},
    {{{"a.thrift", "include \"b.thrift\""}}, "missing-include", true},
    {{{"a.thrift", "include \"b.thrift\"\nstruct S { 1: b.B b }"}}, "missing-include-used", false},
    {{{"a.thrift", "include \"/b.thrift\""}, {"/b.thrift", ""}}, "absolute-include", true},
    {{{"a.thrift", "include \"http://b.thrift\""}}, "bad-include", false},
    {{{"a.thrift", "include \"b.thrift\""}, {"b.thrift", "struct {"}}, "syntax", false},
    {{{"a.thrift", "include \"b.thrift\"\nstruct S { 1: c.C c }"},
      {"b.thrift", "include \"c.thrift\""},
      {"c.thrift", "struct C {}"}},
     "unknown-type",
     false},
    {{{"a.thrift", "include \"b.thrift\"\nstruct S { 1: b.c.C c }"},
      {"b.thrift", "include \"c.thrift\""},
      {"c.thrift", "struct C {}"}},
     "",
     true},
};

START_TEST(outcome)
{
    struct disk disk = {.files = cases[_i].files};
    thrift_schema *schema = load(&disk, NULL, NULL, NULL);

    ck_assert_msg(strcmp(disk.first.rule, cases[_i].rule) == 0, "%s", disk.first.rule);
    ck_assert((schema != NULL) == cases[_i].loads);
    thrift_schema_unref(schema);
}
END_TEST

static const struct file chain[] = {{"a.thrift", "include \"b.thrift\""},
                                    {"b.thrift", "include \"c.thrift\""},
                                    {"c.thrift", ""},
                                    {NULL, NULL}};

static const struct {
    uint32_t files, depth;
    size_t size, total;
    bool loads;
} limits[] = {
    {3, 0, 0, 0, true},  {2, 0, 0, 0, false},  {0, 3, 0, 0, true},  {0, 2, 0, 0, false},
    {0, 0, 18, 0, true}, {0, 0, 17, 0, false}, {0, 0, 0, 36, true}, {0, 0, 0, 35, false},
};

START_TEST(limit)
{
    struct disk disk = {.files = chain};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_limits given = THRIFT_LIMITS_INIT;
    thrift_schema *schema;

    given.max_files = limits[_i].files;
    given.max_include_depth = limits[_i].depth;
    given.max_file_size = limits[_i].size;
    given.max_definition_size = limits[_i].total;
    schema = load(&disk, NULL, &given, &err);
    ck_assert((schema != NULL) == limits[_i].loads);
    ck_assert_int_eq(err.code, limits[_i].loads ? THRIFT_OK : THRIFT_E_LIMIT);
    thrift_schema_unref(schema);
}
END_TEST

/* Every allocation of the library fails once, then all from it on. */
static void sweep(bool onward)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k, .fail_onward = onward};
        thrift_allocator allocator = failing_allocator_of(&memory);
        struct disk disk = {.files = chain};
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = thrift_load_with(
            "a.thrift",
            THRIFT_LOAD_OPTIONS(.read = read_file, .data = &disk, .allocator = &allocator), &err);

        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert_ptr_nonnull(schema);
            return;
        }
        ck_assert(schema != NULL || err.code == THRIFT_E_NOMEM);
    }
}

START_TEST(out_of_memory)
{
    sweep(false);
    sweep(true);
}
END_TEST

START_TEST(no_root)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_ptr_null(thrift_load("/nonexistent/a.thrift", &err));
    ck_assert_int_eq(err.code, THRIFT_E_IO);
    ck_assert_uint_eq(err.line, 0);
    ck_assert_ptr_null(thrift_load(NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_ARGUMENT);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, diamond);
    tcase_add_test(tests, directories);
    tcase_add_test(tests, aliases);
    tcase_add_loop_test(tests, outcome, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, limit, 0, COUNT_OF(limits));
    tcase_add_test(tests, out_of_memory);
    tcase_add_test(tests, no_root);
}

SUITE_MAIN("loader")
