/*
 * The call as handlers see it: who asks, what is asked, and how it is answered.
 *
 * The last answer given holds. A mistake (no such exception, no such field) stays with the root and
 * makes the answer an INTERNAL_ERROR.
 */
#include "rpc/call.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "value/convert.h"
#include "value/copy.h"
#include "value/object.h"
#include "value/target.h"

#define KEPT_MEMORY ((size_t)4 << 20)
#define NS_PER_MS 1000000u

void call_init(thrift_call *call, const struct generation *generation)
{
    *call = (thrift_call){.generation = generation};
    root_init(&call->root, generation->schema);
}

void call_deinit(thrift_call *call)
{
    root_deinit(&call->root);
    thrift_buffer_deinit(&call->reply_headers);
}

void call_begin(thrift_call *call, const struct generation *generation,
                const struct endpoint *endpoint, const struct inbound_message *message,
                const struct peer *peer)
{
    const thrift_schema *schema =
        endpoint->method != NULL ? endpoint->method->arguments->schema : generation->schema;

    if (call->root.schema != schema) {
        root_use_schema(&call->root, schema);
    }
    call->generation = generation;
    call->endpoint = endpoint;
    call->protocol = message->form.protocol;
    call->headers = message->headers;
    call->peer = peer;
    call->peer_text = call->name = call->failure = NULL;
    call->result = NULL;
    call->lent = NULL;
    call->block = NULL;
    call->deadline_ns = 0;
    call->answer = CALL_RESULT;
}

void call_end(thrift_call *call)
{
    root_reset(&call->root, KEPT_MEMORY);
    call->reply_headers.size = 0;
}

/* ---- what is asked ---- */

const thrift_method *thrift_call_method(const thrift_call *call)
{
    return call != NULL ? call->endpoint->method : NULL;
}

const char *thrift_call_name(const thrift_call *call)
{
    if (call == NULL) {
        return "";
    }
    return call->name != NULL ? call->name : call->endpoint->name;
}

void *thrift_call_context(const thrift_call *call)
{
    return call != NULL ? call->endpoint->handler.context : NULL;
}

const thrift_schema *thrift_call_schema(const thrift_call *call)
{
    return call != NULL && call->generation != NULL ? call->generation->schema : NULL;
}

uint64_t thrift_call_generation(const thrift_call *call)
{
    return call != NULL && call->generation != NULL ? call->generation->number : 0;
}

thrift_protocol thrift_call_protocol(const thrift_call *call)
{
    return call != NULL ? call->protocol : THRIFT_BINARY;
}

const char *thrift_call_peer(const thrift_call *call)
{
    thrift_call *mutable = (thrift_call *)(uintptr_t)call; /* for its memory alone */
    char text[ADDRESS_TEXT_SIZE];

    if (call == NULL || call->peer == NULL) {
        return "";
    }
    if (call->peer_text == NULL) {
        mutable->peer_text = thrift_call_strdup(mutable, call->peer->print(call->peer->data, text));
    }
    return call->peer_text != NULL ? call->peer_text : "";
}

int64_t thrift_call_time_left_ms(const thrift_call *call)
{
    uint64_t now;

    if (call == NULL || call->deadline_ns == 0) {
        return -1;
    }
    now = clock_now_ns();
    return now < call->deadline_ns ? (int64_t)((call->deadline_ns - now) / NS_PER_MS) : 0;
}

void *thrift_call_alloc(thrift_call *call, size_t size)
{
    return call != NULL ? arena_alloc_aligned(&call->root.arena, size, 16) : NULL;
}

thrift_record *thrift_call_record(thrift_call *call, const char *type)
{
    const thrift_schema *schema = call != NULL ? call->root.schema : NULL;
    const thrift_struct *named = schema != NULL ? thrift_schema_struct(schema, type) : NULL;
    const struct layout *layout = named != NULL ? layout_of(schema, named, NULL) : NULL;
    thrift_record *record = layout != NULL ? record_make(&call->root, layout) : NULL;

    if (call != NULL && record == NULL) {
        (void)(named != NULL ? root_no_memory(&call->root)
                             : root_mistake(&call->root, THRIFT_E_NAME, NULL,
                                            "there is no struct \"%s\"", type != NULL ? type : ""));
    }
    return record;
}

char *thrift_call_strdup(thrift_call *call, const char *text)
{
    return call != NULL && text != NULL ? arena_strdup(&call->root.arena, text, strlen(text))
                                        : NULL;
}

const char *thrift_call_header(const thrift_call *call, const char *name)
{
    thrift_call *mutable = (thrift_call *)(uintptr_t)call; /* for its memory alone */
    thrift_bytes value;

    if (call == NULL || name == NULL || !headers_find(call->headers, name, &value)) {
        return NULL;
    }
    return arena_strdup(&mutable->root.arena, (const char *)value.data, value.size);
}

/* ---- how it is answered ---- */

static thrift_status mistake(thrift_call *call, thrift_status code, const char *what)
{
    return root_mistake(&call->root, code, NULL, "%s %s", thrift_call_name(call), what);
}

/* What is lent (see lend()) becomes a copy: the result is asked for, perhaps to write in it. */
static void take_back(thrift_call *call)
{
    const struct layout_field *success = call->endpoint->success;
    union slot slot;

    *call->lent = &call->root;
    call->lent = NULL;
    memcpy(&slot, record_slot(call->result, success), success->size);
    if (copy_object(&call->root, success->type, &slot.object) == THRIFT_OK) {
        slot_store(success->kind, record_slot(call->result, success), &slot);
    }
}

thrift_record *call_result(thrift_call *call)
{
    if (call->lent != NULL) {
        take_back(call);
    }
    if (call->endpoint->method == NULL) {
        (void)mistake(call, THRIFT_E_STATE, "is not in the definition: answer it raw");
        return NULL;
    }
    if (call->result == NULL) {
        call->result = record_make(&call->root, call->endpoint->result_layout);
    }
    if (call->result == NULL) {
        (void)root_no_memory(&call->root);
    }
    call->answer = CALL_RESULT;
    return call->result;
}

/* The result struct, when `success` is of that kind. */
static thrift_record *result_for(thrift_call *call, thrift_kind kind, thrift_kind other,
                                 const char *what)
{
    const struct layout_field *success;

    if (call == NULL || call->endpoint->method == NULL) {
        return NULL;
    }
    success = call->endpoint->success;
    if (success == NULL || (success->kind != kind && success->kind != other)) {
        (void)mistake(call, THRIFT_E_TYPE, what);
        return NULL;
    }
    return call_result(call);
}

thrift_record *thrift_call_result(thrift_call *call)
{
    thrift_record *result =
        result_for(call, THRIFT_KIND_RECORD, THRIFT_KIND_RECORD, "does not return a struct");

    return result != NULL ? thrift_open_record(result, "success") : NULL;
}

thrift_list *thrift_call_result_list(thrift_call *call)
{
    thrift_record *result =
        result_for(call, THRIFT_KIND_LIST, THRIFT_KIND_SET, "does not return a list or set");

    return result != NULL ? thrift_open_list(result, "success") : NULL;
}

thrift_map *thrift_call_result_map(thrift_call *call)
{
    thrift_record *result =
        result_for(call, THRIFT_KIND_MAP, THRIFT_KIND_MAP, "does not return a map");

    return result != NULL ? thrift_open_map(result, "success") : NULL;
}

/* Before there is a result all that stands in the call's root is its arguments, which nobody
 * writes: a part of them is answered without a copy, as the shared constant that it now is. */
static void lend(thrift_call *call, thrift_value value)
{
    struct thrift_root **root;

    if (value.flags != 0 || !kind_is_object(value.kind)) {
        return;
    }
    root = object_root(value.kind, (void *)(uintptr_t)value.as.record);
    if (*root == &call->root) {
        *root = NULL;
        call->lent = root;
    }
}

/* What is lent and of the very struct that the method returns becomes its result as it is. */
static bool put_lent(thrift_call *call, thrift_record *result, thrift_value value)
{
    const struct layout_field *success = call->endpoint->success;

    if (call->lent == NULL || value.kind != THRIFT_KIND_RECORD ||
        success->kind != THRIFT_KIND_RECORD ||
        value.as.record->layout->type != success->type->record) {
        return false;
    }
    memcpy(record_slot(result, success), &value.as.record, sizeof value.as.record);
    record_mark(result, success);
    return true;
}

thrift_status thrift_call_return(thrift_call *call, thrift_value value)
{
    thrift_record *result;
    bool first;

    if (call == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    first = call->result == NULL;
    result = call_result(call);
    if (result == NULL) {
        return root_status(&call->root);
    }
    if (call->endpoint->success == NULL) {
        return value.kind == THRIFT_KIND_NONE ? THRIFT_OK
                                              : mistake(call, THRIFT_E_TYPE, "returns nothing");
    }
    if (first) {
        lend(call, value);
        if (put_lent(call, result, value)) {
            return root_status(&call->root);
        }
    }
    if (record_put(result, call->endpoint->success, value, "success") != THRIFT_OK &&
        call->lent != NULL) {
        *call->lent = &call->root; /* it did not get into the result */
        call->lent = NULL;
    }
    return root_status(&call->root);
}

static const struct layout_field *find_exception(const struct endpoint *endpoint, const char *type)
{
    const struct layout *layout = endpoint->result_layout;

    for (uint32_t i = endpoint->success != NULL ? 1 : 0; i < layout->field_count; i++) {
        const thrift_struct *thrown = layout->fields[i].type->record;

        if (thrown != NULL &&
            (strcmp(thrown->node.name, type) == 0 || strcmp(thrown->full_name, type) == 0)) {
            return &layout->fields[i];
        }
    }
    return NULL;
}

thrift_status thrift_call_throw(thrift_call *call, const char *type, thrift_fields fields)
{
    const struct layout_field *exception;
    thrift_record *result;

    if (call == NULL || type == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    call->result = NULL; /* nothing of a result that was begun */
    result = call_result(call);
    if (result == NULL) {
        return root_status(&call->root);
    }
    exception = find_exception(call->endpoint, type);
    if (exception == NULL) {
        return root_mistake(&call->root, THRIFT_E_NAME, NULL, "%s does not throw \"%s\"",
                            thrift_call_name(call), type);
    }
    return thrift_set_fields(thrift_open_record(result, exception->field->node.name), fields);
}

thrift_status thrift_fail(thrift_call *call, const char *format, ...)
{
    va_list arguments;
    int size;
    char *text;

    if (call == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    va_start(arguments, format);
    size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    text = size >= 0 ? arena_alloc_aligned(&call->root.arena, (size_t)size + 1, 1) : NULL;
    if (text == NULL) {
        return root_no_memory(&call->root);
    }
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    call->failure = text;
    call->answer = CALL_FAILED;
    return THRIFT_E_APPLICATION;
}

thrift_status thrift_call_set_header(thrift_call *call, const char *name, const char *value)
{
    thrift_bytes left, right;

    if (call == NULL || name == NULL || value == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    left = (thrift_bytes){(const uint8_t *)name, strlen(name)};
    right = (thrift_bytes){(const uint8_t *)value, strlen(value)};
    if (!header_name_valid(left) || !header_value_valid(right)) {
        return mistake(call, THRIFT_E_ARGUMENT,
                       "sets a header that could not stand in HTTP: a name is letters, digits and "
                       "hyphens, a value has no control characters");
    }
    return headers_append(&call->reply_headers, left, right) ? THRIFT_OK
                                                             : root_no_memory(&call->root);
}

thrift_status thrift_call_answer_raw(thrift_call *call, thrift_bytes result)
{
    char *copy;

    if (call == NULL || (result.data == NULL && result.size > 0)) {
        return THRIFT_E_ARGUMENT;
    }
    copy = arena_strdup(&call->root.arena, (const char *)result.data, result.size);
    if (copy == NULL) {
        return root_no_memory(&call->root);
    }
    call->raw = (thrift_bytes){(const uint8_t *)copy, result.size};
    call->answer = CALL_RAW;
    return THRIFT_OK;
}
