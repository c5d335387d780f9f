"""Apache's Perl library."""
from .peer import Peer, with_multiplexed


class Perl(Peer):
    name = 'perl'
    title = 'Apache Perl'
    packages = ('libthrift-perl', 'libbit-vector-perl', 'libclass-accessor-perl', 'libwww-perl',
                'libio-string-perl', 'thrift-compiler')
    generator = 'perl'
    protocols = with_multiplexed('binary')
    transports = {'client': ['buffered', 'framed', 'http'], 'server': ['buffered', 'framed']}
    sockets = {'client': ['ip', 'domain', 'abstract'], 'server': ['ip', 'domain', 'abstract']}

    def command(self, side):
        return ['perl', self.program('peer.pl'), side, f'--generated={self.generated}']

    def fails(self, side, protocol, transport, socket):
        if transport == 'http' and socket != 'ip':
            return 'its HTTP client knows TCP only'
        return None
