"""Apache's C++ library."""
import glob
import os

from .peer import DEFINITION, PROTOCOLS, Peer, both, compiler, is_fresh, is_header, run


class Cpp(Peer):
    name = 'cpp'
    title = 'Apache C++'
    packages = ('libthrift-dev', 'libssl-dev', 'thrift-compiler', 'g++')
    generator = 'cpp:no_skeleton'
    protocols = both(*PROTOCOLS)
    transports = {'client': ['buffered', 'framed', 'http', 'zlib'],
                  'server': ['buffered', 'framed', 'http', 'zlib', 'websocket']}
    sockets = both('ip', 'domain', 'abstract')

    def fails(self, side, protocol, transport, socket):
        if transport == 'websocket' and is_header(protocol):
            return 'its server loses THeader over WebSocket, from Apache\'s clients too'
        return None

    # Its WebSocket server reads a frame with one read(), and drops what came in pieces; its HTTP
    # server does not answer oneway calls.
    def client_options(self, protocol, transport):
        return {'websocket': ['--small'], 'http': ['--no-oneway']}.get(transport, [])

    def build(self):
        source, target = self.program('peer.cc'), os.path.join(self.work, 'peer')
        if not is_fresh(target, [source, DEFINITION]):
            run(compiler('g++') + ['-O0', '-w', '-I' + self.generated, '-o', target, source]
                + sorted(glob.glob(os.path.join(self.generated, '*.cpp')))
                + ['-lthriftz', '-lthrift', '-lcrypto', '-lpthread'])

    def command(self, side):
        return [os.path.join(self.work, 'peer'), side]
