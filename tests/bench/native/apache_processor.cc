/*
 * Users.echo by Apache C++'s generated processor, on TMemoryBuffer: templates when compiled with
 * USE_TEMPLATES, else virtual protocols.
 */
#include "Users.h"

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "timing.h"

using namespace apache::thrift;

class Handler : public bench::UsersIf
{
  public:
    void echo(bench::User &result, const bench::User &user) override { result = user; }
};

struct Work {
    std::shared_ptr<transport::TMemoryBuffer> in = std::make_shared<transport::TMemoryBuffer>();
    std::shared_ptr<transport::TMemoryBuffer> out = std::make_shared<transport::TMemoryBuffer>();
    std::shared_ptr<protocol::TProtocol> reader, writer;
    std::shared_ptr<TProcessor> processor;
    std::string message;
};

static void answer(void *context)
{
    Work *work = static_cast<Work *>(context);
    uint8_t *bytes;
    uint32_t size;

    work->in->resetBuffer(reinterpret_cast<uint8_t *>(&work->message[0]),
                          static_cast<uint32_t>(work->message.size()));
    work->out->resetBuffer();
    work->processor->process(work->reader, work->writer, nullptr);
    work->out->getBuffer(&bytes, &size);
    BENCH_KEEP(bytes);
}

int main()
{
    typedef protocol::TBinaryProtocolT<transport::TMemoryBuffer> Protocol;
    Work work;
    bench::User user;

    user.id = 42;
    user.name = "Ada Lovelace";
    user.__set_email("ada@example.org");
    {
        auto buffer = std::make_shared<transport::TMemoryBuffer>();
        auto writer = std::make_shared<Protocol>(buffer);
        bench::UsersClient client(writer);
        client.send_echo(user);
        work.message = buffer->getBufferAsString();
    }
    work.reader = std::make_shared<Protocol>(work.in);
    work.writer = std::make_shared<Protocol>(work.out);
#ifdef USE_TEMPLATES
    work.processor =
        std::make_shared<bench::UsersProcessorT<Protocol>>(std::make_shared<Handler>());
    bench_run("Apache C++ templates", "a", "templates", work.message.size(), answer, &work);
#else
    work.processor = std::make_shared<bench::UsersProcessor>(std::make_shared<Handler>());
    bench_run("Apache C++", "a", "virtual", work.message.size(), answer, &work);
#endif
    return 0;
}
