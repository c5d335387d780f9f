/*
 * Users in an SQLite file: what the program has before it meets rethrift.
 *
 * Threads: one at a time.
 */
#ifndef STORE_H
#define STORE_H

#include <stdint.h>

struct store;

enum store_result {
    STORE_OK,
    STORE_MISSING, /* no user of this id */
    STORE_EXISTS,  /* one already */
    STORE_FAILED   /* store_error() says why */
};

struct row {
    int32_t id;
    const char *name;  /* valid until the next call with this store */
    const char *email; /* NULL: none */
};

/* Opens the file, creates it at first. NULL when it cannot; then store_error(NULL) says why. */
struct store *store_open(const char *path);
void store_close(struct store *store); /* NULL allowed */

enum store_result store_get(struct store *store, int32_t id, struct row *out_row);
enum store_result store_insert(struct store *store, int32_t id, const char *name,
                               const char *email);
enum store_result store_update(struct store *store, int32_t id, const char *name,
                               const char *email);
enum store_result store_delete(struct store *store, int32_t id);
enum store_result store_count(struct store *store, int32_t *out_count);

/* The last failure in words. */
const char *store_error(const struct store *store);

#endif
