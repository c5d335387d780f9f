#!/usr/bin/python3
"""Functions that the library does not call, or only where they belong.

The library never ends the process, never prints, keeps nothing global, takes memory through its
allocator, and writes no string without knowing the room.
"""
import re

import lint

FORBIDDEN = {
    'ends the process': (r'exit|_exit|_Exit|quick_exit|abort|raise', []),
    'prints': (r'printf|vprintf|puts|putchar|perror|psignal', []),
    'keeps global state': (r'setlocale|setenv|putenv|strtok|strerror|localtime|gmtime|rand|srand|'
                           r'atexit|signal', []),
    'reads the environment': (r'getenv', ['src/transport/inherited.c']),
    'does not know the room': (r'gets|strcpy|strcat|sprintf|vsprintf|scanf|sscanf|alloca', []),
    'does not report errors': (r'atoi|atol|atoll|atof', []),
    'depends on the locale': (r'strtod|strtof|strtold|isalpha|isdigit|isalnum|isspace|isprint|'
                              r'tolower|toupper|strcasecmp|strcoll', ['src/base/number.c']),
    'goes round the allocator': (r'malloc|calloc|realloc|reallocarray|free|strdup|strndup|'
                                 r'asprintf|vasprintf', ['src/base/alloc.c', 'src/base/file.c',
                                                        # realpath(), and a program's own reader
                                                        'src/schema/load.c',
                                                        'src/schema/loader.c']),
    'takes a default signal': (r'sigaction|pthread_sigmask|sigprocmask',
                               ['src/transport/', 'src/rpc/']),
}


def check(root):
    findings = []
    for path in lint.files(root, ['src'], ('.c', '.h')):
        text = lint.code_only((root / path).read_text())
        for reason, (names, places) in FORBIDDEN.items():
            if any(str(path).startswith(place) for place in places):
                continue
            for match in re.finditer(rf'(?<![\w.>])({names})\s*\(', text):
                line = lint.line_of(text, match.start())
                findings.append((path, line, f'{match.group(1)}() {reason}'))
    return findings


if __name__ == '__main__':
    lint.run(check)
