/*
 * Options of a codec to the rules of Jansson's trees.
 */
#include <rethrift/record_json.h>

#include "codec/policy.h"
#include "value/json.h"

static struct json_rules rules_of(const struct codec_policy *policy)
{
    return (struct json_rules){.i64_as_string = policy->i64_as_string,
                               .no_defaults = policy->no_defaults,
                               .accept_missing = policy->accept_missing,
                               .accept_union = policy->accept_union,
                               .accept_enum = policy->accept_enum,
                               .refuse_unknown = policy->unknown == THRIFT_UNKNOWN_REFUSE,
                               .struct_depth_most = policy->limits->max_struct_depth,
                               .depth_most = policy->limits->max_depth};
}

struct json_t *thrift_record_to_json(const thrift_record *record,
                                     const thrift_codec_options *options, thrift_error *err)
{
    struct codec_policy own;
    struct json_rules rules;

    if (record == NULL) {
        return NULL;
    }
    if (record->root != NULL && root_first_mistake(record->root, err) != THRIFT_OK) {
        return NULL;
    }
    rules = rules_of(codec_policy_of(options, &own));
    return json_of_record(record, &rules, err);
}

thrift_record *thrift_record_from_json(const thrift_schema *schema, const char *type,
                                       struct json_t *json, const thrift_codec_options *options,
                                       thrift_error *err)
{
    struct codec_policy own;
    struct json_rules rules = rules_of(codec_policy_of(options, &own));
    thrift_record *record = thrift_record_new(schema, type, err);

    if (record != NULL && json_to_record(json, record, &rules, err) != THRIFT_OK) {
        thrift_record_free(record);
        record = NULL;
    }
    return record;
}
