/*
 * Records against the bytes of Apache's libraries for Python, C++, node and C (tests/vectors): the
 * same value in every protocol, written back byte for byte; every prefix, every bit flipped; values
 * beside each other; memory that is used again or fails.
 *
 * Covers also: struct_named.c.
 */
#include "allocator.h"
#include "fixture.h"

static const struct {
    const char *name; /* file is NAME.PROTOCOL */
    const char *type;
} vectors[] = {
    {"Every-full", "Every"},
    {"Every-common", "Every"},
    {"Every-long", "Every"},
    {"Every-choice", "Every"},
    {"Point-plain", "Point"},
    {"Empty-empty", "Empty"},
    {"Choice-text", "Choice"},
    {"Defaults-defaults", "Defaults"},
    {"Every-full.cpp", "Every"},
    {"Every-common.cpp", "Every"},
    {"Every-long.cpp", "Every"},
    {"Every-choice.cpp", "Every"},
    {"Point-plain.cpp", "Point"},
    {"Empty-empty.cpp", "Empty"},
    {"Choice-text.cpp", "Choice"},
    {"Defaults-defaults.cpp", "Defaults"},
    {"Every-common.node", "Every"},
    {"Every-long.node", "Every"},
    {"Every-choice.node", "Every"},
    {"Point-plain.node", "Point"},
    {"Empty-empty.node", "Empty"},
    {"Choice-text.node", "Choice"},
    {"Defaults-defaults.node", "Defaults"},
    {"Every-common.c_glib", "Every"},
    {"Every-long.c_glib", "Every"},
    {"Point-plain.c_glib", "Point"},
    {"Empty-empty.c_glib", "Empty"},
    {"Defaults-defaults.c_glib", "Defaults"},
};

static const struct {
    const char *name;
    thrift_protocol protocol;
} protocols[] = {{"binary", THRIFT_BINARY}, {"compact", THRIFT_COMPACT}};

#define COMBINATIONS (int)(COUNT_OF(vectors) * COUNT_OF(protocols))
#define VECTOR(i) vectors[(size_t)(i) % COUNT_OF(vectors)]
#define PROTOCOL(i) protocols[(size_t)(i) / COUNT_OF(vectors)]

static thrift_bytes load(int i)
{
    char file[64];

    (void)snprintf(file, sizeof file, "%s.%s", VECTOR(i).name, PROTOCOL(i).name);
    return vector_of(file);
}

/* Apache's Python leaves out what is not set. */
static const thrift_codec_options as_python = {.struct_size = sizeof as_python,
                                               .no_defaults = true};

START_TEST(written_back_byte_for_byte)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = load(_i);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_record *record =
        thrift_decode(schema, VECTOR(_i).type, PROTOCOL(_i).protocol, bytes, NULL, &err);

    ck_assert_msg(record != NULL, "%s: %s: %s", VECTOR(_i).name, err.source, err.message);
    ck_assert_int_eq(thrift_encode(record, PROTOCOL(_i).protocol, &as_python, &out, &err),
                     THRIFT_OK);
    ck_assert_msg(out.size == bytes.size && memcmp(out.data, bytes.data, out.size) == 0, "%s",
                  VECTOR(_i).name);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(the_same_value_in_every_protocol)
{
    thrift_schema *schema = vector_schema();
    thrift_record *first = NULL;

    for (size_t p = 0; p < COUNT_OF(protocols); p++) {
        thrift_bytes bytes = load(_i + (int)(p * COUNT_OF(vectors)));
        thrift_record *record =
            thrift_decode(schema, VECTOR(_i).type, protocols[p].protocol, bytes, NULL, NULL);

        ck_assert_ptr_nonnull(record);
        vector_free(bytes); /* nothing of it is needed any more */
        if (first == NULL) {
            first = record;
        } else {
            ck_assert(thrift_record_equal(first, record));
            thrift_record_free(record);
        }
    }
    thrift_record_free(first);
    thrift_schema_unref(schema);
}
END_TEST

/* npm's library (0.24) knows uuids; Debian's compilers (0.17) do not. */
static const struct {
    const char *file;
    thrift_protocol protocol;
} ids[] = {{"Ids-ids.node.binary", THRIFT_BINARY},
           {"Ids-ids.node.compact", THRIFT_COMPACT},
           {"Ids-ids.node.tjson", THRIFT_TJSON}};
static const char first_id[] = "00112233-4455-6677-8899-aabbccddeeff";
static const char second_id[] = "f47ac10b-58cc-4372-a567-0e02b2c3d479";

static thrift_schema *ids_schema(void)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load(VECTORS "/ids.thrift", &err);

    ck_assert_msg(schema != NULL, "%s:%u: %s", err.source, err.line, err.message);
    return schema;
}

START_TEST(uuids_are_written_back_byte_for_byte)
{
    thrift_schema *schema = ids_schema();
    thrift_bytes bytes = vector_of(ids[_i].file);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_record *wanted = thrift_record_new(schema, "Ids", &err);
    thrift_record *record = thrift_decode(schema, "Ids", ids[_i].protocol, bytes, NULL, &err);

    ck_assert_msg(record != NULL, "%s: %s", err.source, err.message);
    thrift_set(wanted, "id", first_id, "named{\"a\"}", first_id);
    thrift_list_add(thrift_open_list(wanted, "listed"), first_id);
    thrift_list_add(thrift_open_list(wanted, "listed"), second_id);
    thrift_list_add(thrift_open_list(wanted, "known"), second_id);
    thrift_map_put(thrift_open_map(wanted, "numbers"), second_id, 7);
    ck_assert_int_eq(thrift_check(wanted, &err), THRIFT_OK);
    ck_assert(thrift_record_equal(record, wanted));
    ck_assert_int_eq(thrift_encode(record, ids[_i].protocol, NULL, &out, &err), THRIFT_OK);
    ck_assert_uint_eq(out.size, bytes.size);
    ck_assert_mem_eq(out.data, bytes.data, out.size);
    for (size_t size = 0; size < bytes.size; size++) {
        thrift_bytes part = {bytes.data, size};

        ck_assert_ptr_null(thrift_decode(schema, "Ids", ids[_i].protocol, part, NULL, &err));
        ck_assert_int_eq(err.code, THRIFT_E_TRUNCATED);
    }
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    thrift_record_free(wanted);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

/* With a definition and without. */
START_TEST(uuids_become_those_of_each_protocol)
{
    thrift_schema *schema = ids_schema();
    thrift_bytes bytes = vector_of(ids[_i].file);

    for (size_t to = 0; to < 2 * COUNT_OF(ids); to++) {
        thrift_bytes wanted = vector_of(ids[to / 2].file);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_buffer out = THRIFT_BUFFER_INIT;

        ck_assert_msg(thrift_transcode(to % 2 == 0 ? schema : NULL, "Ids", ids[_i].protocol, bytes,
                                       ids[to / 2].protocol, NULL, &out, &err) == THRIFT_OK,
                      "%s to %s: %s", ids[_i].file, ids[to / 2].file, err.message);
        ck_assert_msg(out.size == wanted.size && memcmp(out.data, wanted.data, out.size) == 0,
                      "%s to %s", ids[_i].file, ids[to / 2].file);
        thrift_buffer_deinit(&out);
        vector_free(wanted);
    }
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

static bool is(double got, double want) { return memcmp(&got, &want, sizeof got) == 0; }

START_TEST(values_are_what_apache_wrote)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = vector_of(_i == 0 ? "Every-full.binary" : "Every-full.compact");
    thrift_record *every =
        thrift_decode(schema, "Every", _i == 0 ? THRIFT_BINARY : THRIFT_COMPACT, bytes, NULL, NULL);

    ck_assert_ptr_nonnull(every);
    ck_assert(thrift_get_bool(every, "yes"));
    ck_assert_int_eq(thrift_get_i8(every, "tiny"), -128);
    ck_assert_int_eq(thrift_get_i16(every, "small"), -32768);
    ck_assert_int_eq(thrift_get_i32(every, "medium"), INT32_MIN);
    ck_assert(thrift_get_i64(every, "large") == INT64_MIN);
    ck_assert(is(thrift_get_double(every, "real"), -0.1));
    ck_assert_uint_eq(thrift_get_bytes(every, "raw").size, 256);
    ck_assert_uint_eq(thrift_get_bytes(every, "raw").data[255], 255);
    ck_assert_str_eq(thrift_get_string(every, "color"), "BLUE");
    ck_assert(is(thrift_get_double(every, "point.y"), -2.25));
    ck_assert_int_eq(thrift_get_i32(every, "numbers[8]"), 8192);
    ck_assert_int_eq(thrift_get_i64(every, "counts{\"a\"}"), 1);
    ck_assert_str_eq(thrift_get_string(every, "names{7}[2]"), "yy");
    ck_assert_int_eq(thrift_get_i16(every, "table[2][0]"), 300);
    ck_assert(is(thrift_get_double(every, "places{-9007199254740993}.x"), 2.0));
    ck_assert_int_eq(thrift_get_i32(every, "choice.number"), 5);
    ck_assert(thrift_has(every, "no") && !thrift_get_bool(every, "no"));
    ck_assert_int_eq(thrift_get_i32(every, "negative"), 11);
    thrift_record_free(every);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_prefix_is_truncated)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = load(_i);

    for (size_t size = 0; size < bytes.size; size++) {
        uint8_t *exact = malloc(size > 0 ? size : 1);
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, bytes.data, size);
        ck_assert_ptr_null(thrift_decode(schema, VECTOR(_i).type, PROTOCOL(_i).protocol,
                                         (thrift_bytes){exact, size}, NULL, &err));
        ck_assert_msg(err.code == THRIFT_E_TRUNCATED, "%s of %zu: %s", VECTOR(_i).name, size,
                      err.message);
        ck_assert_uint_le(err.offset, size);
        free(exact);
    }
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

/* A flipped bit is an error or another value, and that other value can be written and read. */
START_TEST(every_bit_may_flip)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = load(_i);
    uint8_t *flipped = malloc(bytes.size);

    ck_assert_ptr_nonnull(flipped);
    memcpy(flipped, bytes.data, bytes.size);
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        thrift_protocol protocol = PROTOCOL(_i).protocol;
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_record *record, *again;

        flipped[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        record = thrift_decode(schema, VECTOR(_i).type, protocol,
                               (thrift_bytes){flipped, bytes.size}, NULL, NULL);
        if (record != NULL) {
            ck_assert_int_eq(thrift_encode(record, protocol, &as_python, &out, NULL), THRIFT_OK);
            again = thrift_decode(schema, VECTOR(_i).type, protocol,
                                  (thrift_bytes){out.data, out.size}, NULL, NULL);
            ck_assert_ptr_nonnull(again);
            ck_assert(thrift_record_equal(record, again));
            thrift_record_free(again);
            thrift_record_free(record);
            thrift_buffer_deinit(&out);
        }
        flipped[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    free(flipped);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(back_to_back_values_are_a_loop)
{
    thrift_schema *schema = schema_of("struct P { 1: i32 x, 2: optional string s }");
    static const uint8_t bytes[] = {8,   0, 1, 0, 0, 0, 5, 11, 0, 2, 0, 0, 0, 1,
                                    'a', 0, 8, 0, 1, 0, 0, 0,  6, 0, 8, 0, 1, 0};
    thrift_bytes input = {bytes, sizeof bytes};
    thrift_record *record = thrift_record_new(schema, "P", NULL);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(thrift_decode_next(record, THRIFT_BINARY, &input, NULL, &err), THRIFT_OK);
    ck_assert_int_eq(thrift_get_i32(record, "x"), 5);
    ck_assert_str_eq(thrift_get_string(record, "s"), "a");
    ck_assert_int_eq(thrift_decode_next(record, THRIFT_BINARY, &input, NULL, &err), THRIFT_OK);
    ck_assert_int_eq(thrift_get_i32(record, "x"), 6);
    ck_assert(!thrift_has(record, "s"));
    ck_assert_uint_eq(input.size, 4);
    ck_assert_int_eq(thrift_decode_next(record, THRIFT_BINARY, &input, NULL, &err),
                     THRIFT_E_TRUNCATED);
    ck_assert_uint_eq(input.size, 4);
    ck_assert(!thrift_has(record, "x"));
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(mistakes_of_the_caller_are_errors)
{
    thrift_schema *schema = schema_of("struct P { 1: i32 x, 2: P2 q } struct P2 { 1: i32 y }");
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_bytes stop = {(const uint8_t *)"", 1}, none = {NULL, 0};
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_record *record;

    ck_assert_ptr_null(thrift_decode(NULL, "P", THRIFT_BINARY, stop, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_OK);
    ck_assert_ptr_null(thrift_decode(schema, "Q", THRIFT_BINARY, stop, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_NAME);
    ck_assert_ptr_null(thrift_decode(schema, "P", (thrift_protocol)0, stop, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_ARGUMENT);
    ck_assert_ptr_null(thrift_decode(schema, "P", THRIFT_BINARY, none, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_TRUNCATED);
    record = thrift_decode(schema, "P", THRIFT_BINARY, stop, NULL, &err);
    ck_assert_ptr_nonnull(record);
    ck_assert_int_eq(thrift_set(record, "nothing", 1), THRIFT_E_NAME);
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, NULL, &out, &err), THRIFT_E_NAME);
    ck_assert_int_ne(thrift_encode(NULL, THRIFT_BINARY, NULL, &out, &err), THRIFT_OK);
    ck_assert_uint_eq(out.size, 0);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

/* Rules of a definition are held when asked for, both ways; nothing is written or kept otherwise.
 */
START_TEST(validators_both_ways)
{
    thrift_schema *schema = schema_of("struct User { 1: string email (vt.contains = '@') }\n"
                                      "struct Users { 1: list<User> users }");
    const thrift_codec_options *rules = THRIFT_CODEC_OPTIONS(.validators = true);
    thrift_record *users = thrift_record_new(schema, "Users", NULL);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_list *list = thrift_open_list(users, "users");
    thrift_bytes input;

    thrift_set(thrift_list_add_record(list), "email", "a@b");
    ck_assert_int_eq(thrift_encode(users, THRIFT_BINARY, rules, &out, &err), THRIFT_OK);
    input = (thrift_bytes){out.data, out.size};
    ck_assert_int_eq(thrift_decode_next(users, THRIFT_BINARY, &input, rules, &err), THRIFT_OK);
    thrift_set(thrift_list_add_record(thrift_open_list(users, "users")), "email", "ab");
    out.size = 0;
    ck_assert_int_eq(thrift_encode(users, THRIFT_BINARY, rules, &out, &err), THRIFT_E_RANGE);
    ck_assert_str_eq(err.source, "users[1].email");
    ck_assert_uint_eq(out.size, 0);
    ck_assert_int_eq(thrift_encode(users, THRIFT_BINARY, NULL, &out, NULL), THRIFT_OK);
    input = (thrift_bytes){out.data, out.size};
    thrift_error_clear(&err);
    ck_assert_ptr_null(thrift_decode(schema, "Users", THRIFT_BINARY, input, rules, &err));
    ck_assert_str_eq(err.source, "users[1].email");
    ck_assert_int_eq(thrift_decode_next(users, THRIFT_BINARY, &input, rules, &err), THRIFT_E_RANGE);
    ck_assert_uint_eq(input.size, out.size);
    ck_assert(!thrift_has(users, "users"));
    thrift_buffer_deinit(&out);
    thrift_record_free(users);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(a_warm_record_allocates_nothing)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_with(VECTORS "/vectors.thrift",
                                             THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);
    thrift_bytes bytes = vector_of("Every-long.binary");
    thrift_record *record = thrift_record_new(schema, "Every", &err);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    size_t cold = 0;

    out.allocator = allocator;
    for (int round = 0; round < 5; round++) {
        thrift_bytes input = bytes;

        if (round == 2) {
            cold = memory.count;
        }
        out.size = 0;
        ck_assert_int_eq(thrift_decode_next(record, THRIFT_BINARY, &input, NULL, &err), THRIFT_OK);
        ck_assert_int_eq(thrift_encode(record, THRIFT_COMPACT, NULL, &out, &err), THRIFT_OK);
    }
    ck_assert_uint_eq(memory.count, cold);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    vector_free(bytes);
    thrift_schema_unref(schema);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* Decode, encode, and the plans that the first of them makes; the k-th allocation fails. */
START_TEST(every_allocation_may_fail)
{
    thrift_bytes bytes = vector_of("Every-full.compact");

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = thrift_load_with(
            VECTORS "/vectors.thrift", THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);
        thrift_buffer out = THRIFT_BUFFER_INIT;
        size_t base = memory.count, count;
        thrift_record *record;

        memory.fail_at = base + k;
        memory.fail_onward = _i == 1;
        out.allocator = allocator;
        record = thrift_decode(schema, "Every", THRIFT_COMPACT, bytes, NULL, &err);
        if (record == NULL) {
            ck_assert_int_eq(err.code, THRIFT_E_NOMEM);
        } else if (thrift_encode(record, THRIFT_BINARY, NULL, &out, &err) != THRIFT_OK) {
            ck_assert_int_eq(err.code, THRIFT_E_NOMEM);
            ck_assert_uint_eq(out.size, 0);
        }
        count = memory.count;
        memory.fail_at = 0;
        memory.fail_onward = false;
        thrift_buffer_deinit(&out);
        thrift_record_free(record);
        record = thrift_decode(schema, "Every", THRIFT_COMPACT, bytes, NULL, &err);
        ck_assert_ptr_nonnull(record); /* the next call works */
        thrift_record_free(record);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (count < base + k) {
            break;
        }
    }
    vector_free(bytes);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, written_back_byte_for_byte, 0, COMBINATIONS);
    tcase_add_loop_test(tests, the_same_value_in_every_protocol, 0, (int)COUNT_OF(vectors));
    tcase_add_loop_test(tests, uuids_are_written_back_byte_for_byte, 0, (int)COUNT_OF(ids));
    tcase_add_loop_test(tests, uuids_become_those_of_each_protocol, 0, (int)COUNT_OF(ids));
    tcase_add_loop_test(tests, values_are_what_apache_wrote, 0, 2);
    tcase_add_loop_test(tests, every_prefix_is_truncated, 0, COMBINATIONS);
    tcase_add_loop_test(tests, every_bit_may_flip, 0, COMBINATIONS);
    tcase_add_test(tests, back_to_back_values_are_a_loop);
    tcase_add_test(tests, mistakes_of_the_caller_are_errors);
    tcase_add_test(tests, validators_both_ways);
    tcase_add_test(tests, a_warm_record_allocates_nothing);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, 2);
}

SUITE_MAIN("codec/record")
