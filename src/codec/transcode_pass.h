/*
 * Transcoding in one pass with a definition: what the source reads, the sink writes. Nothing is
 * kept but the frames of what is open, so memory does not grow with the value.
 */
#ifndef CODEC_TRANSCODE_PASS_H
#define CODEC_TRANSCODE_PASS_H

#include "codec/codec.h"

/* One struct at `*input`, which moves behind it; appended to `out`, which is as before on failure.
 * `*irregular`: the value cannot be written in the order in which it comes (a field or a union's
 * members are there more than once, and the last is wanted); nothing was written, and there is no
 * error, unless a value could not be written that may not be the last of its field. */
thrift_status transcode_pass(const struct plan *plan, thrift_protocol from, thrift_bytes *input,
                             thrift_protocol to, const struct codec_policy *policy,
                             thrift_buffer *out, bool *irregular, thrift_error *err);

#endif
