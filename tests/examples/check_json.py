#!/usr/bin/python3
"""examples/json: check_json.py IDL SERVER USERSERVICE-CLIENT"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

IDL, SERVER, CLIENT = (os.path.abspath(path) for path in sys.argv[1:4])
SECONDS = 60
TYPE = {'Content-Type': 'application/x-thrift'}


class JsonServer(unittest.TestCase):
    def setUp(self):
        users = tempfile.NamedTemporaryFile('w', suffix='.json', encoding='utf-8')
        self.addCleanup(users.close)
        json.dump({'1': {'id': 1, 'name': 'Ada'}}, users)
        users.flush()
        self.server = subprocess.Popen([SERVER, 'tcp://127.0.0.1:0', IDL, users.name],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.address = self.server.stderr.readline().split()[-1]

    def tearDown(self):
        self.server.send_signal(signal.SIGTERM)
        out, err = self.server.communicate(timeout=SECONDS)
        self.assertEqual((self.server.returncode, out, err), (0, '', ''))

    def call(self, *arguments):
        return subprocess.run([CLIENT, '--server', self.address, '--idl', IDL, *arguments],
                              capture_output=True, text=True, timeout=SECONDS, check=False)

    def test_users_come_and_go(self):
        self.assertEqual(self.call('get', '1').stdout, '1 Ada <no e-mail>\n')
        self.assertEqual(self.call('create', '7', 'Eve', 'e@b').returncode, 0)
        self.assertEqual(self.call('get', '7').stdout, '7 Eve <e@b>\n')
        self.assertEqual(self.call('delete', '7').returncode, 0)
        self.assertIn('no user 7', self.call('get', '7').stderr)

    def test_refusals(self):
        self.assertIn('user 1 exists', self.call('create', '1', 'Eve').stderr)
        self.assertIn('no user 8', self.call('delete', '8').stderr)
        self.assertIn('updateUser is not implemented', self.call('update', '1', 'Eve').stderr)

    def test_json_by_http(self):
        """What a script sends that knows neither library: TJSON in a POST."""
        body = b'[1,"getUser",1,5,{"1":{"i32":1}}]'
        url = self.address.replace('tcp://', 'http://')
        with urllib.request.urlopen(urllib.request.Request(url, body, TYPE), timeout=SECONDS) as answer:
            reply = json.load(answer)
        self.assertEqual(reply, [1, 'getUser', 2, 5,
                                 {'0': {'rec': {'1': {'i32': 1}, '2': {'str': 'Ada'}}}}])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
