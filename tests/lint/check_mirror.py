#!/usr/bin/python3
"""tests/unit/ mirrors src/: every module has its test program, every test program its module.

The parts of a module (parser_field.c, parser_type.c) are covered by the test of the whole
(test_parser.c). A test that covers further modules says so in its head comment: "Covers also:
decode_compact.c, wire/reader.c".
"""
import re

import lint


def also_covered(layer, text):
    """(layer, module) of what a test's head comment names."""
    match = re.search(r'Covers also:([^*]*?(?:\n \*[^*\n]*?)*?)(?=\.\s|\.?\s*\*/|\n \*\n)', text)
    names = re.findall(r'(?:(\w+)/)?(\w+)\.c\b', match.group(1)) if match else []
    return {(other or layer, module) for other, module in names}


def wholes(module):
    """parser_field_list: itself, parser_field, parser."""
    parts = module.split('_')
    return ['_'.join(parts[:count]) for count in range(len(parts), 0, -1)]


def check(root):
    findings, tested = [], set()
    for path in lint.files(root, ['tests/unit'], ('.c', '.cpp')):
        layer, stem = path.parts[2], path.stem
        if not stem.startswith('test_'):
            continue
        module = stem[len('test_'):]
        tested |= {(layer, module)} | also_covered(layer, (root / path).read_text())
        if not any((root / 'src' / layer / (module + suffix)).exists() for suffix in ('.c', '.h')):
            findings.append((path, 1, f'there is no module src/{layer}/{module}.c or .h'))
    for path in lint.files(root, ['src'], ('.c',)):
        if not any((path.parts[1], whole) in tested for whole in wholes(path.stem)):
            test = f'tests/unit/{path.parts[1]}/test_{path.stem}.c'
            findings.append((path, 1, f'has no test: {test}'))
    return findings


if __name__ == '__main__':
    lint.run(check)
