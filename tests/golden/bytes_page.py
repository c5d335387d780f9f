#!/usr/bin/python3
"""Every command of the page about decode, encode and convert does what it is there for.

    bytes_page.py RETHRIFT bytes-command.md PARQUET_FOLDER

The commands of its blocks run in a folder that has the files which they name. Left out are those
that need another program: socat, and tail, which does not end.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

DEFINITION = """
struct User { 1: i64 id, 2: optional string name }
exception NotFound { 1: string why }
service Users { User getUser(1: i64 id) throws (1: NotFound missing) }
"""
FILES = """
echo '{"id": 7, "name": "Ada"}' > user.json
printf '{"id": 1}\\n{"id": 2}\\n' | rethrift encode --stream --framed user.thrift User > users.bin
printf '{"id": 1}\\n{"id": 2}\\n' | rethrift encode --stream --framed --to compact user.thrift User > values.bin
echo '{"id": 7}' | rethrift encode --call Users.getUser user.thrift > capture.bin
echo '{"success": {"id": 7}}' | rethrift encode --reply Users.getUser user.thrift >> capture.bin
cp capture.bin requests.bin
cp capture.bin replies.bin
"""
OTHERS = ('socat', 'tail', '. ')


def commands(page):
    blocks = re.findall(r'^```sh\n(.*?)^```$', page.read_text(encoding='utf-8'), re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def run(line, folder, tool):
    environment = os.environ | {'PATH': f'{tool.parent}:{os.environ["PATH"]}'}
    return subprocess.run(['sh', '-c', line], cwd=folder, env=environment, capture_output=True,
                          timeout=20, check=False)


def check(line, folder, tool):
    done = run(line, folder, tool)
    written = re.search(r'(?:> |-o )(\S+)(?= |$)', line.split(' #')[0].rstrip())
    output = (folder / written[1]).read_bytes() if written else done.stdout
    if done.returncode != 0 or done.stderr or not output:
        return f'{line}\n    exit status {done.returncode}, {len(output)} bytes: {done.stderr.decode()}'
    return None


def main(tool, page, parquet):
    tool, parquet = pathlib.Path(tool).resolve(), pathlib.Path(parquet)
    lines = [line for line in commands(pathlib.Path(page)) if not line.startswith(OTHERS)]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / 'user.thrift').write_text(DEFINITION, encoding='utf-8')
        shutil.copy(parquet / 'footer.thrift', folder / 'parquet.thrift')
        shutil.copy(parquet / 'cities.parquet', folder / 'table.parquet')
        for line in FILES.strip().splitlines():
            run(line, folder, tool).check_returncode()
        complaints = [check(line, folder, tool) for line in lines]
    wrong = [complaint for complaint in complaints if complaint]
    print('\n'.join(wrong + [f'{len(complaints) - len(wrong)} passed, {len(wrong)} failed']))
    return len(wrong) > 0 or not lines


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
