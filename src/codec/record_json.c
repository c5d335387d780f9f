/*
 * Options of a codec to the rules of Jansson's trees.
 */
#include <rethrift/record_json.h>

#include "codec/json_rules.h"

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
    rules = json_rules_of(codec_policy_of(options, &own));
    return json_of_record(record, &rules, err);
}

thrift_record *thrift_record_from_json(const thrift_schema *schema, const char *type,
                                       struct json_t *json, const thrift_codec_options *options,
                                       thrift_error *err)
{
    struct codec_policy own;
    struct json_rules rules = json_rules_of(codec_policy_of(options, &own));
    thrift_record *record = thrift_record_new(schema, type, err);

    if (record != NULL && json_to_record(json, record, &rules, err) != THRIFT_OK) {
        thrift_record_free(record);
        record = NULL;
    }
    return record;
}
