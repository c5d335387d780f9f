#!/usr/bin/python3
"""What the compiled layers need of each other, and that they keep no state of their own.

Usage: check_links.py ROOT NM ARCHIVE... where an archive is called librethrift-LAYER.a.
"""
import concurrent.futures
import functools
import pathlib
import re
import subprocess
import sys

import check_layers
import lint

# Mutable objects with static storage, each with a reason.
STATE = {
    'seed': 'the hash seed of the process, set once (base/hash.c)',
    'inside': 'per thread: whether it is a loop of ours (transport/loop.c)',
}


def symbols(nm, archive):
    """(defined names, undefined names, names of writable objects) of one archive."""
    text = subprocess.run([nm, '-f', 'sysv', archive], check=True, capture_output=True,
                          text=True).stdout
    defined, undefined, writable = set(), set(), set()
    for line in text.splitlines():
        columns = [column.strip() for column in line.split('|')]
        if len(columns) != 7:
            continue
        name, kind, section = columns[0], columns[2], columns[6]
        if kind == 'U':
            undefined.add(name)
        elif kind.isupper():
            defined.add(name)
        if re.match(r'\.(t?bss|t?data)(\.(?!rel\.ro)|$)', section) and not name.startswith('.'):
            writable.add(re.sub(r'\.\d+$', '', name))
    return defined, undefined, writable


def is_instrumentation(name):
    return re.match(r'_*(asan|ubsan|tsan|gcov|llvm|sancov|odr|lsan|hwasan|start_|stop_)|\.L|__', name)


def check(root, nm, archives):
    findings = []
    layers = [re.sub(r'^librethrift-|\.a$', '', pathlib.Path(archive).name) for archive in archives]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        tables = dict(zip(layers, pool.map(functools.partial(symbols, nm), archives)))
    for layer, (_, undefined, writable) in tables.items():
        for other, (defined, _, _) in tables.items():
            if other != layer and other not in check_layers.LAYERS.get(layer, []):
                for name in sorted(undefined & defined):
                    findings.append((f'src/{layer}', 1, f'needs {name}() of {other}'))
        for name in sorted(writable):
            if name not in STATE and not is_instrumentation(name):
                findings.append((f'src/{layer}', 1, f'{name} is state of the whole process'))
    return findings


if __name__ == '__main__':
    lint.run(check, sys.argv[2], sys.argv[3:])
