/*
 * Calls with trees of Jansson for arguments and result.
 */
#include <rethrift/json.h>

#include "codec/json_rules.h"
#include "rpc/outcome.h"
#include "value/record.h"

thrift_outcome *thrift_client_call_json(thrift_client *client, const char *method,
                                        struct json_t *args, thrift_error *err)
{
    struct json_rules rules = json_rules_of(&codec_policy_default);
    thrift_record *record = thrift_client_args(client, method, err);
    thrift_outcome *outcome = NULL;

    rules.refuse_unknown = true;
    if (record != NULL &&
        (args == NULL || json_to_record(args, record, &rules, err) == THRIFT_OK)) {
        outcome = thrift_client_send(client, record, err);
    }
    thrift_record_free(record);
    return outcome;
}

struct json_t *thrift_outcome_json(const thrift_outcome *outcome, thrift_error *err)
{
    struct json_rules rules = json_rules_of(&codec_policy_default);

    if (thrift_outcome_check(outcome, err) != THRIFT_OK) {
        return NULL;
    }
    rules.no_defaults = true;
    return json_of_member(outcome->result, "success", &rules, err);
}
