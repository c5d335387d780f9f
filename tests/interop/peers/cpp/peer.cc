/*
 * Apache Thrift's C++ library with code that `thrift --gen cpp` made.
 *
 *   peer client|server --port=N --protocol=P --transport=T …
 *
 * The client's sequence ids begin close to their largest and must come back as they were.
 */
#include "SecondService.h"
#include "ThriftTest.h"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <getopt.h>
#include <iostream>
#include <limits>
#include <memory>
#include <thrift/processor/TMultiplexedProcessor.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/THeaderProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/protocol/TMultiplexedProtocol.h>
#include <thrift/protocol/TProtocolDecorator.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/THttpClient.h>
#include <thrift/transport/THttpServer.h>
#include <thrift/transport/TServerSocket.h>
#include <thrift/transport/TSocket.h>
#include <thrift/transport/TWebSocketServer.h>
#include <thrift/transport/TZlibTransport.h>

using namespace apache::thrift;
using namespace apache::thrift::protocol;
using namespace apache::thrift::transport;
using namespace thrifttest;
using std::make_shared;
using std::shared_ptr;
using std::string;

struct Options {
    string host = "localhost", domain_socket, protocol = "binary", transport = "buffered", wire;
    int port = 9090;
    bool multiplexed = false;
};

static Options parse(int argc, char **argv)
{
    static const option names[] = {{"host", required_argument, nullptr, 'h'},
                                   {"port", required_argument, nullptr, 'p'},
                                   {"domain-socket", required_argument, nullptr, 'd'},
                                   {"abstract-namespace", no_argument, nullptr, 'a'},
                                   {"protocol", required_argument, nullptr, 'P'},
                                   {"transport", required_argument, nullptr, 'T'},
                                   {nullptr, 0, nullptr, 0}};
    Options options;
    bool abstract = false;
    int found;

    while ((found = getopt_long(argc, argv, "", names, nullptr)) != -1) {
        switch (found) {
        case 'h':
            options.host = optarg;
            break;
        case 'p':
            options.port = std::atoi(optarg);
            break;
        case 'd':
            options.domain_socket = optarg;
            break;
        case 'a':
            abstract = true;
            break;
        case 'P':
            options.protocol = optarg;
            break;
        case 'T':
            options.transport = optarg;
            break;
        default:
            std::exit(2);
        }
    }
    if (abstract) {
        options.domain_socket.insert(0, 1, '\0');
    }
    options.multiplexed = options.protocol.compare(0, 5, "multi") == 0;
    options.wire = options.protocol == "multi"    ? "binary"
                   : options.protocol == "multic" ? "compact"
                   : options.protocol == "multij" ? "json"
                   : options.protocol == "multih" ? "header"
                                                  : options.protocol;
    return options;
}

/* ---- server ---- */

class Handler : public ThriftTestIf
{
  public:
    void testVoid() override {}
    void testString(string &out, const string &thing) override { out = thing; }
    bool testBool(const bool thing) override { return thing; }
    int8_t testByte(const int8_t thing) override { return thing; }
    int32_t testI32(const int32_t thing) override { return thing; }
    int64_t testI64(const int64_t thing) override { return thing; }
    double testDouble(const double thing) override { return thing; }
    void testBinary(string &out, const string &thing) override { out = thing; }
    void testStruct(Xtruct &out, const Xtruct &thing) override { out = thing; }
    void testNest(Xtruct2 &out, const Xtruct2 &thing) override { out = thing; }
    void testMap(std::map<int32_t, int32_t> &out, const std::map<int32_t, int32_t> &thing) override
    {
        out = thing;
    }
    void testStringMap(std::map<string, string> &out,
                       const std::map<string, string> &thing) override
    {
        out = thing;
    }
    void testSet(std::set<int32_t> &out, const std::set<int32_t> &thing) override { out = thing; }
    void testList(std::vector<int32_t> &out, const std::vector<int32_t> &thing) override
    {
        out = thing;
    }
    Numberz::type testEnum(const Numberz::type thing) override { return thing; }
    UserId testTypedef(const UserId thing) override { return thing; }
    void testMapMap(std::map<int32_t, std::map<int32_t, int32_t>> &out, const int32_t) override
    {
        for (int32_t sign = -1; sign <= 1; sign += 2) {
            for (int32_t i = 1; i < 5; i++) {
                out[sign * 4][sign * i] = sign * i;
            }
        }
    }
    void testInsanity(std::map<UserId, std::map<Numberz::type, Insanity>> &out,
                      const Insanity &argument) override
    {
        out[1][Numberz::TWO] = out[1][Numberz::THREE] = argument;
        out[2][Numberz::SIX] = Insanity();
    }
    void testMulti(Xtruct &out, const int8_t arg0, const int32_t arg1, const int64_t arg2,
                   const std::map<int16_t, string> &, const Numberz::type, const UserId) override
    {
        out.__set_string_thing("Hello2");
        out.__set_byte_thing(arg0);
        out.__set_i32_thing(arg1);
        out.__set_i64_thing(arg2);
    }
    static void throw_xception(const string &text)
    {
        Xception thrown;

        thrown.__set_errorCode(1001);
        thrown.__set_message(text);
        throw thrown;
    }
    void testException(const string &arg) override
    {
        if (arg == "Xception") {
            throw_xception(arg);
        }
        if (arg == "TException") {
            throw TException("something undeclared");
        }
    }
    void testMultiException(Xtruct &out, const string &arg0, const string &arg1) override
    {
        if (arg0 == "Xception") {
            throw_xception("This is an Xception");
        }
        if (arg0 == "Xception2") {
            Xception2 thrown;

            thrown.__set_errorCode(2002);
            thrown.struct_thing.__set_string_thing("This is an Xception2");
            thrown.__isset.struct_thing = true;
            throw thrown;
        }
        out.__set_string_thing(arg1);
    }
    void testOneway(const int32_t) override {}
};

class SecondHandler : public SecondServiceIf
{
  public:
    void secondtestString(string &out, const string &thing) override
    {
        out = "testString(\"" + thing + "\")";
    }
};

static shared_ptr<TProtocolFactory> protocols(const string &wire)
{
    if (wire == "binary") {
        return make_shared<TBinaryProtocolFactory>();
    }
    if (wire == "compact") {
        return make_shared<TCompactProtocolFactory>();
    }
    if (wire == "json") {
        return make_shared<TJSONProtocolFactory>();
    }
    return make_shared<THeaderProtocolFactory>();
}

static shared_ptr<TTransportFactory> transports(const Options &options)
{
    if (options.transport == "framed") {
        return make_shared<TFramedTransportFactory>();
    }
    if (options.transport == "http") {
        return make_shared<THttpServerTransportFactory>();
    }
    if (options.transport == "zlib") {
        return make_shared<TZlibTransportFactory>();
    }
    if (options.transport == "websocket" && options.wire == "json") {
        return make_shared<TTextWebSocketServerTransportFactory>();
    }
    if (options.transport == "websocket") {
        return make_shared<TBinaryWebSocketServerTransportFactory>();
    }
    return make_shared<TBufferedTransportFactory>();
}

static void serve(const Options &options)
{
    shared_ptr<TProcessor> processor = make_shared<ThriftTestProcessor>(make_shared<Handler>());

    if (options.multiplexed) {
        auto several = make_shared<TMultiplexedProcessor>();

        several->registerDefault(processor);
        several->registerProcessor("ThriftTest", processor);
        several->registerProcessor(
            "SecondService", make_shared<SecondServiceProcessor>(make_shared<SecondHandler>()));
        processor = several;
    }
    auto socket = options.domain_socket.empty() ? make_shared<TServerSocket>(options.port)
                                                : make_shared<TServerSocket>(options.domain_socket);
    server::TThreadedServer server(processor, socket, transports(options), protocols(options.wire));

    server.serve();
}

/* ---- client ---- */

/* Chooses sequence ids and insists on them. */
class Pedantic : public TProtocolDecorator
{
  public:
    explicit Pedantic(shared_ptr<TProtocol> inner) : TProtocolDecorator(inner), inner_(inner) {}
    uint32_t writeMessageBegin_virt(const string &name, const TMessageType type,
                                    const int32_t) override
    {
        last_ = static_cast<int32_t>(static_cast<uint32_t>(last_) + 1);
        return inner_->writeMessageBegin(name, type, last_);
    }
    uint32_t readMessageBegin_virt(string &name, TMessageType &type, int32_t &id) override
    {
        uint32_t size = inner_->readMessageBegin(name, type, id);

        if (id != last_) {
            throw std::logic_error("another sequence id came back");
        }
        return size;
    }

  private:
    shared_ptr<TProtocol> inner_;
    int32_t last_ = std::numeric_limits<int32_t>::max() - 10;
};

static int wrong;

template <class T>
static void expect(const char *what, const T &got, const T &wanted)
{
    if (!(got == wanted)) {
        std::cerr << what << ": wrong" << std::endl;
        wrong = 1;
    }
}

static Xtruct xtruct(const string &text, int8_t byte, int32_t i32, int64_t i64)
{
    Xtruct made;

    made.__set_string_thing(text);
    made.__set_byte_thing(byte);
    made.__set_i32_thing(i32);
    made.__set_i64_thing(i64);
    return made;
}

static void check_base_types(ThriftTestClient &client, const Options &options)
{
    client.testVoid();
    for (const string &text :
         {string(), string("Test"),
          string(" backspace \b formfeed \f newline \n tab \t quote \" backslash \\ ]] }}} {[["),
          string("Ελληνικά Русский 日本語 한국어")}) {
        string got;

        client.testString(got, text);
        expect("testString", got, text);
    }
    expect("testBool", client.testBool(true), true);
    expect("testBool", client.testBool(false), false);
    for (int number : {0, -1, 42, -42, 127, -128}) {
        expect("testByte", client.testByte(static_cast<int8_t>(number)),
               static_cast<int8_t>(number));
    }
    for (int32_t number : {0, -1, 190000013, INT32_MAX, INT32_MIN}) {
        expect("testI32", client.testI32(number), number);
    }
    for (int64_t number :
         {int64_t{0}, int64_t{-1}, INT64_C(7000000000000000123), INT64_MAX, INT64_MIN}) {
        expect("testI64", client.testI64(number), number);
        expect("testTypedef", client.testTypedef(number), number);
    }
    for (double number : {0.0, -1.0, -5.2098523, -0.000341012439638598279, 4294967297.0,
                          9007199254740991.0, 1e307, 1e-292}) {
        expect("testDouble", client.testDouble(number), number);
    }
    for (size_t size = 0; size <= 131072; size = size == 0 ? 1 : size * 8) {
        string bytes(size, '\0'), got;

        for (size_t i = 0; i < size; i++) {
            bytes[i] = static_cast<char>(i);
        }
        client.testBinary(got, bytes);
        expect("testBinary", got, bytes);
    }
    /* This version's HTTP client takes the answer to a oneway call for that to the next one. */
    if (options.transport != "http") {
        client.testOneway(1);
    }
    expect("testI32", client.testI32(-1), -1);
}

static void check_structs(ThriftTestClient &client)
{
    const Xtruct one = xtruct("Zero", 1, -3, -5);
    Xtruct got;
    Xtruct2 two, got2;
    Insanity insane;
    std::map<UserId, std::map<Numberz::type, Insanity>> whole;

    client.testStruct(got, one);
    expect("testStruct", got, one);
    two.__set_byte_thing(1);
    two.__set_struct_thing(one);
    two.__set_i32_thing(5);
    client.testNest(got2, two);
    expect("testNest", got2, two);
    for (int number : {1, 2, 3, 5, 8}) {
        expect("testEnum", static_cast<int>(client.testEnum(static_cast<Numberz::type>(number))),
               number);
    }
    client.testMulti(got, 42, 4242, 424242, {{1, "blah"}, {2, "thing"}}, Numberz::EIGHT, 24);
    expect("testMulti", got, xtruct("Hello2", 42, 4242, 424242));
    insane.__set_userMap({{Numberz::FIVE, 5}, {Numberz::EIGHT, 8}});
    insane.__set_xtructs({xtruct("Goodbye4", 4, 4, 4), one});
    client.testInsanity(whole, insane);
    expect("testInsanity", whole.size(), size_t{2});
    expect("testInsanity", whole[1][Numberz::TWO], insane);
    expect("testInsanity", whole[1][Numberz::THREE], insane);
    expect("testInsanity", whole[2][Numberz::SIX], Insanity());
}

static void check_containers(ThriftTestClient &client)
{
    std::map<int32_t, int32_t> map = {{0, -10}, {1, -9}, {2, -8}}, got_map;
    std::map<string, string> texts = {{"a", "2"}, {"b", "blah"}}, got_texts;
    std::set<int32_t> set = {-2, -1, 0, 1, 2}, got_set;
    std::vector<int32_t> list = {-2, -1, 0, 1, 2}, empty, got_list;
    std::map<int32_t, std::map<int32_t, int32_t>> deep;

    client.testMap(got_map, map);
    expect("testMap", got_map, map);
    client.testStringMap(got_texts, texts);
    expect("testStringMap", got_texts, texts);
    client.testSet(got_set, set);
    expect("testSet", got_set, set);
    client.testList(got_list, list);
    expect("testList", got_list, list);
    client.testList(got_list, empty);
    expect("testList", got_list, empty);
    client.testMapMap(deep, 1);
    expect("testMapMap", deep[-4][-3], -3);
    expect("testMapMap", deep[4][1], 1);
}

static void check_exceptions(ThriftTestClient &client)
{
    Xtruct got;

    try {
        client.testException("Xception");
        wrong = 1;
    } catch (const Xception &thrown) {
        expect("testException", thrown.errorCode, 1001);
        expect("testException", thrown.message, string("Xception"));
    }
    try {
        client.testException("TException");
        wrong = 1;
    } catch (const TException &) {
    }
    client.testException("success");
    try {
        client.testMultiException(got, "Xception2", "test");
        wrong = 1;
    } catch (const Xception2 &thrown) {
        expect("testMultiException", thrown.errorCode, 2002);
        expect("testMultiException", thrown.struct_thing.string_thing,
               string("This is an Xception2"));
    }
    client.testMultiException(got, "success", "test");
    expect("testMultiException", got.string_thing, string("test"));
}

static shared_ptr<TTransport> connect(const Options &options)
{
    auto socket = options.domain_socket.empty() ? make_shared<TSocket>(options.host, options.port)
                                                : make_shared<TSocket>(options.domain_socket);

    if (options.transport == "framed") {
        return make_shared<TFramedTransport>(socket);
    }
    if (options.transport == "http") {
        return make_shared<THttpClient>(socket, options.host, "/service");
    }
    if (options.transport == "zlib") {
        return make_shared<TZlibTransport>(socket);
    }
    return make_shared<TBufferedTransport>(socket);
}

static void call(const Options &options)
{
    shared_ptr<TTransport> transport = connect(options);
    shared_ptr<TProtocol> wire =
        make_shared<Pedantic>(protocols(options.wire)->getProtocol(transport));
    shared_ptr<TProtocol> first =
        options.multiplexed ? make_shared<TMultiplexedProtocol>(wire, "ThriftTest") : wire;
    ThriftTestClient client(first);

    transport->open();
    check_base_types(client, options);
    check_structs(client);
    check_containers(client);
    check_exceptions(client);
    if (options.multiplexed) {
        SecondServiceClient second(make_shared<TMultiplexedProtocol>(wire, "SecondService"));
        string got;

        second.secondtestString(got, "foo");
        expect("secondtestString", got, string("testString(\"foo\")"));
    }
    transport->close();
}

int main(int argc, char **argv)
{
    const Options options = argc > 1 ? parse(argc - 1, argv + 1) : Options();

    std::signal(SIGPIPE, SIG_IGN);
    try {
        if (argc > 1 && string(argv[1]) == "server") {
            serve(options);
        } else {
            call(options);
        }
    } catch (const std::exception &failure) {
        std::cerr << failure.what() << std::endl;
        return 1;
    }
    return wrong;
}
