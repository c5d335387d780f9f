"""Apache's Ruby library."""
from .peer import Peer, both, single, with_multiplexed


class Ruby(Peer):
    name = 'ruby'
    title = 'Apache Ruby'
    packages = ('ruby-thrift', 'ruby', 'thrift-compiler')
    generator = 'rb'
    protocols = with_multiplexed('binary', 'compact', 'json')
    transports = both('buffered', 'framed', 'http')
    sockets = both('ip', 'domain')

    def command(self, side):
        return ['ruby', '-W0', self.program('peer.rb'), side, f'--generated={self.generated}']

    def client_options(self, protocol, transport):
        return ['--small'] if single(protocol) == 'json' else []  # it needs seconds for 128 KiB

    def fails(self, side, protocol, transport, socket):
        if transport == 'http' and socket != 'ip':
            return f'its HTTP {side} knows TCP only'
        if transport == 'http' and side == 'server':
            return 'its HTTP server answers 500 to everything: its response is none to Rack 2'
        return None
