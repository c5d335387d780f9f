#!/usr/bin/python3
"""The interoperability matrix: our ThriftTest programs against every peer's, both directions.

    matrix.py --programs=DIR --work=DIR [--peers=NAME,…] [--quick] [--only=TEXT] [--jobs=N]
    matrix.py --work=DIR --prepare [--peers=NAME,…]

Runs every protocol × transport × socket that a peer has, and prints a table. The status is 0 when
nothing failed. Combinations are named server-client_protocol_transport-socket, as Apache's are.
"""
import argparse
import collections
import concurrent.futures
import os
import sys
import tempfile

import combination
import peers

OUR_TRANSPORTS = {'client': ['buffered', 'framed', 'http', 'zlib', 'websocket'],
                  'server': ['buffered', 'framed', 'http', 'zlib', 'websocket']}
OUR_HEADER = {'client': True, 'server': True}
OUR_SOCKETS = ['ip', 'domain', 'abstract', 'activated']

Case = collections.namedtuple('Case', 'name peer side protocol transport socket reason')


class Ours(peers.Peer):
    """Against ourselves: the full definition, uuids included."""
    name = 'rethrift'
    protocols = {'client': peers.ALL_PROTOCOLS, 'server': []}
    transports = {'client': ['buffered', 'framed', 'http', 'zlib', 'websocket'], 'server': []}
    sockets = {'client': ['ip', 'domain', 'abstract', 'activated'], 'server': []}

    def __init__(self, work, programs):
        super().__init__(work)
        self.programs = programs

    def command(self, side):
        return [os.path.join(self.programs, f'thrifttest-{side}')]

    def limits(self, side, protocol, transport, socket):
        if peers.is_header(protocol) and transport not in ('buffered', 'http'):
            return 'THeader makes its own frames'
        return None


def our_reason(side, protocol, transport, socket):
    """Why our side cannot take part."""
    if transport not in OUR_TRANSPORTS[side]:
        return f"rethrift's {side} does not speak {transport} yet"
    if peers.is_header(protocol) and not OUR_HEADER[side]:
        return f"rethrift's {side} does not speak THeader yet"
    if socket not in OUR_SOCKETS:
        return f"rethrift's server does not inherit sockets yet"
    return None


def is_quick(peer, protocol, transport, socket):
    """The part that every run of the tests does: each protocol and transport once on TCP, each
    other socket once."""
    if socket == 'ip':
        return protocol in peer.protocols['client'] and (
            transport == 'buffered' or protocol in ('binary', 'json'))
    return protocol == 'binary' and transport == 'buffered'


def cases_of(peer, side, quick):
    """`side` is the peer's."""
    ours = 'server' if side == 'client' else 'client'
    for protocol in peer.protocols[side]:
        for transport in peer.transports[side]:
            for socket in peer.sockets[side]:
                if quick and not is_quick(peer, protocol, transport, socket):
                    continue
                pair = (peer.name, 'rethrift') if side == 'server' else ('rethrift', peer.name)
                name = f'{pair[0]}-{pair[1]}_{protocol}_{transport}-{socket}'
                reason = (peer.limits(side, protocol, transport, socket)
                          or our_reason(ours, peers.plain_of(protocol), transport, socket))
                if reason is None and ours == 'server':
                    reason = our_reason('server', peers.plain_of(protocol), transport, socket)
                if reason is None and peer.name == 'rethrift':
                    reason = our_reason('client', protocol, transport, socket)
                yield Case(name, peer, side, protocol, transport, socket, reason)


def run_case(case, ours, directory):
    place = combination.Place(case.socket, directory)
    theirs = [f'--protocol={case.protocol}', f'--transport={case.transport}']
    own = [f'--protocol={peers.plain_of(case.protocol)}', f'--transport={case.transport}']
    if case.side == 'client':
        server = ours.command('server') + place.arguments(True) + own
        client = case.peer.command('client') + place.arguments(False) + theirs
    else:
        server = case.peer.command('server') + place.arguments(True) + theirs
        client = (ours.command('client') + place.arguments(False) + own + ['--no-uuid']
                  + case.peer.client_options(case.transport))
    return combination.run(server, client, place)


class Table:
    def __init__(self):
        self.rows = collections.defaultdict(collections.Counter)
        self.reasons = collections.defaultdict(collections.Counter)
        self.failed = []

    def add(self, case, result):
        row = (case.peer.name, case.side)
        if case.reason is not None:
            self.rows[row]['skipped'] += 1
            self.reasons[row][case.reason] += 1
        else:
            self.rows[row]['failed' if result else 'passed'] += 1
            if result:
                self.failed.append((case.name, result))

    def print(self):
        print(f'{"peer":10} {"as":7} {"run":>5} {"passed":>7} {"failed":>7} {"skipped":>8}')
        total = collections.Counter()
        for row, counts in self.rows.items():
            total.update(counts)
            self.print_row(row[0], row[1], counts)
            for reason, count in self.reasons[row].items():
                print(f'{"":18} {count} skipped: {reason}')
        self.print_row('all', '', total)

    @staticmethod
    def print_row(name, side, counts):
        print(f'{name:10} {side:7} {counts["passed"] + counts["failed"]:5} {counts["passed"]:7} '
              f'{counts["failed"]:7} {counts["skipped"]:8}')


def ready(peer):
    missing = peer.missing()
    if missing is not None:
        print(f'{peer.name}: left out: {missing}', file=sys.stderr)
        return False
    peer.prepare()
    return True


def chosen_peers(options):
    names = options.peers.split(',') if options.peers else None
    return [kind(options.work) for kind in peers.ALL if names is None or kind.name in names]


def run_all(cases, ours, jobs):
    table = Table()
    with tempfile.TemporaryDirectory() as directory, \
            concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [(case, None if case.reason else pool.submit(run_case, case, ours, directory))
                   for case in cases]
        for case, future in running:
            table.add(case, future.result() if future else None)
    return table


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--programs')
    parser.add_argument('--work', required=True)
    parser.add_argument('--peers')
    parser.add_argument('--node-modules')
    parser.add_argument('--stamp', help='a file to make when all is prepared')
    parser.add_argument('--only', default='')
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--prepare', action='store_true')
    parser.add_argument('--jobs', type=int, default=2)
    options = parser.parse_args()
    if options.node_modules:
        peers.Node.modules = os.path.abspath(options.node_modules)
    os.environ['PYTHONDONTWRITEBYTECODE'] = '1'
    combination.let_servers_be_stopped()
    taking_part = [peer for peer in chosen_peers(options) if ready(peer)]
    if options.prepare:
        if options.stamp:
            with open(options.stamp, 'w', encoding='utf-8'):
                pass
        return 0
    ours = Ours(options.work, os.path.abspath(options.programs))
    cases = list(cases_of(ours, 'client', options.quick))
    for peer in taking_part:
        for side in ('client', 'server'):
            cases += cases_of(peer, side, options.quick)
    table = run_all([case for case in cases if options.only in case.name], ours, options.jobs)
    for name, why in table.failed:
        print(f'failed: {name}\n  {why}')
    table.print()
    return 1 if table.failed else 0


if __name__ == '__main__':
    sys.exit(main())
