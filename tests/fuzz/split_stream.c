/*
 * A server's connection without I/O, served twice.
 */
#include "split_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "rpc/origins.h"
#include "rpc/session.h"

#define OUTPUT_MOST ((size_t)16 << 20)

static const char definition[] =
    "struct Item { 1: i32 id, 2: string text, 3: list<i32> numbers }\n"
    "service T { Item echo(1: Item item), oneway void fire(1: i32 x) }\n";

static thrift_status on_echo(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get_record(args, "item"));
}

static thrift_status on_fire(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args, (void)context;
    return THRIFT_OK;
}

static const char *no_peer(const void *data, char out[ADDRESS_TEXT_SIZE])
{
    (void)data;
    out[0] = '\0';
    return out;
}

/* Made once, and kept: what the generation does not refer to stays reachable, too. */
static struct generation *generation_of_definition(void)
{
    static thrift_schema *schema;
    static thrift_registry *registry;
    static const struct log silence;
    const struct generation_options options = {.log = &silence};
    thrift_error err = THRIFT_ERROR_INIT;
    struct generation *made;

    schema = thrift_load_text("fuzz.thrift", definition, NULL, &err);
    registry = thrift_registry_new();
    thrift_bind(registry, "T.echo", on_echo, NULL);
    thrift_bind(registry, "T.fire", on_fire, NULL);
    made = generation_new(schema, registry, 1, &options, &err);
    if (made == NULL) {
        thrift_error_print(&err, stderr);
        abort();
    }
    return made;
}

/* Pieces of sizes that `seed` decides; all at once when it is 0. */
static void converse(struct session *session, thrift_bytes input, unsigned seed,
                     thrift_buffer *said)
{
    enum session_verdict verdict = SESSION_OPEN;

    while (verdict != SESSION_CLOSE && (input.size > 0 || verdict == SESSION_FULL) &&
           said->size < OUTPUT_MOST) {
        thrift_bytes piece = {NULL, 0};
        thrift_buffer out = THRIFT_BUFFER_INIT;

        if (verdict == SESSION_OPEN) {
            piece = (thrift_bytes){input.data, seed != 0 ? seed >> 16 & 31 : input.size};
            piece.size = piece.size < input.size ? piece.size + (piece.size == 0) : input.size;
            input = (thrift_bytes){input.data + piece.size, input.size - piece.size};
            seed = seed != 0 ? seed * 1103515245u + 12345u : 0;
        }
        verdict = session_receive(session, piece, &out);
        if (!buffer_append(said, out.data, out.size)) {
            abort();
        }
        thrift_buffer_deinit(&out);
    }
    session_end(session);
}

static void serve(struct generation *generation, thrift_bytes input, unsigned wires, unsigned seed,
                  bool pages, thrift_buffer *said)
{
    static const struct log silence;
    /* Behind an odd seed pages of one site may call. */
    static const char *const listed[] = {"https://a.example", NULL};
    struct origins origins;
    thrift_limits limits = limits_in_force(NULL);
    struct codec_policy policy = codec_policy_default;
    struct dispatcher dispatcher;
    struct inbound_shared shared;
    struct session session;

    limits.max_frame_size = 1 << 20;
    limits.max_message_memory = (size_t)8 << 20;
    policy.limits = &limits;
    dispatcher_init(&dispatcher, generation, &policy, &silence);
    if (origins_init(&origins, pages ? listed : NULL, NULL, NULL) != THRIFT_OK) {
        abort();
    }
    dispatcher.origins = &origins;
    inbound_shared_init(&shared, &limits,
                        1u << THRIFT_BINARY | 1u << THRIFT_COMPACT | 1u << THRIFT_TJSON, NULL);
    shared.wires = wires;
    session_init(&session, &dispatcher, &shared, no_peer);
    converse(&session, input, seed, said);
    session_deinit(&session);
    inbound_shared_deinit(&shared);
    dispatcher_deinit(&dispatcher);
    origins_deinit(&origins);
}

void serve_whole_and_split(thrift_bytes input, unsigned wires, unsigned seed)
{
    static struct generation *generation;
    thrift_buffer whole = THRIFT_BUFFER_INIT, split = THRIFT_BUFFER_INIT;

    if (generation == NULL) {
        generation = generation_of_definition();
    }
    serve(generation, input, wires, 0, seed % 2 != 0, &whole);
    serve(generation, input, wires, 1u + seed, seed % 2 != 0, &split);
    if (whole.size != split.size ||
        (whole.size > 0 && memcmp(whole.data, split.data, whole.size) != 0)) {
        fprintf(stderr, "%zu bytes said at once, %zu in pieces\n", whole.size, split.size);
        abort();
    }
    thrift_buffer_deinit(&whole);
    thrift_buffer_deinit(&split);
}

void serve_behind(thrift_bytes begin, const uint8_t *data, size_t size, unsigned wires)
{
    thrift_buffer input = THRIFT_BUFFER_INIT;

    if (size < 2) {
        return;
    }
    if (!buffer_append(&input, begin.data, begin.size) ||
        !buffer_append(&input, data + 2, size - 2)) {
        abort();
    }
    serve_whole_and_split(buffer_bytes(&input), wires, data[0] + 256u * data[1]);
    thrift_buffer_deinit(&input);
}
