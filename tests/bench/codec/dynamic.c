/*
 * This library: records of a definition that is read at start.
 *
 *   dynamic DEFINITION DIRECTORY PROTOCOL      binary, compact, tjson, json
 *
 * "decode" makes a new record each time and frees it, strings copied; "decode-reuse" decodes into
 * one record; "encode" appends to a buffer that is emptied. "build" sets and reads the fields of
 * a User by name. "peek-front", "peek-middle" and "peek-late" read one value at that place of the
 * message and nothing else.
 */
#include "timing.h"
#include <rethrift/codec.h>
#include <rethrift/schema.h>

struct work {
    const thrift_schema *schema;
    const char *type;
    thrift_protocol protocol;
    thrift_bytes bytes;
    thrift_record *record;
    thrift_buffer out;
    thrift_error err; /* set up once: what succeeds leaves it alone */
    const char *path;
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
    if (thrift_encode(work->record, work->protocol, NULL, &work->out, &work->err) != THRIFT_OK) {
        fail(&work->err);
    }
}

static void decode(void *context)
{
    struct work *work = context;
    thrift_record *record =
        thrift_decode(work->schema, work->type, work->protocol, work->bytes, NULL, &work->err);

    if (record == NULL) {
        fail(&work->err);
    }
    thrift_record_free(record);
}

static void decode_reuse(void *context)
{
    struct work *work = context;
    thrift_bytes input = work->bytes;

    if (thrift_decode_next(work->record, work->protocol, &input, NULL, &work->err) != THRIFT_OK) {
        fail(&work->err);
    }
}

static void build(void *context)
{
    struct work *work = context;
    int32_t id;
    const char *name, *email;

    thrift_record_reset(work->record);
    thrift_set(work->record, "id", 123456, "name", "Ada Lovelace", "email",
               "ada.lovelace@example.org");
    id = thrift_get_i32(work->record, "id");
    name = thrift_get_string(work->record, "name");
    email = thrift_get_string(work->record, "email");
    if (id != 123456 || name == NULL || email == NULL) {
        exit(1);
    }
    BENCH_KEEP(name);
    BENCH_KEEP(email);
}

static void peek(void *context)
{
    struct work *work = context;
    thrift_value value;

    if (thrift_peek(work->schema, work->type, work->protocol, work->bytes, work->path, &value,
                    &work->err) != THRIFT_OK) {
        fail(&work->err);
    }
    if (value.kind == THRIFT_KIND_NONE) {
        exit(1);
    }
    BENCH_KEEP(&value);
}

static void measure_peek(struct work *work, const char *name, const char *payload)
{
    static const struct {
        const char *payload, *where, *path;
    } places[] = {
        {"c", "peek-front", "users[10].name"},    {"c", "peek-middle", "users[500].name"},
        {"c", "peek-late", "users[999].name"},    {"d", "peek-front", "longs[100]"},
        {"d", "peek-middle", "longs[9999]"},      {"d", "peek-late", "doubles[9999]"},
        {"e", "peek-front", "sections[0].title"}, {"e", "peek-middle", "sections[6].title"},
        {"e", "peek-late", "sections[11].title"},
    };

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (strcmp(places[i].payload, payload) == 0) {
            work->path = places[i].path;
            bench_run(name, payload, places[i].where, work->bytes.size, peek, work);
        }
    }
}

/* What was decoded must give the same bytes again: all peers keep the order of maps. */
static void check_round_trip(struct work *work, const char *payload)
{
    thrift_error err = THRIFT_ERROR_INIT;

    work->record = thrift_decode(work->schema, work->type, work->protocol, work->bytes, NULL, &err);
    if (work->record == NULL) {
        fail(&err);
    }
    encode(work);
    if (work->protocol == THRIFT_BINARY &&
        (work->out.size != work->bytes.size ||
         memcmp(work->out.data, work->bytes.data, work->out.size) != 0)) {
        fprintf(stderr, "payload %s changed on the way\n", payload);
        exit(1);
    }
}

static void measure(const thrift_schema *schema, const char *directory, const char *protocol,
                    thrift_protocol number, const char *payload, const char *type)
{
    struct work work = {
        schema, type, number, {NULL, 0}, NULL, THRIFT_BUFFER_INIT, THRIFT_ERROR_INIT, ""};
    char file[32], name[64];

    snprintf(file, sizeof file, "%s.%s", payload, protocol);
    snprintf(name, sizeof name, "rethrift-%s", protocol);
    work.bytes.data = (const uint8_t *)bench_load(directory, file, &work.bytes.size);
    check_round_trip(&work, payload);
    bench_run(name, payload, "encode", work.bytes.size, encode, &work);
    bench_run(name, payload, "decode", work.bytes.size, decode, &work);
    bench_run(name, payload, "decode-reuse", work.bytes.size, decode_reuse, &work);
    if (strcmp(payload, "a") == 0) {
        bench_run(name, payload, "build", work.bytes.size, build, &work);
    }
    if (number == THRIFT_BINARY || number == THRIFT_COMPACT) {
        measure_peek(&work, name, payload);
    }
    thrift_record_free(work.record);
    thrift_buffer_deinit(&work.out);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        thrift_protocol number;
    } protocols[] = {{"binary", THRIFT_BINARY},
                     {"compact", THRIFT_COMPACT},
                     {"tjson", THRIFT_TJSON},
                     {"json", THRIFT_PLAIN_JSON}};
    static const char *const payloads[][2] = {
        {"a", "User"},     {"b", "Mixed"},   {"c", "Users"},    {"c10", "Users"},
        {"c100", "Users"}, {"d", "Numeric"}, {"e", "Document"}, {"f", "Blob"}};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = argc > 3 ? thrift_load(argv[1], &err) : NULL;

    if (schema == NULL) {
        fprintf(stderr, "usage: %s DEFINITION DIRECTORY binary|compact|tjson|json\n", argv[0]);
        fail(&err);
    }
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        for (size_t j = 0; j < sizeof payloads / sizeof payloads[0]; j++) {
            if (strcmp(protocols[i].name, argv[3]) == 0 && bench_wanted_payload(payloads[j][0])) {
                measure(schema, argv[2], argv[3], protocols[i].number, payloads[j][0],
                        payloads[j][1]);
            }
        }
    }
    thrift_schema_unref(schema);
    return 0;
}
