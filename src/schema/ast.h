/*
 * What a file says, before anything is looked up. Lives in the arena of the load; names point into
 * the source text. What ends up in descriptors unchanged (annotations, documentation, namespaces)
 * is made in the schema's arena at once.
 */
#ifndef SCHEMA_AST_H
#define SCHEMA_AST_H

#include "schema/source.h"

struct ast_name {
    const char *text; /* NULL: none */
    uint32_t size, line, column;
};

/* A name used inside of something, in the order of appearance. */
struct ast_reference {
    struct ast_reference *next;
    struct ast_name name;
};

struct ast_annotations {
    const struct annotation *items;
    uint32_t count;
};

enum ast_type_kind { AST_TYPE_NAME, AST_TYPE_LIST, AST_TYPE_SET, AST_TYPE_MAP, AST_TYPE_STREAM };

struct ast_type {
    enum ast_type_kind kind;
    struct ast_name name;           /* AST_TYPE_NAME; the keyword of others */
    const thrift_type *base;        /* of a base type */
    const struct ast_type *key;     /* AST_TYPE_MAP */
    const struct ast_type *element; /* list, set, map; stream and sink: NULL for none */
    struct ast_annotations annotations;
};

enum ast_value_kind {
    AST_VALUE_INTEGER,
    AST_VALUE_DOUBLE,
    AST_VALUE_STRING,
    AST_VALUE_NAME,
    AST_VALUE_LIST, /* [..] */
    AST_VALUE_MAP   /* {..}; also a typed literal T{a = ..}, whose keys are strings */
};

struct ast_value {
    struct ast_value *next;  /* in the container around it; of a map: key, value, key, value … */
    struct ast_value *first; /* of a list or map */
    uint32_t count;          /* items of a list, pairs of a map */
    uint16_t kind;
    bool literal; /* a map written as T{a = ..}: `name` is T, or empty */
    struct ast_name name;
    union {
        int64_t integer;
        double real;
        const char *text; /* of a string, in the schema's arena */
    } as;
    size_t size; /* of a string */
};

struct ast_field {
    struct ast_field *next;
    struct ast_name name;
    const struct ast_type *type; /* NULL: void, which no field can be */
    const struct ast_value *value;
    struct ast_annotations annotations;
    const char *doc;
    int64_t id;
    struct ast_name id_name; /* where it is written; text NULL: nowhere */
    thrift_requiredness requiredness;
    bool reference;
};

struct ast_fields {
    struct ast_field *first, **last;
    uint32_t count;
};

/* What few symbols have: enums may be large. */
struct ast_symbol_extra {
    const char *doc;
    struct ast_annotations annotations;
};

struct ast_symbol {
    struct ast_symbol *next;
    const char *name;
    const struct ast_symbol_extra *extra; /* NULL: none */
    int64_t number;
    uint32_t name_size, line, column;
    bool has_number;
};

struct ast_method {
    struct ast_method *next;
    struct ast_name name;
    const struct ast_type *result; /* NULL: void */
    struct ast_fields arguments, throws;
    struct ast_annotations annotations;
    const char *doc;
    struct ast_name oneway; /* where it is said; text NULL: nowhere */
    struct ast_name throws_name;
    bool unservable; /* streams, sinks, interactions */
};

enum ast_definition_kind {
    AST_CONSTANT,
    AST_TYPEDEF,
    AST_ENUM,
    AST_STRUCT,
    AST_UNION,
    AST_EXCEPTION,
    AST_SERVICE,
    AST_INTERACTION
};

struct ast_definition {
    struct ast_definition *next;
    enum ast_definition_kind kind;
    bool broken; /* it did not parse to its end; only its name counts */
    struct ast_name name;
    struct ast_annotations annotations;
    const char *doc;
    union {
        struct {
            const struct ast_type *type;
            const struct ast_value *value; /* NULL for a typedef */
            const struct ast_reference
                *references; /* names in a typedef's type, a constant's value */
        } typed;
        struct {
            struct ast_symbol *first, **last;
            uint32_t count;
        } symbols;
        struct ast_fields fields;
        struct {
            struct ast_method *first, **last;
            uint32_t count;
            struct ast_name parent;
        } service;
    } as;
    struct definition *resolved; /* the resolver's */
};

struct ast_include {
    struct ast_include *next;
    const char *path;  /* as written, NUL-terminated in the schema's arena */
    const char *alias; /* NULL: none */
    uint32_t line, column, size;
    bool cpp;
    bool missing;                  /* warned about; an error when something of it is used */
    struct source *source;         /* NULL: cpp, missing or failed */
    struct ast_include *same_name; /* an earlier one that is called the same */
};

struct ast_namespace {
    struct ast_namespace *next;
    struct schema_namespace content;
};

struct ast_file {
    struct ast_include *includes, **last_include;
    uint32_t include_count;
    struct ast_namespace *namespaces, **last_namespace;
    uint32_t namespace_count;
    struct ast_definition *definitions, **last_definition;
    uint32_t definition_count;
    bool fbthrift; /* it has what only fbthrift's compiler reads */
    const char *doc;
};

#endif
