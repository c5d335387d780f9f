/*
 * A client as the target of reloads.
 */
#include "rpc/follower.h"

#include "base/alloc.h"
#include "base/error.h"
#include "rpc/options.h"
#include "rpc/reload.h"
#include "rpc/served.h"
#include "rpc/watch.h"

struct follower {
    thrift_allocator allocator;
    struct log log; /* silence: `done` tells */
    struct client_definition *definition;
    struct served *served; /* NULL: files are followed */
    struct reload_target target;
    struct watch *watch;
};

static thrift_schema *running(void *owner, uint64_t *out_number)
{
    struct follower *follower = owner;

    *out_number = client_definition_number(follower->definition);
    return client_definition_take(follower->definition).schema;
}

static thrift_status publish(void *owner, thrift_schema *next, bool rehearse,
                             thrift_finding_fn on_finding, void *data, thrift_error *err)
{
    struct follower *follower = owner;

    (void)on_finding; /* nothing is bound here */
    (void)data;

    return client_definition_switch(follower->definition, next, rehearse, err);
}

static thrift_schema *load(void *owner, thrift_finding_fn on_finding, void *data, thrift_error *err)
{
    struct follower *follower = owner;

    return served_load(follower->served, on_finding, data, err);
}

/* While the server does not answer, nothing has changed. */
static bool look(void *owner, uint64_t *out)
{
    struct follower *follower = owner;

    return served_look(follower->served, out, NULL) == THRIFT_OK;
}

static void make_target(struct follower *follower)
{
    uint64_t number;
    thrift_schema *first = running(follower, &number);

    follower->target.owner = follower;
    follower->target.log = &follower->log;
    follower->target.allocator = &follower->allocator;
    follower->target.running = running;
    follower->target.publish = publish;
    if (follower->served != NULL) {
        follower->target.load = load;
        follower->target.look = look;
    }
    reload_target_init(&follower->target, first);
    thrift_schema_unref(first);
}

/* What a server serves is what there is to call: without a policy, a client takes it. */
static thrift_status start(struct follower *follower, const struct follower_options *options,
                           thrift_error *err)
{
    thrift_reload_options reload;
    thrift_status status;

    OPTIONS_COPY(&reload, options->reload);
    reload.struct_size = sizeof reload;
    reload.allow_breaking |= follower->served != NULL && reload.allow_rules == NULL;
    follower->watch = watch_new(&follower->target, err);
    if (follower->watch == NULL) {
        return THRIFT_E_NOMEM;
    }
    status = watch_follow(follower->watch, &reload, err);
    return status == THRIFT_OK ? watch_start(follower->watch, err) : status;
}

struct follower *follower_new(const struct follower_options *options, thrift_error *err)
{
    struct follower *follower = mem_alloc_zero(options->allocator, 1, sizeof *follower);

    if (follower == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    follower->allocator = *options->allocator;
    follower->definition = options->definition;
    if (options->source == THRIFT_FOLLOW_SERVER) {
        follower->served = served_open(options->address, options->client, err);
        if (follower->served == NULL) {
            mem_free(options->allocator, follower, sizeof *follower);
            return NULL;
        }
    }
    make_target(follower);
    if (start(follower, options, err) != THRIFT_OK) {
        follower_free(follower);
        return NULL;
    }
    return follower;
}

void follower_free(struct follower *follower)
{
    thrift_allocator allocator;

    if (follower != NULL) {
        allocator = follower->allocator;
        watch_free(follower->watch);
        reload_target_deinit(&follower->target);
        served_close(follower->served);
        mem_free(&allocator, follower, sizeof *follower);
    }
}
