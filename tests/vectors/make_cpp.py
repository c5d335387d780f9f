#!/usr/bin/python3
"""Makes TYPE-NAME.cpp.{binary,compact,tjson} beside it: what Apache C++ makes of make.py's vectors.

Needs Debian's thrift-compiler, libthrift-dev and g++. The files are committed. C++ always writes
fields that are not optional, so these hold more than Python's.
"""
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ['Every-full', 'Every-common', 'Every-long', 'Every-choice', 'Point-plain', 'Empty-empty',
         'Choice-text', 'Defaults-defaults']

PROGRAM = """
#include "vectors_types.h"
#include <fstream>
#include <iterator>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>
using namespace apache::thrift;

template <class Protocol, class T> static void write(const T &value, const std::string &path)
{
    auto out = std::make_shared<transport::TMemoryBuffer>();
    Protocol to(out);

    value.write(&to);
    std::ofstream(path, std::ios::binary) << out->getBufferAsString();
}

template <class T> static void convert(const std::string &directory, const std::string &name)
{
    std::ifstream file(directory + "/" + name + ".binary", std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    auto in = std::make_shared<transport::TMemoryBuffer>();
    protocol::TBinaryProtocol from(in);
    const std::string path = directory + "/" + name + ".cpp.";
    T value;

    in->resetBuffer(reinterpret_cast<uint8_t *>(&bytes[0]), uint32_t(bytes.size()));
    value.read(&from);
    write<protocol::TBinaryProtocol>(value, path + "binary");
    write<protocol::TCompactProtocol>(value, path + "compact");
    write<protocol::TJSONProtocol>(value, path + "tjson");
}

int main(int, char **argv)
{
%s
}
"""


def main():
    calls = ''.join(f'    convert<vectors::{name.split("-")[0]}>(argv[1], "{name}");\n'
                    for name in NAMES)
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(['thrift', '--gen', 'cpp', '-out', directory, HERE / 'vectors.thrift'],
                       check=True, stderr=subprocess.DEVNULL)
        main_file = pathlib.Path(directory, 'main.cc')
        main_file.write_text(PROGRAM % calls)
        program = pathlib.Path(directory, 'main')
        subprocess.run(['g++', '-std=c++17', '-I', directory, main_file,
                        pathlib.Path(directory, 'vectors_types.cpp'), '-lthrift', '-o', program],
                       check=True)
        subprocess.run([program, HERE], check=True)


if __name__ == '__main__':
    main()
