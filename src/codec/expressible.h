/*
 * What a protocol has no form for: fbthrift's float, which only the JSON written by names can hold.
 */
#ifndef CODEC_EXPRESSIBLE_H
#define CODEC_EXPRESSIBLE_H

#include <rethrift/protocol.h>

#include "schema/descriptor.h"

/* E_TYPE, with the field and its place in the definition. */
thrift_status refuse_float(const thrift_struct *type, thrift_protocol protocol, thrift_error *err);

/* `type` NULL: a single value in a record made for it. */
static inline bool is_expressible(const thrift_struct *type, thrift_protocol protocol)
{
    return type == NULL || type->float_field == NULL || protocol == THRIFT_PLAIN_JSON ||
           protocol == THRIFT_SIMPLE_JSON;
}

#endif
