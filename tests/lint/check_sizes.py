#!/usr/bin/python3
"""One idea per file, and functions that fit on a screen: upper bounds, far above the aim.

Preprocessor blocks and tables count as they stand; a declaration-only header may be longer.
"""

import lint

FILE_LINES_MOST = 600
FUNCTION_LINES_MOST = 90


def functions(text):
    """(first line, lines) of every function body: a brace in column one after a parameter list."""
    lines = text.splitlines()
    begin = None
    for number, line in enumerate(lines, 1):
        if line == '{' and number > 1 and lines[number - 2].rstrip().endswith(')'):
            begin = number
        elif line == '}' and begin is not None:
            yield begin, number - begin - 1
            begin = None


def check(root):
    findings = []
    for path in lint.files(root, ['src', 'tools', 'examples']):
        text = (root / path).read_text()
        count = text.count('\n')
        if count > FILE_LINES_MOST:
            findings.append((path, 1, f'{count} lines: split it'))
        for line, length in functions(lint.code_only(text)):
            if length > FUNCTION_LINES_MOST:
                findings.append((path, line, f'a function of {length} lines: split it'))
    return findings


if __name__ == '__main__':
    lint.run(check)
