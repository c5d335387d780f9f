"""rethrift against itself, with the full definition."""
import os

from .peer import PROTOCOLS, SOCKETS, TRANSPORTS, Peer


class Ours(Peer):
    name = 'rethrift'
    title = 'rethrift itself'
    protocols = {'client': PROTOCOLS, 'server': []}
    transports = {'client': TRANSPORTS, 'server': []}
    sockets = {'client': SOCKETS, 'server': []}
    programs = None  # the directory of the two

    def version(self):
        return ''

    def prepare(self):
        pass

    def command(self, side):
        return [os.path.join(self.programs, f'thrifttest-{side}')]
