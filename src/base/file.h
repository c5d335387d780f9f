/*
 * Reading whole files: regular ones only, bounded, without ever blocking on a pipe or device.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <rethrift/limits.h>

/*
 * *out_text is NUL-terminated behind *out_size bytes; the caller gives it to file_release().
 * E_IO: not there, not readable, not a regular file. E_LIMIT: larger than max_size. E_NOMEM.
 */
thrift_status file_read(const char *path, size_t max_size, char **out_text, size_t *out_size,
                        thrift_error *err);
void file_release(char *text); /* NULL allowed */
/* A text as file_read() gives one. NULL: no memory. */
char *file_text(const void *bytes, size_t size);

/* What all names of one file have in common: absolute, without links. *out is given to
 * file_release(). E_IO: not there. E_NOMEM. */
thrift_status file_real_path(const char *path, char **out, thrift_error *err);

#endif
