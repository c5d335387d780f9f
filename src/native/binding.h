/*
 * Bindings of native methods: verified again for every generation.
 */
#ifndef NATIVE_BINDING_H
#define NATIVE_BINDING_H

#include "native/signature.h"

/* The tables that all native methods of a preparation share. NULL: E_NOMEM. */
struct native_tables *native_tables_of(struct native_preparation *preparation);

/* Fits the method into `out`, in the preparation's arena; *fits says whether. Reports listed tables
 * that mean nothing once for each list. E_NOMEM. */
thrift_status native_binding_fit(struct native_preparation *preparation,
                                 const struct native_signature *signature,
                                 const thrift_method *method, struct native_method *out, bool *fits,
                                 thrift_error *err);

/* The method of a list's number `i`; NULL: a finding. */
const thrift_method *native_list_method(struct native_findings *findings,
                                        const thrift_service *service,
                                        const thrift_native_service *list, size_t i);

/* Checks a whole list, as thrift_native_check() says. */
thrift_status native_list_check(const thrift_schema *schema, const thrift_service *service,
                                const thrift_native_service *list, thrift_finding_fn on_finding,
                                void *data, thrift_error *err);

#endif
