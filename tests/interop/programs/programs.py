#!/usr/bin/python3
"""Programs that speak Thrift already, against servers and clients that know a definition of ours.

    programs.py --programs=DIR --node-modules=DIR [NAME…]

Prints "passed NAME" or "failed NAME: why" for each; the status is 0 when nothing failed.
"""
import argparse
import collections
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'matrix'))

import capture  # noqa: E402
import combination  # noqa: E402
import peers  # noqa: E402

SECONDS = 60


def here(name):
    return os.path.join(HERE, name)


def expect(got, wanted):
    if got != wanted:
        raise AssertionError(f'{got!r:.1000} instead of {wanted!r:.1000}')


def run(command, **options):
    """What it printed."""
    done = subprocess.run(command, check=False, timeout=SECONDS, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **options)
    if done.returncode != 0:
        raise AssertionError(f'{command[0]} ended with {done.returncode}: '
                             f'{done.stderr.decode(errors="replace")[-1000:]}')
    return done.stdout.decode()


class Server:
    """Ours, of a definition and with answers, while the block runs."""

    def __init__(self, programs, name, scheme):
        self.process = subprocess.Popen(
            [os.path.join(programs, 'answering-server'), here(f'{name}.thrift'),
             f'{scheme}://127.0.0.1:0', here(f'{name}_answers.json')],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = self.process.stdout.readline().strip().rpartition(':')[2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def call(self):
        """The next that it was asked."""
        timer = threading.Timer(SECONDS, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        return json.loads(line)

    def calls(self):
        """All that it was asked, in the end."""
        self.process.terminate()
        return [json.loads(line) for line in self.process.stdout]


def tags_of(thing):
    values = {'STRING': 'vStr', 'LONG': 'vLong', 'DOUBLE': 'vDouble', 'BOOL': 'vBool'}
    return {tag['key']: tag[values[tag['vType']]] for tag in thing['tags']}


def check_jaeger(programs):
    """npm's jaeger-client: spans in compact datagrams."""
    with Server(programs, 'jaeger', 'udp') as server:
        run(['node', here('jaeger_emit.js'), server.port])
        batches, spans = [], {}
        while len(spans) < 2:
            batches.append(server.call()['args']['batch'])
            spans.update((span['operationName'], span) for span in batches[-1]['spans'])
    expect(batches[0]['process']['serviceName'], 'kitchen')
    expect(tags_of(batches[0]['process'])['version'], '1.2')
    tags = tags_of(spans['soup'])
    expect([tags['plates'], tags['hot'], tags['litres']], [4, True, 1.5])
    expect(spans['soup']['parentSpanId'], spans['dinner']['spanId'])
    expect(spans['soup']['traceIdLow'], spans['dinner']['traceIdLow'])
    expect([tag['key'] for tag in spans['soup']['logs'][0]['fields']], ['event', 'grams'])


def check_jaeger_ruby(programs):
    """Debian's ruby-jaeger-client, which uses Apache's Ruby library."""
    with Server(programs, 'jaeger', 'udp') as server:
        run(['ruby', '-W0', here('jaeger_emit.rb'), server.port])
        batch = server.call()['args']['batch']
    expect(batch['process']['serviceName'], 'bakery')
    expect([span['operationName'] for span in batch['spans']], ['bread'])
    expect(tags_of(batch['spans'][0])['loaves'], 12)


def check_hive(programs):
    """npm's hive-driver: a session, a query, its rows."""
    with Server(programs, 'hive', 'tcp') as server:
        got = json.loads(run(['node', here('hive_query.js'), server.port]))
        calls = server.calls()
    expect(got['version'], 'rethrift')
    expect(got['rows'], [{'id': 1, 'name': 'Ann'}, {'id': 2, 'name': None},
                         {'id': 3, 'name': 'Zoë'}])
    called = collections.Counter(call['method'] for call in calls)
    expect(sorted(called), sorted(json.load(open(here('hive_answers.json'), encoding='utf-8'))))
    statement = next(call for call in calls if call['method'].endswith('ExecuteStatement'))
    expect(statement['args']['req']['statement'], 'SELECT id, name FROM users')


def control_port(graph):
    """Where GNU Radio's server listens: it says so when it begins."""
    for line in graph.stdout:
        found = re.search(r'Apache Thrift: -h \S+ -p (\d+)', line)
        if found:
            return found[1]
    raise AssertionError('GNU Radio has not said where ControlPort listens')


def call_control_port(programs, port, method, arguments):
    return json.loads(run([os.path.join(programs, 'json-caller'), here('controlport.thrift'),
                           f'tcp://127.0.0.1:{port}', f'ControlPort.{method}', json.dumps(arguments)]))


class Graph:
    """A flow graph of GNU Radio while the block runs."""

    def __enter__(self):
        self.process = subprocess.Popen(
            ['/usr/bin/python3', here('flowgraph.py')], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, 'GR_CONF_CONTROLPORT_ON': 'True'})
        self.timer = threading.Timer(SECONDS, self.process.kill)
        self.timer.start()
        self.port = control_port(self.process)
        return self

    def __exit__(self, *_):
        self.timer.cancel()
        self.process.kill()
        self.process.wait()


def rate_after(programs, set_rate):
    """The sample rate after it was set; None: that ended GNU Radio."""
    with Graph() as graph:
        names = call_control_port(programs, graph.port, 'properties', {'knobs': []})
        rate = next(name for name in names if name.endswith('::sample_rate'))
        try:
            set_rate(graph.port, rate)
            return call_control_port(programs, graph.port, 'getKnobs', {'knobs': [rate]})[rate]
        except AssertionError:
            graph.process.wait(SECONDS)
            expect(graph.process.returncode, -signal.SIGSEGV)
            return None


def check_gnuradio(programs):
    """GNU Radio's ControlPort, which uses Apache's C++ library: its knobs read by our client, and set
    if they can be: 3.10.5 crashes when its own client does."""
    with Graph() as graph:
        properties = call_control_port(programs, graph.port, 'properties', {'knobs': []})
        rate = next(name for name in properties if name.endswith('::sample_rate'))
        expect(properties[rate], {'units': 'Hz', 'description': 'Sample Rate'})
        values = call_control_port(programs, graph.port, 'getKnobs', {'knobs': [rate]})
        expect(list(values), [rate])
        expect([values[rate]['type'], values[rate]['value']['a_double']], ['DOUBLE', 1000.0])
    theirs = rate_after(programs, lambda port, name: run(
        ['/usr/bin/python3', here('set_knob.py'), port, name, '2000']))
    ours = rate_after(programs, lambda port, name: call_control_port(
        programs, port, 'setKnobs',
        {'knobs': {name: {'type': 'DOUBLE', 'value': {'a_double': 2000.0}}}}))
    expect(ours, theirs)
    print(f'    a knob set by its own client: {"it crashes" if theirs is None else theirs}')


def thrifttest(programs, side, *options):
    return [os.path.join(programs, f'thrifttest-{side}'), *options]


def captured(path, server, commands):
    """Everything that a server of ThriftTest and clients of it say to each other: written to the
    path. `commands` gives the clients' for a port."""
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as said:
        place = combination.Place('ip', directory)
        server = combination.start([*server, *place.arguments(True)], said)
        try:
            if not combination.wait_for(server, place):
                raise AssertionError(combination.tail(said))
            relay = capture.Relay(place.port)
            for command in commands(relay.port):
                run(command)
        finally:
            combination.stop(server)
    capture.write(path, relay.pieces, place.port)
    return place.port


def dissect(path, port):
    """[(method, kind, sequence id)] of every message, and what tshark finds wrong."""
    fields = ['thrift.method', 'thrift.mtype', 'thrift.seq_id', '_ws.expert.message',
              '_ws.malformed']
    text = run(['tshark', '-r', path, '-d', f'tcp.port=={port},thrift', '-T', 'fields', '-E',
                'occurrence=a', '-E', 'aggregator=|']
               + [argument for field in fields for argument in ('-e', field)])
    rows = [(line + '\t' * 5).split('\t')[:5] for line in text.split('\n') if line]
    messages = [message for row in rows if row[0]
                for message in zip(*(column.split('|') for column in row[:3]))]
    return messages, [(row[0], row[3][:15], row[4]) for row in rows if row[3] or row[4]]


def dissected(server, commands):
    with tempfile.NamedTemporaryFile(suffix='.pcap') as file:
        return dissect(file.name, captured(file.name, server, commands))


def check_tshark(programs):
    """Wireshark's dissector agrees on each message of our client and of our server in binary."""
    seen = []
    for transport in ('framed', 'buffered'):
        messages, remarks = dissected(thrifttest(programs, 'server'), lambda port, way=transport: [
            thrifttest(programs, 'client', '--host=127.0.0.1', f'--port={port}',
                       f'--transport={way}', '--no-uuid', '--small')])
        expect(remarks, [('testException', 'The application', '')])  # the failure that is asked for
        seen.append(messages)
    count = collections.Counter((method, kind) for method, kind, _ in seen[0])
    for method in {method for method, _ in count} - {'testOneway'}:
        expect(count[method, '0x01'], count[method, '0x02'] + count[method, '0x03'])
    expect(count['testOneway', '0x04'], 1)
    expect(seen[1], seen[0])
    print(f'    {len(seen[0])} messages, framed and unframed')


XTRUCT = {'string_thing': 'Zero', 'byte_thing': 1, 'i32_thing': -3, 'i64_thing': -5}
CALLS = {'testString': 'Ελληνικά', 'testByte': -42, 'testI32': -190000013,
         'testI64': 7000000000000000123, 'testDouble': -0.000341, 'testBinary': 'AAECAw==',
         'testStruct': XTRUCT, 'testNest': {'byte_thing': 1, 'struct_thing': XTRUCT, 'i32_thing': 5},
         'testMap': {'1': -1, '2': -2}, 'testSet': [1, 2], 'testList': [3, 4, 5] * 10}


def call_in_compact(programs, calls, way):
    definition = here('../thrifttest/ThriftTest.thrift')
    return dissected(thrifttest(programs, 'server'), lambda port: [
        [os.path.join(programs, 'json-caller'), definition,
         f'tcp://127.0.0.1:{port}?protocol=compact&transport={way}', f'ThriftTest.{method}',
         json.dumps({'thing': thing})] for method, thing in calls.items()])


def check_tshark_compact(programs):
    """As check_tshark(), in compact, without bools."""
    for transport in ('framed', 'buffered'):
        messages, remarks = call_in_compact(programs, CALLS, transport)
        expect(remarks, [])
        expect([(method, kind) for method, kind, _ in messages],
               [(method, kind) for method in CALLS for kind in ('0x01', '0x02')])


def check_tshark_bool(programs):
    """In compact with a bool it says of our bytes what it says of Apache's Python's: a frame with
    such a field is too short for it."""
    with tempfile.TemporaryDirectory() as work:
        python = peers.Python(work)
        python.prepare()
        client = ['/usr/bin/python3', here('call_bool.py'), python.generated]
        theirs = dissected([*python.command('server'), '--protocol=compact', '--transport=framed'],
                           lambda port: [[*client, str(port)]])
    ours = call_in_compact(programs, {'testBool': True}, 'framed')
    expect([message[:2] for message in ours[0]], [message[:2] for message in theirs[0]])
    expect(ours[1], theirs[1])
    print(f'    of Apache\'s bytes: {[remark[1:] for remark in theirs[1]] or "nothing"}')


def footer(file):
    with open(file, 'rb') as opened:
        data = opened.read()
    size = int.from_bytes(data[-8:-4], 'little')
    return data[-8 - size:-8]


def check_parquet(programs):
    """The footers of files by npm's parquetjs, which uses Apache's library for node, and by
    hyparquet-writer: read with the definition that parquetjs brings, and written as they were."""
    modules = os.environ['NODE_PATH']
    tool = os.path.join(programs, '..', '..', 'tools', 'rethrift')
    words = ['--parquet', os.path.join(modules, 'parquetjs', 'parquet.thrift'), 'FileMetaData']
    with tempfile.TemporaryDirectory() as folder:
        run(['node', here('parquet_write.js'), modules, folder])
        for name in ('parquetjs.parquet', 'hyparquet.parquet'):
            file, made = os.path.join(folder, name), os.path.join(folder, 'made')
            said = json.loads(run([tool, 'decode', *words, file]))
            expect(said['num_rows'], 3)
            expect([column['name'] for column in said['schema']], ['root', 'city', 'people', 'area'])
            expect(said['key_value_metadata'], [{'key': 'country', 'value': 'CH'}])
            expect(said['row_groups'][0]['columns'][1]['meta_data']['num_values'], 3)
            run([tool, 'convert', '--to', 'compact', '-o', made, *words, file])
            with open(made, 'rb') as opened:
                expect(opened.read(), footer(file))


PROGRAMS = {'parquet': check_parquet, 'jaeger': check_jaeger, 'jaeger-ruby': check_jaeger_ruby, 'hive': check_hive,
            'gnuradio': check_gnuradio, 'tshark': check_tshark,
            'tshark-compact': check_tshark_compact, 'tshark-bool': check_tshark_bool}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--programs', required=True, help='where ours are')
    parser.add_argument('--node-modules', required=True)
    parser.add_argument('names', nargs='*', help=', '.join(PROGRAMS))
    options = parser.parse_args()
    os.environ['NODE_PATH'] = os.path.abspath(options.node_modules)
    combination.let_servers_be_stopped()
    failed = 0
    for name in options.names or PROGRAMS:
        begin = time.monotonic()
        try:
            PROGRAMS[name](os.path.abspath(options.programs))
            print(f'passed {name} {time.monotonic() - begin:.1f} s', flush=True)
        except Exception:  # whatever it is, the next one is tried
            failed += 1
            print(f'failed {name}: {traceback.format_exc()}', flush=True)
    print(f'{len(options.names or PROGRAMS) - failed} programs passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
