/*
 * Validating: a record and all below it against the vt.* annotations of its fields.
 */
#ifndef VALUE_VALIDATE_H
#define VALUE_VALIDATE_H

#include "value/record.h"

/* The first finding, its path as the source: E_RANGE: a value breaks a rule; E_REQUIRED: "not_nil"
 * and not set; E_ARGUMENT: a rule that there is not; E_NOMEM. */
thrift_status validate_record(const thrift_record *record, thrift_error *err);

#endif
