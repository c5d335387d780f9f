/*
 * Apache Thrift for C++: generated code over TMemoryBuffer.
 *
 *   apache_cpp DIRECTORY PROTOCOL       measures (binary, compact, json)
 *   apache_cpp DIRECTORY dump           writes every payload's bytes there instead
 *
 * Built twice: plain, with virtual protocols, as most people run it; and with -DUSE_TEMPLATES over
 * `--gen cpp:templates`, its fastest documented form.
 */
#include "payloads.hpp"
#include "timing.h"
#include <memory>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#ifdef USE_TEMPLATES
#include "payloads_types.tcc"
#define KIND "templates"
#else
#define KIND "virtual"
#endif

using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::protocol::TBinaryProtocolT;
using apache::thrift::protocol::TCompactProtocol;
using apache::thrift::protocol::TCompactProtocolT;
using apache::thrift::protocol::TJSONProtocol;
using apache::thrift::protocol::TProtocol;
using apache::thrift::transport::TMemoryBuffer;

/*
 * resetBuffer() costs two allocations and does not give back what was counted against the
 * connection's 100 MB; rewinding in place leaves the cost of the generated code alone. What the
 * documented way costs is the operation "decode-reset".
 */
struct Input : TMemoryBuffer {
    using TMemoryBuffer::TMemoryBuffer;

    void rewind(const std::string &bytes)
    {
        rBase_ = reinterpret_cast<uint8_t *>(const_cast<char *>(bytes.data()));
        rBound_ = wBase_ = wBound_ = rBase_ + bytes.size();
        resetConsumedMessageSize();
    }
    void reset(const std::string &bytes)
    {
        resetBuffer(reinterpret_cast<uint8_t *>(const_cast<char *>(bytes.data())),
                    uint32_t(bytes.size()));
        resetConsumedMessageSize();
    }
};

#ifdef USE_TEMPLATES
template <class Protocol>
using Argument = Protocol;
#else
template <class Protocol>
using Argument = TProtocol;
#endif

template <class Protocol, class Value>
class Case
{
  public:
    explicit Case(const Value &x)
        : value(x), out(new TMemoryBuffer(1 << 12)), in(new Input(nullptr, 0)), writer(out),
          reader(in)
    {
        value.write(static_cast<Argument<Protocol> *>(&writer));
        bytes = out->getBufferAsString();
    }
    static void encode(void *self)
    {
        Case *c = static_cast<Case *>(self);

        c->out->resetBuffer();
        c->value.write(static_cast<Argument<Protocol> *>(&c->writer));
    }
    static void decode(void *self)
    {
        Case *c = static_cast<Case *>(self);
        Value fresh;

        c->in->rewind(c->bytes);
        fresh.read(static_cast<Argument<Protocol> *>(&c->reader));
        BENCH_KEEP(&fresh);
    }
    static void decode_reset(void *self)
    {
        Case *c = static_cast<Case *>(self);
        Value fresh;

        c->in->reset(c->bytes);
        fresh.read(static_cast<Argument<Protocol> *>(&c->reader));
        BENCH_KEEP(&fresh);
    }
    static void decode_reuse(void *self)
    {
        Case *c = static_cast<Case *>(self);

        c->in->rewind(c->bytes);
        c->reused.read(static_cast<Argument<Protocol> *>(&c->reader));
        BENCH_KEEP(&c->reused);
    }
    bool same() const { return reused == value; }

    std::string bytes;

  private:
    Value value, reused;
    std::shared_ptr<TMemoryBuffer> out;
    std::shared_ptr<Input> in;
    Protocol writer, reader;
};

template <class Protocol, class Value>
static void measure(const char *name, const char *payload, const Value &value)
{
    Case<Protocol, Value> c(value);

    Case<Protocol, Value>::decode_reuse(&c);
    if (!c.same()) {
        fprintf(stderr, "%s: payload %s changed on the way\n", name, payload);
        exit(1);
    }
    bench_run(name, payload, "encode", c.bytes.size(), Case<Protocol, Value>::encode, &c);
    bench_run(name, payload, "decode", c.bytes.size(), Case<Protocol, Value>::decode, &c);
    bench_run(name, payload, "decode-reuse", c.bytes.size(), Case<Protocol, Value>::decode_reuse,
              &c);
    if (c.bytes.size() < 2000) {
        bench_run(name, payload, "decode-reset", c.bytes.size(),
                  Case<Protocol, Value>::decode_reset, &c);
    }
}

/* Building a User from C strings and writing it: what the by-name interface is held against. */
template <class Protocol>
struct Builder {
    std::shared_ptr<TMemoryBuffer> out{new TMemoryBuffer(1 << 12)};
    Protocol writer{out};

    static void build(void *self)
    {
        Builder *b = static_cast<Builder *>(self);
        bench::User user;

        fill(user);
        b->out->resetBuffer();
        user.write(static_cast<Argument<Protocol> *>(&b->writer));
    }
};

template <class Protocol>
static void measure_all(const char *name)
{
    bench::User a;
    bench::Mixed b;
    bench::Users c;
    bench::Numeric d;
    bench::Document e;
    bench::Blob f;
    Builder<Protocol> builder;

    fill(a), fill(b), fill(c), fill(d), fill(e), fill(f);
    measure<Protocol>(name, "a", a);
    measure<Protocol>(name, "b", b);
    measure<Protocol>(name, "c", c);
    measure<Protocol>(name, "d", d);
    measure<Protocol>(name, "e", e);
    measure<Protocol>(name, "f", f);
    bench_run(name, "a", "build", 0, Builder<Protocol>::build, &builder);
}

#ifndef USE_TEMPLATES
template <class Protocol, class Value>
static void dump(const char *directory, const std::string &name, const Value &value)
{
    Case<Protocol, Value> c(value);

    bench_save(directory, name.c_str(), c.bytes.data(), c.bytes.size());
}

template <class Value>
static void dump_all(const char *directory, const std::string &name, const Value &value)
{
    dump<TBinaryProtocol>(directory, name + ".binary", value);
    dump<TCompactProtocol>(directory, name + ".compact", value);
    dump<TJSONProtocol>(directory, name + ".tjson", value);
}

/* c10 and c100 are c, ten and a hundred times as long: for the growth of cost. */
static void dump_payloads(const char *directory)
{
    bench::User a;
    bench::Mixed b;
    bench::Users c, c10, c100;
    bench::Numeric d;
    bench::Document e;
    bench::Blob f;

    fill(a), fill(b), fill(c), fill(c10, 10000), fill(c100, 100000), fill(d), fill(e), fill(f);
    dump_all(directory, "a", a);
    dump_all(directory, "b", b);
    dump_all(directory, "c", c);
    dump_all(directory, "c10", c10);
    dump_all(directory, "c100", c100);
    dump_all(directory, "d", d);
    dump_all(directory, "e", e);
    dump_all(directory, "f", f);
}
#endif

int main(int argc, char **argv)
{
    const std::string what = argc > 2 ? argv[2] : "";

#ifdef USE_TEMPLATES
    if (what == "binary") {
        measure_all<TBinaryProtocolT<TMemoryBuffer>>("apache-" KIND "-binary");
    } else if (what == "compact") {
        measure_all<TCompactProtocolT<TMemoryBuffer>>("apache-" KIND "-compact");
    }
#else
    if (what == "binary") {
        measure_all<TBinaryProtocol>("apache-" KIND "-binary");
    } else if (what == "compact") {
        measure_all<TCompactProtocol>("apache-" KIND "-compact");
    } else if (what == "json") {
        measure_all<TJSONProtocol>("apache-tjson");
    } else if (what == "dump") {
        dump_payloads(argv[1]);
    }
#endif
    else {
        fprintf(stderr, "usage: %s DIRECTORY PROTOCOL|dump\n", argv[0]);
        return 2;
    }
    return 0;
}
