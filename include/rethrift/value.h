/**
 * Values: dynamic data under a definition.
 *
 * Lifetime in one sentence: what you read lives as long as the root that it came from (a call, an
 * outcome, or a record that you made), and what you set is copied into the root that you set it in.
 *
 * Misuse in one sentence: a wrong name or type never crashes and never stops the program's flow;
 * the getter returns zero or NULL, the setter changes nothing, and the *first* such mistake stays
 * with the root until somebody checks: the reply, the encoder, the request, or thrift_check().
 *
 * Absence in one sentence: NULL means "not there", both ways; getting an unset string, record, list
 * or map gives NULL (or its declared default), setting NULL unsets.
 *
 * Where a name is asked for, a path is understood: "address.city", "tags[0]",
 * "row_groups[2].columns[0]", `counts{"a"}`. Setting through a path makes the records in between.
 * Reading an item or key that is not there is absence; writing an item that is not there is a
 * mistake, a key is added. Keys of text may stand in quotes (with \" and \\ inside); integers,
 * bools, doubles, symbols and uuids stand as they are written in JSON, without quotes.
 *
 * Threads: a root has one owner at a time; getters of one root may run in any number of threads
 * while nobody sets.
 */
#ifndef RETHRIFT_VALUE_H
#define RETHRIFT_VALUE_H

#include <rethrift/buffer.h>
#include <rethrift/schema.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thrift_record thrift_record; /**< a struct, union or exception */
typedef struct thrift_list thrift_list;     /**< a list or a set */
typedef struct thrift_map thrift_map;
typedef struct thrift_root thrift_root; /**< internal: owner of memory and of the first mistake */

typedef struct thrift_uuid {
    uint8_t bytes[16];
} thrift_uuid;

/** Any value, by value. Containers are borrowed. Read it with thrift_as_…(). */
typedef struct thrift_value {
    thrift_kind kind; /**< integers that a program gives are THRIFT_KIND_I64; the definition knows
                         the width */
    uint32_t flags;
    const thrift_root *root;
    union {
        bool boolean;
        int64_t integer;
        double real;
        thrift_bytes bytes; /**< string and binary; decoded ones are followed by a NUL byte, unless
                                 they are views */
        thrift_uuid uuid;
        struct {
            int64_t number; /**< the same as `integer` */
            const thrift_enum *type;
        } symbol; /**< of an enum that was read */
        const thrift_record *record;
        const thrift_list *list;
        const thrift_map *map;
    } as;
} thrift_value;

/**
 * Values of the definition itself, lent by the schema. Kind none: the field has no default, the
 * argument is NULL, or there was no memory. Threads: any.
 */
THRIFT_API thrift_value thrift_field_default(const thrift_field *field);
THRIFT_API thrift_value thrift_constant_value(const thrift_constant *constant);

/* ---- roots ---- */

/**
 * A new empty record; owns all that is set in it, and holds a reference of the schema.
 *
 * @param schema  NULL fails and leaves `err` as it is.
 * @param type    Name of a struct, union or exception: "User", "shared.User".
 * @param err     E_NAME, E_NOMEM.
 * @return        A root that the caller releases with thrift_record_free(), or NULL.
 * Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_record *thrift_record_new(const thrift_schema *schema,
                                                             const char *type, thrift_error *err);
/**
 * A deep copy that is its own root: how data outlives its call.
 *
 * @param record  Any record; NULL fails and leaves `err` as it is.
 * @param err     E_NOMEM.
 * @return        A root that the caller releases with thrift_record_free(), or NULL.
 * Threads: any, while nobody sets in `record`.
 */
THRIFT_API THRIFT_NODISCARD thrift_record *thrift_record_copy(const thrift_record *record,
                                                              thrift_error *err);
/** Frees a root; for any other record: no effect, noted as a mistake of its root. NULL allowed.
 * Threads: owner. */
THRIFT_API void thrift_record_free(thrift_record *record);
/** Empty again, without mistake, memory kept. Roots only, as thrift_record_free(). Threads: owner.
 */
THRIFT_API void thrift_record_reset(thrift_record *record);

/**
 * The first mistake made with this root; if there is none, what a reader would refuse: a required
 * field that is not set (E_REQUIRED; also of a struct that was never set and would be written
 * empty), a union without a member (E_CORRUPT; a field that may be absent is merely left out then),
 * an enum's number without a symbol (E_RANGE). `err->source` is the path: "users[3].email".
 * E_ARGUMENT for NULL, E_NOMEM. Threads: any, while nobody sets.
 */
THRIFT_API thrift_status thrift_check(const thrift_record *record, thrift_error *err);

THRIFT_API const thrift_struct *thrift_record_type(const thrift_record *record);
/** Equal when both mean the same: sets and maps without their order, doubles by their bits, an
 * unset field of default requiredness as its default. Without memory to tell: false, and a mistake
 * of `a`'s root. */
THRIFT_API bool thrift_record_equal(const thrift_record *a, const thrift_record *b);
/** A total order that agrees with thrift_record_equal(): negative, 0 or positive. */
THRIFT_API int thrift_record_compare(const thrift_record *a, const thrift_record *b);
/** Equal records have equal hashes, in one process. */
THRIFT_API uint64_t thrift_record_hash(const thrift_record *record);
/** One line per field, for people. */
THRIFT_API void thrift_record_print(const thrift_record *record, FILE *to);

/*
 * ---- reading by name or path ----
 *
 * What is not there reads as its declared default, else as zero or NULL. A NULL record reads as an
 * empty one. A name or path that the definition does not have (E_NAME), and a getter of the wrong
 * type (E_TYPE), are mistakes of the root. What is given is lent. Threads: any, while nobody sets.
 */

/** Set by somebody: a default does not count. */
THRIFT_API bool thrift_has(const thrift_record *record, const char *name);
/** Kind none where nothing is set and no default declared. */
THRIFT_API thrift_value thrift_get(const thrift_record *record, const char *name);
THRIFT_API bool thrift_get_bool(const thrift_record *record, const char *name);
/** A getter reads its own width and narrower ones; an enum is read as i32. */
THRIFT_API int8_t thrift_get_i8(const thrift_record *record, const char *name);
THRIFT_API int16_t thrift_get_i16(const thrift_record *record, const char *name);
THRIFT_API int32_t thrift_get_i32(const thrift_record *record, const char *name);
THRIFT_API int64_t thrift_get_i64(const thrift_record *record, const char *name);
THRIFT_API double thrift_get_double(const thrift_record *record, const char *name);
/** NUL-terminated; the symbol's name for an enum. A string that holds NUL bytes:
 * thrift_get_bytes(). One that is a view into decoded input (codec.h): E_TYPE. */
THRIFT_API const char *thrift_get_string(const thrift_record *record, const char *name);
THRIFT_API thrift_bytes thrift_get_bytes(const thrift_record *record, const char *name);
THRIFT_API thrift_uuid thrift_get_uuid(const thrift_record *record, const char *name);
THRIFT_API const thrift_record *thrift_get_record(const thrift_record *record, const char *name);
THRIFT_API const thrift_list *thrift_get_list(const thrift_record *record, const char *name);
THRIFT_API const thrift_map *thrift_get_map(const thrift_record *record, const char *name);

/** For unions: the member that is set, NULL when none. */
THRIFT_API const thrift_field *thrift_union_member(const thrift_record *record);

/** Fields of the peer that the definition does not have, when decoded with THRIFT_UNKNOWN_KEEP. */
THRIFT_API size_t thrift_unknown_count(const thrift_record *record);
THRIFT_API thrift_bytes thrift_unknown_at(const thrift_record *record, size_t i, int16_t *out_id);

/*
 * ---- any value as a C type ----
 *
 * Kind none is zero or NULL. Another type (E_TYPE), or an integer that does not fit (E_RANGE), is a
 * mistake of the root that the value came from, and zero or NULL. Threads: any.
 */

THRIFT_API bool thrift_as_bool(thrift_value value);
THRIFT_API int8_t thrift_as_i8(thrift_value value);
THRIFT_API int16_t thrift_as_i16(thrift_value value);
THRIFT_API int32_t thrift_as_i32(thrift_value value);
THRIFT_API int64_t thrift_as_i64(thrift_value value);
THRIFT_API double thrift_as_double(thrift_value value);
THRIFT_API const char *thrift_as_string(thrift_value value);
THRIFT_API thrift_bytes thrift_as_bytes(thrift_value value);
THRIFT_API thrift_uuid thrift_as_uuid(thrift_value value);
THRIFT_API const thrift_record *thrift_as_record(thrift_value value);
THRIFT_API const thrift_list *thrift_as_list(thrift_value value);
THRIFT_API const thrift_map *thrift_as_map(thrift_value value);

/*
 * ---- lists, sets, maps ----
 *
 * NULL is empty; what is beyond the end is kind none or NULL. Threads: any, while nobody sets.
 */

THRIFT_API size_t thrift_list_count(const thrift_list *list);
THRIFT_API thrift_value thrift_list_at(const thrift_list *list, size_t i);
THRIFT_API const thrift_record *thrift_list_record(const thrift_list *list, size_t i);
/** The items as one C array when they have exactly this width; else NULL. */
THRIFT_API const int32_t *thrift_list_i32s(const thrift_list *list);
THRIFT_API const int64_t *thrift_list_i64s(const thrift_list *list);
THRIFT_API const double *thrift_list_doubles(const thrift_list *list);

THRIFT_API size_t thrift_map_count(const thrift_map *map);
THRIFT_API thrift_value thrift_map_key(const thrift_map *map, size_t i); /**< in order of arrival */
THRIFT_API thrift_value thrift_map_at(const thrift_map *map, size_t i);
/** The last entry with that key, in constant time; kind none when there is none. */
THRIFT_API thrift_value thrift_map_find(const thrift_map *map, thrift_value key);

/* ---- by handle: for loops and generic programs ---- */

/** The field must belong to the record's type. A handle from another schema (before a reload) is
 * looked up again by its name; any other field is a mistake (E_NAME). The handle's own schema must
 * live. Threads: as getters and setters. */
THRIFT_API thrift_value thrift_record_get(const thrift_record *record, const thrift_field *field);
THRIFT_API thrift_status thrift_record_set(thrift_record *record, const thrift_field *field,
                                           thrift_value value);

/*
 * ---- writing ----
 *
 * What is given is copied. Whatever does not fit is a mistake of the root and changes nothing; NULL
 * is given back then. Threads: owner.
 */

/** The record, list or map at `name`, made when absent: big data is built in place, not copied. */
THRIFT_API thrift_record *thrift_open_record(thrift_record *record, const char *name);
THRIFT_API thrift_list *thrift_open_list(thrift_record *record, const char *name);
THRIFT_API thrift_map *thrift_open_map(thrift_record *record, const char *name);
THRIFT_API thrift_record *thrift_list_add_record(thrift_list *list);
THRIFT_API thrift_list *thrift_list_add_list(thrift_list *list);
THRIFT_API thrift_map *thrift_list_add_map(thrift_list *list);
/** What stands at the key, made when there is nothing. */
THRIFT_API thrift_record *thrift_map_put_record(thrift_map *map, thrift_value key);
THRIFT_API thrift_list *thrift_map_put_list(thrift_map *map, thrift_value key);
THRIFT_API thrift_map *thrift_map_put_map(thrift_map *map, thrift_value key);
/** Absent again; an item or entry at the end of a path is taken out. */
THRIFT_API void thrift_unset(thrift_record *record, const char *name);

typedef struct thrift_named_value {
    const char *name;
    thrift_value value;
} thrift_named_value;

typedef struct thrift_fields {
    const thrift_named_value *items;
    size_t count;
} thrift_fields;

typedef struct thrift_args {
    const thrift_value *items;
    size_t count;
} thrift_args;

/* The functions behind the macros below; all return the root's first mistake, or THRIFT_OK.
 * E_ARGUMENT for a NULL record, list or map. A put replaces the last entry with that key. */
THRIFT_API thrift_status thrift_set_fields(thrift_record *record, thrift_fields fields);
THRIFT_API thrift_status thrift_list_add_value(thrift_list *list, thrift_value value);
THRIFT_API thrift_status thrift_map_put_value(thrift_map *map, thrift_value key,
                                              thrift_value value);

/**
 * thrift_set(user, "id", 7, "name", name, "email", NULL): one or more names and values.
 * thrift_list_add(list, value)   thrift_map_put(map, key, value)   THRIFT_VALUE(x)
 *
 * x may be: any C integer, bool, float, double, char *, thrift_bytes, thrift_uuid, thrift_record *,
 * thrift_list *, thrift_map *, thrift_value, NULL. Anything else does not compile. Whether it fits
 * the field is checked against the definition: 70000 into an i16 is E_RANGE and says which field.
 * An enum takes its number or its symbol's name; a bool takes 0 and 1 (that is what C's `true` is);
 * a double takes integers up to 2^53; a uuid takes its text; string and binary take each other.
 * thrift_bytes without data are NULL.
 */
#define thrift_set(record, ...) thrift_set_fields((record), THRIFT_FIELDS(__VA_ARGS__))
#define thrift_list_add(list, x) thrift_list_add_value((list), THRIFT_VALUE(x))
#define thrift_map_put(map, key, x) thrift_map_put_value((map), THRIFT_VALUE(key), THRIFT_VALUE(x))

/* ---- tagging (what THRIFT_VALUE expands to) ---- */

/* Member by member and all of them: what is cleared as a whole first, or only in part, goes through
 * memory in pieces of other sizes, for which processors wait. */
static inline thrift_value thrift_value_of_kind(thrift_kind kind, int64_t number)
{
    thrift_value v;
    v.kind = kind;
    v.flags = 0;
    v.root = NULL;
    v.as.symbol.type = NULL;
    v.as.integer = number;
    return v;
}
static inline thrift_value thrift_value_none(const void *null)
{
    thrift_value v = thrift_value_of_kind(THRIFT_KIND_NONE, 0);
    v.flags = null != NULL; /* a non-NULL void * is a mistake: reported when it is used */
    return v;
}
static inline thrift_value thrift_value_bool(bool x)
{
    thrift_value v = thrift_value_of_kind(THRIFT_KIND_BOOL, 0);
    v.as.boolean = x;
    return v;
}
static inline thrift_value thrift_value_integer(int64_t x)
{
    return thrift_value_of_kind(THRIFT_KIND_I64, x);
}
static inline thrift_value thrift_value_unsigned(uint64_t x)
{
    thrift_value v = thrift_value_of_kind(THRIFT_KIND_I64, (int64_t)(x & INT64_MAX));
    v.flags = x > INT64_MAX; /* fits no Thrift integer: reported when it is used */
    return v;
}
static inline thrift_value thrift_value_real(double x)
{
    thrift_value v = thrift_value_of_kind(THRIFT_KIND_DOUBLE, 0);
    v.as.real = x;
    return v;
}
static inline thrift_value thrift_value_single(float x) { return thrift_value_real((double)x); }
static inline thrift_value thrift_value_same(thrift_value x) { return x; }
/** Borrowed; NULL is "none". */
static inline thrift_value thrift_value_string(const char *x)
{
    thrift_value v = thrift_value_of_kind(x != NULL ? THRIFT_KIND_STRING : THRIFT_KIND_NONE, 0);
    v.as.bytes.data = (const uint8_t *)x;
    v.as.bytes.size = x != NULL ? strlen(x) : 0;
    return v;
}
THRIFT_API thrift_value thrift_value_bytes(thrift_bytes x);
THRIFT_API thrift_value thrift_value_uuid(thrift_uuid x);
THRIFT_API thrift_value thrift_value_record(const thrift_record *x);
THRIFT_API thrift_value thrift_value_list(const thrift_list *x);
THRIFT_API thrift_value thrift_value_map(const thrift_map *x);

#ifdef __cplusplus
}
#include <initializer_list>
#include <type_traits>
namespace thrift
{
template <class T, typename std::enable_if<std::is_integral<T>::value && std::is_signed<T>::value,
                                           int>::type = 0>
inline thrift_value value(T x)
{
    return thrift_value_integer(x);
}
template <class T,
          typename std::enable_if<std::is_integral<T>::value && std::is_unsigned<T>::value &&
                                      !std::is_same<T, bool>::value,
                                  int>::type = 0>
inline thrift_value value(T x)
{
    return thrift_value_unsigned(x);
}
template <class T, typename std::enable_if<std::is_enum<T>::value, int>::type = 0>
inline thrift_value value(T x)
{
    return thrift_value_integer(static_cast<int64_t>(x));
}
inline thrift_value value(bool x) { return thrift_value_bool(x); }
inline thrift_value value(double x) { return thrift_value_real(x); }
inline thrift_value value(float x) { return thrift_value_single(x); }
inline thrift_value value(const char *x) { return thrift_value_string(x); }
inline thrift_value value(std::nullptr_t) { return thrift_value_none(nullptr); }
inline thrift_value value(thrift_bytes x) { return thrift_value_bytes(x); }
inline thrift_value value(thrift_uuid x) { return thrift_value_uuid(x); }
inline thrift_value value(const thrift_record *x) { return thrift_value_record(x); }
inline thrift_value value(const thrift_list *x) { return thrift_value_list(x); }
inline thrift_value value(const thrift_map *x) { return thrift_value_map(x); }
inline thrift_value value(thrift_value x) { return x; }
/* Temporaries that live until the end of the call that they are written in. */
template <size_t N>
struct values {
    thrift_value items[N == 0 ? 1 : N];
    operator thrift_args() const { return thrift_args{items, N}; }
};
template <class... T>
inline values<sizeof...(T)> args(const T &...x)
{
    return {{value(x)...}};
}
template <size_t N>
struct named_values {
    thrift_named_value items[N];
    operator thrift_fields() const { return thrift_fields{items, N}; }
};
template <size_t N>
inline void fill(named_values<N> &, size_t)
{
}
template <size_t N, class T, class... R>
inline void fill(named_values<N> &f, size_t i, const char *name, const T &x, const R &...rest)
{
    f.items[i] = {name, value(x)};
    fill(f, i + 1, rest...);
}
template <class... T>
inline named_values<sizeof...(T) / 2> fields(const T &...x)
{
    static_assert(sizeof...(T) % 2 == 0, "names and values come in pairs");
    named_values<sizeof...(T) / 2> f;
    fill(f, 0, x...);
    return f;
}
} // namespace thrift
#define THRIFT_VALUE(x) ::thrift::value(x)
#define THRIFT_ARGS(...) ::thrift::args(__VA_ARGS__)
#define THRIFT_FIELDS(...) ::thrift::fields(__VA_ARGS__)
#define THRIFT_NO_ARGS (thrift_args{nullptr, 0})
#else
#define THRIFT_VALUE(x)                                                                            \
    _Generic((x), void *: thrift_value_none, const void *: thrift_value_none,                      \
        bool: thrift_value_bool, char: thrift_value_integer, signed char: thrift_value_integer,    \
        short: thrift_value_integer, int: thrift_value_integer, long: thrift_value_integer,        \
        long long: thrift_value_integer, unsigned char: thrift_value_unsigned,                     \
        unsigned short: thrift_value_unsigned, unsigned: thrift_value_unsigned,                    \
        unsigned long: thrift_value_unsigned, unsigned long long: thrift_value_unsigned,           \
        float: thrift_value_single, double: thrift_value_real, char *: thrift_value_string,          \
        const char *: thrift_value_string, thrift_bytes: thrift_value_bytes,                       \
        thrift_uuid: thrift_value_uuid, thrift_value: thrift_value_same,                           \
        thrift_record *: thrift_value_record, const thrift_record *: thrift_value_record,          \
        thrift_list *: thrift_value_list, const thrift_list *: thrift_value_list,                  \
        thrift_map *: thrift_value_map, const thrift_map *: thrift_value_map)(x)

/** Arguments in the definition's order, for calls: THRIFT_ARGS(1, "Ada"), THRIFT_NO_ARGS. */
#define THRIFT_ARGS(...)                                                                           \
    ((thrift_args){(const thrift_value[]){THRIFT_EACH_(THRIFT_VALUE, __VA_ARGS__)},                \
                   THRIFT_COUNT_(__VA_ARGS__)})
#define THRIFT_NO_ARGS ((thrift_args){NULL, 0})
/** Names and values: THRIFT_FIELDS("id", 1, "name", "Ada"). An odd count does not compile. */
#define THRIFT_FIELDS(...)                                                                         \
    ((thrift_fields){(const thrift_named_value[]){THRIFT_PAIRS_(__VA_ARGS__)},                     \
                     THRIFT_COUNT_(__VA_ARGS__) / 2})
#endif

/* ---- preprocessor: up to 32 arguments ---- */

#define THRIFT_CAT_(a, b) THRIFT_CAT__(a, b)
#define THRIFT_CAT__(a, b) a##b
#define THRIFT_PICK_(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16,    \
                     a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, n, \
                     ...)                                                                          \
    n
#define THRIFT_COUNT_(...)                                                                         \
    THRIFT_PICK_(__VA_ARGS__, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,  \
                 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define THRIFT_EACH_(m, ...) THRIFT_CAT_(THRIFT_EACH_, THRIFT_COUNT_(__VA_ARGS__))(m, __VA_ARGS__)
#define THRIFT_EACH_1(m, x) m(x)
#define THRIFT_EACH_2(m, x, ...) m(x), THRIFT_EACH_1(m, __VA_ARGS__)
#define THRIFT_EACH_3(m, x, ...) m(x), THRIFT_EACH_2(m, __VA_ARGS__)
#define THRIFT_EACH_4(m, x, ...) m(x), THRIFT_EACH_3(m, __VA_ARGS__)
#define THRIFT_EACH_5(m, x, ...) m(x), THRIFT_EACH_4(m, __VA_ARGS__)
#define THRIFT_EACH_6(m, x, ...) m(x), THRIFT_EACH_5(m, __VA_ARGS__)
#define THRIFT_EACH_7(m, x, ...) m(x), THRIFT_EACH_6(m, __VA_ARGS__)
#define THRIFT_EACH_8(m, x, ...) m(x), THRIFT_EACH_7(m, __VA_ARGS__)
#define THRIFT_EACH_9(m, x, ...) m(x), THRIFT_EACH_8(m, __VA_ARGS__)
#define THRIFT_EACH_10(m, x, ...) m(x), THRIFT_EACH_9(m, __VA_ARGS__)
#define THRIFT_EACH_11(m, x, ...) m(x), THRIFT_EACH_10(m, __VA_ARGS__)
#define THRIFT_EACH_12(m, x, ...) m(x), THRIFT_EACH_11(m, __VA_ARGS__)
#define THRIFT_EACH_13(m, x, ...) m(x), THRIFT_EACH_12(m, __VA_ARGS__)
#define THRIFT_EACH_14(m, x, ...) m(x), THRIFT_EACH_13(m, __VA_ARGS__)
#define THRIFT_EACH_15(m, x, ...) m(x), THRIFT_EACH_14(m, __VA_ARGS__)
#define THRIFT_EACH_16(m, x, ...) m(x), THRIFT_EACH_15(m, __VA_ARGS__)
#define THRIFT_EACH_17(m, x, ...) m(x), THRIFT_EACH_16(m, __VA_ARGS__)
#define THRIFT_EACH_18(m, x, ...) m(x), THRIFT_EACH_17(m, __VA_ARGS__)
#define THRIFT_EACH_19(m, x, ...) m(x), THRIFT_EACH_18(m, __VA_ARGS__)
#define THRIFT_EACH_20(m, x, ...) m(x), THRIFT_EACH_19(m, __VA_ARGS__)
#define THRIFT_EACH_21(m, x, ...) m(x), THRIFT_EACH_20(m, __VA_ARGS__)
#define THRIFT_EACH_22(m, x, ...) m(x), THRIFT_EACH_21(m, __VA_ARGS__)
#define THRIFT_EACH_23(m, x, ...) m(x), THRIFT_EACH_22(m, __VA_ARGS__)
#define THRIFT_EACH_24(m, x, ...) m(x), THRIFT_EACH_23(m, __VA_ARGS__)
#define THRIFT_EACH_25(m, x, ...) m(x), THRIFT_EACH_24(m, __VA_ARGS__)
#define THRIFT_EACH_26(m, x, ...) m(x), THRIFT_EACH_25(m, __VA_ARGS__)
#define THRIFT_EACH_27(m, x, ...) m(x), THRIFT_EACH_26(m, __VA_ARGS__)
#define THRIFT_EACH_28(m, x, ...) m(x), THRIFT_EACH_27(m, __VA_ARGS__)
#define THRIFT_EACH_29(m, x, ...) m(x), THRIFT_EACH_28(m, __VA_ARGS__)
#define THRIFT_EACH_30(m, x, ...) m(x), THRIFT_EACH_29(m, __VA_ARGS__)
#define THRIFT_EACH_31(m, x, ...) m(x), THRIFT_EACH_30(m, __VA_ARGS__)
#define THRIFT_EACH_32(m, x, ...) m(x), THRIFT_EACH_31(m, __VA_ARGS__)
/* the same with one constant first argument */
#define THRIFT_WITH_(m, c, ...)                                                                    \
    THRIFT_CAT_(THRIFT_WITH_, THRIFT_COUNT_(__VA_ARGS__))(m, c, __VA_ARGS__)
#define THRIFT_WITH_1(m, c, x) m(c, x)
#define THRIFT_WITH_2(m, c, x, ...) m(c, x), THRIFT_WITH_1(m, c, __VA_ARGS__)
#define THRIFT_WITH_3(m, c, x, ...) m(c, x), THRIFT_WITH_2(m, c, __VA_ARGS__)
#define THRIFT_WITH_4(m, c, x, ...) m(c, x), THRIFT_WITH_3(m, c, __VA_ARGS__)
#define THRIFT_WITH_5(m, c, x, ...) m(c, x), THRIFT_WITH_4(m, c, __VA_ARGS__)
#define THRIFT_WITH_6(m, c, x, ...) m(c, x), THRIFT_WITH_5(m, c, __VA_ARGS__)
#define THRIFT_WITH_7(m, c, x, ...) m(c, x), THRIFT_WITH_6(m, c, __VA_ARGS__)
#define THRIFT_WITH_8(m, c, x, ...) m(c, x), THRIFT_WITH_7(m, c, __VA_ARGS__)
#define THRIFT_WITH_9(m, c, x, ...) m(c, x), THRIFT_WITH_8(m, c, __VA_ARGS__)
#define THRIFT_WITH_10(m, c, x, ...) m(c, x), THRIFT_WITH_9(m, c, __VA_ARGS__)
#define THRIFT_WITH_11(m, c, x, ...) m(c, x), THRIFT_WITH_10(m, c, __VA_ARGS__)
#define THRIFT_WITH_12(m, c, x, ...) m(c, x), THRIFT_WITH_11(m, c, __VA_ARGS__)
#define THRIFT_WITH_13(m, c, x, ...) m(c, x), THRIFT_WITH_12(m, c, __VA_ARGS__)
#define THRIFT_WITH_14(m, c, x, ...) m(c, x), THRIFT_WITH_13(m, c, __VA_ARGS__)
#define THRIFT_WITH_15(m, c, x, ...) m(c, x), THRIFT_WITH_14(m, c, __VA_ARGS__)
#define THRIFT_WITH_16(m, c, x, ...) m(c, x), THRIFT_WITH_15(m, c, __VA_ARGS__)
#define THRIFT_WITH_17(m, c, x, ...) m(c, x), THRIFT_WITH_16(m, c, __VA_ARGS__)
#define THRIFT_WITH_18(m, c, x, ...) m(c, x), THRIFT_WITH_17(m, c, __VA_ARGS__)
#define THRIFT_WITH_19(m, c, x, ...) m(c, x), THRIFT_WITH_18(m, c, __VA_ARGS__)
#define THRIFT_WITH_20(m, c, x, ...) m(c, x), THRIFT_WITH_19(m, c, __VA_ARGS__)
#define THRIFT_WITH_21(m, c, x, ...) m(c, x), THRIFT_WITH_20(m, c, __VA_ARGS__)
#define THRIFT_WITH_22(m, c, x, ...) m(c, x), THRIFT_WITH_21(m, c, __VA_ARGS__)
#define THRIFT_WITH_23(m, c, x, ...) m(c, x), THRIFT_WITH_22(m, c, __VA_ARGS__)
#define THRIFT_WITH_24(m, c, x, ...) m(c, x), THRIFT_WITH_23(m, c, __VA_ARGS__)
#define THRIFT_WITH_25(m, c, x, ...) m(c, x), THRIFT_WITH_24(m, c, __VA_ARGS__)
#define THRIFT_WITH_26(m, c, x, ...) m(c, x), THRIFT_WITH_25(m, c, __VA_ARGS__)
#define THRIFT_WITH_27(m, c, x, ...) m(c, x), THRIFT_WITH_26(m, c, __VA_ARGS__)
#define THRIFT_WITH_28(m, c, x, ...) m(c, x), THRIFT_WITH_27(m, c, __VA_ARGS__)
#define THRIFT_WITH_29(m, c, x, ...) m(c, x), THRIFT_WITH_28(m, c, __VA_ARGS__)
#define THRIFT_WITH_30(m, c, x, ...) m(c, x), THRIFT_WITH_29(m, c, __VA_ARGS__)
#define THRIFT_WITH_31(m, c, x, ...) m(c, x), THRIFT_WITH_30(m, c, __VA_ARGS__)
#define THRIFT_WITH_32(m, c, x, ...) m(c, x), THRIFT_WITH_31(m, c, __VA_ARGS__)
#define THRIFT_PAIRS_(...) THRIFT_CAT_(THRIFT_PAIRS_, THRIFT_COUNT_(__VA_ARGS__))(__VA_ARGS__)
#define THRIFT_PAIRS_2(n, x)                                                                       \
    {                                                                                              \
        n, THRIFT_VALUE(x)                                                                         \
    }
#define THRIFT_PAIRS_4(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_2(__VA_ARGS__)
#define THRIFT_PAIRS_6(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_4(__VA_ARGS__)
#define THRIFT_PAIRS_8(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_6(__VA_ARGS__)
#define THRIFT_PAIRS_10(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_8(__VA_ARGS__)
#define THRIFT_PAIRS_12(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_10(__VA_ARGS__)
#define THRIFT_PAIRS_14(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_12(__VA_ARGS__)
#define THRIFT_PAIRS_16(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_14(__VA_ARGS__)
#define THRIFT_PAIRS_18(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_16(__VA_ARGS__)
#define THRIFT_PAIRS_20(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_18(__VA_ARGS__)
#define THRIFT_PAIRS_22(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_20(__VA_ARGS__)
#define THRIFT_PAIRS_24(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_22(__VA_ARGS__)
#define THRIFT_PAIRS_26(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_24(__VA_ARGS__)
#define THRIFT_PAIRS_28(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_26(__VA_ARGS__)
#define THRIFT_PAIRS_30(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_28(__VA_ARGS__)
#define THRIFT_PAIRS_32(n, x, ...) {n, THRIFT_VALUE(x)}, THRIFT_PAIRS_30(__VA_ARGS__)
#define THRIFT_PAIRS_1(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_3(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_5(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_7(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_9(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_11(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_13(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_15(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_17(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_19(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_21(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_23(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_25(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_27(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_29(...) thrift_names_and_values_must_come_in_pairs
#define THRIFT_PAIRS_31(...) thrift_names_and_values_must_come_in_pairs

#endif
