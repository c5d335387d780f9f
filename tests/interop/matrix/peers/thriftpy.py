"""ThriftPy, which reads the definition at run time."""
import os

from .peer import Peer, both, definition, with_multiplexed


class ThriftPy(Peer):
    name = 'thriftpy'
    title = 'ThriftPy'
    packages = ('python3-thriftpy',)
    protocols = with_multiplexed('binary')  # its other protocols are not Apache's
    transports = both('buffered', 'framed')
    sockets = {'client': ['ip', 'domain', 'abstract'], 'server': ['ip', 'domain']}

    def build(self):
        definition(self.work)

    def command(self, side):
        return ['/usr/bin/python3', self.program('peer.py'), side,
                '--definition=' + os.path.join(self.work, 'ThriftTest.thrift')]

    def client_options(self, protocol, transport):
        return ['--no-application-errors']  # it closes the connection instead

    def fails(self, side, protocol, transport, socket):
        if side == 'server' and socket != 'ip':
            return 'its server sets SO_REUSEPORT, which Unix sockets refuse'
        return None
