/*
 * A client's life: its options, its address, the link in use.
 */
#include "rpc/client.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "rpc/follower.h"
#include "rpc/loop_link.h"
#include "rpc/options.h"
#include "rpc/parent.h"

#define CONNECT_TIMEOUT_MS 3000
#define CALL_TIMEOUT_MS 30000

/* ---- opening ---- */

static thrift_status check_options(const thrift_client_options *options, thrift_error *err)
{
    if (options->tls_ca != NULL || options->tls_certificate != NULL || options->tls_key != NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "TLS is not supported yet");
    }
    return THRIFT_OK;
}

static void use_options(thrift_client *client, const thrift_client_options *options)
{
    thrift_codec_options codec = options->codec;

    if (options->allocator != NULL) {
        client->allocator = *options->allocator;
    }
    client->limits = limits_in_force(options->limits.struct_size != 0 ? &options->limits : NULL);
    codec.struct_size = sizeof codec; /* the client's options say how much of it there is */
    (void)codec_policy_of(&codec, &client->policy);
    if (codec.limits == NULL) {
        codec_policy_limit(&client->policy, &client->limits);
    }
    client->connect_timeout_ms =
        options->connect_timeout_ms != 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    client->call_timeout_ms =
        options->call_timeout_ms != 0 ? options->call_timeout_ms : CALL_TIMEOUT_MS;
    client->first_sequence_id = options->first_sequence_id != 0 ? options->first_sequence_id : 1;
}

struct link *client_take_link(thrift_client *client, const struct link *stale, uint64_t deadline_ns,
                              thrift_error *err)
{
    uint64_t connect_by = client_after_ms(client->connect_timeout_ms);
    struct link *link;

    pthread_mutex_lock(&client->lock);
    if (client->link != NULL && (client->link == stale || !link_is_usable(client->link))) {
        link_unref(client->link);
        client->link = NULL;
    }
    if (client->link == NULL) {
        client->link =
            link_open(&client->destination, client->first_sequence_id, &client->limits,
                      &client->allocator, connect_by < deadline_ns ? connect_by : deadline_ns, err);
    }
    link = client->link;
    if (link != NULL) {
        link_ref(link);
    }
    pthread_mutex_unlock(&client->lock);
    return link;
}

static thrift_status connect_now(thrift_client *client, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    struct link *link = client_take_link(client, NULL, UINT64_MAX, &own);

    link_unref(link);
    if (link == NULL && err != NULL) {
        *err = own;
    }
    return own.code;
}

static bool copy_address(thrift_client *client, const char *address)
{
    client->address = mem_alloc(&client->allocator, strlen(address) + 1);
    if (client->address != NULL) {
        memcpy(client->address, address, strlen(address) + 1);
    }
    return client->address != NULL;
}

thrift_client *thrift_client_open(const char *address, thrift_schema *schema, const char *service,
                                  const thrift_client_options *options, thrift_error *err)
{
    thrift_client_options given;
    thrift_client *client;
    thrift_status status;

    if (schema == NULL) {
        (void)parent_failed(err, "schema");
        return NULL;
    }
    OPTIONS_COPY(&given, options);
    if (check_options(&given, err) != THRIFT_OK) {
        return NULL;
    }
    client = mem_alloc_zero(given.allocator, 1, sizeof *client);
    if (client == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    use_options(client, &given);
    (void)pthread_mutex_init(&client->lock, NULL);
    status = client_definition_init(&client->definition, schema, service, err);
    if (status == THRIFT_OK) {
        status = destination_parse(address, &client->destination, err);
    }
    if (status == THRIFT_OK && !copy_address(client, address)) {
        status = FAIL_NOMEM(err);
    }
    if (status == THRIFT_OK && given.loop != NULL &&
        client->destination.carriage == CARRIAGE_DATAGRAMS) {
        status = FAIL(err, THRIFT_E_ARGUMENT, "datagrams need no loop: their calls never wait");
    } else if (status == THRIFT_OK && given.loop != NULL) {
        client->loop_link = loop_link_new(client, given.loop, err);
        status = client->loop_link != NULL ? THRIFT_OK : THRIFT_E_NOMEM;
    } else if (status == THRIFT_OK && !given.connect_late) {
        status = connect_now(client, err);
    }
    if (status != THRIFT_OK) {
        thrift_client_free(client);
        return NULL;
    }
    return client;
}

void client_attach(thrift_client *client, struct client_attachment *attachment)
{
    pthread_mutex_lock(&client->lock);
    attachment->next = client->attachments;
    client->attachments = attachment;
    pthread_mutex_unlock(&client->lock);
}

static void free_attachments(thrift_client *client)
{
    while (client->attachments != NULL) {
        struct client_attachment *next = client->attachments->next;

        client->attachments->free(client->attachments);
        client->attachments = next;
    }
}

static void free_client(void *data)
{
    thrift_client *client = data;
    thrift_allocator allocator = client->allocator;

    follower_free(client->follower);
    if (client->address != NULL) {
        mem_free(&allocator, client->address, strlen(client->address) + 1);
    }
    link_unref(client->link);
    free_attachments(client);
    client_definition_deinit(&client->definition);
    (void)pthread_mutex_destroy(&client->lock);
    mem_free(&allocator, client, sizeof *client);
}

void thrift_client_free(thrift_client *client)
{
    if (client != NULL &&
        (client->loop_link == NULL || loop_link_close(client->loop_link, free_client, client))) {
        free_client(client);
    }
}

/* ---- changing the definition ---- */

thrift_status thrift_client_switch(thrift_client *client, thrift_schema *schema, thrift_error *err)
{
    if (client == NULL || schema == NULL) {
        return parent_failed(err, client == NULL ? "client" : "schema");
    }
    return client_definition_switch(&client->definition, schema, false, err);
}

thrift_schema *thrift_client_schema(const thrift_client *client)
{
    thrift_client *mutable = (thrift_client *)(uintptr_t)client; /* for its lock alone */

    return client != NULL ? client_definition_take(&mutable->definition).schema : NULL;
}

thrift_status thrift_client_follow(thrift_client *client, thrift_follow source,
                                   const thrift_reload_options *options, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    if (client == NULL) {
        return parent_failed(err, "client");
    }
    pthread_mutex_lock(&client->lock);
    if (client->follower != NULL) {
        status = FAIL(err, THRIFT_E_STATE, "the client follows its definition already");
    } else {
        const thrift_client_options asking = {
            .struct_size = sizeof asking,
            .connect_timeout_ms = client->connect_timeout_ms,
            .call_timeout_ms = client->call_timeout_ms,
            .limits = client->limits,
            .allocator = &client->allocator,
        };
        thrift_error own = THRIFT_ERROR_INIT;

        client->follower =
            follower_new(&(struct follower_options){&client->definition, client->address, &asking,
                                                    &client->allocator, source, options},
                         &own);
        status = own.code;
        if (status != THRIFT_OK && err != NULL) {
            *err = own;
        }
    }
    pthread_mutex_unlock(&client->lock);
    return status;
}
