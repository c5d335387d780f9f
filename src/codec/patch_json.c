/*
 * The record knows how to set and unset by a path. Where its rules are kinder than those of a patch
 * (it makes what is missing on the way, takes out what is not there) the patch's hold, and an item
 * behind the last is added.
 */
#include "codec/patch_json.h"

#include "base/buffer.h"
#include "base/error.h"
#include "value/list.h"
#include "value/path.h"
#include "value/place.h"
#include "value/record.h"

#define HOLDER_MOST 1024u

/* A path is its holder's and one step. */
struct split {
    char holder[HOLDER_MOST]; /* empty: the outermost struct */
    struct path_step last;
};

static thrift_status not_there(thrift_error *err)
{
    return FAIL(err, THRIFT_E_NAME, "the path leads to nothing that could be changed");
}

static thrift_status split_path(const char *path, struct split *out, thrift_error *err)
{
    const char *at = path, *begin = path;
    struct path_step step = path_next(&at, true);
    size_t size;

    while (step.kind != PATH_END && step.kind != PATH_BAD) {
        const char *next = at;
        struct path_step following = path_next(&next, false);

        out->last = step;
        if (following.kind == PATH_END) {
            break;
        }
        begin = at;
        at = next;
        step = following;
    }
    size = begin == path ? 0 : (size_t)(begin - path);
    if (step.kind == PATH_BAD || step.kind == PATH_END) {
        return FAIL(err, THRIFT_E_NAME, "not a path");
    }
    if (size >= sizeof out->holder) {
        return FAIL(err, THRIFT_E_LIMIT, "the path has more than %u bytes", HOLDER_MOST - 1);
    }
    memcpy(out->holder, path, size);
    out->holder[size] = '\0';
    return THRIFT_OK;
}

/* What the holder has at the last step; `*added`: the item behind its last. */
static thrift_status look(thrift_record *record, const struct split *split, const char *path,
                          bool removes, bool *added, thrift_error *err)
{
    struct place place;
    thrift_status status = THRIFT_OK;

    if (split->holder[0] != '\0') {
        if (!place_find(record, split->holder, &place)) {
            status = root_first_mistake(record->root, err);
        } else if (!place.present) {
            status = not_there(err);
        }
    }
    if (status != THRIFT_OK || split->last.kind == PATH_FIELD) {
        return status;
    }
    if (!thrift_has(record, path)) {
        size_t count = split->last.kind == PATH_ITEM
                           ? thrift_list_count(thrift_get_list(record, split->holder))
                           : 0;

        *added = split->last.kind == PATH_ITEM && split->last.index == count && !removes;
        status = root_first_mistake(record->root, err);
        if (status == THRIFT_OK && !*added && (removes || split->last.kind == PATH_ITEM)) {
            status = not_there(err);
        }
    }
    return status;
}

static thrift_status change(thrift_record *record, const char *path, thrift_value value,
                            thrift_error *err)
{
    const thrift_named_value named = {path, value};
    bool removes = value.kind == THRIFT_KIND_NONE, added = false;
    struct split split;
    thrift_status status = split_path(path, &split, err);

    if (status == THRIFT_OK) {
        status = look(record, &split, path, removes, &added, err);
    }
    if (status != THRIFT_OK) {
        return status;
    }
    if (added) {
        thrift_list_add_value(thrift_open_list(record, split.holder), value);
    } else {
        thrift_set_fields(record, (thrift_fields){&named, 1});
    }
    return root_first_mistake(record->root, err);
}

thrift_status patch_json(const struct plan *plan, thrift_protocol protocol, thrift_bytes input,
                         const char *path, thrift_value value, thrift_buffer *out,
                         thrift_error *err)
{
    struct codec_policy policy = codec_policy_default;
    struct thrift_root *root = root_new(plan->layout, err);
    size_t before = out->size;
    thrift_status status;

    if (root == NULL) {
        return THRIFT_E_NOMEM;
    }
    policy.no_defaults = true;
    policy.unknown = THRIFT_UNKNOWN_KEEP;
    status = codec_decode_into(plan, protocol, &input, &policy, root->top, err);
    if (status == THRIFT_OK) {
        status = change(root->top, path, value, err);
    }
    if (status == THRIFT_OK) {
        status = codec_encode(plan, protocol, root->top, &policy, out, err);
    }
    if (status == THRIFT_OK && !buffer_append(out, input.data, input.size)) {
        out->size = before;
        status = FAIL_NOMEM(err);
    }
    root_free(root);
    return status;
}
