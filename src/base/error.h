/*
 * Filling a thrift_error: the only way in the library to report a failure.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <rethrift/error.h>
#include <stdarg.h>

/* return FAIL(err, THRIFT_E_LIMIT, "%zu bytes", size); a NULL err is allowed. Bytes that came from
 * a peer are given through text_quote(), never raw. */
#define FAIL(err, code, ...) error_set((err), (code), __VA_ARGS__)
#define FAIL_NOMEM(err) error_set((err), THRIFT_E_NOMEM, "out of memory")

/* Overwrites the whole of *err; returns code. */
thrift_status error_set(thrift_error *err, thrift_status code, const char *format, ...)
    THRIFT_PRINTF(3, 4);
thrift_status error_set_list(thrift_error *err, thrift_status code, const char *format,
                             va_list arguments) THRIFT_PRINTF(3, 0);

/* The same for a failed system call: keeps its number and appends its text. */
thrift_status error_set_errno(thrift_error *err, thrift_status code, int sys_errno,
                              const char *format, ...) THRIFT_PRINTF(4, 5);

/* Where it happened: file, address or path. A long one loses its beginning ("…tail"). */
void error_set_source(thrift_error *err, const char *source);
void error_set_place(thrift_error *err, const char *source, uint32_t line, uint32_t column);

/* "users" before "[3].email" gives "users[3].email"; "User" before "email" gives "User.email". */
void error_prepend_path(thrift_error *err, const char *outer);

#endif
