/*
 * Any bytes as the inside of a THeader frame, and a good frame behind it.
 */
#include <stdlib.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "split_stream.h"
#include "transport/inbound.h"

/* T.echo() with no arguments, in a frame whose header is empty. */
static const uint8_t good[] = {0, 0, 0,   31,  0x0f, 0xff, 0,    0, 0, 0, 0, 2,
                               0, 1, 0,   0,   0,    0,    0x80, 1, 0, 1, 0, 0,
                               0, 4, 'e', 'c', 'h',  'o',  0,    0, 0, 2, 0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t begin[6] = {0, 0, 0, 0, 0x0f, 0xff};
    thrift_buffer input = THRIFT_BUFFER_INIT;

    if (size < 2) {
        return 0;
    }
    store_big32(begin,
                (uint32_t)size); /* of the inside: two bytes of magic for those of the seed */
    if (!buffer_append(&input, begin, sizeof begin) || !buffer_append(&input, data + 2, size - 2) ||
        !buffer_append(&input, good, sizeof good)) {
        abort();
    }
    serve_whole_and_split(buffer_bytes(&input), INBOUND_WIRES, data[0] + 256u * data[1]);
    thrift_buffer_deinit(&input);
    return 0;
}
