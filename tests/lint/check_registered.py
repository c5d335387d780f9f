#!/usr/bin/python3
"""Every source file is built: a meson.build above it, or a script beside it, names it.

Except what tools/bench builds by itself: the peers, which need what most machines lack.
"""
import re

import lint


def is_named(root, path):
    for directory in [path.parent, *path.parent.parents]:
        build = root / directory / 'meson.build'
        if not build.exists():
            continue
        text = build.read_text()
        if directory == path.parent:
            text += ''.join(script.read_text() for script in (root / directory).glob('*.py'))
        words = set(re.findall(r"'([^'\n]+)'", text))
        inside = path.relative_to(directory)
        stem = re.sub(r'^(test|fuzz)_', '', inside.stem)
        names = {str(inside), str(inside.with_suffix('')), stem, str(inside.parent / stem)}
        if words & names or '../' + str(inside) in words:
            return True
    return False


def check(root):
    findings = []
    for path in lint.files(root, ['src', 'examples', 'tools', 'tests'], ('.c', '.cpp')):
        if path.parts[:2] != ('tests', 'bench') and not is_named(root, path):
            findings.append((path, 1, 'no meson.build names this file'))
    for path in lint.files(root, ['include'], ('.h',)):
        if str(path.relative_to('include')) not in (root / 'include/meson.build').read_text():
            findings.append((path, 1, 'include/meson.build does not install this header'))
    return findings


if __name__ == '__main__':
    lint.run(check)
