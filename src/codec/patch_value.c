/*
 * The new value, with memory of a root that lives as long as the patch.
 */
#include "codec/patch_value.h"

#include "base/buffer.h"
#include "base/error.h"
#include "codec/encode_slot.h"
#include "codec/json_value.h"
#include "codec/locate.h"
#include "value/convert.h"

thrift_status patch_not_there(thrift_error *err)
{
    return FAIL(err, THRIFT_E_NAME, "the path leads to nothing that could be changed");
}

thrift_status patch_no_holder(thrift_error *err)
{
    return FAIL(err, THRIFT_E_NAME, "not there, so that nothing in it can be changed");
}

const struct plan_type *patch_target(const struct plan *plan, const struct plan_type *type,
                                     const struct path_step *step, thrift_error *err)
{
    const struct plan_op *op;

    if (step->kind == PATH_FIELD) {
        op = locator_field(plan, step, err);
        return op != NULL ? op->type : NULL;
    }
    if (type != NULL && ((step->kind == PATH_ITEM && type->code == PLAN_LIST) ||
                         (step->kind == PATH_KEY && type->code == PLAN_MAP))) {
        return type->element;
    }
    patch_not_there(err);
    return NULL;
}

/* The value was encoded as a field of its own. */
static void drop_own_step(thrift_error *err)
{
    static const char name[] = "value";
    size_t size = strlen(name);

    if (err != NULL && strncmp(err->source, name, size) == 0) {
        size += err->source[size] == '.';
        memmove(err->source, err->source + size, strlen(err->source + size) + 1);
    }
}

static thrift_status encode(struct patch_value *made, const struct plan *any,
                            const struct plan_type *type, bool quotes, thrift_protocol protocol,
                            thrift_error *err)
{
    thrift_status status =
        protocol > THRIFT_COMPACT
            ? json_value_write(any, type, quotes, protocol, &made->slot, &made->memory, err)
            : encode_slot(type, protocol, &made->slot, &codec_policy_default, &made->memory, err);

    if (status != THRIFT_OK) {
        drop_own_step(err);
    }
    made->bytes = buffer_bytes(&made->memory);
    return status;
}

thrift_status patch_value_begin(struct patch_value *made, const struct plan *any,
                                const struct plan_type *type, bool quotes, thrift_protocol protocol,
                                thrift_value value, const thrift_allocator *allocator,
                                thrift_error *err)
{
    thrift_status status;

    made->removes = value.kind == THRIFT_KIND_NONE;
    made->bytes = (thrift_bytes){NULL, 0};
    made->memory = (thrift_buffer){NULL, 0, 0, *allocator};
    root_init(&made->root, any->layout->all->schema);
    if (made->removes) {
        return THRIFT_OK;
    }
    status = slot_take(type->type, value, &made->slot);
    if (status != THRIFT_OK) {
        return FAIL(err, status, "the value does not fit %s", type->type->spelling);
    }
    status = slot_own(&made->root, type->type, &made->slot);
    return status == THRIFT_OK ? encode(made, any, type, quotes, protocol, err)
                               : root_first_mistake(&made->root, err);
}

void patch_value_end(struct patch_value *made)
{
    thrift_buffer_deinit(&made->memory);
    root_deinit(&made->root);
}

thrift_status patch_value_key(struct patch_value *made, const struct plan_type *map,
                              const struct path_step *step, union slot *out, thrift_error *err)
{
    const thrift_type *type = map->type->key;
    char scratch[PATH_SCRATCH_SIZE];

    if (path_key(step, type, scratch, out) != THRIFT_OK) {
        return FAIL(err, THRIFT_E_TYPE, "no key of %s", map->type->spelling);
    }
    return slot_own(&made->root, type, out) == THRIFT_OK ? THRIFT_OK
                                                         : root_first_mistake(&made->root, err);
}
