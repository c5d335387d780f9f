/*
 * One table with one definition, for programs that want bytes.
 */
#include "base/alloc.h"
#include "base/error.h"
#include "codec/native.h"
#include "native/table.h"
#include "schema/lookup.h"
#include "value/record.h"

struct thrift_native_codec {
    thrift_schema *schema; /* a reference */
    struct arena arena;    /* of the plan */
    const struct native_plan *plan;
    struct codec_policy policy;
};

static const thrift_struct *find_struct(const thrift_schema *schema,
                                        const thrift_native_struct *type, thrift_error *err)
{
    const thrift_struct *found = type != NULL && type->idl_name != NULL
                                     ? thrift_schema_struct(schema, type->idl_name)
                                     : NULL;

    if (found == NULL) {
        (void)FAIL(err, THRIFT_E_NAME,
                   "the table of %s is for \"%s\", which the definition does "
                   "not have",
                   type != NULL ? type->c_name : "nothing",
                   type != NULL && type->idl_name != NULL ? type->idl_name : "");
    }
    return found;
}

static thrift_status verify(thrift_native_codec *codec, const thrift_native_struct *type,
                            const thrift_struct *record, thrift_error *err)
{
    struct native_findings findings = {NULL, NULL, .count = 0};
    struct native_tables tables;
    thrift_status status;

    native_tables_init(&tables, codec->schema, &codec->arena, &findings);
    codec->plan = native_tables_plan(&tables, type, record);
    if (codec->plan == NULL) {
        return arena_fail(&codec->arena, err);
    }
    status = native_tables_finish(&tables, err);
    return status == THRIFT_OK ? native_findings_deliver(&findings, err) : status;
}

thrift_native_codec *thrift_native_codec_new(thrift_schema *schema,
                                             const thrift_native_struct *type,
                                             const thrift_codec_options *options, thrift_error *err)
{
    const thrift_struct *record = schema != NULL ? find_struct(schema, type, err) : NULL;
    thrift_native_codec *codec =
        record != NULL ? mem_alloc_zero(&schema->allocator, 1, sizeof *codec) : NULL;

    if (codec == NULL) {
        if (record != NULL) {
            (void)FAIL_NOMEM(err);
        }
        return NULL;
    }
    codec->schema = thrift_schema_ref(schema);
    arena_init(&codec->arena, &schema->allocator, SIZE_MAX);
    codec->policy = codec_policy_default;
    if (options != NULL) {
        codec_policy_fill(options, &codec->policy);
        codec->policy.own = *codec->policy.limits;
        codec->policy.views = false;
        codec_policy_limit(&codec->policy, &codec->policy.own);
    }
    if (verify(codec, type, record, err) != THRIFT_OK) {
        thrift_native_codec_free(codec);
        return NULL;
    }
    return codec;
}

void thrift_native_codec_free(thrift_native_codec *codec)
{
    thrift_allocator allocator;

    if (codec != NULL) {
        allocator = codec->schema->allocator;
        arena_deinit(&codec->arena);
        thrift_schema_unref(codec->schema);
        mem_free(&allocator, codec, sizeof *codec);
    }
}

static __attribute__((noinline)) thrift_status encode_any(const thrift_native_codec *codec,
                                                          const void *value,
                                                          thrift_protocol protocol,
                                                          thrift_buffer *out, thrift_error *err)
{
    if (codec == NULL || value == NULL) {
        return err != NULL && err->code != THRIFT_OK
                   ? err->code
                   : FAIL(err, THRIFT_E_ARGUMENT, "there is no codec or no value");
    }
    return native_encode_any(codec->plan, protocol, value, &codec->policy, out, err);
}

thrift_status thrift_native_encode(const thrift_native_codec *codec, const void *value,
                                   thrift_protocol protocol, thrift_buffer *out, thrift_error *err)
{
    return codec != NULL && value != NULL &&
                   native_encode_flat(codec->plan, protocol, value, &codec->policy, out)
               ? THRIFT_OK
               : encode_any(codec, value, protocol, out, err);
}

static thrift_status decode_into(const thrift_native_codec *codec, void *out_value,
                                 struct thrift_root *root, thrift_protocol protocol,
                                 thrift_bytes input, thrift_error *err)
{
    thrift_bytes rest = input;
    thrift_status status;

    root->arena.budget = codec->policy.limits->max_message_memory;
    memset(out_value, 0, codec->plan->size);
    status = native_decode_any(codec->plan, protocol, &rest, &codec->policy, root, out_value, err);
    root->arena.budget = SIZE_MAX;
    if (status == THRIFT_OK && rest.size > 0 && !codec->policy.accept_trailing) {
        status = FAIL(err, THRIFT_E_TRAILING, "%zu bytes are left after the value", rest.size);
        if (err != NULL) {
            err->offset = input.size - rest.size;
        }
    }
    return status;
}

static __attribute__((noinline)) thrift_status decode_any(const thrift_native_codec *codec,
                                                          void *out_value, thrift_record *memory,
                                                          thrift_protocol protocol,
                                                          thrift_bytes input, thrift_error *err)
{
    if (codec == NULL || memory == NULL || out_value == NULL) {
        return err != NULL && err->code != THRIFT_OK
                   ? err->code
                   : FAIL(err, THRIFT_E_ARGUMENT, "there is no codec, memory or value");
    }
    if (memory->root == NULL || memory->root->top != memory) {
        return FAIL(err, THRIFT_E_STATE, "only a root has memory");
    }
    return decode_into(codec, out_value, memory->root, protocol, input, err);
}

thrift_status thrift_native_decode(const thrift_native_codec *codec, void *out_value,
                                   thrift_record *memory, thrift_protocol protocol,
                                   thrift_bytes input, thrift_error *err)
{
    if (codec != NULL && memory != NULL && out_value != NULL && memory->root != NULL &&
        memory->root->top == memory) {
        memset(out_value, 0, codec->plan->size);
        if (native_decode_flat(codec->plan, protocol, input, &codec->policy, memory->root,
                               out_value) == input.size &&
            input.size > 0) {
            return THRIFT_OK;
        }
    }
    return decode_any(codec, out_value, memory, protocol, input, err);
}
