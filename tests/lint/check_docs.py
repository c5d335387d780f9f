#!/usr/bin/python3
"""Files that the documents name exist, and the reading order leaves no layer out."""
import re

import lint

DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'docs']
ORDER = 'docs/reading-order.md'
ROOTED = ('src/', 'include/', 'tests/', 'tools/', 'examples/', 'docs/', 'idl/', '.ci/')


def documents(root):
    for name in DOCUMENTS:
        path = root / name
        if path.is_dir():
            yield from (p.relative_to(root) for p in sorted(path.rglob('*.md')))
        elif path.exists():
            yield path.relative_to(root)


def named_paths(text):
    """(line, path) of every path of the tree in `code` or as the target of a [link](...)."""
    for match in re.finditer(r'`([\w./-]+)`|\]\(([\w./-]+)(?:#[\w-]*)?\)', text):
        yield lint.line_of(text, match.start()), match.group(1), match.group(2)


def check(root):
    findings = []
    for path in documents(root):
        text = (root / path).read_text()
        for line, code, link in named_paths(text):
            if code and code.startswith(ROOTED) and not (root / code).exists():
                findings.append((path, line, f'{code} does not exist'))
            if link and not (root / path.parent / link).exists():
                findings.append((path, line, f'{link} does not exist'))
    order = (root / ORDER).read_text() if (root / ORDER).exists() else ''
    for directory in sorted((root / 'src').iterdir()):
        if directory.is_dir() and any(directory.glob('*.c')) and f'src/{directory.name}/' not in order:
            findings.append((ORDER, 1, f'says nothing of src/{directory.name}/'))
    return findings


if __name__ == '__main__':
    lint.run(check)
