/*
 * The options behind a client's address.
 */
#include "rpc/destination.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

static bool set_protocol(struct destination *destination, const char *value)
{
    static const struct {
        const char *name;
        thrift_protocol protocol;
    } known[] = {{"binary", THRIFT_BINARY}, {"compact", THRIFT_COMPACT}, {"json", THRIFT_TJSON}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(value, known[i].name) == 0) {
            destination->protocol = known[i].protocol;
            return true;
        }
    }
    return false;
}

static bool set_transport(struct destination *destination, const char *value)
{
    destination->framed = strcmp(value, "framed") == 0;
    return destination->framed || strcmp(value, "buffered") == 0;
}

static bool set_service(struct destination *destination, const char *value)
{
    _Static_assert(sizeof destination->service == sizeof((struct address_option *)NULL)->value,
                   "a value fits");
    memcpy(destination->service, value, strlen(value) + 1);
    return value[0] != '\0' && strchr(value, ':') == NULL;
}

static thrift_status set_option(struct destination *destination,
                                const struct address_option *option, thrift_error *err)
{
    static const struct {
        const char *name;
        bool (*set)(struct destination *destination, const char *value);
        const char *allowed;
    } options[] = {{"protocol", set_protocol, "binary, compact, json"},
                   {"transport", set_transport, "buffered, framed"},
                   {"service", set_service, "the service's name"}};
    char quoted[TEXT_QUOTED_SIZE];

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (strcmp(option->name, options[i].name) != 0) {
            continue;
        }
        if (options[i].set(destination, option->value)) {
            return THRIFT_OK;
        }
        return FAIL(err, THRIFT_E_ARGUMENT, "address option %s=%s: allowed is %s", option->name,
                    text_quote(option->value, strlen(option->value), quoted), options[i].allowed);
    }
    return FAIL(err, THRIFT_E_ARGUMENT,
                "address option %s is not known; protocol, transport and service are",
                text_quote(option->name, strlen(option->name), quoted));
}

thrift_status destination_parse(const char *text, struct destination *out, thrift_error *err)
{
    struct destination destination = {.protocol = THRIFT_BINARY};
    struct address_option option;
    const char *at;
    thrift_status status;

    if (text != NULL && strchr(text, ',') != NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "several addresses are not supported yet");
    }
    status = address_parse(text, &destination.address, err);
    at = destination.address.query;
    while (status == THRIFT_OK && address_next_option(&at, &option)) {
        status = set_option(&destination, &option, err);
    }
    if (status == THRIFT_OK) {
        *out = destination;
    }
    return status;
}
