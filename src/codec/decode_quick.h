/*
 * What transcode_quick.c reads with: values that need no frames, into memory that the decoder's
 * state points at. decode_template.h includes it.
 */

/* A shallow struct; `*out` is its record. false: there is more to it. */
bool P(quick_read_struct)(struct decoder *decoder, const struct plan *plan, const void **out)
{
    struct decode_flat f = step_flat(decoder);
    struct flat_struct s;
    struct flat_outer outer;

    if (!flat_begin(&f, &s, plan, false) ||
        !P(flat_fields)(decoder, PLAN_SHALLOW, plan, &s, &outer, &f, false)) {
        return false;
    }
    *out = flat_object(&f, &s, plan);
    flat_leave(decoder, flat_place(&f));
    return true;
}

/* Elements of a flat container; returns how many. */
uint32_t P(quick_read_part)(struct decoder *decoder, struct decode_part part)
{
    return P(flat_part)(decoder, part);
}
