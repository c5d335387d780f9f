"""Apache's Python library."""
from .peer import PROTOCOLS, Peer, both


class Python(Peer):
    name = 'python'
    title = 'Apache Python'
    packages = ('python3-thrift', 'thrift-compiler')
    generator = 'py'
    protocols = both(*PROTOCOLS, 'accel', 'accelc')
    transports = both('buffered', 'framed', 'http', 'zlib')
    sockets = both('ip', 'domain', 'abstract')

    def command(self, side):
        return ['/usr/bin/python3', self.program('peer.py'), side, f'--generated={self.generated}']

    def fails(self, side, protocol, transport, socket):
        if transport == 'http' and socket != 'ip':
            return 'its HTTP client and server know TCP only'
        if transport == 'zlib' and protocol.startswith('accel'):
            return 'its accelerated protocols wait for ever over zlib, for each other too'
        if side == 'server' and socket == 'abstract':
            return 'its server cannot listen on an abstract name (it unlinks it)'
        return None
