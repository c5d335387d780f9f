#!/usr/bin/python3
"""Apache's Python library against a server whose definition changes: reload.py SERVER IDL REFLECTION

SERVER is userservice-server. Clients are generated with `thrift --gen py`: one from the definition as
it was, one from what it became, one from REFLECTION (idl/reflection.thrift).
"""
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SERVER, IDL, REFLECTION = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:4])
PEER = str(pathlib.Path(__file__).with_name('reload_peer.py'))
SECONDS = 60
RELOADS = 100


def with_age(text, fields=1):
    """What the definition becomes: a method and optional fields are new."""
    added = ', '.join(f'{4 + i}: optional i32 age{i}' for i in range(fields))
    return text.replace('string email }', f'string email, {added} }}').replace(
        'deleteUser(1:i32 id)', 'deleteUser(1:i32 id), i32 countUsers()')


class Server:
    def __init__(self, place):
        self.idl, self.log = place / 'users.thrift', place / 'log'
        shutil.copy(IDL, self.idl)
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen(
                [SERVER, '--listen', 'tcp://127.0.0.1:0', '--idl', self.idl, '--db',
                 place / 'users.db'], stdout=subprocess.PIPE, stderr=log, text=True)
        self.port = self.process.stdout.readline().strip().rpartition(':')[2]

    def wait_for(self, line, times=1):
        deadline = time.monotonic() + SECONDS
        while self.log.read_text(encoding='utf-8').count(line) < times:
            assert time.monotonic() < deadline, f'{line}\n{self.log.read_text()}'
            time.sleep(0.002)

    def become(self, text, line, times=1):
        """SIGHUP: at once, without waiting for files to be quiet."""
        self.idl.write_text(text, encoding='utf-8')
        self.process.send_signal(signal.SIGHUP)
        self.wait_for(line, times)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(SECONDS) == 0
        self.process.stdout.close()


class Reload(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place)
        self.server = Server(self.place)
        self.addCleanup(self.server.end)
        self.text = pathlib.Path(IDL).read_text(encoding='utf-8')

    def generate(self, name, idl):
        (self.place / name).mkdir()
        subprocess.run(['thrift', '-nowarn', '--gen', 'py', '-out', self.place / name, idl], check=True)
        return self.place / name

    def peer(self, generated, *words):
        return subprocess.Popen([sys.executable, PEER, generated, self.server.port, *words],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, peer):
        out, _ = peer.communicate(timeout=SECONDS)
        self.assertEqual(peer.returncode, 0, out)
        return json.loads(out.splitlines()[-1])

    def test_old_and_new_clients_call_through_reloads(self):
        old = self.peer(self.generate('old', IDL), 'old')
        self.assertEqual(old.stdout.readline(), 'calling\n')
        self.server.become(with_age(self.text), 'generation-published: 2,')
        new = self.peer(self.generate('new', self.server.idl), 'new')
        self.assertEqual(new.stdout.readline(), 'calling\n')
        for number in range(2, RELOADS + 1):
            self.server.become(with_age(self.text, number), f'generation-published: {number + 1},')
        for peer in (old, new):
            counts = self.answer(peer)
            self.assertGreater(counts['calls'], RELOADS, counts)
            self.assertEqual(counts['errors'], [])

    def test_reflection_is_anyones_to_call(self):
        generated = self.generate('reflection', REFLECTION)
        first = self.answer(self.peer(generated, 'reflection'))
        self.assertEqual(first['services'], {'UserService': ['getUser', 'createUser', 'updateUser',
                                                             'deleteUser']})
        self.assertEqual(first['files'], {str(self.server.idl): self.text})
        self.assertEqual((first['number'], first['outcome']), (1, 'none'))
        self.assertLess(abs(first['since'] - time.time()), 60)

        self.server.become(with_age(self.text), 'generation-published: 2,')
        second = self.answer(self.peer(generated, 'reflection'))
        self.assertEqual((second['number'], second['outcome']), (2, 'published'))
        self.assertIn('countUsers', second['services']['UserService'])
        self.assertNotEqual(second['fingerprint'], first['fingerprint'])

        self.server.become(self.text, 'reload-refused')
        third = self.answer(self.peer(generated, 'reflection'))
        self.assertEqual((third['number'], third['outcome']), (2, 'refused'))
        self.assertEqual(third['fingerprint'], second['fingerprint'])
        self.assertIn(['breaking', 'method-removed', 'UserService.countUsers'],
                      [finding[:3] for finding in third['findings']])
        self.assertEqual(third['findings'][0][3], str(self.server.idl))

        self.server.become('struct User {\n  1: strin name\n}\n', 'reload-failed')
        fourth = self.answer(self.peer(generated, 'reflection'))
        self.assertEqual((fourth['number'], fourth['outcome']), (2, 'failed'))
        self.assertEqual(fourth['findings'][0][3:], [str(self.server.idl), 2, 6])
        self.assertEqual((fourth['attempts'], fourth['failures']), (3, 2))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
