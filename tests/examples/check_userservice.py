#!/usr/bin/python3
"""examples/userservice as a person uses it: check_userservice.py IDL SERVER CLIENT"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

IDL, SERVER, CLIENT = (os.path.abspath(path) for path in sys.argv[1:4])
SECONDS = 60


class Server:
    """A running userservice-server; stderr goes to a file beside the database."""

    def __init__(self, place, *options, address='tcp://127.0.0.1:0'):
        self.log = open(place / 'log', 'w+', encoding='utf-8')
        self.process = subprocess.Popen(
            [SERVER, '--listen', address, '--idl', IDL, '--db', place / 'users.db', *options],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        self.address = line.split()[-1] if line.startswith('listening on ') else None

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.ended()

    def ended(self):
        status = self.process.wait(SECONDS)
        self.process.stdout.close()
        self.log.close()
        return status


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


class UserService(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place)

    def start(self, **options):
        server = Server(self.place, **options)
        self.assertIsNotNone(server.address)
        return server

    def call(self, server, *words):
        return run(CLIENT, '--server', server.address, '--idl', IDL, *words)

    def expect(self, server, words, printed):
        done = self.call(server, *words)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, printed + '\n', ''))

    def refuse(self, server, words, message):
        done = self.call(server, *words)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn(message, done.stderr)

    def test_users_live_from_create_to_delete(self):
        server = self.start()
        self.expect(server, ('create', '1', 'Ada', 'ada@example.org'), 'createUser: user 1')
        self.expect(server, ('get', '1'), '1 Ada <ada@example.org>')
        self.expect(server, ('update', '1', 'Ada Lovelace'), 'updateUser: user 1')
        self.expect(server, ('get', '1'), '1 Ada Lovelace <no e-mail>')
        self.expect(server, ('delete', '1'), 'deleteUser: user 1')
        self.assertEqual(server.end(), 0)

    def test_refusals_say_why(self):
        server = self.start()
        self.refuse(server, ('get', '7'), 'no user 7')
        self.refuse(server, ('update', '7', 'x'), 'no user 7')
        self.refuse(server, ('delete', '-1'), 'no user -1')
        self.expect(server, ('create', '7', 'x'), 'createUser: user 7')
        self.refuse(server, ('create', '7', 'y'), 'user 7 exists')
        self.expect(server, ('get', '7'), '7 x <no e-mail>')
        self.assertEqual(server.end(), 0)

    def test_names_are_bytes_of_utf8_and_no_sql(self):
        server = self.start()
        name = "Zoë'); DROP TABLE users;--"
        self.expect(server, ('create', '1', name), 'createUser: user 1')
        self.expect(server, ('get', '1'), f'1 {name} <no e-mail>')
        self.assertEqual(server.end(), 0)

    def test_users_outlive_the_server(self):
        server = self.start()
        self.expect(server, ('create', '1', 'Ada'), 'createUser: user 1')
        self.assertEqual(server.end(signal.SIGINT), 0)
        server = self.start()
        self.expect(server, ('get', '1'), '1 Ada <no e-mail>')
        self.assertEqual(server.end(), 0)

    def test_unix_sockets_serve_too(self):
        server = self.start(address=f'unix:{self.place}/socket')
        self.expect(server, ('create', '1', 'Ada'), 'createUser: user 1')
        self.assertEqual(server.end(), 0)

    def test_an_address_in_use_is_a_clear_error(self):
        server = self.start()
        other = run(SERVER, '--listen', server.address, '--idl', IDL, '--db', self.place / 'x.db')
        self.assertEqual(other.returncode, 1)
        self.assertIn(server.address.split(':')[-1], other.stderr)
        self.assertIn('in use', other.stderr)
        self.expect(server, ('create', '1', 'Ada'), 'createUser: user 1')
        self.assertEqual(server.end(), 0)

    def test_a_store_that_cannot_be_opened_is_a_clear_error(self):
        (self.place / 'text.db').write_text('this is no database, and long enough to be seen as none')
        for path in ('/nowhere/users.db', self.place, self.place / 'text.db'):
            done = run(SERVER, '--listen', 'tcp://127.0.0.1:0', '--idl', IDL, '--db', path)
            self.assertEqual(done.returncode, 1, path)
            self.assertIn(str(path), done.stderr)

    def test_a_broken_definition_is_named_with_its_place(self):
        broken = self.place / 'broken.thrift'
        broken.write_text('struct User {\n  1: i32 id,\n  2: strin name\n}\nservice UserService {}\n')
        for program in ((SERVER, '--db', self.place / 'x.db', '--idl', broken),
                        (CLIENT, '--idl', broken, 'get', '1')):
            done = run(*program)
            self.assertEqual(done.returncode, 1)
            self.assertIn('broken.thrift:3:6: error:', done.stderr)
        done = run(CLIENT, '--idl', self.place / 'gone.thrift', 'get', '1')
        self.assertEqual(done.returncode, 1)
        self.assertIn('gone.thrift', done.stderr)

    def test_no_server_is_a_clear_error(self):
        server = self.start()
        self.expect(server, ('create', '1', 'Ada'), 'createUser: user 1')
        self.assertEqual(server.end(), 0)
        self.refuse(server, ('get', '1'), 'refused')

    def test_the_server_says_what_it_serves(self):
        server = self.start()
        done = run(CLIENT, '--server', server.address, '--served', 'create', '1', 'Ada')
        self.assertEqual((done.returncode, done.stdout), (0, 'createUser: user 1\n'))
        self.refuse(server, ('count',), 'no method "countUsers"')
        done = run(CLIENT, '--server', server.address, '--served', 'repeat', '1')
        self.assertRegex(done.stdout, r'^getUser: \d+ calls, 0 failed\n$')
        self.assertEqual(server.end(), 0)

    def test_wrong_words_show_how(self):
        for words in ((), ('get',), ('get', 'x'), ('get', '99999999999'), ('fly', '1'),
                      ('create', '1'), ('--what', 'get', '1')):
            done = run(CLIENT, *words)
            self.assertEqual((done.returncode, done.stdout), (2, ''), words)
            self.assertIn('usage: userservice-client', done.stderr)
        self.assertEqual(run(SERVER, '--what').returncode, 2)
        for program in (SERVER, CLIENT):
            done = run(program, '--help')
            self.assertEqual((done.returncode, done.stderr), (0, ''))
            self.assertTrue(done.stdout.startswith('usage: '))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
