/*
 * Types of parameters for libffi: scalars, thrift_bytes, thrift_uuid, and pointers.
 */
#include "native/call_interface.h"

/* Sizes are given, so that libffi has nothing to write into these. */
static ffi_type *const bytes_elements[] = {
    &ffi_type_pointer, sizeof(size_t) == 8 ? &ffi_type_uint64 : &ffi_type_uint32, NULL};
static const ffi_type bytes_type = {sizeof(thrift_bytes), _Alignof(thrift_bytes), FFI_TYPE_STRUCT,
                                    (ffi_type **)(uintptr_t)bytes_elements};

#define FOUR &ffi_type_uint8, &ffi_type_uint8, &ffi_type_uint8, &ffi_type_uint8
static ffi_type *const uuid_elements[] = {FOUR, FOUR, FOUR, FOUR, NULL};
static const ffi_type uuid_type = {sizeof(thrift_uuid), _Alignof(thrift_uuid), FFI_TYPE_STRUCT,
                                   (ffi_type **)(uintptr_t)uuid_elements};

static const ffi_type *type_of(uint8_t ctype)
{
    static const ffi_type *const types[] = {
        [THRIFT_C_OTHER] = &ffi_type_pointer,  [THRIFT_C_BOOL] = &ffi_type_uint8,
        [THRIFT_C_I8] = &ffi_type_sint8,       [THRIFT_C_I16] = &ffi_type_sint16,
        [THRIFT_C_I32] = &ffi_type_sint32,     [THRIFT_C_I64] = &ffi_type_sint64,
        [THRIFT_C_DOUBLE] = &ffi_type_double,  [THRIFT_C_ENUM] = &ffi_type_uint32,
        [THRIFT_C_STRING] = &ffi_type_pointer, [THRIFT_C_BYTES] = &bytes_type,
        [THRIFT_C_UUID] = &uuid_type,          [THRIFT_C_CALL] = &ffi_type_pointer,
        [THRIFT_C_RECORD] = &ffi_type_pointer, [THRIFT_C_LIST] = &ffi_type_pointer,
        [THRIFT_C_MAP] = &ffi_type_pointer,
    };

    if ((ctype & THRIFT_C_POINTER) != 0) {
        return &ffi_type_pointer;
    }
    return ctype < sizeof types / sizeof types[0] ? types[ctype] : NULL;
}

bool call_interface_prepare(ffi_cif *cif, const thrift_parameter *parameters, size_t count,
                            struct arena *arena)
{
    ffi_type **types = arena_alloc_zero(arena, (count + 1) * sizeof(ffi_type *));

    for (size_t i = 0; types != NULL && i < count; i++) {
        types[i] = (ffi_type *)(uintptr_t)type_of(parameters[i].ctype); /* only read */
        if (types[i] == NULL) {
            return false;
        }
    }
    return types != NULL &&
           ffi_prep_cif(cif, FFI_DEFAULT_ABI, (unsigned)count, &ffi_type_sint, types) == FFI_OK;
}
