"""Apache's Java library."""
import glob
import os

from .peer import DEFINITION, Peer, is_fresh, run, with_multiplexed

JARS = ('thrift', 'slf4j-api', 'slf4j-nop', 'geronimo-annotation-1.3-spec', 'httpclient',
        'httpcore', 'commons-lang3', 'commons-logging')


class Java(Peer):
    name = 'java'
    title = 'Apache Java'
    packages = ('libthrift-java', 'default-jdk-headless', 'thrift-compiler')
    generator = 'java'
    protocols = with_multiplexed('binary', 'compact', 'json')
    transports = {'client': ['buffered', 'framed', 'http', 'zlib'],
                  'server': ['buffered', 'framed', 'zlib']}
    sockets = {'client': ['ip'], 'server': ['ip']}

    def classes(self):
        return os.path.join(self.work, 'classes')

    def class_path(self):
        return ':'.join([f'/usr/share/java/{jar}.jar' for jar in JARS] + [self.classes()])

    def build(self):
        sources = glob.glob(self.program('*.java'))
        if not is_fresh(os.path.join(self.classes(), 'Peer.class'), sources + [DEFINITION]):
            run(['javac', '-nowarn', '-Xlint:none', '-cp', self.class_path(), '-d', self.classes()]
                + sources + glob.glob(os.path.join(self.generated, '*', '*.java')))

    def command(self, side):
        return ['java', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-cp',
                self.class_path(), 'Peer', side]
