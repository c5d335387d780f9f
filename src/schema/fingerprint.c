/*
 * The fingerprint: what the definitions mean on the wire and to handlers, whatever the order,
 * names of typedefs, comments and annotations but those that plain JSON knows.
 *
 * Each definition is written in a canonical form and digested; the digests are sorted and digested
 * again. Long forms are digested in pieces, so that the space needed is bounded.
 */
#include <stdlib.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/text.h"
#include "schema/lookup.h"
#include "schema/resolver_part.h"
#include "schema/value_digest.h"

#define PIECE_SIZE ((size_t)64 << 10)
#define DIGEST_SIZE (HASH_FINGERPRINT_SIZE - 1)

struct writer {
    thrift_buffer text;
    thrift_buffer digests; /* of the parts of a value */
    bool ok;
};

static void put(struct writer *w, const char *text)
{
    w->ok = w->ok && text_append(&w->text, text) && text_append(&w->text, " ");
    if (w->text.size > PIECE_SIZE) {
        char digest[HASH_FINGERPRINT_SIZE];

        hash_fingerprint(w->text.data, w->text.size, digest);
        w->text.size = 0;
        w->ok = w->ok && text_append(&w->text, digest);
    }
}

static void put_number(struct writer *w, int64_t number)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    *--at = '\0';
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        *--at = '-';
    }
    put(w, at);
}

static void put_type(struct writer *w, const thrift_type *type)
{
    put(w, type != NULL ? type->canonical : "void");
}

static void put_value(struct writer *w, const struct const_value *value)
{
    uint8_t digest[HASH_WIDE_SIZE];
    char text[2 * HASH_WIDE_SIZE + 1];

    if (value == NULL) {
        put(w, "-");
        return;
    }
    w->ok = w->ok && value_digest(value, &w->digests, digest);
    for (size_t i = 0; w->ok && i < HASH_WIDE_SIZE; i++) {
        text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    text[sizeof text - 1] = '\0';
    if (w->ok) {
        put(w, text);
    }
}

/* Handlers see it that take JSON. The name may have spaces. */
static void put_json(struct writer *w, const thrift_field *field)
{
    char digest[HASH_FINGERPRINT_SIZE];

    if (field->json_name != NULL) {
        hash_fingerprint(field->json_name, strlen(field->json_name), digest);
        put(w, digest);
    }
    if (field->json_quotes) {
        put(w, "quotes");
    }
}

static void put_fields(struct writer *w, const thrift_struct *record)
{
    put_number(w, record->field_count);
    for (uint32_t i = 0; i < record->field_count; i++) {
        const thrift_field *field = record->by_id[i];

        put_number(w, field->id);
        put(w, field->node.name);
        put_number(w, field->requiredness);
        put_type(w, field->type);
        put_value(w, field->default_value);
        put_json(w, field);
    }
}

static void put_enum(struct writer *w, const thrift_enum *e)
{
    for (size_t i = 0; i < e->symbol_count; i++) {
        put_number(w, enum_ranked(e, i)->number);
        put(w, enum_ranked(e, i)->node.name);
    }
}

static void put_service(struct writer *w, const thrift_service *service)
{
    put(w, service->parent != NULL ? service->parent->full_name : "-");
    for (size_t i = 0; i < service->method_count; i++) {
        const thrift_method *method = &service->methods[i];

        put(w, method->node.name);
        put(w, method->oneway ? "oneway" : "twoway");
        put_fields(w, method->arguments);
        put_fields(w, method->result_struct);
    }
}

/* Typedefs mean nothing by themselves. false: nothing is written. */
static bool put_definition(struct writer *w, const thrift_node *node)
{
    switch (node->kind) {
    case THRIFT_NODE_STRUCT:
    case THRIFT_NODE_UNION:
    case THRIFT_NODE_EXCEPTION:
        put_number(w, node->kind);
        put(w, thrift_node_struct(node)->full_name);
        put_fields(w, thrift_node_struct(node));
        return true;
    case THRIFT_NODE_ENUM:
        put(w, "enum");
        put(w, thrift_node_enum(node)->full_name);
        put_enum(w, thrift_node_enum(node));
        return true;
    case THRIFT_NODE_SERVICE:
        put(w, "service");
        put(w, thrift_node_service(node)->full_name);
        put_service(w, thrift_node_service(node));
        return true;
    case THRIFT_NODE_CONSTANT:
        put(w, "const");
        put(w, node->file->prefix);
        put(w, node->name);
        put_type(w, thrift_node_constant(node)->type);
        put_value(w, thrift_node_constant(node)->value);
        return true;
    case THRIFT_NODE_ALIAS:
    case THRIFT_NODE_FIELD:
    case THRIFT_NODE_SYMBOL:
    case THRIFT_NODE_METHOD:
    default:
        return false;
    }
}

static int compare_digests(const void *a, const void *b) { return memcmp(a, b, DIGEST_SIZE); }

bool make_fingerprint(struct resolver *r)
{
    const thrift_schema *schema = r->schema;
    struct writer w = {.text = {.allocator = schema->allocator},
                       .digests = {.allocator = schema->allocator},
                       .ok = true};
    thrift_buffer digests = {.allocator = schema->allocator};

    for (size_t i = 0; i < schema->node_count && w.ok; i++) {
        char digest[HASH_FINGERPRINT_SIZE];

        w.text.size = 0;
        if (put_definition(&w, schema->nodes[i])) {
            hash_fingerprint(w.text.data, w.text.size, digest);
            w.ok = w.ok && buffer_append(&digests, digest, DIGEST_SIZE);
        }
    }
    if (w.ok && digests.size > 0) {
        qsort(digests.data, digests.size / DIGEST_SIZE, DIGEST_SIZE, compare_digests);
    }
    if (w.ok) {
        hash_fingerprint(digests.data, digests.size, r->schema->fingerprint);
    }
    thrift_buffer_deinit(&w.text);
    thrift_buffer_deinit(&w.digests);
    thrift_buffer_deinit(&digests);
    return w.ok;
}
