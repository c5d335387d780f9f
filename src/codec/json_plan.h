/*
 * JSON plan: beside a plan, the text that stands before each field's value, ready to be compared
 * with and copied from, in TJSON and by name.
 *
 *     tagged  `"1":{"i32":`  and of containers the head, too: `"2":{"lst":["str",`
 *     named   `"name":`
 *     plain   the same, with the name that an annotation gives the field in plain JSON
 *
 * Made once per schema on first use, immutable. Threads: any.
 */
#ifndef CODEC_JSON_PLAN_H
#define CODEC_JSON_PLAN_H

#include "base/bytes.h"
#include "codec/plan.h"

/* Which numbers plain JSON has in quotes: bits. */
enum json_quotes { JSON_QUOTES_NONE = 0, JSON_QUOTES_I64 = 1, JSON_QUOTES_ALL = 3 };

struct json_key {
    uint64_t first, last; /* the text's first and last eight bytes; of a shorter one `first` alone*/
    uint64_t mask;        /* of `first` */
    uint32_t size;
    uint8_t quotes;   /* enum json_quotes: of the numbers in the field, as plain JSON */
    const char *text; /* JSON_KEY_SLOP bytes may be read behind it */
};

/* Short keys are copied as whole vectors. */
#define JSON_KEY_SLOP 32u

struct json_plan {
    const struct json_key *tagged, *named, *plain; /* by place in plan->ops */
};

/* All of a schema's, by thrift_struct.index; NULL: E_NOMEM. Behind the last stand two of one field
 * that no struct has, for values by themselves: its numbers bare, and in quotes. */
const struct json_plan *json_plans_of(const thrift_schema *schema, thrift_error *err);

bool json_key_matches_slow(const struct json_key *key, const uint8_t *at, size_t left);

/* The text stands at `at`, of which `left` bytes may be read, and something follows it. */
static inline bool json_key_matches(const struct json_key *key, const uint8_t *at, size_t left)
{
    if (__builtin_expect(left <= key->size || left < 8, 0)) {
        return json_key_matches_slow(key, at, left);
    }
    if (((load_little64(at) ^ key->first) & key->mask) != 0) {
        return false;
    }
    if (key->size <= 8) {
        return true;
    }
    return load_little64(at + key->size - 8) == key->last &&
           (key->size <= 16 || json_key_matches_slow(key, at, left));
}

#endif
