/*
 * The encoder of one JSON dialect; its file includes this once, with J(name) set.
 *
 * One loop over frames, no recursion, as in decode_json_template.h.
 * Needs, all inlined:
 *   J_TAGGED        ids and types; each field in an object of its own
 *   J_PRETTY        may be indented (policy)
 *   J_PAIRS         keys that are no text: entries as objects {"key": …, "value": …}; numbers of
 *                   some fields in quotes
 *   J(keys)         which texts of a plan
 *   J(leaf)         one value without parts, as a key or not; room was made
 */

/* Line breaks where the policy wants them. */
static inline bool J(line)(struct json_encoder *json, uint32_t depth)
{
    return !J_PRETTY || !json->encoder->policy->pretty || json_encode_line(json, depth);
}

static inline bool J(pairs)(const struct plan_type *map)
{
    return J_PAIRS && map != NULL && map->code == PLAN_MAP && !plan_is_leaf(map->key);
}

/* A comma behind what came before, and the next line. */
static inline bool J(separate)(struct json_encoder *json, struct encode_frame *frame)
{
    if (!frame->fresh) {
        json_put_char(&json->out, ',');
    }
    frame->fresh = false;
    return J(line)(json, frame->indentation);
}

/* Behind a value; of a field its own object ends there. */
static inline void J(value_end)(struct json_encoder *json)
{
    if (J_TAGGED && json->frame->plan != NULL) {
        json_put_char(&json->out, '}');
    }
}

/* The end of the innermost value with parts: `brackets` behind it. */
static bool J(close)(struct json_encoder *json, const char *brackets)
{
    if (!json_encode_room(json, JSON_ENCODE_ROOM) ||
        (!json->frame->fresh && !J(line)(json, json->frame->indentation - 1))) {
        return false;
    }
    json_put(&json->out, brackets, strlen(brackets));
    if (json->frame == json->encoder->frames) {
        json->done = true;
        return true;
    }
    json->frame -= 1;
    json->depth -= 1;
    J(value_end)(json);
    if (json->frame->plan != NULL) {
        json->frame->op += 1;
    }
    return true;
}

static bool J(open_record)(struct json_encoder *json, const struct plan_type *type,
                           const void *object)
{
    const struct plan *plan = type->record;

    json_put_char(&json->out, '{');
    if (object == NULL) {
        json_put_char(&json->out, '}');
        J(value_end)(json);
        return true;
    }
    if (!json_encode_push(json, &(struct encode_frame){.plan = plan,
                                                       .op = plan->ops,
                                                       .base = object,
                                                       .has = json_encode_has(plan, object),
                                                       .keys = J(keys)(json, plan),
                                                       .fresh = true})) {
        return false;
    }
    json_encode_find_unknown(json->frame);
    return true;
}

/* `["i32",` */
static inline void J(head)(struct json_encoder *json, const struct plan_type *type)
{
    const char *text;

    json_put_char(&json->out, '[');
    if (type->code == PLAN_MAP) {
        text = tjson_type_text(type->key->wire);
        json_put(&json->out, text, strlen(text));
        json_put_char(&json->out, ',');
    }
    text = tjson_type_text(type->element->wire);
    json_put(&json->out, text, strlen(text));
    json_put_char(&json->out, ',');
}

static bool J(open_list)(struct json_encoder *json, const struct plan_type *type,
                         const thrift_list *list, bool headed)
{
    if (list == NULL) {
        list = &list_shared_empty;
    }
    if (J_TAGGED && !headed) {
        J(head)(json, type);
    }
    if (J_TAGGED) {
        json_put_integer(&json->out, list->count);
    } else {
        json_put_char(&json->out, '[');
    }
    if (list->count == 0) {
        json_put_char(&json->out, ']');
        J(value_end)(json);
        return true;
    }
    return json_encode_push(json, &(struct encode_frame){.type = type,
                                                         .slot = list->items,
                                                         .left = list->count,
                                                         .count = list->count,
                                                         .fresh = !J_TAGGED});
}

static bool J(open_map)(struct json_encoder *json, const struct plan_type *type,
                        const thrift_map *map, bool headed)
{
    bool pairs = J(pairs)(type);

    if (map == NULL) {
        map = &mapping_shared_empty;
    }
    if (!J_TAGGED && !J_PAIRS && !plan_is_leaf(type->key)) {
        return json_encode_key_refused(json, type);
    }
    if (J_TAGGED && !headed) {
        J(head)(json, type);
    }
    if (J_TAGGED) {
        json_put_integer(&json->out, map->count);
        json_put_char(&json->out, ',');
    }
    json_put_char(&json->out, pairs ? '[' : '{');
    if (map->count == 0) {
        json_put_char(&json->out, pairs ? ']' : '}');
        if (J_TAGGED) {
            json_put_char(&json->out, ']');
        }
        J(value_end)(json);
        return true;
    }
    return json_encode_push(json, &(struct encode_frame){.type = type,
                                                         .slot = map->entries,
                                                         .left = 2 * map->count,
                                                         .count = map->count,
                                                         .fresh = true});
}

/* A value with parts. Room was made. */
static bool J(open)(struct json_encoder *json, const struct plan_type *type, const uint8_t *slot,
                    bool headed)
{
    const void *object = json_encode_object(slot);

    switch (type->code) {
    case PLAN_RECORD:
        return J(open_record)(json, type, object);
    case PLAN_LIST:
        return J(open_list)(json, type, object, headed);
    default:
        return J(open_map)(json, type, object, headed);
    }
}

/* Whether the operation is written; room and key included. */
static inline enum json_presence
J(begin_field)(struct json_encoder *json, struct encode_frame *frame, const struct plan_op *op)
{
    const struct json_key *key = &frame->keys[op - frame->plan->ops];

    if ((frame->has & op->has) == 0 &&
        (op->has != 0 || !encode_has_far(frame->plan, op, frame->base))) {
        enum json_presence presence = json_encode_unset(json, frame, op);

        if (presence != JSON_WRITTEN) {
            return presence;
        }
    }
    if (!json_encode_room(json, key->size + JSON_ENCODE_ROOM) || !J(separate)(json, frame) ||
        !json_encode_room(json, key->size + JSON_ENCODE_ROOM)) {
        return JSON_WRONG;
    }
    if (J_PAIRS) {
        json_encode_quotes(json, key);
    }
    json_put_key(&json->out, key);
    if (J_PRETTY && json->encoder->policy->pretty) {
        json_put_char(&json->out, ' ');
    }
    return JSON_WRITTEN;
}

/* Kept fields stand where their ids do; only ids have a place in TJSON. */
static inline bool J(unknown)(struct json_encoder *json, struct encode_frame *frame, int32_t below)
{
    return !J_TAGGED || __builtin_expect(frame->unknown_count == 0, 1) ||
           json_encode_unknown(json, frame, below);
}

static bool J(fields)(struct json_encoder *json)
{
    struct encode_frame *frame = json->frame;
    const struct plan_op *end = frame->plan->ops + frame->plan->op_count;

    while (frame->op < end) {
        const struct plan_op *op = frame->op;
        const uint8_t *slot = frame->base + op->offset;
        enum json_presence presence =
            J(unknown)(json, frame, op->id) ? J(begin_field)(json, frame, op) : JSON_WRONG;

        if (presence == JSON_WRONG) {
            return false;
        }
        if (presence == JSON_LEFT_OUT) {
            frame->op += 1;
            continue;
        }
        if (op->code >= PLAN_RECORD) {
            if (!J(open)(json, op->type, slot, true)) {
                return false;
            }
            if (json->frame != frame) {
                return true; /* frame->op says where, until the value is done */
            }
        } else {
            if (!J(leaf)(json, op->type, op->code, false, slot)) {
                return false;
            }
            J(value_end)(json);
        }
        frame->op += 1;
    }
    frame->op = NULL;
    return J(unknown)(json, frame, INT32_MAX) && json_encode_complete(json, frame) &&
           J(close)(json, "}");
}

static bool J(items)(struct json_encoder *json)
{
    struct encode_frame *frame = json->frame;
    const struct plan_type *element = frame->type->element;

    while (frame->left > 0) {
        const uint8_t *slot = frame->slot;

        frame->left -= 1;
        frame->slot = slot + element->size;
        if (!json_encode_room(json, JSON_ENCODE_ROOM) || !J(separate)(json, frame)) {
            return false;
        }
        if (plan_is_leaf(element)) {
            if (!J(leaf)(json, element, element->code, false, slot)) {
                return false;
            }
        } else if (!J(open)(json, element, slot, false)) {
            return false;
        } else if (json->frame != frame) {
            return true;
        }
    }
    return J(close)(json, "]");
}

/* A part of an entry: its key, or its value. */
static bool J(entry_part)(struct json_encoder *json, const struct plan_type *type,
                          const uint8_t *slot, bool key)
{
    return plan_is_leaf(type) ? J(leaf)(json, type, type->code, key, slot)
                              : J(open)(json, type, slot, false);
}

/* An entry that is an object of its own: a member of it, and its end. */
static bool J(begin_member)(struct json_encoder *json, const struct encode_frame *frame,
                            const char *before, const char *name)
{
    json_put_char(&json->out, *before);
    if (!J(line)(json, frame->indentation + 1)) {
        return false;
    }
    json_put(&json->out, name, strlen(name));
    if (J_PRETTY && json->encoder->policy->pretty) {
        json_put_char(&json->out, ' ');
    }
    return true;
}

static bool J(end_pair)(struct json_encoder *json, const struct encode_frame *frame)
{
    if (!json_encode_room(json, JSON_ENCODE_ROOM) || !J(line)(json, frame->indentation)) {
        return false;
    }
    json_put_char(&json->out, '}');
    return true;
}

static inline bool J(begin_key)(struct json_encoder *json, struct encode_frame *frame, bool pairs)
{
    if (!json_encode_room(json, JSON_ENCODE_ROOM)) {
        return false;
    }
    if (pairs && !frame->fresh && !J(end_pair)(json, frame)) {
        return false;
    }
    return J(separate)(json, frame) && (!pairs || J(begin_member)(json, frame, "{", "\"key\":"));
}

static inline bool J(begin_value)(struct json_encoder *json, const struct encode_frame *frame,
                                  bool pairs)
{
    if (!json_encode_room(json, JSON_ENCODE_ROOM)) {
        return false;
    }
    if (pairs) {
        json_encode_quotes_again(json);
        return J(begin_member)(json, frame, ",", "\"value\":");
    }
    json_put_char(&json->out, ':');
    if (J_PRETTY && json->encoder->policy->pretty) {
        json_put_char(&json->out, ' ');
    }
    return true;
}

static bool J(entries)(struct json_encoder *json)
{
    struct encode_frame *frame = json->frame;
    const struct plan_type *type = frame->type;
    bool pairs = J(pairs)(type);

    while (frame->left > 0) {
        const uint8_t *entry = frame->slot;
        bool good;

        frame->left -= 1;
        if (frame->left % 2 != 0) { /* counted down: the key's turn */
            good = J(begin_key)(json, frame, pairs) && J(entry_part)(json, type->key, entry, true);
        } else {
            frame->slot = entry + type->entry_size;
            good = J(begin_value)(json, frame, pairs) &&
                   J(entry_part)(json, type->element, entry + type->value_offset, false);
        }
        if (!good) {
            return false;
        }
        if (json->frame != frame) {
            return true;
        }
    }
    if (pairs && !J(end_pair)(json, frame)) {
        return false;
    }
    return J(close)(json, J_TAGGED ? "}]" : pairs ? "]" : "}");
}

static bool J(run)(struct json_encoder *json)
{
    bool good = true;

    while (good && !json->done) {
        if (json->frame->plan != NULL) {
            good = J(fields)(json);
        } else if (json->frame->type->code == PLAN_LIST) {
            good = J(items)(json);
        } else {
            good = J(entries)(json);
        }
    }
    return good;
}

bool J(encode_run)(struct encoder *encoder)
{
    struct json_encoder json;
    struct encode_frame *outer = encoder->frames;

    *outer = (struct encode_frame){.plan = outer->plan, .base = outer->base};
    if (!json_encoder_begin(&json, encoder) || !json_encode_room(&json, JSON_ENCODE_ROOM)) {
        return json_encoder_end(&json, false);
    }
    outer->op = outer->plan->ops;
    outer->has = json_encode_has(outer->plan, outer->base);
    outer->keys = J(keys)(&json, outer->plan);
    outer->fresh = true;
    outer->indentation = 1;
    json_encode_find_unknown(outer);
    json_put_char(&json.out, '{');
    return json_encoder_end(&json, J(run)(&json));
}
