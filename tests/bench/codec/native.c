/*
 * This library: the program's own structs, by tables verified against the same definition (G6).
 *
 *   native DEFINITION DIRECTORY PROTOCOL      binary, compact
 *
 * "encode" and "decode-reuse" as in dynamic.c; decoded values live in a record that is reset.
 */
#include "timing.h"
#include <rethrift/codec.h>
#include <rethrift/native.h>
#include <rethrift/schema.h>

/* ---- a and c ---- */

struct user {
    int32_t id;
    const char *name, *email;
};
THRIFT_NATIVE(user_native, struct user, "User", id, name, email);

struct users {
    struct user *users;
    size_t count;
};
THRIFT_NATIVE_TABLE(users_native, struct users, "Users",
                    THRIFT_STRUCTS_MEMBER(struct users, users, count, struct user, &user_native));

/* ---- b ---- */

struct point {
    double x, y, z;
};
THRIFT_NATIVE(point_native, struct point, "Point", x, y, z);

struct meta {
    int64_t created, updated;
    const char *owner;
    int32_t version;
    bool locked;
};
THRIFT_NATIVE(meta_native, struct meta, "Meta", created, updated, owner, version, locked);

struct mixed {
    bool active, hidden, has_parent_id;
    int8_t level;
    int16_t port;
    int32_t id, color, width, height, parent_id;
    int64_t big, offset, length;
    double ratio, weight;
    const char *name, *title, *note;
    thrift_bytes token;
    struct point pos, dir;
    struct meta meta;
};
#define MIXED(m) THRIFT_MEMBER(struct mixed, m)
THRIFT_NATIVE_TABLE(mixed_native, struct mixed, "Mixed", MIXED(active), MIXED(level), MIXED(port),
                    MIXED(id), MIXED(big), MIXED(ratio), MIXED(name), MIXED(token), MIXED(color),
                    MIXED(hidden), MIXED(width), MIXED(height), MIXED(offset), MIXED(length),
                    MIXED(weight), MIXED(title), MIXED(note),
                    THRIFT_STRUCT_MEMBER(struct mixed, pos, struct point, &point_native),
                    THRIFT_STRUCT_MEMBER(struct mixed, dir, struct point, &point_native),
                    THRIFT_STRUCT_MEMBER(struct mixed, meta, struct meta, &meta_native),
                    THRIFT_MEMBER(struct mixed, parent_id,
                                  THRIFT_HAS(struct mixed, has_parent_id)));

/* ---- d ---- */

struct count {
    const char *key;
    int64_t value;
};
THRIFT_NATIVE(count_native, struct count, NULL, key, value);

struct numeric {
    int64_t *longs;
    double *doubles;
    struct count *counts;
    size_t long_count, double_count, count_count;
};
THRIFT_NATIVE_TABLE(numeric_native, struct numeric, "Numeric",
                    THRIFT_LIST_MEMBER(struct numeric, longs, long_count),
                    THRIFT_LIST_MEMBER(struct numeric, doubles, double_count),
                    THRIFT_STRUCTS_MEMBER(struct numeric, counts, count_count, struct count,
                                          &count_native));

/* ---- e ---- */

struct texts {
    const char **items;
    size_t count;
};
THRIFT_NATIVE_TABLE(texts_native, struct texts, "list<string>",
                    THRIFT_LIST_MEMBER(struct texts, items, count));

struct numbers {
    int32_t *items;
    size_t count;
};
THRIFT_NATIVE_TABLE(numbers_native, struct numbers, "list<i32>",
                    THRIFT_LIST_MEMBER(struct numbers, items, count));

struct attr {
    const char *name, *value;
    const char **tags;
    size_t tag_count;
};
THRIFT_NATIVE_TABLE(attr_native, struct attr, "Attr", THRIFT_MEMBER(struct attr, name),
                    THRIFT_MEMBER(struct attr, value),
                    THRIFT_LIST_MEMBER(struct attr, tags, tag_count));

struct index_entry {
    const char *key;
    struct texts value;
};
THRIFT_NATIVE_TABLE(index_native, struct index_entry, NULL, THRIFT_MEMBER(struct index_entry, key),
                    THRIFT_STRUCT_MEMBER(struct index_entry, value, struct texts, &texts_native));

struct leaf {
    const char *title;
    int64_t ts;
    bool flag;
    double score;
    struct attr *attrs;
    struct index_entry *index;
    size_t attr_count, index_count;
};
THRIFT_NATIVE_TABLE(leaf_native, struct leaf, "Leaf", THRIFT_MEMBER(struct leaf, title),
                    THRIFT_MEMBER(struct leaf, ts), THRIFT_MEMBER(struct leaf, flag),
                    THRIFT_MEMBER(struct leaf, score),
                    THRIFT_STRUCTS_MEMBER(struct leaf, attrs, attr_count, struct attr,
                                          &attr_native),
                    THRIFT_STRUCTS_MEMBER(struct leaf, index, index_count, struct index_entry,
                                          &index_native));

struct named {
    const char *key;
    struct attr value;
};
THRIFT_NATIVE_TABLE(named_native, struct named, NULL, THRIFT_MEMBER(struct named, key),
                    THRIFT_STRUCT_MEMBER(struct named, value, struct attr, &attr_native));

struct section {
    const char *title;
    int32_t no;
    struct leaf *leaves;
    struct named *named;
    size_t leaf_count, named_count;
};
THRIFT_NATIVE_TABLE(section_native, struct section, "Section", THRIFT_MEMBER(struct section, title),
                    THRIFT_MEMBER(struct section, no),
                    THRIFT_STRUCTS_MEMBER(struct section, leaves, leaf_count, struct leaf,
                                          &leaf_native),
                    THRIFT_STRUCTS_MEMBER(struct section, named, named_count, struct named,
                                          &named_native));

struct reference {
    const char *key;
    struct numbers value;
};
THRIFT_NATIVE_TABLE(reference_native, struct reference, NULL, THRIFT_MEMBER(struct reference, key),
                    THRIFT_STRUCT_MEMBER(struct reference, value, struct numbers, &numbers_native));

struct document {
    const char *id;
    struct section *sections;
    struct reference *refs;
    size_t section_count, ref_count;
};
THRIFT_NATIVE_TABLE(document_native, struct document, "Document",
                    THRIFT_MEMBER(struct document, id),
                    THRIFT_STRUCTS_MEMBER(struct document, sections, section_count, struct section,
                                          &section_native),
                    THRIFT_STRUCTS_MEMBER(struct document, refs, ref_count, struct reference,
                                          &reference_native));

/* ---- measuring ---- */

union value {
    struct user user;
    struct mixed mixed;
    struct users users;
    struct numeric numeric;
    struct document document;
};

struct work {
    thrift_native_codec *codec;
    thrift_protocol protocol;
    thrift_bytes bytes;
    thrift_record *memory;
    union value value;
    thrift_buffer out;
    thrift_error err;
};

static void fail(const thrift_error *err)
{
    thrift_error_print(err, stderr);
    exit(1);
}

static void encode(void *context)
{
    struct work *work = context;

    work->out.size = 0;
    if (thrift_native_encode(work->codec, &work->value, work->protocol, &work->out, &work->err) !=
        THRIFT_OK) {
        fail(&work->err);
    }
}

static void decode_reuse(void *context)
{
    struct work *work = context;

    thrift_record_reset(work->memory);
    if (thrift_native_decode(work->codec, &work->value, work->memory, work->protocol, work->bytes,
                             &work->err) != THRIFT_OK) {
        fail(&work->err);
    }
    BENCH_KEEP(&work->value);
}

static void measure(thrift_schema *schema, const char *directory, const char *protocol,
                    thrift_protocol number, const char *payload, const thrift_native_struct *table)
{
    struct work work = {.protocol = number, .out = THRIFT_BUFFER_INIT, .err = THRIFT_ERROR_INIT};
    char file[32], name[64];

    snprintf(file, sizeof file, "%s.%s", payload, protocol);
    snprintf(name, sizeof name, "rethrift-native-%s", protocol);
    work.bytes.data = (const uint8_t *)bench_load(directory, file, &work.bytes.size);
    work.codec = thrift_native_codec_new(schema, table, NULL, &work.err);
    work.memory = thrift_record_new(schema, "User", &work.err);
    if (work.codec == NULL || work.memory == NULL) {
        fail(&work.err);
    }
    decode_reuse(&work);
    encode(&work);
    if (work.out.size != work.bytes.size ||
        memcmp(work.out.data, work.bytes.data, work.out.size) != 0) {
        fprintf(stderr, "payload %s changed on the way\n", payload);
        exit(1);
    }
    bench_run(name, payload, "encode", work.bytes.size, encode, &work);
    bench_run(name, payload, "decode-reuse", work.bytes.size, decode_reuse, &work);
    thrift_native_codec_free(work.codec);
    thrift_record_free(work.memory);
    thrift_buffer_deinit(&work.out);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *payload;
        const thrift_native_struct *table;
    } payloads[] = {{"a", &user_native},
                    {"b", &mixed_native},
                    {"c", &users_native},
                    {"d", &numeric_native},
                    {"e", &document_native}};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = argc > 3 ? thrift_load(argv[1], &err) : NULL;

    if (schema == NULL) {
        fprintf(stderr, "usage: %s DEFINITION DIRECTORY binary|compact\n", argv[0]);
        fail(&err);
    }
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        if (bench_wanted_payload(payloads[i].payload)) {
            measure(schema, argv[2], argv[3],
                    strcmp(argv[3], "compact") == 0 ? THRIFT_COMPACT : THRIFT_BINARY,
                    payloads[i].payload, payloads[i].table);
        }
    }
    thrift_schema_unref(schema);
    return 0;
}
