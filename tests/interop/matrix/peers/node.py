"""Apache's JavaScript library, from npm."""
import json
import os
import shutil

from .peer import PROTOCOLS, Peer, both


class Node(Peer):
    name = 'node'
    title = 'npm thrift'
    generator = 'js:node,es6'
    protocols = both(*PROTOCOLS)
    transports = both('buffered', 'framed', 'http', 'websocket')
    sockets = both('ip', 'domain')  # it fills abstract names up
    modules = None  # node_modules of a directory

    def package(self):
        return os.path.join(self.modules or '', 'thrift', 'package.json')

    def version(self):
        with open(self.package(), encoding='utf-8') as package:
            return json.load(package)['version']

    def missing(self):
        if shutil.which('node') is None:
            return 'node is not installed'
        return None if os.path.exists(self.package()) else 'npm\'s thrift is not installed'

    def fails(self, side, protocol, transport, socket):
        if side == 'client' and transport == 'websocket' and socket != 'ip':
            return 'its WebSocket client knows TCP only'
        return None

    # Its WebSocket server takes each piece that arrives for a whole frame; its HTTP server does not
    # answer oneway calls.
    def client_options(self, protocol, transport):
        return {'websocket': ['--small'], 'http': ['--no-oneway']}.get(transport, [])

    def command(self, side):
        return ['env', f'NODE_PATH={self.modules}', 'node', self.program('peer.js'), side,
                f'--generated={self.generated}']
