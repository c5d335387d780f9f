#!/usr/bin/python3
"""Makes TYPE-NAME.node.PROTOCOL beside it with npm's thrift, from the vectors that make.py made.

Needs Debian's thrift-compiler, node and npm, which fetches the library. The files are committed.
"""
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = 'thrift@0.24.0'

PROGRAM = """
const fs = require('fs');
const thrift = require('thrift');
const types = require('./vectors_types');
const folder = process.argv[2];
const protocols = {binary: thrift.TBinaryProtocol, compact: thrift.TCompactProtocol,
                   tjson: thrift.TJSONProtocol};
const {CALL, REPLY, ONEWAY} = thrift.Thrift.MessageType;
const {I32, LIST, MAP, SET, STRING, STRUCT, UUID} = thrift.Thrift.Type;

function read(name) {
    const value = new types[name.split('-')[0]]();
    const take = thrift.TBufferedTransport.receiver(
        (transport) => value.read(new thrift.TBinaryProtocol(transport)));
    take(fs.readFileSync(`${folder}/${name}.binary`), 0);
    return value;
}

function written(protocol, put) {
    const parts = [];
    const output = new protocols[protocol](
        new thrift.TBufferedTransport(null, (part) => parts.push(part)));
    put(output);
    output.flush();
    return Buffer.concat(parts);
}

function message(name, kind, sequenceId, put) {
    return (output) => {
        output.writeMessageBegin(name, kind, sequenceId);
        put(output);
        output.writeMessageEnd();
    };
}

// Its JSON is written in messages only.
function bare(protocol, value) {
    if (protocol !== 'tjson') {
        return written(protocol, (output) => value.write(output));
    }
    const text = written(protocol, message('m', CALL, 1, (output) => value.write(output)));
    return text.subarray('[1,"m",1,1,'.length, text.length - 1);
}

function field(type, id, put) {
    return (output) => {
        output.writeStructBegin('body');
        output.writeFieldBegin('field', type, id);
        put(output);
        output.writeFieldEnd();
        output.writeFieldStop();
        output.writeStructEnd();
    };
}

// Of ids.thrift, for which there is no generated code.
const ids = ['00112233-4455-6677-8899-aabbccddeeff', 'f47ac10b-58cc-4372-a567-0e02b2c3d479'];

function writeIds(output) {
    const put = (type, id, value) => {
        output.writeFieldBegin('field', type, id);
        value();
        output.writeFieldEnd();
    };
    output.writeStructBegin('Ids');
    put(UUID, 1, () => output.writeUuid(ids[0]));
    put(LIST, 2, () => {
        output.writeListBegin(UUID, ids.length);
        ids.forEach((id) => output.writeUuid(id));
        output.writeListEnd();
    });
    put(SET, 3, () => {
        output.writeSetBegin(UUID, 1);
        output.writeUuid(ids[1]);
        output.writeSetEnd();
    });
    put(MAP, 4, () => {
        output.writeMapBegin(UUID, I32, 1);
        output.writeUuid(ids[1]);
        output.writeI32(7);
        output.writeMapEnd();
    });
    put(MAP, 5, () => {
        output.writeMapBegin(STRING, UUID, 1);
        output.writeString('a');
        output.writeUuid(ids[0]);
        output.writeMapEnd();
    });
    output.writeFieldStop();
    output.writeStructEnd();
}

function store(name, protocol, bytes) {
    fs.writeFileSync(`${folder}/${name}.node.${protocol}`, bytes);
}

const names = ['Every-common', 'Every-long', 'Every-choice', 'Point-plain', 'Choice-text',
               'Empty-empty', 'Defaults-defaults'];
const every = new types.Every({text: 'r'});
const messages = {
    call: message('echo', CALL, 7, field(STRUCT, 1, (o) => new types.Every({medium: 1}).write(o))),
    reply: message('echo', REPLY, -1, field(STRUCT, 0, (o) => every.write(o))),
    oneway: message('fire', ONEWAY, 0, field(I32, 1, (o) => o.writeI32(300))),
};

for (const protocol of Object.keys(protocols)) {
    for (const name of names) {
        store(name, protocol, bare(protocol, read(name)));
    }
    store('Ids-ids', protocol, bare(protocol, {write: writeIds}));
    for (const [name, put] of Object.entries(messages)) {
        store(`message-${name}`, protocol, written(protocol, put));
    }
}
"""


def main():
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(['thrift', '--gen', 'js:node,es6', '-out', directory,
                        HERE / 'vectors.thrift'], check=True, stderr=subprocess.DEVNULL)
        subprocess.run(['npm', 'install', '--prefix', directory, '--no-audit', '--no-fund',
                        '--silent', PACKAGE], check=True)
        program = pathlib.Path(directory, 'main.js')
        program.write_text(PROGRAM, encoding='utf-8')
        subprocess.run(['node', program, HERE], check=True)


if __name__ == '__main__':
    main()
