#!/usr/bin/python3
"""The interoperability matrix: our ThriftTest programs against every peer's, both directions.

    matrix.py --programs=DIR --work=DIR [--peers=NAME,…] [--quick] [--only=TEXT] [--jobs=N]
    matrix.py --work=DIR --prepare [--peers=NAME,…]

Runs every protocol × transport × socket, says of each how it went, and prints a table. The status
is 0 when nothing failed. Combinations are named server-client_protocol_transport-socket, as
Apache's are.
"""
import argparse
import concurrent.futures
import datetime
import os
import re
import sys
import tempfile
import time

sys.dont_write_bytecode = True
os.environ['PYTHONDONTWRITEBYTECODE'] = '1'

import cases  # noqa: E402
import combination  # noqa: E402
import peers  # noqa: E402
import table  # noqa: E402


def read_options():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--programs', help='where thrifttest-server and thrifttest-client are')
    parser.add_argument('--work', required=True, help='where peers are generated and built')
    parser.add_argument('--peers', help='names; default: all')
    parser.add_argument('--node-modules', help='where the package thrift is')
    parser.add_argument('--only', default='', help='combinations whose names contain this')
    parser.add_argument('--quick', action='store_true', help='a part of it')
    parser.add_argument('--prepare', action='store_true', help='only build the peers')
    parser.add_argument('--stamp', help='a file to make when all is prepared')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--record', help='a Markdown file whose table is replaced')
    return parser.parse_args()


def prepare(kinds, work, result, jobs):
    """The peers that can take part, ready to; the table gets the others."""
    ready = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        preparing = []
        for kind in kinds:
            peer = kind(work)
            why = peer.missing()
            if why is not None:
                print(f'{peer.name}: left out: {why}', flush=True)
                result.left_out.append((peer, why))
            else:
                preparing.append((peer, pool.submit(peer.prepare)))
        for peer, made in preparing:
            made.result()
            ready.append(peer)
    return ready


def run_case(case, ours, directory):
    """(what was wrong or '', seconds)."""
    begin = time.monotonic()
    place = combination.Place(case.socket, directory)
    failure = combination.run(*case.commands(ours, place), place)
    return failure, time.monotonic() - begin


def run_all(chosen, ours, result, jobs):
    with tempfile.TemporaryDirectory() as directory, \
            concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(run_case, case, ours, directory): case
                   for case in chosen if case.reason is None}
        for case in chosen:
            if case.reason is not None:
                result.add(case, None)
        for done in concurrent.futures.as_completed(running):
            failure, seconds = done.result()
            result.add(running[done], failure)
            print(f'{"failed" if failure else "passed"} {running[done].name()} {seconds:.1f} s',
                  flush=True)


def record(path, result, seconds):
    """Puts the table between the two comments of the file that are for it."""
    with open(path, encoding='utf-8') as file:
        text = file.read()
    made = (f'\nRun on {datetime.date.today()}, {seconds / 60:.0f} minutes on {os.cpu_count()} '
            f'processors.\n\n{result.markdown()}\n\n')
    text, count = re.subn(r'(?s)(<!-- matrix -->\n).*?(<!-- end of matrix -->)',
                          lambda found: found[1] + made + found[2], text)
    if count != 1:
        raise ValueError(f'{path} has no place for the table')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def main():
    options = read_options()
    begin = time.monotonic()
    if options.node_modules:
        peers.Node.modules = os.path.abspath(options.node_modules)
    combination.let_servers_be_stopped()
    peers.Ours.programs = os.path.abspath(options.programs or '')
    names = options.peers.split(',') if options.peers else [kind.name for kind in peers.ALL]
    result = table.Table()
    ready = prepare([kind for kind in peers.ALL if kind.name in names], options.work, result,
                    options.jobs)
    if options.prepare:
        if options.stamp:
            with open(options.stamp, 'w', encoding='utf-8'):
                pass
        return 0
    chosen = [case for peer in ready for case in cases.of_peer(peer, options.quick)
              if options.only in case.name()]
    run_all(chosen, peers.Ours(options.work), result, options.jobs)
    for case, why in result.failed:
        print(f'failed: {case.name()}\n  {why}')
    print(result.text())
    if options.record:
        record(options.record, result, time.monotonic() - begin)
    return 1 if result.failed else 0


if __name__ == '__main__':
    sys.exit(main())
