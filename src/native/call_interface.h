/*
 * C functions by the types of their parameters: what libffi needs to know.
 */
#ifndef NATIVE_CALL_INTERFACE_H
#define NATIVE_CALL_INTERFACE_H

#include <ffi.h>
#include <rethrift/native.h>

#include "base/arena.h"

#define CALL_INTERFACE_MOST 16u /* parameters of functions that are known only at run time */

/* A call interface for these parameters and a thrift_status; its tables are in the arena. false: no
 * memory, or a type that libffi cannot pass. */
bool call_interface_prepare(ffi_cif *cif, const thrift_parameter *parameters, size_t count,
                            struct arena *arena);

#endif
