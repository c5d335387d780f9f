/*
 * Descriptors: what a loaded definition is made of. Built once by resolve.c in the schema's arena,
 * immutable afterwards, lent to everybody.
 *
 * Invariant: every element begins with its thrift_node, which is what thrift_node_of() relies on.
 * Invariant: names and texts are NUL-terminated and live in the arena.
 */
#ifndef SCHEMA_DESCRIPTOR_H
#define SCHEMA_DESCRIPTOR_H

#include <rethrift/buffer.h>
#include <rethrift/schema.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/reference.h"
#include "schema/name_index.h"

struct schema_file;
struct const_value;

struct annotation {
    const char *key, *value; /* a bare key has the value "1" */
    uint32_t line, column;
};

struct thrift_node {
    thrift_node_kind kind;
    uint32_t line, column; /* of the name */
    uint32_t annotation_count;
    const struct schema_file *file;
    const char *name;
    const char *doc; /* NULL: none */
    const struct annotation *annotations;
};

/* One use of a type. Typedefs are resolved: `alias` only remembers the name that was written. */
struct thrift_type {
    thrift_kind kind;
    const char *spelling;
    const thrift_type *element;  /* of list and set; the value of a map */
    const thrift_type *key;      /* of a map */
    const thrift_struct *record; /* of THRIFT_KIND_RECORD */
    const thrift_enum *symbols;  /* of THRIFT_KIND_ENUM */
    const thrift_alias *alias;   /* NULL: written without a typedef */
    const char *canonical;       /* equal text: equal on the wire; typedefs are resolved */
    const struct annotation *annotations;
    uint32_t annotation_count;
    uint16_t containers; /* lists, sets and maps that it is made of, written out */
    uint8_t depth;       /* 1 for what is no container; at most SCHEMA_TYPE_DEPTH_MOST */
    bool is_float;       /* fbthrift's "float": a double that Apache's wire has no code for */
    bool unservable;     /* stream or sink of fbthrift */
};
#define SCHEMA_TYPE_DEPTH_MOST 64
#define SCHEMA_TYPE_CONTAINERS_MOST 256

struct thrift_field {
    struct thrift_node node;
    int16_t id;
    bool reference; /* "&": only C++ cares */
    thrift_requiredness requiredness;
    uint32_t slot; /* position in owner->fields: what layouts and plans are indexed by */
    const thrift_type *type;
    const thrift_struct *owner;
    const struct const_value *default_value; /* checked against the type; NULL: none */
    const char *json_name;                   /* in plain JSON, of an annotation; NULL: the node's */
    bool json_quotes;                        /* plain JSON: numbers in it are text */
};

/* A field whose name in plain JSON is another. */
struct json_name {
    struct thrift_node node; /* nothing but the name */
    const thrift_field *field;
};

/* Struct, union, exception; also a method's arguments, result and throws (`synthetic`). */
struct thrift_struct {
    struct thrift_node node;
    const char *full_name; /* "User" in the root file, "shared.User" in an included one */
    thrift_schema *schema;
    uint32_t index; /* dense, < schema->struct_count */
    bool synthetic;
    uint32_t field_count;
    thrift_field *fields;       /* in source order */
    const thrift_field **by_id; /* the same, ascending */
    struct name_index by_name;  /* into fields; see struct_find_field() */
    const struct json_name *json_names;
    uint32_t json_name_count;
    struct name_index by_json_name;  /* into json_names; see struct_find_json_name() */
    const thrift_type *type;         /* its use under full_name; NULL for synthetic ones */
    const thrift_field *float_field; /* one that is a fbthrift "float" or has one in it; or NULL */
};

struct thrift_symbol {
    struct thrift_node node;
    int32_t number;
};

struct thrift_enum {
    struct thrift_node node;
    const char *full_name;
    size_t symbol_count;
    thrift_symbol *symbols;          /* in source order */
    const thrift_symbol **by_number; /* ascending, the first of equal numbers first; NULL: they
                                        stand in this order already */
    struct name_index by_name;       /* into symbols; see enum_find_symbol() */
    const thrift_type *type;         /* its use under full_name */
};

struct thrift_method {
    struct thrift_node node;
    const thrift_service *service; /* the one that declares it */
    bool oneway;
    const thrift_type *result;          /* NULL: void */
    const thrift_struct *arguments;     /* synthetic "getUser_args" */
    const thrift_struct *result_struct; /* synthetic "getUser_result": success (id 0, unless void),
                                           then what is thrown; all optional */
    const thrift_struct *throws;        /* synthetic: what is thrown alone */
};

struct thrift_service {
    struct thrift_node node;
    const char *full_name;
    const thrift_service *parent; /* NULL: none */
    size_t method_count;
    thrift_method *methods;    /* its own, in source order */
    struct name_index by_name; /* into methods; see service_find_method() */
    uint32_t depth;            /* number of ancestors; bounded, so that a look-up is */
};

struct thrift_constant {
    struct thrift_node node;
    thrift_schema *schema;
    const thrift_type *type;
    const struct const_value *value;
};

struct thrift_alias {
    struct thrift_node node;
    const thrift_type *type;
};

/* A constant or default, evaluated and checked against its type: references are gone, an enum is
 * its number, a struct has the fields that were given. Values share parts; how deep they nest, and
 * how much they are when written out, is bounded when a schema is made. */
#define SCHEMA_VALUE_DEPTH_MOST 64
struct const_value {
    thrift_kind kind; /* never THRIFT_KIND_NONE */
    union {
        bool boolean;
        int64_t integer; /* i8 to i64 and enum */
        double real;
        thrift_bytes bytes; /* string and binary; NUL-terminated behind `size` */
        uint8_t uuid[16];
        struct {
            const struct const_value *items; /* list and set; a map: key, value, key, value … */
            size_t count;                    /* elements, or pairs */
        } container;
        struct {
            const thrift_struct *type;
            const thrift_field *const *fields; /* parallel to values */
            const struct const_value *values;
            size_t count;
        } record;
    } as;
};

/* `namespace py tutorial (uri = "…")`; the last one of a scope is the one that counts. */
struct schema_namespace {
    const char *scope; /* "py", "py.twisted", "*" */
    const char *name;
    uint32_t line, column;
    const struct annotation *annotations;
    size_t annotation_count;
};

/* `include "shared.thrift"`, and cpp_include, which only generated C++ cares for. */
struct schema_include {
    const char *path;               /* as written */
    const struct schema_file *file; /* NULL: cpp_include, or missing and not needed */
    const char *alias;              /* of `include "x.thrift" as y`; NULL: none */
    bool cpp;
    uint32_t line, column;
};

struct schema_file {
    const char *path; /* as named by the program or the include */
    const char *text;
    size_t size;
    const char *prefix; /* "shared" of "shared.thrift" */
    const char *doc;    /* of the file as a whole; NULL: none */
    uint64_t content_hash;
    const struct schema_namespace *namespaces; /* in source order */
    size_t namespace_count;
    const struct schema_include *includes; /* in source order */
    size_t include_count;
    char *owned_text; /* malloc'ed by the reader, freed with the schema; NULL: in the arena */
};

/* What upper layers derive from a schema, once, on first use: layouts, plans. Freed with it. */
enum schema_derivation { SCHEMA_LAYOUTS, SCHEMA_PLANS, SCHEMA_JSON_PLANS, SCHEMA_DERIVATION_COUNT };
struct schema_spelled_type;
struct schema_derived {
    void (*free)(struct schema_derived *derived);
};

/* How the definition was loaded, so that its files can be loaded again. */
struct schema_origin {
    bool files;                      /* by the default reader; else the rest is not set */
    const char *const *include_dirs; /* NULL-terminated; NULL: none */
    const char *root;
    thrift_ids ids;
    bool strict;
};

struct thrift_schema {
    struct reference reference;
    thrift_allocator allocator;
    thrift_limits limits;
    struct schema_origin origin;
    struct arena arena; /* everything below */
    char fingerprint[65];

    size_t file_count;
    struct schema_file *files; /* root first */
    size_t node_count;
    const thrift_node **nodes; /* top-level definitions of all files, in source order */
    size_t struct_count;
    const thrift_struct **structs; /* by thrift_struct.index; synthetic ones too */
    size_t service_count;
    const thrift_service **services; /* of all files */
    struct name_map index;           /* full name of a definition -> const thrift_node * */
    struct name_map constants;

    _Atomic(struct schema_spelled_type *) spelled_types; /* made by thrift_schema_type() */
    _Atomic(struct schema_derived *) derived[SCHEMA_DERIVATION_COUNT];
};

/* The derivation, made by `make` when nobody made it yet. Two threads may race to make it: one
 * result stays, the other is freed. NULL and err when `make` fails. Threads: any. */
typedef struct schema_derived *(*schema_derive_fn)(const thrift_schema *schema, thrift_error *err);
struct schema_derived *schema_derive(const thrift_schema *schema, enum schema_derivation which,
                                     schema_derive_fn make, thrift_error *err);

#endif
