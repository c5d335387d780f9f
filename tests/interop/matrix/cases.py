"""The combinations of the matrix: protocol × transport × socket, for each peer in both directions."""
from peers.peer import SOCKETS, TRANSPORTS, plain


class Case:
    """One combination; `side` is the peer's, `reason` says why it is left out."""

    def __init__(self, peer, side, protocol, transport, socket):
        self.peer, self.side = peer, side
        self.protocol, self.transport, self.socket = protocol, transport, socket
        self.reason = peer.lacks(side, protocol, transport, socket)

    def name(self):
        """As Apache's are named."""
        pair = (self.peer.name, 'rethrift') if self.side == 'server' else ('rethrift', self.peer.name)
        return f'{pair[0]}-{pair[1]}_{self.protocol}_{self.transport}-{self.socket}'

    def commands(self, ours, place):
        """The server's and the client's."""
        theirs = [f'--protocol={self.protocol}', f'--transport={self.transport}']
        own = [f'--protocol={plain(self.protocol)}', f'--transport={self.transport}']
        if self.side == 'client':
            return (ours.command('server') + place.arguments(True) + own,
                    self.peer.command('client') + place.arguments(False) + theirs)
        return (self.peer.command('server') + place.arguments(True) + theirs,
                ours.command('client') + place.arguments(False) + own + ['--no-uuid']
                + self.peer.client_options(self.protocol, self.transport))


def is_quick(case):
    """The part that every run of the tests does: each protocol and each transport once over TCP,
    each other kind of socket once."""
    if case.socket == 'ip':
        return case.transport == 'buffered' or case.protocol == 'binary' or (
            case.protocol == 'json' and case.transport in ('http', 'websocket'))
    return case.protocol == 'binary' and case.transport == 'buffered'


def of_peer(peer, quick):
    for side in ('client', 'server'):
        if not peer.protocols[side]:
            continue
        for protocol in peer.all_protocols():
            for transport in TRANSPORTS:
                for socket in SOCKETS:
                    case = Case(peer, side, protocol, transport, socket)
                    if not quick or is_quick(case):
                        yield case
