/*
 * One call of a client, whoever carries it: a link that blocks, or one on a loop.
 */
#include "rpc/exchange.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "codec/codec.h"
#include "rpc/native_exchange.h"
#include "value/record.h"

#define NAME_SIZE 512

thrift_status exchange_write(struct exchange *exchange, struct dialogue *dialogue,
                             int32_t sequence_id, thrift_buffer *out, thrift_error *err)
{
    const thrift_client *client = exchange->client;
    const char *prefix = client->destination.service;
    char name[NAME_SIZE];
    struct message_header header = {
        .kind = exchange->oneway ? THRIFT_MESSAGE_ONEWAY : THRIFT_MESSAGE_CALL,
        .old = client->destination.old,
        .sequence_id = sequence_id,
    };
    struct dialogue_request request;
    thrift_status status;
    int size = snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] != '\0' ? ":" : "",
                        exchange->method);

    if (size < 0 || (size_t)size >= sizeof name) {
        return FAIL(err, THRIFT_E_NAME, "the method's name is too long");
    }
    header.name = (thrift_bytes){(const uint8_t *)name, (size_t)size};
    status = dialogue_begin(dialogue, &request, &header, out, err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (exchange->native != NULL) {
        status = native_exchange_write(exchange->native, client->destination.form.protocol,
                                       &client->policy, request.message.out, err);
    } else if (exchange->plan != NULL) {
        status = codec_encode(exchange->plan, client->destination.form.protocol,
                              exchange->arguments, &client->policy, request.message.out, err);
    } else if (!buffer_append(request.message.out, exchange->raw.data, exchange->raw.size)) {
        status = FAIL_NOMEM(err);
    }
    if (status != THRIFT_OK) {
        dialogue_cancel(&request);
        return status;
    }
    return dialogue_end(dialogue, &request, client->policy.limits->max_frame_size, err);
}

static thrift_status write_request(struct dialogue *dialogue, int32_t sequence_id,
                                   thrift_buffer *out, void *data, thrift_error *err)
{
    return exchange_write(data, dialogue, sequence_id, out, err);
}

static thrift_status read_reply(const struct link_reply *reply, void *data, thrift_error *err)
{
    const struct exchange *exchange = data;

    if (exchange->native != NULL) {
        return native_exchange_read(exchange->native, exchange->client, reply, err);
    }
    if (exchange->plan == NULL && reply->protocol != exchange->client->destination.form.protocol) {
        return FAIL(err, THRIFT_E_PROTOCOL,
                    "the peer answers in another protocol than it is asked");
    }
    return outcome_read(exchange->outcome, reply->protocol, reply, &exchange->client->policy, err);
}

struct link_request exchange_request(struct exchange *exchange)
{
    return (struct link_request){
        .method = exchange->method,
        .oneway = exchange->oneway,
        .deadline_ns = client_after_ms(exchange->client->call_timeout_ms),
        .write = write_request,
        .read = read_reply,
        .data = exchange,
    };
}

thrift_status exchange_perform(struct exchange *exchange, thrift_error *err)
{
    thrift_client *client = exchange->client;
    const struct link_request request = exchange_request(exchange);
    struct link *link = client_take_link(client, NULL, request.deadline_ns, err);
    bool sent = false;
    thrift_status status;

    if (link == NULL) {
        return err->code;
    }
    status = link_exchange(link, &request, &sent, err);
    if (status == THRIFT_E_CLOSED && !sent) {
        struct link *next = client_take_link(client, link, request.deadline_ns, err);

        link_unref(link);
        link = next;
        status = link != NULL ? link_exchange(link, &request, &sent, err) : err->code;
    }
    link_unref(link);
    return status;
}

thrift_status exchange_init(struct exchange *exchange, thrift_client *client,
                            const thrift_method *method, const thrift_record *arguments,
                            thrift_error *err)
{
    *exchange = (struct exchange){
        .client = client,
        .method = method->node.name,
        .plan = plan_of(method->arguments->schema, method->arguments, err),
        .arguments = arguments,
        .oneway = method->oneway,
    };
    return exchange->plan != NULL ? root_first_mistake(arguments->root, err) : THRIFT_E_NOMEM;
}

thrift_status exchange_prepare(struct exchange *exchange, const thrift_schema *schema,
                               const thrift_method *method, thrift_error *err)
{
    exchange->outcome = outcome_new(schema, method, &exchange->client->allocator, err);
    if (exchange->outcome == NULL) {
        return THRIFT_E_NOMEM;
    }
    if (exchange->oneway) {
        exchange->outcome->kind = THRIFT_OUTCOME_RESULT;
    }
    return THRIFT_OK;
}
