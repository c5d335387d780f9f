/*
 * The macros of value.h in C++17: the same programs compile, and do the same.
 */
#include <cstdlib>
#include <rethrift/value.h>
#include <string>

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%d: %s\n", __LINE__, #condition);                                \
            return EXIT_FAILURE;                                                                   \
        }                                                                                          \
    } while (0)

enum class level : unsigned { low, high };

static thrift_value first_of(thrift_args args) { return args.items[0]; }

int main()
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema =
        thrift_load_text("x.thrift",
                         "struct X { 1: i32 a, 2: string b, 3: bool c, 4: double d, 5: list<i64> e,"
                         " 6: map<string, i32> f, 7: uuid g, 8: X x, 9: i64 h, 10: binary i }",
                         nullptr, &err);
    thrift_record *x = thrift_record_new(schema, "X", &err);
    std::string text = "text";
    thrift_uuid uuid = {{1, 2, 3}};
    thrift_bytes bytes = {reinterpret_cast<const uint8_t *>("ab"), 2};

    EXPECT(err.code == THRIFT_OK);
    EXPECT(thrift_set(x, "a", 1, "b", text.c_str(), "c", true, "d", 0.5, "g", uuid, "i", bytes) ==
           THRIFT_OK);
    EXPECT(thrift_set(x, "h", level::high) == THRIFT_OK);
    EXPECT(thrift_set(x, "h", 5u, "x", x) == THRIFT_OK);
    EXPECT(thrift_list_add(thrift_open_list(x, "e"), 7L) == THRIFT_OK);
    EXPECT(thrift_map_put(thrift_open_map(x, "f"), "k", short(3)) == THRIFT_OK);
    EXPECT(thrift_get_i32(x, "x.a") == 1 && thrift_get_bool(x, "c"));
    EXPECT(thrift_get_string(x, "b") == text);
    EXPECT(thrift_get_i64(x, "e[0]") == 7 && thrift_get_i32(x, "f{\"k\"}") == 3);
    EXPECT(thrift_set(x, "b", nullptr) == THRIFT_OK && !thrift_has(x, "b"));
    EXPECT(first_of(THRIFT_ARGS(9, "y")).as.integer == 9);
    EXPECT(THRIFT_NO_ARGS.count == 0);
    EXPECT(thrift_as_i32(thrift_list_at(thrift_get_list(x, "e"), 0)) == 7);
    EXPECT(thrift_check(x, &err) == THRIFT_OK);
    thrift_record_free(x);
    thrift_schema_unref(schema);
    return EXIT_SUCCESS;
}
