/*
 * Ours against Apache's C++ decoder, generated from the same definition: both read the bytes or
 * both refuse them, and what both read is the same. The first byte chooses binary or compact.
 *
 * What may differ, and why (docs/reference/apache-differences.md):
 *  - C++ accepts what we call corrupt: type codes of nothing, varints with excess bits, ids that
 *    overflow. What we must not say then: that bytes or required fields are missing.
 *  - Elements of another type than declared are read by C++ as if they were; we skip the field.
 *  - C++ 0.17 knows no uuid; an unknown field of that type ends its reading. So does a type code of
 *    nothing where an empty container says what it would hold.
 *  - A union with no or several members is accepted by C++; here, too, by option.
 *  - Sets and maps lose duplicates in C++; here, too, by option, but for structs of a key that is
 *    there twice: C++ reads the second into the first, whose other fields stay. NaN is no key
 * there.
 */
#include <memory>
#include <rethrift/codec.h>
#include <string>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "differential_types.h"

using namespace apache::thrift;
using transport::TMemoryBuffer;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern "C" const char *__asan_default_options(void);

/* libthrift itself is not instrumented: what it does to a vector is not seen. */
extern "C" const char *__asan_default_options(void) { return "detect_container_overflow=0"; }

static void require(bool condition, const char *what, const thrift_error &err)
{
    if (!condition) {
        (void)fprintf(stderr, "%s\n", what);
        thrift_error_print(&err, stderr);
        abort();
    }
}

static const thrift_schema *definition()
{
    static thrift_schema *schema = nullptr;
    thrift_error err = THRIFT_ERROR_INIT;

    if (schema == nullptr) {
        schema = thrift_load(DEFINITION, &err);
        require(schema != nullptr, "load", err);
    }
    return schema;
}

/* With limits: 0.17 takes what a string claims before it looks whether it is there. */
template <class Protocol, class... Modes>
static bool read_by_apache(thrift_bytes input, differential::All &out, bool &odd_type,
                           Modes... modes)
{
    int32_t most = static_cast<int32_t>(input.size);
    auto buffer = std::make_shared<TMemoryBuffer>(const_cast<uint8_t *>(input.data),
                                                  static_cast<uint32_t>(input.size));
    Protocol protocol(buffer, most, most, modes...);

    try {
        out.read(&protocol);
        return true;
    } catch (const std::exception &e) {
        const std::string why = e.what();

        odd_type = why.find("unrecognized type code") != std::string::npos ||
                   why.find("don't know what type") != std::string::npos;
        return false;
    }
}

static std::string written(const differential::All &value)
{
    auto buffer = std::make_shared<TMemoryBuffer>();
    protocol::TBinaryProtocol protocol(buffer);

    value.write(&protocol);
    return buffer->getBufferAsString();
}

/* A field of a type that C++ 0.17 does not know may stand somewhere. */
static bool may_hold_uuid(thrift_protocol protocol, thrift_bytes input)
{
    for (size_t i = 0; i < input.size; i++) {
        uint8_t c = input.data[i];

        if (protocol == THRIFT_BINARY ? c == 16 : (c & 15) == 13 || c >> 4 == 13) {
            return true;
        }
    }
    return false;
}

static thrift_record *read_by_us(thrift_protocol protocol, thrift_bytes input, unsigned refuse,
                                 thrift_error &err)
{
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;

    options.accept = THRIFT_ACCEPT_UNION | THRIFT_ACCEPT_TRAILING;
    options.refuse = refuse;
    options.drop_duplicates = true;
    return thrift_decode(definition(), "All", protocol, input, &options, &err);
}

/* Nothing that C++ misreads is in there; `misread`: elements of another type are. */
static bool is_as_declared(thrift_protocol protocol, thrift_bytes input, bool &misread)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record =
        read_by_us(protocol, input, THRIFT_ACCEPT_MISMATCH | THRIFT_ACCEPT_DUPLICATES, err);

    thrift_record_free(record);
    misread = err.code == THRIFT_E_TYPE;
    return record != nullptr;
}

/* No key or item is there twice. */
static bool is_unique(thrift_protocol protocol, thrift_bytes input)
{
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;

    options.accept = THRIFT_ACCEPT_UNION | THRIFT_ACCEPT_TRAILING;
    options.refuse = THRIFT_ACCEPT_DUPLICATES;
    thrift_record *record = thrift_decode(definition(), "All", protocol, input, &options, nullptr);

    thrift_record_free(record);
    return record != nullptr;
}

static void compare(const thrift_record *ours, const differential::All &theirs)
{
    std::string bytes = written(theirs);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = read_by_us(
        THRIFT_BINARY, {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()}, 0, err);

    require(record != nullptr, "what C++ wrote is not read", err);
    require(thrift_record_equal(ours, record), "both read, but not the same", err);
    thrift_record_free(record);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    thrift_error err = THRIFT_ERROR_INIT;
    differential::All theirs;

    if (size < 2) {
        return 0;
    }
    thrift_protocol protocol = data[0] & 1 ? THRIFT_COMPACT : THRIFT_BINARY;
    thrift_bytes input = {data + 1, size - 1};
    bool odd_type = false;
    bool read =
        protocol == THRIFT_BINARY
            ? read_by_apache<protocol::TBinaryProtocol>(input, theirs, odd_type, false, true)
            : read_by_apache<protocol::TCompactProtocol>(input, theirs, odd_type);
    thrift_record *ours = read_by_us(protocol, input, 0, err);
    bool misread = false;
    bool declared = is_as_declared(protocol, input, misread);

    if (ours != nullptr && read && declared && is_unique(protocol, input)) {
        compare(ours, theirs);
    }
    require(ours == nullptr || read || !declared || odd_type || may_hold_uuid(protocol, input),
            "we read what C++ refuses", err);
    require(ours != nullptr || !read || misread ||
                (err.code != THRIFT_E_TRUNCATED && err.code != THRIFT_E_REQUIRED) ||
                err.code == THRIFT_E_LIMIT,
            "C++ reads what we say is not all there", err);
    thrift_record_free(ours);
    return 0;
}
