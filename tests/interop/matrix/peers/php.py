"""Apache's PHP library."""
from .peer import Peer, with_multiplexed


class Php(Peer):
    name = 'php'
    title = 'Apache PHP'
    packages = ('php-thrift', 'php-cli', 'thrift-compiler')
    generator = 'php:server'
    protocols = {'client': with_multiplexed('binary', 'compact', 'json')['client'] + ['accel'],
                 'server': ['binary', 'compact', 'json', 'accel']}
    transports = {'client': ['buffered', 'framed', 'http'],
                  'server': ['buffered', 'framed', 'http']}
    sockets = {'client': ['ip'], 'server': ['ip']}

    def command(self, side):
        return ['php', '-d', 'extension=thrift_protocol', self.program('peer.php'), side,
                f'--generated={self.generated}']

    def client_options(self, protocol, transport):
        return ['--no-application-errors']  # it ends instead
