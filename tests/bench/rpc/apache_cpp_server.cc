/*
 * Apache Thrift's four C++ servers, framed binary.
 *
 *   apache_cpp_server simple|threaded|pool|nonblocking|nonblocking-pool PORT|PATH [WORKERS]
 */
#include "Echo.h"
#include <csignal>
#include <memory>
#include <string>
#include <thrift/concurrency/ThreadManager.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/server/TSimpleServer.h>
#include <thrift/server/TThreadPoolServer.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TServerSocket.h>
#include <unistd.h>

using namespace apache::thrift;
using namespace apache::thrift::concurrency;
using namespace apache::thrift::protocol;
using namespace apache::thrift::server;
using namespace apache::thrift::transport;

struct Handler : bench::EchoIf {
    void echo(bench::User &out, const bench::User &u) override { out = u; }
    void blob(bench::Blob &out, const bench::Blob &b) override { out = b; }
    void ping() override {}
};

static std::shared_ptr<ThreadManager> workers(size_t count)
{
    auto manager = ThreadManager::newSimpleThreadManager(count);

    manager->threadFactory(std::make_shared<ThreadFactory>());
    manager->start();
    return manager;
}

template <class Socket>
static std::shared_ptr<Socket> socket_for(const std::string &address)
{
    if (address.find('/') == std::string::npos) {
        return std::make_shared<Socket>(std::stoi(address));
    }
    unlink(address.c_str());
    return std::make_shared<Socket>(address);
}

static std::shared_ptr<TServer> server_of(const std::string &kind, const std::string &address,
                                          size_t count)
{
    std::shared_ptr<TProcessor> processor =
        std::make_shared<bench::EchoProcessor>(std::make_shared<Handler>());
    std::shared_ptr<TProtocolFactory> protocol = std::make_shared<TBinaryProtocolFactory>();
    auto framed = std::make_shared<TFramedTransportFactory>();

    if (kind == "nonblocking" || kind == "nonblocking-pool") {
        auto socket = socket_for<TNonblockingServerSocket>(address);

        if (kind == "nonblocking") {
            return std::make_shared<TNonblockingServer>(processor, protocol, socket);
        }
        return std::make_shared<TNonblockingServer>(processor, protocol, socket, workers(count));
    }
    auto socket = socket_for<TServerSocket>(address);

    socket->setAcceptBacklog(1024);
    if (kind == "simple") {
        return std::make_shared<TSimpleServer>(processor, socket, framed, protocol);
    }
    if (kind == "threaded") {
        return std::make_shared<TThreadedServer>(processor, socket, framed, protocol);
    }
    return std::make_shared<TThreadPoolServer>(processor, socket, framed, protocol, workers(count));
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    server_of(argv[1], argv[2], argc > 3 ? size_t(std::stoi(argv[3])) : 4)->serve();
    return 0;
}
