"""Apache's C library."""
import glob
import os

from .peer import DEFINITION, Peer, both, compiler, is_fresh, output, run, with_multiplexed


class CGlib(Peer):
    name = 'c_glib'
    title = 'Apache C (c_glib)'
    packages = ('libthrift-c-glib-dev', 'pkg-config', 'thrift-compiler', 'gcc')
    generator = 'c_glib'
    protocols = with_multiplexed('binary', 'compact')
    transports = both('buffered', 'framed', 'zlib')
    sockets = both('ip', 'domain')

    def fails(self, side, protocol, transport, socket):
        if transport == 'zlib':
            return 'its zlib transport breaks off at a message of some kilobytes, with itself too'
        return None

    def build(self):
        sources = sorted(glob.glob(self.program('*.[ch]')))
        target = os.path.join(self.work, 'peer')
        library = ['pkg-config', 'thrift_c_glib', 'gobject-2.0']
        if not is_fresh(target, sources + [DEFINITION]):
            run(compiler('gcc') + ['-O0', '-w', '-I' + self.generated, '-I' + self.program()]
                + output(library + ['--cflags']).split() + ['-o', target]
                + [source for source in sources if source.endswith('.c')]
                + sorted(glob.glob(os.path.join(self.generated, '*.c')))
                + output(library + ['--libs']).split())

    def command(self, side):
        return [os.path.join(self.work, 'peer'), side]
