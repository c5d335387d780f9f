"""What the checks share: walking the tree, reading C, reporting findings.

A check is a function from the root of the tree to a list of findings; a finding is
(path, line, message). As a program it prints them as compilers do and fails when there are any.
"""
import pathlib
import re
import sys

CODE = ('.c', '.h', '.cpp')


def files(root, directories, suffixes=CODE):
    """Paths relative to root, sorted."""
    for directory in directories:
        for path in sorted((root / directory).rglob('*')):
            if path.suffix in suffixes and path.is_file():
                yield path.relative_to(root)


def blank(match):
    return re.sub(r'[^\n]', ' ', match.group(0))


def without_comments(text):
    """Comments become blanks, so that line numbers hold; string literals stay."""
    pattern = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*'

    def replace(match):
        return match.group(0) if match.group(0)[0] in '"\'' else blank(match)
    return re.sub(pattern, replace, text, flags=re.S)


def code_only(text):
    """Neither comments nor the insides of literals."""
    text = without_comments(text)
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text)


def includes(text):
    """(line, quoted, name) of every #include."""
    pattern = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
    for match in pattern.finditer(without_comments(text)):
        yield line_of(text, match.start()), match.group(1) == '"', match.group(2)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def run(check, *arguments):
    """The main program of a check: its first command-line argument is the root of the tree."""
    root = pathlib.Path(sys.argv[1]).resolve()
    findings = check(root, *arguments)
    for path, line, message in findings:
        print(f'{path}:{line}: {message}', file=sys.stderr)
    sys.exit(1 if findings else 0)
