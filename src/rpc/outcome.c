/*
 * Reading replies: a result, a declared exception, an application error. Nothing else is a reply.
 */
#include "rpc/outcome.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "codec/codec.h"
#include "rpc/parent.h"
#include "value/record.h"

thrift_outcome *outcome_new(const thrift_schema *schema, const thrift_method *method,
                            const thrift_allocator *allocator, thrift_error *err)
{
    thrift_outcome *outcome = mem_alloc_zero(allocator, 1, sizeof *outcome);

    if (outcome == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    outcome->allocator = *allocator;
    outcome->method = method;
    root_init(&outcome->root, schema);
    return outcome;
}

void thrift_outcome_free(thrift_outcome *outcome)
{
    thrift_allocator allocator;

    if (outcome != NULL) {
        allocator = outcome->allocator;
        root_deinit(&outcome->root);
        mem_free(&allocator, outcome, sizeof *outcome);
    }
}

/* ---- reading ---- */

static thrift_status check_end(thrift_protocol protocol, thrift_bytes rest,
                               const struct codec_policy *policy, thrift_error *err)
{
    thrift_status status = message_read_end(protocol, &rest, err);

    if (status == THRIFT_OK && rest.size > 0 && !policy->accept_trailing) {
        status = FAIL(err, THRIFT_E_TRAILING, "%zu bytes behind the reply", rest.size);
    }
    return status;
}

static thrift_status read_application(thrift_outcome *outcome, thrift_protocol protocol,
                                      thrift_bytes body, const struct codec_policy *policy,
                                      thrift_error *err)
{
    struct application_error error;
    thrift_status status = application_error_read(protocol, &body, policy->limits, &error, err);

    if (status == THRIFT_OK) {
        status = check_end(protocol, body, policy, err);
    }
    if (status != THRIFT_OK) {
        return status;
    }
    outcome->kind = THRIFT_OUTCOME_APPLICATION;
    outcome->code = error.code;
    outcome->text =
        arena_strdup(&outcome->root.arena, (const char *)error.text.data, error.text.size);
    return outcome->text != NULL ? THRIFT_OK : FAIL_NOMEM(err);
}

static thrift_status read_raw(thrift_outcome *outcome, thrift_bytes body, thrift_error *err)
{
    const char *copy = arena_strdup(&outcome->root.arena, (const char *)body.data, body.size);

    if (copy == NULL) {
        return FAIL_NOMEM(err);
    }
    outcome->kind = THRIFT_OUTCOME_RESULT;
    outcome->raw = (thrift_bytes){(const uint8_t *)copy, body.size};
    return THRIFT_OK;
}

/* Which of success and exceptions is set: exactly one, or none of a void method's. */
static thrift_status classify(thrift_outcome *outcome, const thrift_record *result,
                              thrift_error *err)
{
    const struct layout *layout = result->layout;
    const thrift_field *set = NULL;

    for (uint32_t i = 0; i < layout->field_count; i++) {
        if (!record_has(result, &layout->fields[i])) {
            continue;
        }
        if (set != NULL) {
            return FAIL(err, THRIFT_E_CORRUPT, "the reply has both \"%s\" and \"%s\"",
                        set->node.name, layout->fields[i].field->node.name);
        }
        set = layout->fields[i].field;
    }
    outcome->result = result;
    if (set == NULL && outcome->method->result != NULL) {
        outcome->kind = THRIFT_OUTCOME_APPLICATION;
        outcome->code = APPLICATION_MISSING_RESULT;
        outcome->text = "the reply has no result";
    } else if (set == NULL || set->id == 0) {
        outcome->kind = THRIFT_OUTCOME_RESULT;
    } else {
        outcome->kind = THRIFT_OUTCOME_EXCEPTION;
        outcome->thrown = set;
    }
    return THRIFT_OK;
}

static thrift_status read_result(thrift_outcome *outcome, thrift_protocol protocol,
                                 thrift_bytes body, const struct codec_policy *policy,
                                 thrift_error *err)
{
    const struct plan *plan = plan_of(outcome->root.schema, outcome->method->result_struct, err);
    thrift_record *result = NULL;
    thrift_status status;

    if (plan == NULL) {
        return THRIFT_E_NOMEM;
    }
    outcome->root.arena.budget = policy->limits->max_message_memory;
    status = codec_decode(plan, protocol, &body, policy, &outcome->root, &result, err);
    outcome->root.arena.budget = SIZE_MAX;
    if (status == THRIFT_OK) {
        status = check_end(protocol, body, policy, err);
    }
    return status == THRIFT_OK ? classify(outcome, result, err) : status;
}

thrift_status outcome_read(thrift_outcome *outcome, thrift_protocol protocol,
                           const struct link_reply *reply, const struct codec_policy *policy,
                           thrift_error *err)
{
    if (reply->header.kind == THRIFT_MESSAGE_EXCEPTION) {
        return read_application(outcome, protocol, reply->body, policy, err);
    }
    if (outcome->method == NULL) {
        return read_raw(outcome, reply->body, err);
    }
    return read_result(outcome, protocol, reply->body, policy, err);
}

/* ---- for programs ---- */

thrift_outcome_kind thrift_outcome_is(const thrift_outcome *outcome)
{
    return outcome != NULL ? outcome->kind : THRIFT_OUTCOME_NONE;
}

int32_t thrift_outcome_application_code(const thrift_outcome *outcome)
{
    return thrift_outcome_is(outcome) == THRIFT_OUTCOME_APPLICATION ? outcome->code : 0;
}

thrift_bytes thrift_outcome_raw(const thrift_outcome *outcome)
{
    return outcome != NULL ? outcome->raw : (thrift_bytes){NULL, 0};
}

static const thrift_record *exception_of(const thrift_outcome *outcome)
{
    return thrift_outcome_is(outcome) == THRIFT_OUTCOME_EXCEPTION
               ? thrift_as_record(thrift_record_get(outcome->result, outcome->thrown))
               : NULL;
}

const thrift_record *thrift_outcome_exception(const thrift_outcome *outcome, const char *type)
{
    const thrift_record *exception = exception_of(outcome);
    const thrift_struct *thrown = thrift_record_type(exception);

    if (exception == NULL || type == NULL) {
        return exception;
    }
    return strcmp(thrown->node.name, type) == 0 || strcmp(thrown->full_name, type) == 0 ? exception
                                                                                        : NULL;
}

/* The first text that an exception has: what people put into them is a message. */
static const char *text_of(const thrift_record *exception)
{
    const thrift_struct *type = thrift_record_type(exception);

    for (uint32_t i = 0; i < type->field_count; i++) {
        const thrift_field *field = &type->fields[i];

        if (field->type->kind == THRIFT_KIND_STRING && thrift_has(exception, field->node.name)) {
            return thrift_as_string(thrift_record_get(exception, field));
        }
    }
    return NULL;
}

static thrift_status fail_exception(const thrift_outcome *outcome, thrift_error *err)
{
    const thrift_record *exception = exception_of(outcome);
    const char *text = text_of(exception);

    return FAIL(err, THRIFT_E_EXCEPTION, "%s%s%s", thrift_record_type(exception)->node.name,
                text != NULL ? ": " : "", text != NULL ? text : "");
}

static thrift_status fail_application(const thrift_outcome *outcome, thrift_error *err)
{
    const char *name = application_code_name(outcome->code);

    if (outcome->text[0] != '\0') {
        return FAIL(err, THRIFT_E_APPLICATION, "%s", outcome->text);
    }
    return FAIL(err, THRIFT_E_APPLICATION, "the peer refused without a text (%s, %d)",
                name != NULL ? name : "no known code", (int)outcome->code);
}

thrift_status thrift_outcome_check(const thrift_outcome *outcome, thrift_error *err)
{
    if (outcome == NULL) {
        return parent_failed(err, "outcome");
    }
    if (outcome->kind == THRIFT_OUTCOME_EXCEPTION) {
        return fail_exception(outcome, err);
    }
    return outcome->kind == THRIFT_OUTCOME_APPLICATION ? fail_application(outcome, err) : THRIFT_OK;
}

thrift_value thrift_outcome_result(const thrift_outcome *outcome, thrift_error *err)
{
    if (thrift_outcome_check(outcome, err) != THRIFT_OK || outcome->method == NULL ||
        outcome->method->result == NULL || outcome->result == NULL) {
        return thrift_value_none(NULL);
    }
    return thrift_record_get(outcome->result, &outcome->method->result_struct->fields[0]);
}

const thrift_record *thrift_outcome_record(const thrift_outcome *outcome, thrift_error *err)
{
    return thrift_as_record(thrift_outcome_result(outcome, err));
}
