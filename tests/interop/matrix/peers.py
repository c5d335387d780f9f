"""The peers of the matrix: what each speaks, how it is made and started.

A peer's programs understand the options of Apache's cross test. `limits(side, protocol, transport,
socket)` gives the reason why a combination is left out, or None.
"""
import glob
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, '..', 'peers')
DEFINITION = os.path.join(HERE, '..', 'thrifttest', 'ThriftTest.thrift')
PLAIN = ['binary', 'compact', 'json']
MULTIPLEXED = ['multi', 'multic', 'multij']
ALL_PROTOCOLS = PLAIN + ['header'] + MULTIPLEXED + ['multih']


def is_header(protocol):
    return protocol in ('header', 'multih')


def plain_of(protocol):
    """The protocol that is on the wire: a peer's fast variant is no other one."""
    return {'accel': 'binary', 'accelc': 'compact'}.get(protocol, protocol)


class Peer:
    name = ''
    protocols = {'client': [], 'server': []}
    transports = {'client': [], 'server': []}
    sockets = {'client': ['ip', 'domain', 'abstract'], 'server': ['ip', 'domain', 'abstract']}
    packages = ()
    generator = None
    server_side = True

    def __init__(self, work):
        self.work = os.path.join(work, self.name)
        self.generated = os.path.join(self.work, 'generated')

    def source(self, *parts):
        return os.path.join(PEERS, self.name, *parts)

    def missing(self):
        """Why this peer cannot be run here, or None."""
        return None

    def prepare(self):
        """Generates and builds what is not there yet."""
        os.makedirs(self.work, exist_ok=True)
        if self.generator is not None and not self.is_fresh(self.generated, [DEFINITION]):
            shutil.rmtree(self.generated, ignore_errors=True)
            os.makedirs(self.generated)
            run(['thrift', '-nowarn', '--gen', self.generator, '-out', self.generated,
                 definition(self.work)])
        self.build()

    def build(self):
        pass

    @staticmethod
    def is_fresh(target, sources):
        return os.path.exists(target) and all(
            os.path.getmtime(source) <= os.path.getmtime(target) for source in sources)

    def command(self, side):
        raise NotImplementedError

    def limits(self, side, protocol, transport, socket):
        return None

    def client_options(self, transport):
        """Ours, against this peer's server."""
        return []


def definition(work):
    """ThriftTest for peers that do not know uuids."""
    path = os.path.join(work, 'ThriftTest.thrift')
    with open(DEFINITION, encoding='utf-8') as whole, open(path, 'w', encoding='utf-8') as out:
        out.writelines(line for line in whole if 'uuid' not in line)
    return path


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          **options)
    if done.returncode != 0:
        raise RuntimeError(' '.join(command) + '\n' + done.stdout.decode(errors='replace'))


def compiler(name):
    return ['ccache', name] if shutil.which('ccache') else [name]


def has_module(name):
    return subprocess.run(['/usr/bin/python3', '-c', f'import {name}'], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


class Python(Peer):
    name = 'python'
    protocols = {'client': ALL_PROTOCOLS + ['accel', 'accelc'],
                 'server': ALL_PROTOCOLS + ['accel', 'accelc']}
    transports = {'client': ['buffered', 'framed', 'http', 'zlib'],
                  'server': ['buffered', 'framed', 'http', 'zlib']}
    packages = ('python3-thrift', 'thrift-compiler')
    generator = 'py'

    def missing(self):
        return None if has_module('thrift') else 'python3-thrift is not installed'

    def command(self, side):
        return ['/usr/bin/python3', self.source('peer.py'), side, f'--generated={self.generated}']

    def limits(self, side, protocol, transport, socket):
        if transport == 'http' and socket != 'ip':
            return 'its HTTP client and server know TCP only'
        if is_header(protocol) and transport != 'buffered':
            return 'THeader makes its own frames'
        if transport == 'zlib' and protocol.startswith('accel'):
            return 'its accelerated readers wait for bytes that zlib has given already'
        if side == 'server' and socket == 'abstract':
            return 'its server cannot listen on an abstract name (it unlinks it)'
        return None


class ThriftPy(Peer):
    name = 'thriftpy'
    protocols = {'client': ['binary', 'multi'], 'server': ['binary', 'multi']}
    transports = {'client': ['buffered', 'framed'], 'server': ['buffered', 'framed']}
    sockets = {'client': ['ip', 'domain', 'abstract'], 'server': ['ip', 'domain']}
    packages = ('python3-thriftpy',)

    def missing(self):
        return None if has_module('thriftpy') else 'python3-thriftpy is not installed'

    def build(self):
        definition(self.work)

    def command(self, side):
        return ['/usr/bin/python3', self.source('peer.py'), side,
                '--definition=' + os.path.join(self.work, 'ThriftTest.thrift')]

    def client_options(self, transport):
        return ['--no-application-errors']  # it closes the connection instead

    def limits(self, side, protocol, transport, socket):
        if side == 'server' and socket != 'ip':
            return 'its server sets SO_REUSEPORT, which Unix sockets refuse'
        return None


class Cpp(Peer):
    name = 'cpp'
    protocols = {'client': ALL_PROTOCOLS, 'server': ALL_PROTOCOLS}
    transports = {'client': ['buffered', 'framed', 'http', 'zlib'],
                  'server': ['buffered', 'framed', 'http', 'zlib', 'websocket']}
    packages = ('libthrift-dev', 'libssl-dev', 'thrift-compiler', 'g++')
    generator = 'cpp:no_skeleton'

    def missing(self):
        return None if os.path.exists('/usr/include/thrift/TProcessor.h') else \
            'libthrift-dev is not installed'

    def program(self):
        return os.path.join(self.work, 'peer')

    def client_options(self, transport):
        # Its WebSocket server takes a frame that comes in several pieces for several frames.
        # Its HTTP server answers nothing at all to a oneway call.
        return {'websocket': ['--small'], 'http': ['--no-oneway']}.get(transport, [])

    def build(self):
        source = self.source('peer.cc')
        if not self.is_fresh(self.program(), [source, DEFINITION]):
            run(compiler('g++') + ['-O0', '-w', '-I' + self.generated, '-o', self.program(), source]
                + sorted(glob.glob(os.path.join(self.generated, '*.cpp')))
                + ['-lthriftz', '-lthrift', '-lcrypto', '-lpthread'])

    def command(self, side):
        return [self.program(), side]

    def limits(self, side, protocol, transport, socket):
        if is_header(protocol) and transport != 'buffered':
            return 'THeader makes its own frames'
        return None


class Node(Peer):
    name = 'node'
    protocols = {'client': ALL_PROTOCOLS, 'server': ALL_PROTOCOLS}
    transports = {'client': ['buffered', 'framed', 'http', 'websocket'],
                  'server': ['buffered', 'framed', 'http', 'websocket']}
    sockets = {'client': ['ip', 'domain'], 'server': ['ip', 'domain']}  # it fills abstract names up
    generator = 'js:node,es6'
    modules = None  # where the package "thrift" is: node_modules of a directory

    def missing(self):
        if shutil.which('node') is None:
            return 'node is not installed'
        if self.modules is None or not os.path.isdir(os.path.join(self.modules, 'thrift')):
            return 'the npm package thrift is not installed'
        return None

    def client_options(self, transport):
        # Its server never answers oneway calls, and forgets a frame that comes in several pieces.
        return {'websocket': ['--small'], 'http': ['--no-oneway']}.get(transport, [])

    def command(self, side):
        return ['env', f'NODE_PATH={self.modules}', 'node', self.source('peer.js'), side,
                f'--generated={os.path.abspath(self.generated)}']

    def limits(self, side, protocol, transport, socket):
        if is_header(protocol) and transport != 'buffered':
            return 'THeader makes its own frames'
        return None


class Ruby(Peer):
    name = 'ruby'
    protocols = {'client': PLAIN + MULTIPLEXED, 'server': PLAIN + MULTIPLEXED}
    transports = {'client': ['buffered', 'framed', 'http'], 'server': ['buffered', 'framed']}
    sockets = {'client': ['ip', 'domain'], 'server': ['ip', 'domain']}
    packages = ('ruby', 'ruby-thrift')
    generator = 'rb'

    def missing(self):
        found = subprocess.run(['ruby', '-e', "require 'thrift'"], check=False,
                               stderr=subprocess.DEVNULL).returncode == 0 \
            if shutil.which('ruby') else False
        return None if found else 'ruby-thrift is not installed'

    def command(self, side):
        return ['ruby', '-W0', self.source('peer.rb'), side, f'--generated={self.generated}']

    def limits(self, side, protocol, transport, socket):
        if transport == 'http' and socket != 'ip':
            return 'its HTTP client knows TCP only'
        return None


ALL = [Python, ThriftPy, Cpp, Node, Ruby]
