/*
 * One loop over frames, no recursion: each step goes on in the innermost frame.
 */
#include "codec/transcode_pass.h"

#include "base/alloc.h"
#include "base/error.h"
#include "codec/expressible.h"
#include "codec/path.h"
#include "codec/transcode_quick.h"

struct pass {
    struct transcode_source source;
    struct transcode_sink sink;
    struct transcode_quick quick;
    const struct codec_policy *policy;
    struct transcode_frame *frames, *frame; /* the innermost; NULL when all is done */
    thrift_buffer seen;                     /* bits of the open structs' fields */
    bool irregular;
    enum wire_fault fault;
};

/* The source's fault, or its status. */
static bool read(struct pass *pass, enum wire_fault fault)
{
    pass->fault = fault;
    return __builtin_expect(fault == WIRE_OK, 1);
}

static bool no_memory(struct pass *pass) { return read(pass, WIRE_NO_MEMORY); }

/* ---- opening and closing ---- */

static struct transcode_frame *push(struct pass *pass, const struct transcode_frame *made)
{
    struct transcode_frame *outer = pass->frame;
    struct transcode_frame *frame = outer != NULL ? outer + 1 : pass->frames;

    *frame = *made;
    frame->fresh_in = frame->fresh_out = true;
    /* The entries of a map whose keys are no text are objects of their own. */
    frame->indentation = outer == NULL
                             ? 1
                             : outer->indentation + 1 +
                                   (outer->plan == NULL && outer->type->code == PLAN_MAP &&
                                    !plan_is_leaf(outer->type->key));
    pass->frame = frame;
    transcode_source_nest(&pass->source, frame->plan != NULL, 1);
    return frame;
}

static bool open_struct(struct pass *pass, const struct plan *plan)
{
    size_t bytes = plan->op_count / 8 + 1, begin = pass->seen.size;

    if (!buffer_reserve(&pass->seen, bytes)) {
        return no_memory(pass);
    }
    memset(pass->seen.data + begin, 0, bytes);
    pass->seen.size = begin + bytes;
    push(pass, &(struct transcode_frame){.plan = plan, .next = plan->ops, .seen = begin});
    return transcode_write_struct(&pass->sink);
}

/* A struct that was begun in the input: all of it at once if it needs no frame. */
static bool enter_struct(struct pass *pass, const struct plan *plan)
{
    return transcode_quick_struct(&pass->quick, plan) || open_struct(pass, plan);
}

/* Behind a value with parts; of a field, its own end, too. */
static bool close_frame(struct pass *pass)
{
    struct transcode_frame *frame = pass->frame;

    transcode_source_nest(&pass->source, frame->plan != NULL, -1);
    if (frame == pass->frames) {
        pass->frame = NULL;
        return true;
    }
    pass->frame = frame - 1;
    return pass->frame->plan == NULL || (read(pass, transcode_read_field_end(&pass->source)) &&
                                         transcode_write_field_end(&pass->sink));
}

/* ---- structs ---- */

static bool is_seen(const struct pass *pass, const struct transcode_frame *frame, size_t index)
{
    return (pass->seen.data[frame->seen + index / 8] >> index % 8 & 1) != 0;
}

/* false: the field is there again, and the last is wanted, or none. */
static bool mark(struct pass *pass, struct transcode_frame *frame)
{
    const struct plan *plan = frame->plan;
    size_t index = (size_t)(frame->op - plan->ops);

    if (is_seen(pass, frame, index) || (plan->tagged && frame->members > 0)) {
        if (plan->tagged && !is_seen(pass, frame, index) && !pass->policy->accept_union) {
            frame->op = NULL;
            return read(pass,
                        json_decode_said(decode_incomplete(&pass->source.decoder, plan, NULL, 2)));
        }
        pass->irregular = true;
        return false;
    }
    pass->seen.data[frame->seen + index / 8] |= (uint8_t)(1u << index % 8);
    frame->members += 1;
    frame->required += frame->op->requiredness == THRIFT_FIELD_REQUIRED;
    return true;
}

static bool refuse_duplicate(struct pass *pass, const struct transcode_frame *frame)
{
    return pass->policy->accept_duplicates ||
           !is_seen(pass, frame, (size_t)(frame->op - frame->plan->ops)) ||
           read(pass, json_decode_said(decode_duplicate(&pass->source.decoder, frame->op)));
}

static bool missing(struct pass *pass, struct transcode_frame *frame)
{
    for (uint32_t i = 0; i < frame->plan->op_count; i++) {
        const struct plan_op *op = &frame->plan->ops[i];

        if (op->requiredness == THRIFT_FIELD_REQUIRED && !is_seen(pass, frame, i)) {
            frame->op = op;
            pass->source.decoder.status = FAIL(pass->source.decoder.err, THRIFT_E_REQUIRED,
                                               "required field %d is missing", op->id);
            return read(pass, WIRE_BAD_VALUE);
        }
    }
    return true;
}

static bool end_struct(struct pass *pass, struct transcode_frame *frame)
{
    const struct plan *plan = frame->plan;

    if (plan->tagged ? frame->members == 0 &&
                           !read(pass, json_decode_said(
                                           decode_incomplete(&pass->source.decoder, plan, NULL, 0)))
                     : frame->required < plan->required_count && !pass->policy->leave_missing &&
                           !missing(pass, frame)) {
        return false;
    }
    pass->seen.size = frame->seen;
    return transcode_write_struct_end(&pass->sink, frame) && close_frame(pass);
}

/* A leaf's head needs its value on compact. */
static bool leaf_field(struct pass *pass, struct transcode_frame *frame)
{
    const struct plan_type *type = frame->op->type;
    union slot slot;

    return read(pass, transcode_read_leaf(&pass->source, type, true, false, &slot)) &&
           mark(pass, frame) && transcode_write_field(&pass->sink, frame, &slot) &&
           transcode_write_leaf(&pass->sink, type, true, false, &slot) &&
           read(pass, transcode_read_field_end(&pass->source)) &&
           transcode_write_field_end(&pass->sink);
}

static bool struct_field(struct pass *pass, struct transcode_frame *frame)
{
    const struct plan_type *type = frame->op->type;

    return read(pass, transcode_read_struct(&pass->source, type)) && mark(pass, frame) &&
           transcode_write_field(&pass->sink, frame, NULL) && enter_struct(pass, type->record);
}

/* A container inside of `outer`. */
static bool container(struct pass *pass, const struct plan_type *type, bool headed, bool *matches)
{
    struct transcode_frame made = {.type = type};
    struct transcode_frame *outer = pass->frame;
    bool field = outer->plan != NULL;

    if (!read(pass, transcode_read_container(&pass->source, type, headed, &made, matches))) {
        return false;
    }
    if (!*matches && field) {
        outer->op = NULL;
        return read(pass, transcode_read_field_end(&pass->source));
    }
    if (!*matches) { /* an element must be something */
        made.counted = true;
    }
    if (field && (!mark(pass, outer) || !transcode_write_field(&pass->sink, outer, NULL))) {
        return false;
    }
    if (!transcode_write_container(&pass->sink, push(pass, &made), field)) {
        return false;
    }
    return *matches ||
           (transcode_write_container_end(&pass->sink, pass->frame) && close_frame(pass));
}

static bool step_field(struct pass *pass, struct transcode_frame *frame)
{
    struct transcode_unknown unknown = {0};
    enum transcode_field what = TRANSCODE_PASSED;
    bool headed, null, matches;

    if (!read(pass, transcode_read_field(&pass->source, frame, &what, &unknown, &headed))) {
        return false;
    }
    switch (what) {
    case TRANSCODE_END:
        return end_struct(pass, frame);
    case TRANSCODE_PASSED:
        return true;
    case TRANSCODE_UNKNOWN:
        return transcode_write_unknown(&pass->sink, frame, pass->source.protocol, &unknown);
    case TRANSCODE_DECLARED:
        break;
    }
    if (!refuse_duplicate(pass, frame) || !read(pass, transcode_read_null(&pass->source, &null))) {
        return false;
    }
    if (null) {
        return true;
    }
    if (plan_is_leaf(frame->op->type)) {
        return leaf_field(pass, frame);
    }
    return frame->op->code == PLAN_RECORD ? struct_field(pass, frame)
                                          : container(pass, frame->op->type, headed, &matches);
}

/* ---- containers ---- */

/* An item, key or value, up to its end or into it. */
static bool part(struct pass *pass, const struct plan_type *type, bool key, union slot *slot)
{
    bool matches;

    if (plan_is_leaf(type)) {
        return read(pass, transcode_read_leaf(&pass->source, type, false, key, slot)) &&
               transcode_write_leaf(&pass->sink, type, false, key, slot);
    }
    if (type->code == PLAN_RECORD) {
        return read(pass, transcode_read_struct(&pass->source, type)) &&
               enter_struct(pass, type->record);
    }
    return container(pass, type, false, &matches);
}

static bool step_value(struct pass *pass, struct transcode_frame *frame)
{
    union slot slot;

    frame->in_key = false;
    return read(pass, transcode_read_between(&pass->source, frame)) &&
           transcode_write_between(&pass->sink, frame) &&
           part(pass, frame->type->element, false, &slot);
}

/* What a path can name: strings that are no views are gone with the next. */
static void remember_key(struct pass *pass, struct transcode_frame *frame)
{
    frame->key_known =
        plan_is_leaf(frame->type->key) && pass->source.root.arena.at == pass->source.empty.at;
}

/* Elements or entries that need no frames. */
static bool quick_entries(struct pass *pass, struct transcode_frame *frame)
{
    const uint32_t each = frame->type->code == PLAN_MAP ? 2 : 1;
    uint32_t done = transcode_quick_part(&pass->quick, frame->type, frame->left / each);

    frame->count += done;
    frame->left -= done * each;
    return done > 0;
}

static bool step_entry(struct pass *pass, struct transcode_frame *frame)
{
    const bool map = frame->type->code == PLAN_MAP;
    union slot slot;
    bool ended = false;

    if (frame->in_key) {
        return step_value(pass, frame);
    }
    if (quick_entries(pass, frame)) {
        return true;
    }
    if (!read(pass, transcode_read_entry(&pass->source, frame, &ended))) {
        return false;
    }
    if (ended) {
        return transcode_write_container_end(&pass->sink, frame) && close_frame(pass);
    }
    frame->count += 1;
    frame->in_key = map;
    frame->key_known = false;
    if (!transcode_write_entry(&pass->sink, frame) ||
        !part(pass, map ? frame->type->key : frame->type->element, map,
              map ? &frame->key : &slot)) {
        return false;
    }
    if (map) {
        remember_key(pass, frame);
    }
    return true;
}

/* ---- the whole ---- */

static bool run(struct pass *pass, const struct plan *plan)
{
    bool good = read(pass, transcode_read_struct(&pass->source, NULL)) && enter_struct(pass, plan);

    while (good && pass->frame != NULL) {
        struct transcode_frame *frame = pass->frame;

        good = frame->plan != NULL ? step_field(pass, frame) : step_entry(pass, frame);
        transcode_source_forget(&pass->source);
    }
    return good;
}

static void prepend_path(struct pass *pass, thrift_error *err)
{
    for (struct transcode_frame *frame = pass->frame; frame != NULL; frame--) {
        if (frame->plan != NULL && frame->op != NULL) {
            path_prepend_field(err, frame->op->field);
        } else if (frame->plan == NULL && frame->count > 0 && frame->type->code == PLAN_LIST) {
            path_prepend_index(err, frame->count - 1);
        } else if (frame->plan == NULL && frame->count > 0) {
            path_prepend_key(err, frame->type->key, frame->key_known ? &frame->key : NULL,
                             frame->count - 1);
        }
        if (frame == pass->frames) {
            break;
        }
    }
}

static thrift_status fail(struct pass *pass, thrift_error *err)
{
    const struct decoder *decoder = &pass->source.decoder;
    thrift_status status = pass->sink.encoder.status;
    size_t offset = cursor_offset(pass->source.in);

    if (status == THRIFT_OK) {
        status = decoder->status;
    }
    if (status == THRIFT_OK && pass->fault == WIRE_NO_MEMORY) {
        status = pass->source.root.arena.over_budget ? arena_fail(&pass->source.root.arena, err)
                                                     : FAIL_NOMEM(err);
    } else if (status == THRIFT_OK) {
        status = wire_fail(pass->fault, pass->source.in, err);
    }
    if (err != NULL) {
        err->offset = offset;
        prepend_path(pass, err);
    }
    return status;
}

static thrift_status run_on(struct pass *pass, const struct plan *plan, thrift_bytes *input,
                            thrift_buffer *out, thrift_error *err)
{
    size_t before = out->size;
    bool good = run(pass, plan);
    thrift_status status = THRIFT_OK;

    transcode_sink_end(&pass->sink, good);
    if (good) {
        if (pass->source.protocol > THRIFT_COMPACT) {
            (void)json_peek(pass->source.in); /* white space behind the value is of no one else */
        }
        *input = (thrift_bytes){pass->source.in->at, cursor_left(pass->source.in)};
        return THRIFT_OK;
    }
    out->size = before;
    if (!pass->irregular) {
        status = fail(pass, err);
        pass->irregular = pass->sink.encoder.status == THRIFT_E_CORRUPT;
    }
    return status;
}

thrift_status transcode_pass(const struct plan *plan, thrift_protocol from, thrift_bytes *input,
                             thrift_protocol to, const struct codec_policy *policy,
                             thrift_buffer *out, bool *irregular, thrift_error *err)
{
    struct pass pass = {.policy = policy, .seen = {NULL, 0, 0, out->allocator}};
    _Alignas(16) uint8_t scratch[TRANSCODE_SCRATCH + ARENA_SLOP + BYTES_PAIR];
    uint32_t most = policy->limits->max_depth;
    thrift_status status;

    most = most < DECODE_FRAMES_MOST ? most : DECODE_FRAMES_MOST;
    if (!is_expressible(plan->layout->type, from) || !is_expressible(plan->layout->type, to)) {
        return refuse_float(plan->layout->type,
                            is_expressible(plan->layout->type, from) ? to : from, err);
    }
    pass.frames = mem_alloc(&out->allocator, (most + 1u) * sizeof *pass.frames);
    if (pass.frames == NULL) {
        return FAIL_NOMEM(err);
    }
    transcode_source_begin(&pass.source, plan, from, *input, policy, err);
    pass.source.json.plans =
        from > THRIFT_COMPACT ? json_plans_of(plan->layout->all->schema, err) : NULL;
    if ((from > THRIFT_COMPACT && pass.source.json.plans == NULL) ||
        !transcode_sink_begin(&pass.sink, plan, to, policy, out, err)) {
        status = THRIFT_E_NOMEM;
        transcode_sink_end(&pass.sink, false);
    } else {
        pass.quick = transcode_quick_begin(&pass.source, &pass.sink, scratch);
        status = run_on(&pass, plan, input, out, err);
    }
    *irregular = pass.irregular;
    transcode_source_end(&pass.source);
    thrift_buffer_deinit(&pass.seen);
    mem_free(&out->allocator, pass.frames, (most + 1u) * sizeof *pass.frames);
    return status;
}
