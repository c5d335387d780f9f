/*
 * One member of a record as a tree of Jansson, and trees for those who never look into them.
 */
#include <jansson.h>

#include "base/error.h"
#include "value/json.h"

void json_release(struct json_t *json) { json_decref(json); }

thrift_status json_to_member(struct json_t *json, const char *name, thrift_record *record,
                             const struct json_rules *rules, thrift_error *err)
{
    json_t *object = json_object();
    thrift_status status;

    if (object == NULL || json_object_set(object, name, json) != 0) {
        json_decref(object);
        return FAIL_NOMEM(err);
    }
    status = json_to_record(object, record, rules, err);
    json_decref(object);
    return status;
}

struct json_t *json_of_member(const thrift_record *record, const char *name,
                              const struct json_rules *rules, thrift_error *err)
{
    json_t *object, *member;

    if (record == NULL) {
        return json_null();
    }
    object = json_of_record(record, rules, err);
    member = json_object_get(object, name);
    member = object == NULL ? NULL : member == NULL ? json_null() : json_incref(member);
    json_decref(object);
    return member;
}
