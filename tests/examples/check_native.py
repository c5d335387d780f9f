#!/usr/bin/python3
"""examples/native: check_native.py IDL SERVER CLIENT [USERSERVICE-CLIENT]"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

IDL, SERVER, CLIENT, DYNAMIC = (os.path.abspath(path) for path in sys.argv[1:5])
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECONDS = 60


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


def code_lines(path):
    """Without blank lines and comments."""
    text = re.sub(r'/\*.*?\*/', '', path.read_text(encoding='utf-8'), flags=re.S)
    return sum(1 for line in text.splitlines() if line.strip())


class Native(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place)
        self.server = subprocess.Popen(
            [SERVER, 'tcp://127.0.0.1:0', IDL, self.place / 'users.db'],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.address = self.server.stderr.readline().split()[-1]

    def tearDown(self):
        self.server.send_signal(signal.SIGTERM)
        out, err = self.server.communicate(timeout=SECONDS)
        self.assertEqual((self.server.returncode, out, err), (0, '', ''))

    def test_stubs_reach_native_functions(self):
        for _ in range(2):
            done = run(CLIENT, self.address, IDL)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (0, '1 Ada <no e-mail>\n', ''))

    def test_refusals_reach_the_stub(self):
        run(DYNAMIC, '--server', self.address, '--idl', IDL, 'create', '1', 'Eve')
        done = run(CLIENT, self.address, IDL)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn('user 1 exists', done.stderr)

    def test_dynamic_client(self):
        command = [DYNAMIC, '--server', self.address, '--idl', IDL]
        self.assertEqual(run(*command, 'create', '7', 'Ada', 'a@b').returncode, 0)
        self.assertEqual(run(*command, 'get', '7').stdout, '7 Ada <a@b>\n')
        self.assertIn('no user 8', run(*command, 'get', '8').stderr)

    def test_no_longer_than_promised(self):
        example = ROOT / 'examples' / 'native'
        self.assertLessEqual(code_lines(example / 'server.c'), 50)
        self.assertLessEqual(code_lines(example / 'client.c'), 30)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
