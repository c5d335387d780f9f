/*
 * A server of a definition in a file, with a client of its own, for the tests of reloading.
 */
#ifndef RPC_RELOAD_RIG_H
#define RPC_RELOAD_RIG_H

#include <rethrift/reload.h>

#include "fixture.h"

#define IDL_FIRST "struct User { 1: i32 id }\nservice S { User get(1: i32 id) }\n"
#define IDL_MORE                                                                                   \
    "struct User { 1: i32 id, 2: optional string name }\n"                                         \
    "service S { User get(1: i32 id), i32 count() }\n"
#define IDL_BREAKING "struct User { 1: string id }\nservice S { User get(1: i32 id) }\n"
#define IDL_BROKEN "struct User { 1: i32 id }\nservice S { User get(1: i32 id }\n"

struct rig {
    char directory[64], path[96], included[96];
    char address[64]; /* of this process alone */
    thrift_schema *schema;
    thrift_registry *registry;
    thrift_server *server;
    thrift_client *client;
    struct captured_log lines;
    atomic_int told[5]; /* by outcome */
    size_t breaking, findings;
    atomic_int inside; /* status of a reload from a callback */
};

/* "/…/NAME-XXXXXX", made; in memory where there is such a place, since a disk may take a second for
 * a rename. Size of `out`: 64. */
void make_directory(const char *name, char *out);

/* S.get and S.count are bound; `watch` NULL: nothing is followed. Two loops. */
void open_rig(struct rig *rig, const char *text, const thrift_reload_options *watch);
/* The same before thrift_server_start(). */
void make_rig(struct rig *rig, const char *text);
void start_rig(struct rig *rig);
void close_rig(struct rig *rig);
/* From now on; attempts are noted. */
void watch_rig(struct rig *rig, const thrift_reload_options *watch);

void write_file(const char *path, const char *text);
/* As careful programs do it. */
void replace_file(const char *path, const char *text);

/* Answers with the number of its generation. */
thrift_status rig_on_count(thrift_call *call, const thrift_record *args, void *context);

/* get(7) answers. */
void expect_served(struct rig *rig);
/* Waits until that many attempts ended so. */
void wait_told(struct rig *rig, thrift_reload_outcome outcome, int times);

#endif
