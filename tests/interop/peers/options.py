"""The command line that all programs of the matrix share."""
import argparse


def parse(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument('side', choices=('client', 'server'))
    parser.add_argument('--generated', help='where the generated code is')
    parser.add_argument('--definition', help='the file, for peers that need no generated code')
    parser.add_argument('--host', default='localhost')
    parser.add_argument('--port', type=int, default=9090)
    parser.add_argument('--domain-socket')
    parser.add_argument('--abstract-namespace', action='store_true')
    parser.add_argument('--protocol', default='binary')
    parser.add_argument('--transport', default='buffered')
    options = parser.parse_args()
    options.unix = options.domain_socket
    if options.unix and options.abstract_namespace:
        options.unix = '\0' + options.unix
    options.multiplexed = options.protocol.startswith('multi')
    options.wire = {'multi': 'binary', 'multic': 'compact', 'multij': 'json',
                    'multih': 'header'}.get(options.protocol, options.protocol)
    return options
