/*
 * Apache Thrift's C++ client, framed binary: one blocking call after the other, or so many at once.
 *
 *   apache_cpp_client PORT SECONDS [DEPTH]
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
    int depth;

    static int call_at_once(void *self)
    {
        Caller *caller = static_cast<Caller *>(self);
        bench::User reply;
        int right = 1;

        for (int i = 0; i < caller->depth; i++) {
            caller->client.send_echo(caller->user);
        }
        for (int i = 0; i < caller->depth; i++) {
            caller->client.recv_echo(reply);
            right &= reply.id == caller->user.id;
        }
        return right;
    }

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
    Caller caller = {bench::EchoClient(std::make_shared<TBinaryProtocol>(framed)), bench::User(),
                     argc > 3 ? std::atoi(argv[3]) : 1};

    caller.user.id = 123456;
    caller.user.name = "Ada Lovelace";
    caller.user.__set_email("ada.lovelace@example.org");
    framed->open();
    return call_for(std::atof(argv[2]), caller.depth > 1 ? Caller::call_at_once : Caller::call,
                    caller.depth, &caller);
}
