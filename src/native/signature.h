/*
 * Signatures: a C parameter list, verified against a method, as a native_method.
 */
#ifndef NATIVE_SIGNATURE_H
#define NATIVE_SIGNATURE_H

#include "native/table.h"
#include "rpc/native_method.h"

struct native_signature {
    const char *name; /* "UserService.getUser": for findings */
    const thrift_parameter *parameters;
    size_t parameter_count;
    const thrift_native_struct *const *structs; /* NULL-terminated; NULL: none */
};

/* Fills all of `out` but invoke; in the tables' arena. false: it does not fit
 * (findings say why). E_NOMEM is the tables' out_of_memory. */
bool native_signature_fit(struct native_tables *tables, const struct native_signature *signature,
                          const thrift_method *method, struct native_method *out);

/* Verifies every listed table, also those that no signature leads to. */
void native_signature_check_structs(struct native_tables *tables,
                                    const thrift_native_struct *const *structs);

#endif
