"""Apache's Go library."""
import glob
import os
import shutil

from .peer import DEFINITION, PROTOCOLS, Peer, both, is_fresh, run


class Go(Peer):
    name = 'go'
    title = 'Apache Go'
    packages = ('golang-thrift-dev', 'golang-go', 'thrift-compiler')
    generator = 'go'
    protocols = both(*PROTOCOLS)
    transports = both('buffered', 'framed', 'http', 'zlib')
    sockets = both('ip', 'domain', 'abstract')

    def build(self):
        sources = glob.glob(self.program('*.go'))
        target = os.path.join(self.work, 'peer')
        packages = os.path.join(self.work, 'go', 'src')
        if is_fresh(target, sources + [DEFINITION]):
            return
        shutil.rmtree(packages, ignore_errors=True)
        shutil.copytree(os.path.join(self.generated, 'thrifttest'),
                        os.path.join(packages, 'thrifttest'),
                        ignore=shutil.ignore_patterns('*-remote'))
        shutil.copytree(self.program(), os.path.join(packages, 'peer'))
        run(['go', 'build', '-o', target, 'peer'], env={
            **os.environ, 'GO111MODULE': 'off', 'GOFLAGS': '-buildvcs=false',
            'GOCACHE': os.path.join(self.work, 'cache'),
            'GOPATH': os.path.dirname(packages) + ':/usr/share/gocode'})

    def command(self, side):
        return [os.path.join(self.work, 'peer'), side]
