/*
 * Getters: absence, defaults, widths, paths that lead nowhere, misuse, many threads.
 *
 * Covers also: place.c.
 */
#include <pthread.h>

#include "sample.h"

START_TEST(absent_is_zero_or_the_default)
{
    thrift_record *all = sample_new("All");

    ck_assert(!thrift_get_bool(all, "flag"));
    ck_assert_int_eq(thrift_get_i32(all, "id"), 0);
    ck_assert(thrift_get_double(all, "real") == 0);
    ck_assert_ptr_null(thrift_get_string(all, "text"));
    ck_assert_ptr_null(thrift_get_bytes(all, "raw").data);
    ck_assert_ptr_null(thrift_get_record(all, "address"));
    ck_assert_ptr_null(thrift_get_list(all, "tags"));
    ck_assert_ptr_null(thrift_get_map(all, "counts"));
    ck_assert_ptr_null(thrift_get_string(all, "color"));
    ck_assert_str_eq(thrift_get_string(all, "note"), "none");
    ck_assert_int_eq(thrift_get_i32(all, "limit"), 42);
    ck_assert_str_eq(thrift_get_string(all, "tint"), "BLUE");
    ck_assert_str_eq(thrift_get_string(all, "words[1]"), "b");
    ck_assert_str_eq(thrift_get_string(all, "home.city"), "Bern");
    ck_assert_int_eq(thrift_get_i32(all, "table{\"x\"}[1]"), 2);
    ck_assert(!thrift_has(all, "limit"));
    ck_assert(!thrift_has(all, "home.city"));
    ck_assert_int_eq(thrift_get(all, "id").kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_as_i32(thrift_get(all, "limit")), 42);
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

static const char *const nowhere[] = {"address.city",       "address.zip",         "tags[0]",
                                      "tags[4294967295]",   "homes[3].city",       "counts{\"x\"}",
                                      "places{5}.city",     "choice.address.city", "grid[0][0]",
                                      "deep{\"a\"}{\"b\"}", "by_color{RED}[0]"};

START_TEST(path_into_absence_is_absent)
{
    thrift_record *all = sample_new("All");

    ck_assert_int_eq(thrift_get(all, nowhere[_i]).kind, THRIFT_KIND_NONE);
    ck_assert(!thrift_has(all, nowhere[_i]));
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

static const struct {
    const char *path;
    thrift_status status;
} wrong[] = {
    {"nothing", THRIFT_E_NAME},
    {"", THRIFT_E_NAME},
    {".id", THRIFT_E_NAME},
    {"[0]", THRIFT_E_NAME},
    {"address.cty", THRIFT_E_NAME},
    {"address.city.x", THRIFT_E_NAME},
    {"address[0]", THRIFT_E_NAME},
    {"tags{0}", THRIFT_E_NAME},
    {"tags[x]", THRIFT_E_NAME},
    {"tags[0", THRIFT_E_NAME},
    {"tags[]", THRIFT_E_NAME},
    {"tags[0]x", THRIFT_E_NAME},
    {"counts{\"a\"", THRIFT_E_NAME},
    {"counts{\"a", THRIFT_E_NAME},
    {"counts{\"a\\", THRIFT_E_NAME},
    {"places{\"\"}", THRIFT_E_TYPE},
    {"sides{maybe}", THRIFT_E_TYPE},
    {"owners{1}", THRIFT_E_TYPE},
    {"marks{x}", THRIFT_E_TYPE},
    {"homes[0].street", THRIFT_E_NAME},
    {"id}", THRIFT_E_NAME},
    {"\xff", THRIFT_E_NAME},
    {"choice.nothing", THRIFT_E_NAME},
    {"by_color{7x}", THRIFT_E_TYPE},
};

START_TEST(wrong_path_is_a_mistake)
{
    thrift_record *all = sample_new("All");

    ck_assert_int_eq(thrift_get(all, wrong[_i].path).kind, THRIFT_KIND_NONE);
    ck_assert_msg(thrift_check(all, NULL) == wrong[_i].status, "%s", wrong[_i].path);
    ck_assert(!thrift_has(all, wrong[_i].path));
    ck_assert_int_eq(thrift_get_i32(all, wrong[_i].path), 0);
    ck_assert_ptr_null(thrift_get_string(all, wrong[_i].path));
    thrift_record_free(all);
}
END_TEST

/* Which getter reads which field; all others are mistakes and give zero. */
enum getter { BOOL, I8, I16, I32, I64, DOUBLE, STRING, BYTES_, UUID, RECORD, LIST, MAP, GETTERS };

static const struct {
    const char *field;
    unsigned readable; /* 1 << getter */
} reads[] = {
    {"flag", 1 << BOOL},
    {"tiny", 1 << I8 | 1 << I16 | 1 << I32 | 1 << I64},
    {"small", 1 << I16 | 1 << I32 | 1 << I64},
    {"id", 1 << I32 | 1 << I64},
    {"big", 1 << I64},
    {"real", 1 << DOUBLE},
    {"text", 1 << STRING | 1 << BYTES_},
    {"raw", 1 << STRING | 1 << BYTES_},
    {"uid", 1 << UUID},
    {"color", 1 << I32 | 1 << I64 | 1 << STRING},
    {"address", 1 << RECORD},
    {"tags", 1 << LIST},
    {"numbers", 1 << LIST},
    {"counts", 1 << MAP},
    {"choice", 1 << RECORD},
};

static bool read_with(const thrift_record *all, const char *name, enum getter getter)
{
    static const thrift_uuid zero;
    thrift_uuid uuid;

    switch (getter) {
    case BOOL:
        return thrift_get_bool(all, name);
    case I8:
        return thrift_get_i8(all, name) != 0;
    case I16:
        return thrift_get_i16(all, name) != 0;
    case I32:
        return thrift_get_i32(all, name) != 0;
    case I64:
        return thrift_get_i64(all, name) != 0;
    case DOUBLE:
        return thrift_get_double(all, name) > 0;
    case STRING:
        return thrift_get_string(all, name) != NULL;
    case BYTES_:
        return thrift_get_bytes(all, name).size != 0;
    case UUID:
        uuid = thrift_get_uuid(all, name);
        return memcmp(&uuid, &zero, sizeof zero) != 0;
    case RECORD:
        return thrift_get_record(all, name) != NULL;
    case LIST:
        return thrift_get_list(all, name) != NULL;
    case MAP:
        return thrift_get_map(all, name) != NULL;
    case GETTERS:
        break;
    }
    return false;
}

START_TEST(getter_reads_its_own_types)
{
    for (int getter = 0; getter < GETTERS; getter++) {
        thrift_record *all = sample_new("All");
        bool readable = (reads[_i].readable >> getter & 1) != 0;

        sample_fill(all);
        ck_assert_msg(read_with(all, reads[_i].field, (enum getter)getter) == readable, "%s by %d",
                      reads[_i].field, getter);
        ck_assert_int_eq(thrift_check(all, NULL), readable ? THRIFT_OK : THRIFT_E_TYPE);
        thrift_record_free(all);
    }
}
END_TEST

START_TEST(null_is_nothing)
{
    thrift_record *all = sample_new("All");

    for (int getter = 0; getter < GETTERS; getter++) {
        ck_assert(!read_with(NULL, "id", (enum getter)getter));
        ck_assert(!read_with(all, NULL, (enum getter)getter));
    }
    ck_assert(!thrift_has(NULL, "id"));
    ck_assert_int_eq(thrift_get(NULL, "id").kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_record_get(NULL, NULL).kind, THRIFT_KIND_NONE);
    ck_assert_ptr_null(thrift_union_member(NULL));
    ck_assert_ptr_null(thrift_record_type(NULL));
    ASSERT_GOOD(all);
    ck_assert_ptr_null(thrift_union_member(all));
    ASSERT_MISTAKE(all, THRIFT_E_TYPE, "All is no union");
    thrift_record_free(all);
}
END_TEST

static void *read_wrongly(void *data)
{
    const thrift_record *all = data;

    for (int i = 0; i < 1000; i++) {
        thrift_get_i32(all, "text");
        thrift_get_i32(all, "nothing");
    }
    return NULL;
}

START_TEST(readers_may_make_mistakes_at_once)
{
    thrift_record *all = sample_new("All");
    pthread_t threads[4];
    thrift_status status;

    thrift_set(all, "text", "t");
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read_wrongly, all), 0);
    }
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        pthread_join(threads[i], NULL);
    }
    status = thrift_check(all, NULL);
    ck_assert(status == THRIFT_E_TYPE || status == THRIFT_E_NAME);
    thrift_record_free(all);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, absent_is_zero_or_the_default);
    tcase_add_loop_test(tests, path_into_absence_is_absent, 0, COUNT_OF(nowhere));
    tcase_add_loop_test(tests, wrong_path_is_a_mistake, 0, COUNT_OF(wrong));
    tcase_add_loop_test(tests, getter_reads_its_own_types, 0, COUNT_OF(reads));
    tcase_add_test(tests, null_is_nothing);
    tcase_add_test(tests, readers_may_make_mistakes_at_once);
}

SUITE_MAIN("value/getters")
