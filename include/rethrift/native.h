/**
 * Native: your own C structs and functions, served and called without generated code.
 *
 * Write the struct, name it once with THRIFT_NATIVE, list the service's functions once with
 * THRIFT_SERVICE. The C compiler then checks functions against the list, and binding checks list
 * and tables against the definition: names, widths, requiredness. All findings come at once.
 *
 * Memory: what a function is given lives as long as the call; what it gives must too (string
 * literals, your own long-lived data, thrift_call_alloc()). On the client, results live until
 * thrift_call_reset() or thrift_call_free().
 *
 * C only: C++ programs use the dynamic interface, or put these tables into a C file.
 */
#ifndef RETHRIFT_NATIVE_H
#define RETHRIFT_NATIVE_H

#include <rethrift/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a member or parameter is in C; made by the macros below. */
typedef enum thrift_ctype {
    THRIFT_C_OTHER, /**< a struct of the user's, or a pointer to one: told apart by its name */
    THRIFT_C_BOOL,
    THRIFT_C_I8,
    THRIFT_C_I16,
    THRIFT_C_I32,
    THRIFT_C_I64,
    THRIFT_C_DOUBLE,
    THRIFT_C_ENUM,   /**< unsigned int: what compilers choose for enums */
    THRIFT_C_STRING, /**< char * */
    THRIFT_C_CHARS,  /**< char[N] */
    THRIFT_C_OCTETS, /**< uint8_t[16], of a uuid */
    THRIFT_C_BYTES,
    THRIFT_C_UUID,
    THRIFT_C_CALL,
    THRIFT_C_TAG,    /**< int16_t: which member of a union is set, by its field id; 0: none */
    THRIFT_C_RECORD, /**< thrift_record *, of a struct without a C struct of its own */
    THRIFT_C_LIST,   /**< thrift_list *, of a list or set */
    THRIFT_C_MAP,
    THRIFT_C_UNKNOWN, /**< thrift_unknown_fields */
    THRIFT_C_STRUCT,
    THRIFT_C_STRUCT_POINTER, /**< members with a table */
    THRIFT_C_POINTER = 64    /**< bit: a pointer to one of the above, for results */
} thrift_ctype;

/**
 * The fields of a struct that its C struct has no member for. A member of this type keeps them as
 * they came and writes them back: byte for byte in the protocol that they came in, converted in
 * another. Plain JSON, which has no ids, has none. All zero: none. Memory: as for strings.
 */
typedef struct thrift_unknown_fields {
    const void *fields; /**< the library's own */
    size_t count;
} thrift_unknown_fields;

typedef struct thrift_native_struct thrift_native_struct;

typedef struct thrift_member {
    const char *c_name, *idl_name; /**< idl_name NULL: the same */
    size_t offset, size;
    const thrift_native_struct *table; /**< of a struct */
    size_t item_size;                  /**< of an array's items, or of the struct as C has it */
    size_t has_offset, count_offset;   /**< + 1; 0: none */
    uint8_t ctype; /**< thrift_ctype of the member; of the items when count_offset is set */
    bool if_defined;
} thrift_member;

struct thrift_native_struct {
    const char *c_name, *idl_name; /**< "struct user", "User" */
    size_t size, alignment;
    const thrift_member *members;
    size_t member_count;
};

typedef struct thrift_parameter {
    const char *spelling; /**< "struct user *" */
    uint8_t ctype;        /**< thrift_ctype */
} thrift_parameter;

typedef struct thrift_native_method {
    const char *idl_name;
    const thrift_parameter *parameters; /**< the call first */
    size_t parameter_count;
} thrift_native_method;

/** Calls function `method` of the struct of functions; argument i stands at 16 * i. */
typedef thrift_status (*thrift_native_call_fn)(size_t method, const void *functions,
                                               thrift_call *call, void *arguments);

typedef struct thrift_native_service {
    const char *idl_name;
    const thrift_native_method *methods;
    size_t method_count;
    const thrift_native_struct *const *structs; /**< NULL-terminated */
    thrift_native_call_fn call;
} thrift_native_service;

typedef void (*thrift_function)(void); /**< any function, cast */

/**
 * Behind NAME_bind(): `functions` is a struct of function pointers in the order of the methods; it
 * is copied. A NULL function is a method not bound. List and tables are checked against the
 * definition when a server is made and at each reload: E_NAME, E_TYPE. E_ARGUMENT, E_NOMEM stay
 * with the registry, as thrift_bind()'s do. Threads: any.
 */
THRIFT_API thrift_status thrift_bind_native(thrift_registry *registry,
                                            const thrift_native_service *service,
                                            const void *functions, void *context);

/**
 * One function whose type is known only when the program runs, called through libffi.
 *
 * @param name        "Service.method", as for thrift_bind(); no wildcard.
 * @param parameters  Copied, but not its texts: THRIFT_PARAMETERS(thrift_call *, int32_t).
 * @param structs     Tables that it uses, NULL-terminated and static; NULL: none.
 * Errors as thrift_bind_native(); E_STATE when the library was built without libffi. Threads: any.
 */
THRIFT_API thrift_status thrift_bind_function(thrift_registry *registry, const char *name,
                                              thrift_function function,
                                              const thrift_parameter *parameters,
                                              size_t parameter_count,
                                              const thrift_native_struct *const *structs,
                                              void *context);

/**
 * Checks a list with its tables against a definition, as binding does.
 *
 * @param on_finding  Gets every finding, with the place in the definition; may be NULL.
 * @param err         The first findings, as many as fit. E_NAME, E_TYPE, E_NOMEM.
 * Threads: any.
 */
THRIFT_API thrift_status thrift_native_check(const thrift_schema *schema,
                                             const thrift_native_service *service,
                                             thrift_finding_fn on_finding, void *data,
                                             thrift_error *err);

/**
 * `return thrift_throw_native(call, &user_not_found_native, &(struct user_not_found){…});`
 * The exception is written at once: it need not outlive the statement. E_NAME when the method does
 * not declare it; what thrift_native_encode() says. Threads: the one that answers.
 */
THRIFT_API thrift_status thrift_throw_native(thrift_call *call, const thrift_native_struct *type,
                                             const void *exception);

/* ---- calling through stubs ---- */

/**
 * Behind NAME_open(): fills a struct of function pointers with functions that call the server.
 * They live as long as the client. When its definition is switched, each is verified again at its
 * next call: what fits goes on by the new definition; a function that no longer fits returns E_NAME
 * or E_TYPE, and thrift_call_error() has the findings. E_NAME, E_TYPE with all findings, E_NOMEM;
 * E_STATE when the library was built without libffi. Threads: any.
 */
THRIFT_API thrift_status thrift_client_stubs(thrift_client *client,
                                             const thrift_native_service *service,
                                             void *out_functions, thrift_error *err);

/**
 * One such function, of a type that is known only when the program runs, or that no list has:
 *
 *     get_user_fn *get_user = (get_user_fn *)thrift_client_function(
 *         users, "getUser", THRIFT_PARAMETERS(thrift_call *, int32_t, struct user *), NULL, &err);
 *
 * @param name        "Service.method", or "method" of the client's own service.
 * @param parameters  As for thrift_bind_function(), like `structs`.
 * @return            To be cast to the function's type; lives as long as the client. NULL: E_NAME,
 *                    E_TYPE with all findings, E_ARGUMENT, E_NOMEM; E_STATE without libffi.
 * Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_function thrift_client_function(
    thrift_client *client, const char *name, const thrift_parameter *parameters,
    size_t parameter_count, const thrift_native_struct *const *structs, thrift_error *err);

/**
 * The memory of one or more calls and what the last of them gave. A stub returns THRIFT_OK when it
 * wrote its result; E_EXCEPTION, E_APPLICATION when the peer answered otherwise: see
 * thrift_call_outcome(). Free it before the client. Threads: owner.
 */
THRIFT_API THRIFT_NODISCARD thrift_call *thrift_call_new(thrift_client *client, thrift_error *err);
/** Results so far are gone, memory is kept. NULL allowed. */
THRIFT_API void thrift_call_reset(thrift_call *call);
THRIFT_API void thrift_call_free(thrift_call *call); /**< NULL allowed */
/** Why the last stub did not return THRIFT_OK; lent. */
THRIFT_API const thrift_error *thrift_call_error(const thrift_call *call);
/** What came instead of a result: a declared exception or application error; lent, NULL when the
 * last stub returned THRIFT_OK or nothing came back. */
THRIFT_API const thrift_outcome *thrift_call_outcome(const thrift_call *call);

/* ---- native structs as bytes ---- */

typedef struct thrift_native_codec thrift_native_codec;

/**
 * A table verified against a definition. Immutable; holds a reference of the schema.
 *
 * @param schema   NULL fails and leaves `err` as it is.
 * @param type     The table; static, as its macros make it.
 * @param options  NULL for defaults; limits are copied.
 * @param err      E_NAME, E_TYPE with all findings that fit, E_NOMEM.
 * Release with thrift_native_codec_free(). Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_native_codec *
thrift_native_codec_new(thrift_schema *schema, const thrift_native_struct *type,
                        const thrift_codec_options *options, thrift_error *err);
THRIFT_API void thrift_native_codec_free(thrift_native_codec *codec); /**< NULL allowed */
/** Appends; `out` as before on failure. E_REQUIRED, E_CORRUPT, E_LIMIT, E_NOMEM, with the path.
 * Threads: any. */
THRIFT_API thrift_status thrift_native_encode(const thrift_native_codec *codec, const void *value,
                                              thrift_protocol protocol, thrift_buffer *out,
                                              thrift_error *err);
/** Fills *out_value; strings and nested data are owned by `memory`, any root record (reset frees
 * them). What thrift_decode() says; E_RANGE when a string does not fit its char[N]. On failure
 * *out_value is not to be used. Threads: owner of `memory`. */
THRIFT_API thrift_status thrift_native_decode(const thrift_native_codec *codec, void *out_value,
                                              thrift_record *memory, thrift_protocol protocol,
                                              thrift_bytes input, thrift_error *err);

#ifdef __cplusplus
}
#else

/* ---- the macros ---- */

/* Laid out by hand: the formatter cannot read _Generic. */
/* clang-format off */
#define THRIFT_CTYPE_(x)                                                                           \
    _Generic((x), bool: THRIFT_C_BOOL, signed char: THRIFT_C_I8, short: THRIFT_C_I16,              \
        int: THRIFT_C_I32, long: sizeof(long) == 8 ? THRIFT_C_I64 : THRIFT_C_I32,                  \
        long long: THRIFT_C_I64, double: THRIFT_C_DOUBLE, unsigned: THRIFT_C_ENUM,                 \
        char *: THRIFT_C_STRING, const char *: THRIFT_C_STRING,                                    \
        thrift_bytes: THRIFT_C_BYTES, thrift_uuid: THRIFT_C_UUID,                                  \
        thrift_record *: THRIFT_C_RECORD, const thrift_record *: THRIFT_C_RECORD,                  \
        thrift_list *: THRIFT_C_LIST, const thrift_list *: THRIFT_C_LIST,                          \
        thrift_map *: THRIFT_C_MAP, const thrift_map *: THRIFT_C_MAP,                              \
        thrift_unknown_fields: THRIFT_C_UNKNOWN,                                                   \
        thrift_call *: THRIFT_C_CALL, bool *: THRIFT_C_POINTER | THRIFT_C_BOOL,                    \
        signed char *: THRIFT_C_POINTER | THRIFT_C_I8, short *: THRIFT_C_POINTER | THRIFT_C_I16,   \
        int *: THRIFT_C_POINTER | THRIFT_C_I32,                                                    \
        long *: THRIFT_C_POINTER | (sizeof(long) == 8 ? THRIFT_C_I64 : THRIFT_C_I32),              \
        long long *: THRIFT_C_POINTER | THRIFT_C_I64,                                              \
        double *: THRIFT_C_POINTER | THRIFT_C_DOUBLE,                                              \
        unsigned *: THRIFT_C_POINTER | THRIFT_C_ENUM,                                              \
        char **: THRIFT_C_POINTER | THRIFT_C_STRING,                                               \
        const char **: THRIFT_C_POINTER | THRIFT_C_STRING,                                         \
        thrift_bytes *: THRIFT_C_POINTER | THRIFT_C_BYTES,                                         \
        thrift_uuid *: THRIFT_C_POINTER | THRIFT_C_UUID,                                           \
        thrift_record **: THRIFT_C_POINTER | THRIFT_C_RECORD,                                      \
        const thrift_record **: THRIFT_C_POINTER | THRIFT_C_RECORD,                                \
        thrift_list **: THRIFT_C_POINTER | THRIFT_C_LIST,                                          \
        const thrift_list **: THRIFT_C_POINTER | THRIFT_C_LIST,                                    \
        thrift_map **: THRIFT_C_POINTER | THRIFT_C_MAP,                                            \
        const thrift_map **: THRIFT_C_POINTER | THRIFT_C_MAP, default: THRIFT_C_OTHER)
#define THRIFT_OF_(T, m) (((T *)0)->m)
/* char[N] decays to char * in _Generic; its address does not decay */
#define THRIFT_MEMBER_CTYPE_(T, m)                                                                 \
    ((uint8_t)_Generic(&THRIFT_OF_(T, m), char **: THRIFT_C_STRING, char *const *: THRIFT_C_STRING,\
        const char **: THRIFT_C_STRING, const char *const *: THRIFT_C_STRING,                      \
        uint8_t **: THRIFT_C_OTHER, uint8_t *const *: THRIFT_C_OTHER,                              \
        default: _Generic(THRIFT_OF_(T, m), char *: THRIFT_C_CHARS, uint8_t *: THRIFT_C_OCTETS,    \
            default: THRIFT_CTYPE_(THRIFT_OF_(T, m)))))
#define THRIFT_PLACE_(T, m) .c_name = #m, .offset = offsetof(T, m), .size = sizeof THRIFT_OF_(T, m)
#define THRIFT_COUNTED_(T, count)                                                                  \
    .count_offset = offsetof(T, count) + _Generic(THRIFT_OF_(T, count), size_t: 1u)
#define THRIFT_ITEM_(m, S) ((uint8_t)_Generic((m), S *: THRIFT_C_STRUCT, const S *: THRIFT_C_STRUCT))

/*
 * Members. Each may be followed by notes: THRIFT_MEMBER(struct user, mail, THRIFT_AS("email")).
 *
 * THRIFT_AS("email"): the definition's name, when it is not the member's.
 * THRIFT_HAS(struct user, has_x): this bool says whether it is there. (Pointers say so by NULL.)
 * THRIFT_IF_DEFINED: no error when the definition does not have it.
 */
#define THRIFT_AS(name) .idl_name = name
#define THRIFT_HAS(T, has) .has_offset = offsetof(T, has) + _Generic(THRIFT_OF_(T, has), bool: 1u)
#define THRIFT_IF_DEFINED .if_defined = true

/** Scalar, string (`char *`, `char[N]`), bytes, uuid (`thrift_uuid`, `uint8_t[16]`), enum; a
 * dynamic `thrift_record *`, `thrift_list *` or `thrift_map *`; `thrift_unknown_fields`, of whatever
 * name. */
#define THRIFT_MEMBER(...)                                                                         \
    {                                                                                              \
        THRIFT_NOTED_(THRIFT_PLAIN_, __VA_ARGS__)                                                  \
    }
#define THRIFT_PLAIN_(T, m) THRIFT_PLACE_(T, m), .ctype = THRIFT_MEMBER_CTYPE_(T, m)
/** List or set of those: a pointer and its `size_t` count, (struct user, tags, tag_count). They may
 * be members of an inner struct: (struct user, tags.items, tags.count, THRIFT_AS("tags")). */
#define THRIFT_LIST_MEMBER(T, m, ...)                                                              \
    {                                                                                              \
        THRIFT_PLACE_(T, m), .ctype = ((uint8_t)THRIFT_CTYPE_(*THRIFT_OF_(T, m))),                 \
        .item_size = sizeof *THRIFT_OF_(T, m), THRIFT_NOTED_(THRIFT_COUNTED_, T, __VA_ARGS__)      \
    }
/** A struct, inline or by pointer: (struct user, home, struct address, &address_native). */
#define THRIFT_STRUCT_MEMBER(T, m, S, ...)                                                         \
    {                                                                                              \
        THRIFT_PLACE_(T, m), .item_size = sizeof(S),                                               \
        .ctype = (uint8_t)_Generic(THRIFT_OF_(T, m), S: THRIFT_C_STRUCT,                           \
                 S *: THRIFT_C_STRUCT_POINTER, const S *: THRIFT_C_STRUCT_POINTER),                \
        .table = __VA_ARGS__                                                                       \
    }
/** List of structs; also a map, as an array of entry structs with members for "key" and "value". */
#define THRIFT_STRUCTS_MEMBER(T, m, count, S, ...)                                                 \
    {                                                                                              \
        THRIFT_PLACE_(T, m), .ctype = THRIFT_ITEM_(THRIFT_OF_(T, m), S), .item_size = sizeof(S),   \
        THRIFT_COUNTED_(T, count), .table = __VA_ARGS__                                            \
    }
/** Of a union: the id of the field that is set, 0 for none. The others stand in a C union. */
#define THRIFT_TAG(T, m)                                                                           \
    {                                                                                              \
        THRIFT_PLACE_(T, m), .ctype = (uint8_t)_Generic(THRIFT_OF_(T, m), int16_t: THRIFT_C_TAG)   \
    }
/* clang-format on */
#define THRIFT_NOTED_(base, ...)                                                                   \
    THRIFT_CAT_(THRIFT_NOTED_, THRIFT_COUNT_(__VA_ARGS__))(base, __VA_ARGS__)
#define THRIFT_NOTED_2(base, T, m) base(T, m)
#define THRIFT_NOTED_3(base, T, m, x) base(T, m), x
#define THRIFT_NOTED_4(base, T, m, x, y) base(T, m), x, y
#define THRIFT_NOTED_5(base, T, m, x, y, z) base(T, m), x, y, z

/** THRIFT_NATIVE(user_native, struct user, "User", id, name, email); when the names are the same
 * and no member is a struct or array. */
#define THRIFT_NATIVE(table, T, idl, ...)                                                          \
    THRIFT_NATIVE_TABLE(table, T, idl, THRIFT_WITH_(THRIFT_MEMBER, T, __VA_ARGS__))
/**
 * THRIFT_NATIVE_TABLE(user_native, struct user, "User", THRIFT_MEMBER(…), …);
 *
 * A union: THRIFT_TAG first. A recursive struct: `static const thrift_native_struct node_native;`
 * before its table. A container where the definition nests them (list<list<i32>>), and as a
 * parameter: a struct of pointer and count with a table whose only member is that array; its name
 * is the definition's type, "list<User>".
 */
#define THRIFT_NATIVE_TABLE(table, T, idl, ...)                                                    \
    static const thrift_member table##_members[] = {__VA_ARGS__};                                  \
    THRIFT_UNUSED static const thrift_native_struct table = {#T,                                   \
                                                             idl,                                  \
                                                             sizeof(T),                            \
                                                             _Alignof(T),                          \
                                                             table##_members,                      \
                                                             sizeof table##_members /              \
                                                                 sizeof table##_members[0]}

/**
 * #define USER_SERVICE(METHOD)                                       \
 *     METHOD(getUser, thrift_call *, int32_t, struct user *)         \
 *     METHOD(deleteUser, thrift_call *, int32_t)
 * THRIFT_SERVICE(user_service, "UserService", USER_SERVICE, &user_native);
 *
 * Each METHOD is a C parameter list: the call, the arguments in the definition's order (structs as
 * `const struct user *`), and for a result a pointer to it. This declares
 *   struct user_service { thrift_status (*getUser)(thrift_call *, int32_t, struct user *); … };
 *   thrift_status user_service_bind(registry, &functions, context);    the server's half
 *   thrift_status user_service_open(client, &functions, &err);         the client's half
 * The rest of the arguments: the struct tables that the service uses, or NULL.
 */
#define THRIFT_SERVICE(name, idl, METHODS, ...)                                                    \
    struct name {                                                                                  \
        METHODS(THRIFT_SERVICE_POINTER_)                                                           \
    };                                                                                             \
    static const thrift_native_method name##_methods[] = {METHODS(THRIFT_SERVICE_METHOD_)};        \
    static const thrift_native_struct *const name##_structs[] = {__VA_ARGS__, NULL};               \
    THRIFT_UNUSED static thrift_status name##_call(size_t method, const void *functions,           \
                                                   thrift_call *call, void *arguments)             \
    {                                                                                              \
        enum { METHODS(THRIFT_SERVICE_NUMBER_) thrift_number_behind };                             \
        const struct name *own = functions;                                                        \
        (void)arguments;                                                                           \
        switch (method) {                                                                          \
            METHODS(THRIFT_SERVICE_CASE_)                                                          \
        default:                                                                                   \
            return THRIFT_E_NAME;                                                                  \
        }                                                                                          \
    }                                                                                              \
    static const thrift_native_service name##_native = {                                           \
        idl, name##_methods, sizeof name##_methods / sizeof name##_methods[0], name##_structs,     \
        name##_call};                                                                              \
    THRIFT_UNUSED static inline thrift_status name##_bind(                                         \
        thrift_registry *registry, const struct name *functions, void *context)                    \
    {                                                                                              \
        return thrift_bind_native(registry, &name##_native, functions, context);                   \
    }                                                                                              \
    THRIFT_UNUSED static inline thrift_status name##_open(                                         \
        thrift_client *client, struct name *out_functions, thrift_error *err)                      \
    {                                                                                              \
        return thrift_client_stubs(client, &name##_native, out_functions, err);                    \
    }                                                                                              \
    struct name
#define THRIFT_SERVICE_POINTER_(method, ...) thrift_status (*method)(__VA_ARGS__);
#define THRIFT_SERVICE_METHOD_(method, ...) {#method, THRIFT_PARAMETERS(__VA_ARGS__)},
#define THRIFT_SERVICE_NUMBER_(method, ...) thrift_number_##method,
#define THRIFT_SERVICE_CASE_(method, ...)                                                          \
    case thrift_number_##method:                                                                   \
        return own->method(THRIFT_CAT_(THRIFT_UNPACK_, THRIFT_COUNT_(__VA_ARGS__))(0, __VA_ARGS__));

/** Types of a function's parameters, and their number: two arguments of thrift_bind_function(). */
#define THRIFT_PARAMETERS(...)                                                                     \
    (const thrift_parameter[]){THRIFT_EACH_(THRIFT_PARAMETER_, __VA_ARGS__)},                      \
        THRIFT_COUNT_(__VA_ARGS__)
#define THRIFT_PARAMETER_(T)                                                                       \
    {                                                                                              \
#T, (uint8_t)THRIFT_CTYPE_(*(T *)0)                                                        \
    }

/* A call's arguments out of its block: the call, then one in each 16 bytes. */
#define THRIFT_SLOT_(T, i) (*(T *)(void *)((char *)arguments + 16 * (i)))
#define THRIFT_UNPACK_1(i, C) call
#define THRIFT_UNPACK_2(i, C, T) call, THRIFT_SLOT_(T, i)
#define THRIFT_UNPACK_3(i, C, T, ...) call, THRIFT_SLOT_(T, i), THRIFT_SLOTS_1(i + 1, __VA_ARGS__)
#define THRIFT_UNPACK_4(i, C, T, ...) call, THRIFT_SLOT_(T, i), THRIFT_SLOTS_2(i + 1, __VA_ARGS__)
#define THRIFT_UNPACK_5(i, C, T, ...) call, THRIFT_SLOT_(T, i), THRIFT_SLOTS_3(i + 1, __VA_ARGS__)
#define THRIFT_UNPACK_6(i, C, T, ...) call, THRIFT_SLOT_(T, i), THRIFT_SLOTS_4(i + 1, __VA_ARGS__)
#define THRIFT_UNPACK_7(i, C, T, ...) call, THRIFT_SLOT_(T, i), THRIFT_SLOTS_5(i + 1, __VA_ARGS__)
#define THRIFT_UNPACK_8(i, C, T, ...) call, THRIFT_SLOT_(T, i), THRIFT_SLOTS_6(i + 1, __VA_ARGS__)
#define THRIFT_UNPACK_9(i, C, T, ...) call, THRIFT_SLOT_(T, i), THRIFT_SLOTS_7(i + 1, __VA_ARGS__)
#define THRIFT_UNPACK_10(i, C, T, ...) call, THRIFT_SLOT_(T, i), THRIFT_SLOTS_8(i + 1, __VA_ARGS__)
#define THRIFT_SLOTS_1(i, T) THRIFT_SLOT_(T, i)
#define THRIFT_SLOTS_2(i, T, ...) THRIFT_SLOT_(T, i), THRIFT_SLOTS_1(i + 1, __VA_ARGS__)
#define THRIFT_SLOTS_3(i, T, ...) THRIFT_SLOT_(T, i), THRIFT_SLOTS_2(i + 1, __VA_ARGS__)
#define THRIFT_SLOTS_4(i, T, ...) THRIFT_SLOT_(T, i), THRIFT_SLOTS_3(i + 1, __VA_ARGS__)
#define THRIFT_SLOTS_5(i, T, ...) THRIFT_SLOT_(T, i), THRIFT_SLOTS_4(i + 1, __VA_ARGS__)
#define THRIFT_SLOTS_6(i, T, ...) THRIFT_SLOT_(T, i), THRIFT_SLOTS_5(i + 1, __VA_ARGS__)
#define THRIFT_SLOTS_7(i, T, ...) THRIFT_SLOT_(T, i), THRIFT_SLOTS_6(i + 1, __VA_ARGS__)
#define THRIFT_SLOTS_8(i, T, ...) THRIFT_SLOT_(T, i), THRIFT_SLOTS_7(i + 1, __VA_ARGS__)
#endif
#endif
