/*
 * Walking over what a struct, list or map holds in JSON, from one entry to the next, noting where
 * each begins and ends in the text. The locator stands before the holder, afterwards behind it.
 *
 * Not for plain JSON's maps whose keys are no text: no path leads to an entry of those.
 */
#ifndef CODEC_WALK_JSON_H
#define CODEC_WALK_JSON_H

#include "codec/locate_json.h"

/* A member, an item, or an entry of a map. The value of a member of TJSON is `2` in
 * `"1":{"i32":2}`, and the entry ends behind the bracket. */
struct json_entry {
    const uint8_t *lead; /* behind the bracket or comma before it: white space up to `begin` */
    const uint8_t *begin, *value, *value_end, *end;
    int32_t id; /* of a member; JSON_ENTRY_NO_ID where it has a name that is not declared */
    bool fits;  /* a member's value is of the declared type */
    bool same;  /* a map's key is the one that was looked for */
};

#define JSON_ENTRY_NO_ID INT32_MIN

struct json_walk {
    struct json_locator *at;
    const union slot *key; /* that is looked for; NULL: none */
    struct transcode_frame frame;
    bool fresh;              /* no entry yet */
    bool led;                /* a comma stands before the first entry, too: lists of TJSON */
    const uint8_t *open;     /* behind the bracket, or what stands before the first comma */
    thrift_bytes count_text; /* TJSON's containers: how many there are */
};

/* Opens the value at which the locator stands. `*matches` false: a container of other elements than
 * declared, which was passed over. */
enum wire_fault json_walk_open(struct json_walk *walk, struct json_locator *at,
                               const union slot *key, bool *matches);
/* The next entry, or the holder's end. */
enum wire_fault json_walk_next(struct json_walk *walk, struct json_entry *entry, bool *ended);

#endif
