/*
 * JSON handlers: a dynamic handler that turns records into trees of Jansson and back.
 */
#include <rethrift/json.h>

#include "base/error.h"
#include "codec/json_rules.h"
#include "rpc/call.h"

/* false: a mistake is noted. */
static bool put_result(thrift_call *call, struct json_t *json)
{
    struct json_rules rules = json_rules_of(&codec_policy_default);
    thrift_record *result = call_result(call);
    thrift_error err = THRIFT_ERROR_INIT;

    rules.refuse_unknown = true;
    if (result == NULL) {
        return false;
    }
    if (json_to_member(json, call->endpoint->success->field->node.name, result, &rules, &err) ==
        THRIFT_OK) {
        return true;
    }
    (void)root_mistake(&call->root, err.code, err.source, "%s", err.message);
    return false;
}

/* What the handler returned, unless it answered otherwise. */
static thrift_status answer(thrift_call *call, struct json_t *json)
{
    thrift_status status = THRIFT_OK;

    if (call->answer == CALL_FAILED) {
        status = THRIFT_E_APPLICATION;
    } else if (call->answer == CALL_RESULT && call->result == NULL) {
        if (json == NULL) {
            status = root_mistake(&call->root, THRIFT_E_REQUIRED, NULL,
                                  "%s: the JSON handler returned NULL", thrift_call_name(call));
        } else if (call->endpoint->success != NULL && !put_result(call, json)) {
            status = root_status(&call->root);
        }
    }
    json_release(json);
    return status;
}

static thrift_status run(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_json_handler handler = (thrift_json_handler)call->endpoint->handler.inner;
    thrift_error err = THRIFT_ERROR_INIT;
    struct json_t *json = thrift_record_to_json(args, NULL, &err), *result;

    if (json == NULL) {
        return root_mistake(&call->root, err.code, err.source, "%s", err.message);
    }
    result = handler(call, json, context);
    json_release(json);
    return answer(call, result);
}

thrift_status thrift_bind_json(thrift_registry *registry, const char *name,
                               thrift_json_handler handler, void *context)
{
    return registry_bind_adapted(registry, name, run, (void (*)(void))handler, context);
}
