/*
 * The SQLite half: one table, five prepared statements, made once and used again.
 */
#include "store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define STATEMENTS(X)                                                                              \
    X(GET, "SELECT name, email FROM users WHERE id = ?1")                                          \
    X(INSERT, "INSERT INTO users (id, name, email) VALUES (?1, ?2, ?3)")                           \
    X(UPDATE, "UPDATE users SET name = ?2, email = ?3 WHERE id = ?1")                              \
    X(DELETE, "DELETE FROM users WHERE id = ?1")                                                   \
    X(COUNT, "SELECT count(*) FROM users")

enum statement {
#define ENUMERATOR(name, sql) name,
    STATEMENTS(ENUMERATOR)
#undef ENUMERATOR
        STATEMENT_COUNT
};

struct store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

static char open_error[256] = "nothing was opened";

static int prepare(struct store *store)
{
    static const char *const sql[] = {
#define SQL(name, sql) sql,
        STATEMENTS(SQL)
#undef SQL
    };
    int status = sqlite3_exec(store->database,
                              "PRAGMA journal_mode = WAL;"
                              "CREATE TABLE IF NOT EXISTS users"
                              " (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT)",
                              NULL, NULL, NULL);

    for (int i = 0; i < STATEMENT_COUNT && status == SQLITE_OK; i++) {
        status = sqlite3_prepare_v2(store->database, sql[i], -1, &store->statements[i], NULL);
    }
    return status;
}

struct store *store_open(const char *path)
{
    struct store *store = calloc(1, sizeof *store);

    if (store == NULL) {
        return NULL;
    }
    if (sqlite3_open(path, &store->database) == SQLITE_OK) {
        (void)sqlite3_busy_timeout(store->database, 5000);
        if (prepare(store) == SQLITE_OK) {
            return store;
        }
    }
    (void)snprintf(open_error, sizeof open_error, "%s", sqlite3_errmsg(store->database));
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store != NULL) {
        for (int i = 0; i < STATEMENT_COUNT; i++) {
            (void)sqlite3_finalize(store->statements[i]);
        }
        (void)sqlite3_close(store->database);
        free(store);
    }
}

const char *store_error(const struct store *store)
{
    return store != NULL ? sqlite3_errmsg(store->database) : open_error;
}

/* A statement ready to run, with the id as its first parameter when it has parameters. */
static sqlite3_stmt *begin(struct store *store, enum statement which, int32_t id)
{
    sqlite3_stmt *statement = store->statements[which];

    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
    if (sqlite3_bind_parameter_count(statement) > 0) {
        (void)sqlite3_bind_int(statement, 1, id);
    }
    return statement;
}

/* Runs a statement that changes something; a change of nothing means that the user is missing. */
static enum store_result finish(struct store *store, sqlite3_stmt *statement)
{
    int status = sqlite3_step(statement);

    if (status != SQLITE_DONE) {
        status = sqlite3_extended_errcode(store->database);
        return status == SQLITE_CONSTRAINT_PRIMARYKEY ? STORE_EXISTS : STORE_FAILED;
    }
    return sqlite3_changes(store->database) > 0 ? STORE_OK : STORE_MISSING;
}

enum store_result store_get(struct store *store, int32_t id, struct row *out_row)
{
    sqlite3_stmt *statement = begin(store, GET, id);
    int status = sqlite3_step(statement);

    if (status != SQLITE_ROW) {
        return status == SQLITE_DONE ? STORE_MISSING : STORE_FAILED;
    }
    out_row->id = id;
    out_row->name = (const char *)sqlite3_column_text(statement, 0);
    out_row->email = (const char *)sqlite3_column_text(statement, 1);
    return STORE_OK;
}

static enum store_result put(struct store *store, enum statement which, int32_t id,
                             const char *name, const char *email)
{
    sqlite3_stmt *statement = begin(store, which, id);

    (void)sqlite3_bind_text(statement, 2, name, -1, SQLITE_TRANSIENT);
    (void)sqlite3_bind_text(statement, 3, email, -1, SQLITE_TRANSIENT);
    return finish(store, statement);
}

enum store_result store_insert(struct store *store, int32_t id, const char *name, const char *email)
{
    return put(store, INSERT, id, name, email);
}

enum store_result store_update(struct store *store, int32_t id, const char *name, const char *email)
{
    return put(store, UPDATE, id, name, email);
}

enum store_result store_delete(struct store *store, int32_t id)
{
    return finish(store, begin(store, DELETE, id));
}

enum store_result store_count(struct store *store, int32_t *out_count)
{
    sqlite3_stmt *statement = begin(store, COUNT, 0);

    if (sqlite3_step(statement) != SQLITE_ROW) {
        return STORE_FAILED;
    }
    *out_count = sqlite3_column_int(statement, 0);
    return STORE_OK;
}
