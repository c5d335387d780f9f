"""What a peer of the matrix is: what its library has, how its programs are made and started.

A peer's programs, in tests/interop/peers, understand the options of Apache's cross test.
"""
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, '..', '..', 'peers')
DEFINITION = os.path.join(HERE, '..', '..', 'thrifttest', 'ThriftTest.thrift')

PROTOCOLS = ['binary', 'compact', 'json', 'header', 'multi', 'multic', 'multij', 'multih']
TRANSPORTS = ['buffered', 'framed', 'http', 'zlib', 'websocket']
SOCKETS = ['ip', 'domain', 'abstract', 'activated']

NAMES = {'binary': 'binary protocol', 'compact': 'compact protocol', 'json': 'JSON protocol',
         'header': 'THeader', 'framed': 'framed transport', 'http': 'HTTP',
         'zlib': 'zlib transport', 'websocket': 'WebSocket', 'domain': 'Unix sockets',
         'abstract': 'abstract names', 'activated': 'inherited sockets'}


def single(protocol):
    """The protocol of one service for that of several."""
    return {'multi': 'binary', 'multic': 'compact', 'multij': 'json',
            'multih': 'header'}.get(protocol, protocol)


def plain(protocol):
    """The protocol that is on the wire: a peer's fast variant is no other one."""
    return {'accel': 'binary', 'accelc': 'compact'}.get(protocol, protocol)


def both(*names):
    return {'client': list(names), 'server': list(names)}


def with_multiplexed(*names):
    """The protocols, and multiplexed over each."""
    several = [name for name in PROTOCOLS if single(name) in names and name not in names]
    return both(*names, *several)


class Peer:
    name = ''
    title = ''
    packages = ()  # Debian's; the first one gives the version
    generator = None
    protocols = both()
    transports = both()
    sockets = both()

    def __init__(self, work):
        self.work = os.path.join(os.path.abspath(work), self.name)
        self.generated = os.path.join(self.work, 'generated')

    def program(self, *parts):
        return os.path.join(PROGRAMS, self.name, *parts)

    # ---- what there is ----

    def version(self):
        """Of the library; None: it is not installed."""
        found = output(['dpkg-query', '-W', '-f=${db:Status-Status} ${Version}', self.packages[0]])
        status, _, version = found.partition(' ')
        return version.split('-')[0] if status == 'installed' else None

    def missing(self):
        """Why this peer cannot be run here, or None."""
        lacking = [name for name in self.packages if not is_installed(name)]
        return f'not installed: {" ".join(lacking)}' if lacking else None

    def all_protocols(self):
        """Ours, and variants that only this peer has."""
        own = [name for name in self.protocols['client'] if name not in PROTOCOLS]
        return PROTOCOLS + own

    def lacks(self, side, protocol, transport, socket):
        """Why its client or server cannot take part in this combination, or None."""
        if side == 'client' and socket == 'activated':
            socket = 'domain'  # the same to a client
        for name, has in ((protocol, self.protocols[side]), (transport, self.transports[side]),
                          (socket, self.sockets[side])):
            if name not in has:
                return f'its {side} has no {NAMES[single(name)]}' if name == single(name) or \
                    single(name) not in has else f'its {side} has no multiplexing over it'
        return self.fails(side, protocol, transport, socket)

    def fails(self, side, protocol, transport, socket):
        """Why something that the library has does not work; None: it does."""
        return None

    def client_options(self, protocol, transport):
        """Ours, for what this peer's server cannot do."""
        return []

    # ---- making and starting its programs ----

    def prepare(self):
        """Generates and builds what is not there yet."""
        os.makedirs(self.work, exist_ok=True)
        if self.generator is not None and not is_fresh(self.generated, [DEFINITION]):
            shutil.rmtree(self.generated, ignore_errors=True)
            os.makedirs(self.generated)
            run(['thrift', '-nowarn', '--gen', self.generator, '-out', self.generated,
                 definition(self.work)])
        self.build()

    def build(self):
        pass

    def command(self, side):
        raise NotImplementedError


def definition(directory):
    """Writes ThriftTest for peers that do not know uuids."""
    path = os.path.join(directory, 'ThriftTest.thrift')
    with open(DEFINITION, encoding='utf-8') as whole, open(path, 'w', encoding='utf-8') as out:
        out.writelines(line for line in whole if 'uuid' not in line)
    return path


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          **options)
    if done.returncode != 0:
        raise RuntimeError(' '.join(command) + '\n' + done.stdout.decode(errors='replace'))


def output(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False).stdout.decode()


def is_installed(package):
    return output(['dpkg-query', '-W', '-f=${db:Status-Status}', package]) == 'installed'


def is_fresh(target, sources):
    return os.path.exists(target) and all(
        os.path.getmtime(source) <= os.path.getmtime(target) for source in sources)


def compiler(name):
    return ['ccache', name] if shutil.which('ccache') else [name]


def is_header(protocol):
    return single(protocol) == 'header'
