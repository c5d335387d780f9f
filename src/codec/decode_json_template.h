/*
 * The decoder of one JSON dialect; its file includes this once, with J(name) set.
 *
 * One loop over frames, no recursion: each step goes on in the innermost frame until a value opens
 * another or the frame is done.
 * Needs, all inlined:
 *   J_CONTROLS             what a string may hold as it is
 *   J_TAGGED               fields stand in an object of one member, named after the type
 *   J(keys)                which texts of a plan
 *   J(leaf)                one value without parts
 *   J(other_field)         a field whose key is not the expected text: *op NULL when it was skipped
 *   J(open_list), J(open_map)   up to their first entry; *skipped when they do not fit
 *   J(next_item), J(next_entry) up to an entry, or the end: *ended
 *   J(between)             from a map's key to its value
 */

#define CHECK(call)                                                                                \
    do {                                                                                           \
        enum wire_fault fault_ = (call);                                                           \
        if (__builtin_expect(fault_ != WIRE_OK, 0)) {                                              \
            return fault_;                                                                         \
        }                                                                                          \
    } while (0)

/* Behind a value; of a field its own object ends there. */
static inline enum wire_fault J(value_end)(struct json_decoder *json)
{
    return J_TAGGED && json->frame->plan != NULL ? json_need(&json->in, '}') : WIRE_OK;
}

static inline enum wire_fault J(close)(struct json_decoder *json)
{
    const struct decode_frame *frame = json->frame;

    if (__builtin_expect(json->decoder->policy->unique, 0) && frame->plan == NULL &&
        !decode_unique(json->decoder, frame->type, frame->container)) {
        return WIRE_BAD_VALUE;
    }
    if (json->frame == json->decoder->frames) {
        json->done = true;
        return WIRE_OK;
    }
    json->frame -= 1;
    json->depth -= 1;
    return J(value_end)(json);
}

static void J(push_record)(struct json_decoder *json, const struct plan *plan, uint8_t *base)
{
    json->structs += 1;
    json_decode_push(json, &(struct decode_frame){.plan = plan,
                                                  .next = plan->ops,
                                                  .base = base,
                                                  .keys = J(keys)(json, plan),
                                                  .fresh = true});
}

static enum wire_fault J(open_record)(struct json_decoder *json, const struct plan *plan,
                                      void *slot)
{
    struct thrift_root *root = json->decoder->root;
    uint8_t *base;

    CHECK(json_need(&json->in, '{'));
    CHECK(json_decode_depth(json, true));
    if (plan->required == 0 && !plan->far && !plan->tagged && json_take(&json->in, '}')) {
        *(const thrift_record **)slot = plan->layout->shared_empty;
        return J(value_end)(json);
    }
    base = (uint8_t *)record_make(root, plan->layout);
    if (base == NULL) {
        return WIRE_NO_MEMORY;
    }
    if (json->decoder->policy->no_defaults) {
        memset(base + sizeof(thrift_record), 0, plan->layout->size - sizeof(thrift_record));
    }
    *(void **)slot = base;
    J(push_record)(json, plan, base);
    return WIRE_OK;
}

/* A value with parts. `headed`: a container whose head has been read up to its count. */
static inline enum wire_fault J(open)(struct json_decoder *json, const struct plan_type *type,
                                      void *slot, bool headed, bool *skipped)
{
    switch (type->code) {
    case PLAN_RECORD:
        if (json_peek(&json->in) != '{') {
            return json_decode_misfit(json, type, J_TAGGED ? THRIFT_E_CORRUPT : THRIFT_E_TYPE,
                                      json_fault(&json->in));
        }
        return J(open_record)(json, type->record, slot);
    case PLAN_LIST:
        return J(open_list)(json, type, slot, headed, skipped);
    default:
        return J(open_map)(json, type, slot, headed, skipped);
    }
}

/* The next field's operation, its key passed; NULL at the struct's end. `*headed` as in open(). */
static inline enum wire_fault J(next_field)(struct json_decoder *json, struct decode_frame *frame,
                                            const struct plan_op **out, bool *headed)
{
    struct cursor *in = &json->in;
    const struct plan_op *op = NULL;

    do {
        const struct json_key *key = &frame->keys[frame->next - frame->plan->ops];

        if (__builtin_expect(!json_take(in, ','), 0) && !frame->fresh) {
            *out = NULL;
            return json_need(in, '}');
        }
        if (frame->fresh) {
            if (in->at[-1] == ',') {
                return WIRE_BAD_VALUE;
            }
            frame->fresh = false;
            if (json_take(in, '}')) {
                *out = NULL;
                return WIRE_OK;
            }
        }
        (void)json_peek(in);
        *headed = json_key_matches(key, in->at, cursor_left(in));
        if (__builtin_expect(*headed, 1)) {
            in->at += key->size;
            op = frame->next;
        } else {
            CHECK(J(other_field)(json, frame, &op));
        }
    } while (op == NULL);
    frame->next = op + 1;
    *out = op;
    return WIRE_OK;
}

static inline enum wire_fault J(field_value)(struct json_decoder *json, struct decode_frame *frame,
                                             const struct plan_op *op)
{
    void *slot = frame->base + op->offset;

    switch (op->code) {
#define LEAF(code_)                                                                                \
    case code_:                                                                                    \
        return J(leaf)(json, op->type, code_, false, slot)
        LEAF(PLAN_BOOL);
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
        LEAF(PLAN_STRING);
    default:
        LEAF(PLAN_BINARY);
#undef LEAF
    }
}

static enum wire_fault J(fields)(struct json_decoder *json)
{
    struct decode_frame *frame = json->frame;

    for (;;) {
        const struct plan_op *op;
        bool headed = false, skipped = false;

        frame->op = NULL;
        CHECK(J(next_field)(json, frame, &op, &headed));
        if (op == NULL) {
            CHECK(json_decode_complete(json));
            json->structs -= 1;
            return J(close)(json);
        }
        frame->op = op;
        if (!json->decoder->policy->accept_duplicates &&
            decode_has(frame->plan, op, frame->base, frame->seen)) {
            CHECK(json_decode_said(decode_duplicate(json->decoder, op)));
        }
        if (!J_TAGGED && json_peek(&json->in) == 'n') { /* null: absent */
            CHECK(json_skip(&json->in, 1));
            continue;
        }
        if (op->code >= PLAN_RECORD) {
            CHECK(J(open)(json, op->type, frame->base + op->offset, J_TAGGED && headed, &skipped));
            if (!skipped) {
                json_decode_mark(frame, op);
            }
            if (json->frame != frame) {
                return WIRE_OK;
            }
            continue;
        }
        CHECK(J(field_value)(json, frame, op));
        json_decode_mark(frame, op);
        CHECK(J(value_end)(json));
    }
}

static enum wire_fault J(items)(struct json_decoder *json)
{
    struct decode_frame *frame = json->frame;
    const struct plan_type *element = frame->type->element;
    thrift_list *list = frame->container;

    for (;;) {
        bool ended = false, skipped = false;
        uint8_t *slot;

        CHECK(J(next_item)(json, frame, &ended));
        if (ended) {
            return J(close)(json);
        }
        if (frame->count == list->capacity) {
            CHECK(json_decode_grow(json, frame->type));
        }
        slot = (uint8_t *)list->items + (size_t)frame->count * element->size;
        frame->count += 1;
        list->count = frame->count;
        if (plan_is_leaf(element)) {
            CHECK(J(leaf)(json, element, element->code, false, slot));
            continue;
        }
        CHECK(J(open)(json, element, slot, false, &skipped));
        if (json->frame != frame) {
            return WIRE_OK;
        }
    }
}

static inline enum wire_fault J(begin_entry)(struct json_decoder *json, struct decode_frame *frame)
{
    thrift_map *map = frame->container;

    if (frame->count == map->capacity) {
        CHECK(json_decode_grow(json, frame->type));
    }
    frame->slot = (uint8_t *)map->entries + (size_t)frame->count * frame->type->entry_size;
    frame->count += 1;
    map->count = frame->count;
    frame->left = 1;
    return WIRE_OK;
}

/* A key that was read makes a value's turn, whether it had a frame of its own or not. */
static enum wire_fault J(entries)(struct json_decoder *json)
{
    struct decode_frame *frame = json->frame;
    const struct plan_type *type = frame->type;

    for (;;) {
        bool ended = false, skipped = false;
        uint8_t *entry;

        if (frame->left == 0) {
            CHECK(J(next_entry)(json, frame, &ended));
            if (ended) {
                return J(close)(json);
            }
            CHECK(J(begin_entry)(json, frame));
            if (plan_is_leaf(type->key)) {
                CHECK(J(leaf)(json, type->key, type->key->code, true, frame->slot));
            } else {
                CHECK(J(open)(json, type->key, frame->slot, false, &skipped));
                if (json->frame != frame) {
                    return WIRE_OK;
                }
            }
        }
        CHECK(J(between)(json, frame));
        entry = frame->slot;
        frame->left = 0;
        frame->slot = entry + type->entry_size;
        if (plan_is_leaf(type->element)) {
            CHECK(J(leaf)(json, type->element, type->element->code, false,
                          entry + type->value_offset));
            continue;
        }
        CHECK(J(open)(json, type->element, entry + type->value_offset, false, &skipped));
        if (json->frame != frame) {
            return WIRE_OK;
        }
    }
}

static enum wire_fault J(run)(struct json_decoder *json)
{
    CHECK(json_need(&json->in, '{'));
    while (!json->done) {
        if (json->frame->plan != NULL) {
            CHECK(J(fields)(json));
        } else if (json->frame->type->code == PLAN_LIST) {
            CHECK(J(items)(json));
        } else {
            CHECK(J(entries)(json));
        }
    }
    return WIRE_OK;
}

bool J(decode_run)(struct decoder *decoder)
{
    struct json_decoder json;
    struct decode_frame *outer = decoder->frames;

    json_decoder_begin(&json, decoder, J_CONTROLS);
    json.plans = json_plans_of(outer->plan->layout->all->schema, decoder->err);
    if (json.plans == NULL) {
        decoder->status = THRIFT_E_NOMEM;
        return json_decoder_end(&json, WIRE_NO_MEMORY);
    }
    *outer = (struct decode_frame){.plan = outer->plan,
                                   .base = outer->base,
                                   .next = outer->plan->ops,
                                   .keys = J(keys)(&json, outer->plan),
                                   .fresh = true};
    if (decoder->policy->limits->max_struct_depth == 0) {
        return json_decoder_end(&json, WIRE_DEPTH_LIMIT);
    }
    return json_decoder_end(&json, J(run)(&json));
}
