#!/usr/bin/python3
"""Every finding that src/schema/ can report has its line in docs/reference/definitions.md, and every
line there a finding."""
import re

import lint

PAGE = 'docs/reference/definitions.md'
CALL = re.compile(r'\bfinding_(?:error|warning|syntax|failure)\s*\(([^;]*?)"([a-z0-9-]+)"', re.S)
INDIRECT = re.compile(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"')


def check(root):
    text = (root / PAGE).read_text(encoding='utf-8')
    rows = {match[1]: lint.line_of(text, match.start())
            for match in re.finditer(r'^\| `([a-z0-9-]+)` \|', text, re.M)}
    findings, named = [], set()
    for path in lint.files(root, ['src/schema'], ('.c',)):
        if path.name.startswith(('compat', 'format', 'print')):
            continue
        code = lint.without_comments((root / path).read_text(encoding='utf-8'))
        named |= set(INDIRECT.findall(code))
        for match in CALL.finditer(code):
            named.add(match[2])
            if match[2] not in rows:
                line = lint.line_of(code, match.start())
                findings.append((path, line, f'{match[2]} is not explained in {PAGE}'))
    for rule, line in rows.items():
        if rule not in named and '-' in rule:
            findings.append((PAGE, line, f'nothing reports {rule}'))
    return findings


if __name__ == '__main__':
    lint.run(check)
