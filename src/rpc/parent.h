/*
 * Parent arguments: NULL means that making them failed, and that err says why already.
 */
#ifndef RPC_PARENT_H
#define RPC_PARENT_H

#include "base/error.h"

static inline thrift_status parent_failed(thrift_error *err, const char *what)
{
    if (err != NULL && err->code != THRIFT_OK) {
        return err->code;
    }
    return FAIL(err, THRIFT_E_ARGUMENT, "there is no %s", what);
}

#endif
