/*
 * Setters: what fits which field, paths that make what is in between, unset, unions, misuse.
 *
 * Covers also: convert.c, target.c, open.c.
 */
#include "sample.h"
#include "value/record.h"

static const struct {
    const char *field;
    thrift_value value;
    thrift_status status;
    const char *message; /* part of it */
} fits[] = {
    {"flag", TRUTH(true), THRIFT_OK, NULL},
    {"flag", INTEGER(1), THRIFT_OK, NULL},
    {"flag", INTEGER(0), THRIFT_OK, NULL},
    {"flag", INTEGER(2), THRIFT_E_RANGE, "2 does not fit bool"},
    {"flag", TEXT("true"), THRIFT_E_TYPE, "a string does not fit bool"},
    {"tiny", INTEGER(127), THRIFT_OK, NULL},
    {"tiny", INTEGER(-128), THRIFT_OK, NULL},
    {"tiny", INTEGER(128), THRIFT_E_RANGE, "128 does not fit"},
    {"small", INTEGER(-32768), THRIFT_OK, NULL},
    {"small", INTEGER(70000), THRIFT_E_RANGE, "70000 does not fit i16"},
    {"id", INTEGER(INT32_MAX), THRIFT_OK, NULL},
    {"id", INTEGER((int64_t)INT32_MAX + 1), THRIFT_E_RANGE, "2147483648 does not fit i32"},
    {"id", REAL(1.0), THRIFT_E_TYPE, "a double does not fit i32"},
    {"id", TRUTH(true), THRIFT_E_TYPE, "a bool does not fit i32"},
    {"id", TEXT("1"), THRIFT_E_TYPE, "a string does not fit i32"},
    {"big", INTEGER(INT64_MIN), THRIFT_OK, NULL},
    {"big", UNUSABLE, THRIFT_E_TYPE, "an integer beyond i64"},
    {"real", REAL(-0.5), THRIFT_OK, NULL},
    {"real", INTEGER(3), THRIFT_OK, NULL},
    {"real", INTEGER(INT64_MAX), THRIFT_E_RANGE, "does not fit double"},
    {"text", TEXT("x"), THRIFT_OK, NULL},
    {"text", TEXT(""), THRIFT_OK, NULL},
    {"text", INTEGER(1), THRIFT_E_TYPE, "an integer does not fit string"},
    {"raw", TEXT("a\0b"), THRIFT_OK, NULL},
    {"uid", TEXT("550e8400-e29b-41d4-a716-446655440000"), THRIFT_OK, NULL},
    {"uid", TEXT("550e8400"), THRIFT_E_TYPE, "is not a uuid"},
    {"uid", INTEGER(1), THRIFT_E_TYPE, "does not fit uuid"},
    {"color", TEXT("RED"), THRIFT_OK, NULL},
    {"color", TEXT("PINK"), THRIFT_E_NAME, "Color has no symbol \"PINK\""},
    {"color", INTEGER(2), THRIFT_OK, NULL},
    {"color", INTEGER(INT64_MAX), THRIFT_E_RANGE, "does not fit Color"},
    {"address", INTEGER(1), THRIFT_E_TYPE, "does not fit Address"},
    {"tags", TEXT("x"), THRIFT_E_TYPE, "does not fit list<string>"},
    {"counts", INTEGER(1), THRIFT_E_TYPE, "does not fit map<string, i32>"},
    {"nmae", INTEGER(1), THRIFT_E_NAME, "All has no field \"nmae\""},
    {"flga", INTEGER(1), THRIFT_E_NAME, "did you mean \"flag\"?"},
    {"", INTEGER(1), THRIFT_E_NAME, "does not lead"},
    {"id.x", INTEGER(1), THRIFT_E_NAME, "does not lead into i32"},
    {"tags.x", INTEGER(1), THRIFT_E_NAME, "does not lead into list<string>"},
    {"tags[0]", TEXT("x"), THRIFT_E_NAME, "there is no item 0: the list has 0"},
    {"tags[", TEXT("x"), THRIFT_E_NAME, "does not lead"},
    {"tags[1", TEXT("x"), THRIFT_E_NAME, "does not lead"},
    {"tags[-1]", TEXT("x"), THRIFT_E_NAME, "does not lead"},
    {"tags[99999999999]", TEXT("x"), THRIFT_E_NAME, "does not lead"},
    {"counts{\"a}", INTEGER(1), THRIFT_E_NAME, "does not lead"},
    {"counts{}", INTEGER(1), THRIFT_E_NAME, "does not lead"},
    {"counts[0]", INTEGER(1), THRIFT_E_NAME, "does not lead"},
    {"places{x}.city", TEXT("x"), THRIFT_E_TYPE, "the key is no i32"},
    {"places{3000000000}.city", TEXT("x"), THRIFT_E_TYPE, "the key is no i32"},
    {"odd{1}", TEXT("x"), THRIFT_E_TYPE, "the key is no list<i32>"},
    {"by_color{PINK}", TEXT("x"), THRIFT_E_TYPE, "the key is no Color"},
    {"address.cty", TEXT("x"), THRIFT_E_NAME, "did you mean \"city\"?"},
    {"address..city", TEXT("x"), THRIFT_E_NAME, "does not lead"},
    {"counts{\"a\"}", TEXT("x"), THRIFT_E_TYPE, "a string does not fit i32"},
};

START_TEST(value_fits_field)
{
    thrift_record *all = sample_new("All");
    thrift_named_value item = {fits[_i].field, fits[_i].value};
    thrift_status status = thrift_set_fields(all, (thrift_fields){&item, 1});

    ck_assert_msg(status == fits[_i].status, "%s: %s", fits[_i].field, thrift_status_name(status));
    if (status == THRIFT_OK) {
        ck_assert(thrift_has(all, fits[_i].field));
        ASSERT_GOOD(all);
    } else {
        ck_assert(strchr(fits[_i].field, '{') != NULL || !thrift_has(all, fits[_i].field));
        ASSERT_MISTAKE(all, fits[_i].status, fits[_i].message);
    }
    thrift_record_free(all);
}
END_TEST

START_TEST(what_is_set_is_read)
{
    thrift_record *all = sample_new("All");
    thrift_uuid uuid;

    sample_fill(all);
    ASSERT_GOOD(all);
    uuid = thrift_get_uuid(all, "uid");
    ck_assert(thrift_get_bool(all, "flag"));
    ck_assert_int_eq(thrift_get_i8(all, "tiny"), -8);
    ck_assert_int_eq(thrift_get_i16(all, "small"), 300);
    ck_assert_int_eq(thrift_get_i32(all, "id"), 70000);
    ck_assert(thrift_get_i64(all, "big") == INT64_MIN);
    ck_assert(thrift_get_double(all, "real") == 0.25);
    ck_assert_str_eq(thrift_get_string(all, "text"), "t\xc3\xa4xt");
    ck_assert_mem_eq(thrift_get_bytes(all, "raw").data, "\0\1\xff", 4);
    ck_assert_uint_eq(thrift_get_bytes(all, "raw").size, 3);
    ck_assert_mem_eq(uuid.bytes, "\x55\x0e\x84\x00\xe2\x9b\x41\xd4\xa7\x16\x44\x66\x55\x44\0\0",
                     16);
    ck_assert_str_eq(thrift_get_string(all, "color"), "BLUE");
    ck_assert_int_eq(thrift_get_i32(all, "color"), 5);
    ck_assert_str_eq(thrift_get_string(all, "address.city"), "Oslo");
    ck_assert_str_eq(thrift_get_string(all, "tags[1]"), "two");
    ck_assert_int_eq(thrift_get_i32(all, "counts{\"b\"}"), 2);
    ck_assert_str_eq(thrift_get_string(all, "places{5}.city"), "Graz");
    ck_assert_int_eq(thrift_get_i32(all, "homes[0].zip"), 1);
    ck_assert(thrift_get_i64(all, "grid[0][0]") == 9);
    ck_assert_str_eq(thrift_get_string(all, "choice.text"), "chosen");
    ck_assert_str_eq(thrift_get_string(all, "by_color{RED}[0]"), "rose");
    ck_assert_str_eq(thrift_get_string(all, "by_color{1}[0]"), "rose");
    ck_assert(thrift_get_double(all, "rows[0]{\"k\"}") == 2.5);
    ck_assert_int_eq(thrift_get_i32(all, "deep{\"x\"}{y}"), 3);
    ck_assert_int_eq(thrift_get_i32(all, "owners{550e8400-e29b-41d4-a716-446655440000}"), 4);
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

START_TEST(paths_replace_and_remove)
{
    thrift_record *all = sample_new("All");

    sample_fill(all);
    thrift_set(all, "tags[0]", "first", "homes[1].city", "Kiel", "counts{\"a\"}", 10, "grid[1]",
               thrift_get_list(all, "grid[0]"));
    ck_assert_str_eq(thrift_get_string(all, "tags[0]"), "first");
    ck_assert_str_eq(thrift_get_string(all, "homes[1].city"), "Kiel");
    ck_assert_int_eq(thrift_get_i32(all, "counts{\"a\"}"), 10);
    ck_assert(thrift_get_i64(all, "grid[1][0]") == 9);
    thrift_unset(all, "tags[0]");
    thrift_unset(all, "counts{\"a\"}");
    thrift_unset(all, "other.zip");
    thrift_unset(all, "text");
    thrift_unset(all, "tags[17]");
    thrift_unset(all, "counts{\"never\"}");
    thrift_unset(all, "deep{\"nowhere\"}{\"never\"}");
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(all, "tags")), 1);
    ck_assert_str_eq(thrift_get_string(all, "tags[0]"), "two");
    ck_assert(!thrift_has(all, "counts{\"a\"}"));
    ck_assert(thrift_has(all, "counts{\"b\"}"));
    ck_assert(!thrift_has(all, "other.zip"));
    ck_assert_int_eq(thrift_get_i32(all, "other.zip"), 1000);
    ck_assert_ptr_null(thrift_get_string(all, "text"));
    ck_assert(!thrift_has(all, "deep{\"nowhere\"}"));
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

START_TEST(keys_may_need_escapes)
{
    thrift_record *all = sample_new("All");

    thrift_set(all, "counts{\"a\\\"}[.\\\\\"}", 1, "counts{plain}", 2, "counts{\"\"}", 3);
    ck_assert_str_eq(thrift_as_string(thrift_map_key(thrift_get_map(all, "counts"), 0)),
                     "a\"}[.\\");
    ck_assert_int_eq(thrift_get_i32(all, "counts{\"plain\"}"), 2);
    ck_assert_int_eq(thrift_get_i32(all, "counts{\"\"}"), 3);
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

START_TEST(null_unsets)
{
    thrift_record *all = sample_new("All");

    sample_fill(all);
    thrift_set(all, "text", NULL, "address", (thrift_record *)NULL, "id", NULL, "note", "n");
    ck_assert(!thrift_has(all, "text"));
    ck_assert(!thrift_has(all, "address"));
    ck_assert(!thrift_has(all, "id"));
    ck_assert_int_eq(thrift_get_i32(all, "id"), 0);
    thrift_set(all, "note", (const char *)NULL);
    ck_assert_str_eq(thrift_get_string(all, "note"), "none");
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

START_TEST(union_holds_one_member)
{
    thrift_record *choice = sample_new("Choice");

    ck_assert_ptr_null(thrift_union_member(choice));
    ck_assert_int_eq(thrift_check(choice, NULL), THRIFT_E_CORRUPT);
    thrift_set(choice, "number", -1);
    thrift_set(choice, "address.zip", 3);
    ck_assert_str_eq(thrift_field_name(thrift_union_member(choice)), "address");
    ck_assert(!thrift_has(choice, "number"));
    ck_assert_int_eq(thrift_get_i32(choice, "number"), 0);
    ck_assert_int_eq(thrift_get_i16(choice, "small"), 9);
    ck_assert_int_eq(thrift_get_i32(choice, "address.zip"), 3);
    thrift_set(choice, "text", "t");
    ck_assert_ptr_null(thrift_get_record(choice, "address"));
    thrift_unset(choice, "number");
    ck_assert_str_eq(thrift_get_string(choice, "text"), "t");
    thrift_list_add(thrift_open_list(choice, "numbers"), 5);
    ck_assert_int_eq(thrift_get_i32(choice, "numbers[0]"), 5);
    ASSERT_GOOD(choice);
    thrift_unset(choice, "numbers");
    ck_assert_ptr_null(thrift_union_member(choice));
    thrift_record_free(choice);
}
END_TEST

START_TEST(shared_defaults_are_copied_before_writing)
{
    thrift_record *all = sample_new("All");
    thrift_record *other;

    thrift_list_add(thrift_open_list(all, "words"), "c");
    thrift_set(all, "home.zip", 1);
    thrift_list_add(thrift_open_list(all, "table{\"x\"}"), 3);
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(all, "words")), 3);
    ck_assert_str_eq(thrift_get_string(all, "words[0]"), "a");
    ck_assert_str_eq(thrift_get_string(all, "home.city"), "Bern");
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(all, "table{\"x\"}")), 3);
    other = thrift_record_new(all->layout->all->schema, "All", NULL);
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(other, "words")), 2);
    ck_assert_int_eq(thrift_get_i32(other, "home.zip"), 1000);
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(other, "table{\"x\"}")), 2);
    thrift_record_free(other);
    thrift_record_free(all);
}
END_TEST

START_TEST(first_mistake_stays)
{
    thrift_record *all = sample_new("All");

    ck_assert_int_eq(thrift_set(all, "small", 70000), THRIFT_E_RANGE);
    ck_assert_int_eq(thrift_set(all, "id", 1), THRIFT_E_RANGE);
    thrift_get_i32(all, "nothing");
    ck_assert_int_eq(thrift_get_i32(all, "id"), 1);
    ASSERT_MISTAKE(all, THRIFT_E_RANGE, "70000");
    thrift_record_reset(all);
    ck_assert_int_eq(thrift_set(all, "id", 2), THRIFT_OK);
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

START_TEST(misuse_does_not_crash)
{
    thrift_record *all = sample_new("All");
    thrift_record *inner = thrift_open_record(all, "address");
    char local;

    ck_assert_int_eq(thrift_set(NULL, "id", 1), THRIFT_E_ARGUMENT);
    ck_assert_ptr_null(thrift_open_record(NULL, "id"));
    ck_assert_ptr_null(thrift_open_list(all, "id"));
    ck_assert_ptr_null(thrift_open_map(all, "tags"));
    ck_assert_ptr_null(thrift_open_record(all, NULL));
    thrift_unset(NULL, "id");
    thrift_unset(all, NULL);
    thrift_record_free(inner);
    thrift_record_reset(inner);
    thrift_set(all, "id", (void *)&local);
    thrift_set(all, (const char *)NULL, 1);
    ck_assert(!thrift_has(all, "id"));
    ck_assert_ptr_eq(thrift_get_record(all, "address"), inner);
    thrift_record_free(all);
    thrift_record_free(NULL);
    thrift_record_reset(NULL);
}
END_TEST

START_TEST(handles_write_and_read)
{
    thrift_record *all = sample_new("All");
    const thrift_struct *type = thrift_record_type(all);
    const thrift_field *id = thrift_struct_field(type, "id");
    const thrift_field *city =
        thrift_struct_field(thrift_schema_struct(all->layout->all->schema, "Address"), "city");

    ck_assert_int_eq(thrift_record_get(all, id).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_record_set(all, id, THRIFT_VALUE(5)), THRIFT_OK);
    ck_assert_int_eq(thrift_as_i32(thrift_record_get(all, id)), 5);
    ck_assert_int_eq(thrift_as_i32(thrift_record_get(all, thrift_struct_field(type, "limit"))), 42);
    ck_assert_int_eq(thrift_record_get(all, city).kind, THRIFT_KIND_NONE);
    ASSERT_MISTAKE(all, THRIFT_E_NAME, "Address.city is no field of All");
    thrift_record_free(all);
}
END_TEST

START_TEST(handle_of_another_schema_is_looked_up_again)
{
    thrift_schema *old = sample_load("struct User { 1: i32 id, 2: string name }", NULL);
    thrift_schema *new =
        sample_load("struct User { 9: string more, 2: string name, 1: i64 id }", NULL);
    const thrift_field *id = thrift_struct_field(thrift_schema_struct(old, "User"), "id");
    thrift_record *user = thrift_record_new(new, "User", NULL);

    thrift_set(user, "more", "m", "id", 7);
    ck_assert(thrift_as_i64(thrift_record_get(user, id)) == 7);
    ck_assert_int_eq(thrift_record_set(user, id, THRIFT_VALUE(8)), THRIFT_OK);
    ck_assert(thrift_get_i64(user, "id") == 8);
    ck_assert_str_eq(thrift_get_string(user, "more"), "m");
    thrift_record_free(user);
    thrift_schema_unref(old);
    thrift_schema_unref(new);
}
END_TEST

START_TEST(values_of_another_schema_are_translated)
{
    thrift_schema *old = sample_load(
        "struct Item { 1: string name, 2: i32 size, 3: bool gone }\n"
        "struct Box { 1: Item item, 2: list<Item> items, 3: map<string, Item> by_name }",
        NULL);
    thrift_schema *new = sample_load(
        "struct Item { 5: i64 size, 1: string name, 2: optional i32 added }\n"
        "struct Box { 1: map<string, Item> by_name, 2: list<Item> items, 3: Item item }",
        NULL);
    thrift_record *from = thrift_record_new(old, "Box", NULL);
    thrift_record *to = thrift_record_new(new, "Box", NULL);

    thrift_set(from, "item.name", "a", "item.size", 3, "item.gone", true, "by_name{\"k\"}.name",
               "b");
    thrift_set(thrift_list_add_record(thrift_open_list(from, "items")), "name", "c");
    thrift_set(to, "item", thrift_get_record(from, "item"), "items", thrift_get_list(from, "items"),
               "by_name", thrift_get_map(from, "by_name"));
    thrift_record_free(from);
    thrift_schema_unref(old);
    ASSERT_GOOD(to);
    ck_assert_str_eq(thrift_get_string(to, "item.name"), "a");
    ck_assert(thrift_get_i64(to, "item.size") == 3);
    ck_assert(!thrift_has(to, "item.added"));
    ck_assert_str_eq(thrift_get_string(to, "items[0].name"), "c");
    ck_assert_str_eq(thrift_get_string(to, "by_name{\"k\"}.name"), "b");
    thrift_record_free(to);
    thrift_schema_unref(new);
}
END_TEST

START_TEST(no_memory_is_a_mistake_and_leaks_nothing)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *schema = sample_load(sample_text, &allocator);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_record *all;
        bool enough;

        ck_assert_ptr_nonnull(layouts_of(schema, NULL));
        memory.fail_at = memory.count + k;
        all = thrift_record_new(schema, "All", &err);
        ck_assert(all != NULL || err.code == THRIFT_E_NOMEM);
        sample_fill(all);
        thrift_check(all, &err);
        enough = memory.count < memory.fail_at;
        ck_assert_int_eq(err.code, enough ? THRIFT_OK : THRIFT_E_NOMEM);
        thrift_record_free(all);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (enough) {
            ck_assert_uint_gt(k, 2);
            return;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, value_fits_field, 0, COUNT_OF(fits));
    tcase_add_test(tests, what_is_set_is_read);
    tcase_add_test(tests, paths_replace_and_remove);
    tcase_add_test(tests, keys_may_need_escapes);
    tcase_add_test(tests, null_unsets);
    tcase_add_test(tests, union_holds_one_member);
    tcase_add_test(tests, shared_defaults_are_copied_before_writing);
    tcase_add_test(tests, first_mistake_stays);
    tcase_add_test(tests, misuse_does_not_crash);
    tcase_add_test(tests, handles_write_and_read);
    tcase_add_test(tests, handle_of_another_schema_is_looked_up_again);
    tcase_add_test(tests, values_of_another_schema_are_translated);
    tcase_add_test(tests, no_memory_is_a_mistake_and_leaks_nothing);
}

SUITE_MAIN("value/setters")
