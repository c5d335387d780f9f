/*
 * Apache Thrift's C++ client, framed binary, one blocking call after the other.
 *
 *   apache_cpp_client PORT SECONDS
 */
#include "Echo.h"
#include "calling.h"
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>

using namespace apache::thrift::protocol;
using namespace apache::thrift::transport;

struct Caller {
    bench::EchoClient client;
    bench::User user;

    static int call(void *self)
    {
        Caller *caller = static_cast<Caller *>(self);
        bench::User reply;

        caller->client.echo(reply, caller->user);
        return reply.id == caller->user.id;
    }
};

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s PORT SECONDS\n", argv[0]);
        return 2;
    }
    auto socket = std::make_shared<TSocket>("127.0.0.1", std::atoi(argv[1]));
    auto framed = std::make_shared<TFramedTransport>(socket);
    Caller caller = {bench::EchoClient(std::make_shared<TBinaryProtocol>(framed)), bench::User()};

    caller.user.id = 123456;
    caller.user.name = "Ada Lovelace";
    caller.user.__set_email("ada.lovelace@example.org");
    framed->open();
    return call_for(std::atof(argv[2]), Caller::call, &caller);
}
