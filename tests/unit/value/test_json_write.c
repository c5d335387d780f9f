/*
 * Jansson's trees: every kind there and back, what is refused and where, no memory.
 *
 * Covers also: json_read.c.
 */
#include <jansson.h>

#include "sample.h"
#include "value/json.h"

static const struct json_rules strict = {
    .accept_enum = true, .struct_depth_most = 64, .depth_most = 128};

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_ALLOW_NUL, &error);

    ck_assert_msg(json != NULL, "%s: %s", error.text, text);
    return json;
}

static void assert_json(const thrift_record *record, const struct json_rules *rules,
                        const char *expected)
{
    thrift_error err = THRIFT_ERROR_INIT;
    json_t *json = json_of_record(record, rules, &err);
    json_t *wanted = parse(expected);

    ck_assert_msg(json != NULL, "%s: %s", err.source, err.message);
    if (!json_equal(json, wanted)) {
        char *text = json_dumps(json, 0);

        ck_abort_msg("%s\nis not\n%s", text, expected);
    }
    json_decref(json);
    json_decref(wanted);
}

static const char everything[] =
    "{\"flag\":true,\"tiny\":-8,\"small\":300,\"id\":70000,\"big\":-9223372036854775808,"
    "\"real\":0.25,\"text\":\"t\xc3\xa4xt\",\"raw\":\"AAH/\","
    "\"uid\":\"550e8400-e29b-41d4-a716-446655440000\",\"color\":\"BLUE\","
    "\"address\":{\"city\":\"Oslo\"},\"other\":{\"city\":\"Rome\",\"zip\":7},"
    "\"tags\":[\"one\",\"two\"],"
    "\"numbers\":[100,99,98,97,96,95,94,93,92,91,90,89,88,87,86,85,84,83,82,81],"
    "\"counts\":{\"a\":1,\"b\":2},\"places\":{\"5\":{\"city\":\"Graz\"}},"
    "\"homes\":[{\"city\":\"Wien\",\"zip\":1},{}],\"grid\":[[9],[]],"
    "\"choice\":{\"text\":\"chosen\"},\"by_color\":{\"RED\":[\"rose\"]},\"rows\":[{\"k\":2.5}],"
    "\"visited\":[{\"city\":\"Bonn\"}],"
    "\"doubles\":[0.0,0.5,1.0,1.5,2.0,2.5,3.0,3.5,4.0,4.5,5.0,5.5,6.0,6.5,7.0,7.5,8.0,8.5,9.0,9.5],"
    "\"sides\":{\"true\":1},\"owners\":{\"550e8400-e29b-41d4-a716-446655440000\":4},"
    "\"marks\":{\"0.5\":2},\"sets\":[[3]],\"bits\":[true],\"deep\":{\"x\":{\"y\":3}}}";

START_TEST(every_kind_there_and_back)
{
    struct json_rules rules = strict;
    thrift_record *all = sample_new("All");
    thrift_record *back = sample_new("All");
    thrift_error err = THRIFT_ERROR_INIT;
    json_t *json = parse(everything);

    rules.no_defaults = true;
    sample_fill(all);
    assert_json(all, &rules, everything);
    ck_assert_msg(json_to_record(json, back, &rules, &err) == THRIFT_OK, "%s: %s", err.source,
                  err.message);
    assert_json(back, &rules, everything);
    json_decref(json);
    thrift_record_free(all);
    thrift_record_free(back);
}
END_TEST

START_TEST(unset_fields_are_written_as_their_default)
{
    thrift_record *node = sample_new("Node");
    thrift_record *address = sample_new("Address");

    assert_json(node, &strict, "{\"kids\":[],\"value\":0}");
    assert_json(address, &strict, "{\"city\":\"\"}");
    thrift_set(address, "zip", 1000);
    assert_json(address, &strict, "{\"city\":\"\",\"zip\":1000}");
    thrift_record_free(node);
    thrift_record_free(address);
}
END_TEST

START_TEST(odd_keys_make_lists)
{
    struct json_rules rules = strict;
    thrift_record *all = sample_new("All"), *back = sample_new("All");
    json_t *json;

    rules.no_defaults = true;
    thrift_list_add(thrift_open_list(all, "ints"), 1);
    thrift_map_put(thrift_open_map(all, "odd"), thrift_get_list(all, "ints"), "x");
    assert_json(all, &rules, "{\"ints\":[1],\"odd\":[{\"key\":[1],\"value\":\"x\"}]}");
    json = json_of_record(all, &rules, NULL);
    ck_assert_int_eq(json_to_record(json, back, &rules, NULL), THRIFT_OK);
    ck_assert_str_eq(thrift_as_string(thrift_map_find(thrift_get_map(back, "odd"),
                                                      THRIFT_VALUE(thrift_get_list(back, "ints")))),
                     "x");
    json_decref(json);
    thrift_record_free(all);
    thrift_record_free(back);
}
END_TEST

START_TEST(integers_may_be_text)
{
    struct json_rules rules = strict;
    thrift_record *all = sample_new("All");

    rules.no_defaults = rules.i64_as_string = true;
    thrift_set(all, "big", INT64_MAX, "id", 5, "color", 99);
    thrift_list_add(thrift_list_add_list(thrift_open_list(all, "grid")), 1);
    assert_json(all, &rules,
                "{\"big\":\"9223372036854775807\",\"id\":5,\"color\":99,\"grid\":[[\"1\"]]}");
    thrift_record_free(all);
}
END_TEST

static const struct {
    const char *type, *json;
    thrift_status status;
    const char *path, *message;
} wrong[] = {
    {"All", "[]", THRIFT_E_TYPE, "", "a list is no object: All is expected"},
    {"All", "{\"id\":\"x\"}", THRIFT_E_TYPE, "id", "\"x\" is no i32"},
    {"All", "{\"id\":1.0}", THRIFT_E_TYPE, "id", "a number does not fit i32"},
    {"All", "{\"id\":true}", THRIFT_E_TYPE, "id", "true does not fit i32"},
    {"All", "{\"tiny\":128}", THRIFT_E_RANGE, "tiny", "128 does not fit i8"},
    {"All", "{\"tiny\":\"-129\"}", THRIFT_E_RANGE, "tiny", "-129 does not fit i8"},
    {"All", "{\"id\":2147483648}", THRIFT_E_RANGE, "id", "2147483648 does not fit i32"},
    {"All", "{\"flag\":1}", THRIFT_E_TYPE, "flag", "a number does not fit bool"},
    {"All", "{\"flag\":\"true\"}", THRIFT_E_TYPE, "flag", "is no bool"},
    {"All", "{\"real\":\"1x\"}", THRIFT_E_TYPE, "real", "\"1x\" is no double"},
    {"All", "{\"real\":\"1e999\"}", THRIFT_E_TYPE, "real", "is no double"},
    {"All", "{\"text\":1}", THRIFT_E_TYPE, "text", "a number does not fit string"},
    {"All", "{\"raw\":\"A*==\"}", THRIFT_E_TYPE, "raw", "not base64"},
    {"All", "{\"uid\":\"550e8400\"}", THRIFT_E_TYPE, "uid", "is no uuid"},
    {"All", "{\"color\":\"PINK\"}", THRIFT_E_NAME, "color", "\"PINK\" is no symbol of Color"},
    {"All", "{\"address\":[]}", THRIFT_E_TYPE, "address", "a list does not fit Address"},
    {"All", "{\"tags\":{}}", THRIFT_E_TYPE, "tags", "an object does not fit list<string>"},
    {"All", "{\"tags\":[\"a\",null]}", THRIFT_E_TYPE, "tags[1]", "null does not fit string"},
    {"All", "{\"homes\":[{},{\"zip\":\"x\"}]}", THRIFT_E_TYPE, "homes[1].zip", "is no i32"},
    {"All", "{\"counts\":{\"a\":\"b\"}}", THRIFT_E_TYPE, "counts{\"a\"}", "is no i32"},
    {"All", "{\"places\":{\"x\":{}}}", THRIFT_E_TYPE, "places", "\"x\" is no i32"},
    {"All", "{\"odd\":{}}", THRIFT_E_TYPE, "odd", "an object does not fit"},
    {"All", "{\"odd\":[1]}", THRIFT_E_TYPE, "odd{entry 0}", ""},
    {"All", "{\"choice\":{}}", THRIFT_E_CORRUPT, "choice", "no member of union Choice"},
    {"All", "{\"choice\":{\"number\":1,\"text\":\"\"}}", THRIFT_E_CORRUPT, "choice.text",
     "two members of union Choice"},
    {"Strict", "{}", THRIFT_E_REQUIRED, "id", "required field id of Strict is missing"},
    {"Strict", "{\"id\":null}", THRIFT_E_REQUIRED, "id", "missing"},
    {"Strict", "{\"id\":1,\"more\":{}}", THRIFT_E_REQUIRED, "more.id", "missing"},
};

START_TEST(wrong_trees_are_refused_with_their_place)
{
    thrift_record *record = sample_new(wrong[_i].type);
    thrift_error err = THRIFT_ERROR_INIT;
    json_t *json = parse(wrong[_i].json);

    ck_assert_msg(json_to_record(json, record, &strict, &err) == wrong[_i].status, "%s: %s: %s",
                  wrong[_i].json, thrift_status_name(err.code), err.message);
    ck_assert_int_eq(err.code, wrong[_i].status);
    if (strstr(wrong[_i].path, "entry") == NULL) {
        ck_assert_str_eq(err.source, wrong[_i].path);
    }
    ck_assert_msg(strstr(err.message, wrong[_i].message) != NULL, "%s", err.message);
    json_decref(json);
    thrift_record_free(record);
}
END_TEST

START_TEST(rules_change_what_is_accepted)
{
    struct json_rules lenient = {.accept_missing = true,
                                 .accept_union = true,
                                 .accept_enum = true,
                                 .struct_depth_most = 64,
                                 .depth_most = 128};
    struct json_rules picky = {.refuse_unknown = true, .struct_depth_most = 2, .depth_most = 128};
    thrift_record *holder = sample_new("Holder");
    thrift_record *all = sample_new("All");
    thrift_error err = THRIFT_ERROR_INIT;
    json_t *json = parse("{\"strict\":{},\"choice\":{\"number\":1,\"text\":\"t\"},\"more\":1}");

    ck_assert_int_eq(json_to_record(json, holder, &lenient, NULL), THRIFT_OK);
    ck_assert_str_eq(thrift_get_string(holder, "choice.text"), "t");
    thrift_record_reset(holder);
    lenient.accept_missing = false;
    ck_assert_int_eq(json_to_record(json, holder, &lenient, NULL), THRIFT_E_REQUIRED);
    json_decref(json);
    json = parse("{\"idd\":1}");
    ck_assert_int_eq(json_to_record(json, all, &picky, &err), THRIFT_E_NAME);
    json_decref(json);
    json = parse("{\"color\":99}");
    ck_assert_int_eq(json_to_record(json, all, &picky, &err), THRIFT_E_RANGE);
    json_decref(json);
    json = parse("{\"homes\":[{\"city\":\"x\"}],\"choice\":{\"address\":{}}}");
    ck_assert_int_eq(json_to_record(json, all, &picky, &err), THRIFT_E_LIMIT);
    json_decref(json);
    thrift_record_free(holder);
    thrift_record_free(all);
}
END_TEST

static void bad_text(thrift_record *holder)
{
    thrift_set(holder, "choice.text", "a\xff", "strict.id", 1);
}

static void no_member(thrift_record *holder)
{
    thrift_open_record(holder, "choice");
    thrift_set(holder, "strict.id", 1);
}

static void no_id(thrift_record *holder)
{
    thrift_set(holder, "choice.number", 1, "strict.id", 1);
    thrift_list_add_record(thrift_open_list(holder, "many"));
}

static void too_deep(thrift_record *holder)
{
    thrift_record *at = thrift_open_record(holder, "strict");

    for (int i = 0; i < 200; i++) {
        thrift_set(at, "id", i);
        at = thrift_open_record(at, "more");
    }
    thrift_set(at, "id", 1);
    thrift_set(holder, "choice.number", 1);
}

static const struct {
    void (*make)(thrift_record *holder);
    thrift_status status;
    const char *path; /* its end */
} unwritable[] = {
    {bad_text, THRIFT_E_CORRUPT, "choice.text"},
    {no_member, THRIFT_E_CORRUPT, "choice"},
    {no_id, THRIFT_E_REQUIRED, "many[0].id"},
    {too_deep, THRIFT_E_LIMIT, "more"},
};

START_TEST(what_cannot_be_written_says_where)
{
    thrift_record *holder = sample_new("Holder");
    thrift_error err = THRIFT_ERROR_INIT;
    const char *end;

    unwritable[_i].make(holder);
    ck_assert_ptr_null(json_of_record(holder, &strict, &err));
    ck_assert_int_eq(err.code, unwritable[_i].status);
    end = err.source + strlen(err.source) - strlen(unwritable[_i].path);
    ck_assert_msg(end >= err.source && strcmp(end, unwritable[_i].path) == 0, "%s", err.source);
    thrift_record_free(holder);
}
END_TEST

START_TEST(doubles_without_numbers_are_names)
{
    struct json_rules rules = strict;
    thrift_record *all = sample_new("All");
    json_t *json = parse("{\"doubles\":[\"nan\",\"inf\",\"-Infinity\",\"1.5\",2]}");

    rules.no_defaults = true;
    ck_assert_int_eq(json_to_record(json, all, &strict, NULL), THRIFT_OK);
    assert_json(all, &rules, "{\"doubles\":[\"NaN\",\"Infinity\",\"-Infinity\",1.5,2.0]}");
    json_decref(json);
    thrift_record_free(all);
}
END_TEST

START_TEST(no_memory_is_reported_and_leaks_nothing)
{
    json_t *json = parse(everything);

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *schema = sample_load(sample_text, &allocator);
        thrift_record *all = thrift_record_new(schema, "All", NULL);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_status status;
        json_t *again;

        memory.fail_at = memory.count + k;
        status = json_to_record(json, all, &strict, &err);
        again = status == THRIFT_OK ? json_of_record(all, &strict, &err) : NULL;
        ck_assert_int_eq(err.code, again == NULL ? THRIFT_E_NOMEM : THRIFT_OK);
        json_decref(again);
        thrift_record_free(all);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (again != NULL) {
            ck_assert_uint_gt(k, 2);
            break;
        }
    }
    json_decref(json);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, every_kind_there_and_back);
    tcase_add_test(tests, unset_fields_are_written_as_their_default);
    tcase_add_test(tests, odd_keys_make_lists);
    tcase_add_test(tests, integers_may_be_text);
    tcase_add_loop_test(tests, wrong_trees_are_refused_with_their_place, 0, COUNT_OF(wrong));
    tcase_add_test(tests, rules_change_what_is_accepted);
    tcase_add_loop_test(tests, what_cannot_be_written_says_where, 0, COUNT_OF(unwritable));
    tcase_add_test(tests, doubles_without_numbers_are_names);
    tcase_add_test(tests, no_memory_is_reported_and_leaks_nothing);
}

SUITE_MAIN("value/json_write")
