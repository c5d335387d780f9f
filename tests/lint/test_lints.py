#!/usr/bin/python3
"""The checks find what they are for: each is shown a small tree with one planted violation."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import check_calls
import check_docs
import check_exports
import check_format
import check_headers
import check_layers
import check_links
import check_mirror
import check_registered
import check_rules
import check_sizes
import check_words

COMPILER = ['cc']

# A tree without a fault. Each test changes one file.
CLEAN = {
    'src/base/text.h': '#include <rethrift/error.h>\n#include <stddef.h>\n',
    'src/base/text.c': '#include "base/text.h"\n\n#include <stdio.h>\n',
    'src/base/meson.build': "base = static_library('x', 'text.c')\n",
    'src/wire/cursor.c': '#include "base/text.h"\n\nint cursor(void) { return 0; }\n',
    'src/wire/meson.build': "wire = static_library('y', 'cursor.c')\n",
    'src/schema/parser.c':
        '#include <rethrift/schema.h>\n\nvoid f(void) { finding_error(0, "unknown-type", "x"); }\n',
    'src/schema/meson.build': "schema = static_library('z', 'parser.c')\n",
    'src/rethrift.sym': 'RETHRIFT_0 {\nglobal:\n    thrift_a;\n    thrift_b;\nlocal:\n    *;\n};\n',
    'include/meson.build': "files('rethrift/error.h', 'rethrift/schema.h')\n",
    'include/rethrift/error.h':
        '#ifndef E_H\n#define E_H\n#define THRIFT_API\n#define THRIFT_NODISCARD\n'
        'THRIFT_API int thrift_a(void); /* THRIFT_API int thrift_old(void); */\n'
        'THRIFT_API THRIFT_NODISCARD int *\nthrift_b(int (*visit)(void *data));\n#endif\n',
    'include/rethrift/schema.h': '#include <rethrift/error.h>\n',
    'tests/unit/base/test_text.c': '#include "base/text.h"\n\n#include "suite.h"\n',
    'tests/unit/base/meson.build': "foreach module : ['text']\n",
    'tests/unit/wire/test_cursor.c': '#include "base/text.h"\n',
    'tests/unit/wire/meson.build': "foreach module : ['cursor']\n",
    'tests/unit/schema/test_parser.c': '/* The parser. */\n',
    'tests/unit/schema/meson.build': "foreach module : ['parser']\n",
    'tests/support/suite.h': '#include <check.h>\n',
    'tests/lint/c_glib.txt': 'THRIFT_STRUCT\nthrift_server_stop\n',
    'tools/rethrift/main.c': '#include <rethrift/schema.h>\n',
    'tools/rethrift/meson.build': "executable('rethrift', 'main.c')\n",
    'examples/one.c': '#include <rethrift/error.h>\n#include <sqlite3.h>\n',
    'examples/meson.build': "executable('one', 'one.c')\n",
    'docs/reading-order.md': '`src/base/text.c`, `src/wire/`, `src/schema/` [here](other.md)\n',
    'docs/other.md': 'Nothing.\n',
    'docs/reference/definitions.md': '| `unknown-type` | error | … |\n',
    'README.md': 'See `docs/other.md`.\n',
}


class Lints(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for name, text in CLEAN.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def expect(self, findings, part):
        self.assertEqual(len(findings), 1, findings)
        self.assertIn(part, findings[0][2])

    def library(self, source):
        """A shared library of one C source."""
        path = self.root / 'lib.so'
        subprocess.run([*COMPILER, '-shared', '-fPIC', '-x', 'c', '-', '-o', path], input=source,
                       text=True, check=True)
        return str(path)

    def archive(self, layer, source):
        path = self.root / f'librethrift-{layer}.a'
        part = self.root / f'{layer}.o'
        subprocess.run([*COMPILER, '-c', '-fPIC', '-x', 'c', '-', '-o', part], input=source,
                       text=True, check=True)
        subprocess.run(['ar', 'rc', path, part], check=True)
        return str(path)

    def test_clean_tree_has_no_findings(self):
        for module in (check_layers, check_mirror, check_registered, check_calls, check_words,
                       check_sizes, check_docs, check_rules):
            self.assertEqual(module.check(self.root), [], module.__name__)

    def test_unexplained_finding_is_found(self):
        self.write('src/schema/check.c', 'void g(void) { finding_warning(0, "new-rule", "y"); }\n')
        self.expect(check_rules.check(self.root), 'new-rule is not explained')

    def test_explained_finding_that_nobody_reports_is_found(self):
        self.write('docs/reference/definitions.md',
                   '| `unknown-type` | error | x |\n| `old-rule` | error | y |\n')
        self.expect(check_rules.check(self.root), 'nothing reports old-rule')

    def test_layers_point_down(self):
        self.write('src/base/text.c', '#include "wire/cursor.h"\n')
        self.write('src/wire/cursor.h', '')
        self.expect(check_layers.check(self.root), 'base may not include "wire/cursor.h"')

    def test_wire_never_sees_schema(self):
        self.write('src/wire/cursor.c', '#include <rethrift/schema.h>\n')
        self.expect(check_layers.check(self.root), 'wire may not include <rethrift/schema.h>')

    def test_unit_tests_of_a_layer_see_no_higher_one(self):
        self.write('tests/unit/base/test_text.c', '#include "wire/cursor.h"\n')
        self.write('src/wire/cursor.h', '')
        self.expect(check_layers.check(self.root), 'base may not include')

    def test_public_headers_belong_to_layers(self):
        self.write('include/rethrift/error.h', '#include <rethrift/schema.h>\n')
        self.expect(check_layers.check(self.root), 'base may not include <rethrift/schema.h>')
        self.write('include/rethrift/error.h', '')
        self.write('include/rethrift/surprise.h', '')
        self.expect(check_layers.check(self.root), 'no layer')

    def test_third_party_headers_stay_in_their_place(self):
        self.write('src/base/text.c', '#include <uthash.h>\n')
        self.expect(check_layers.check(self.root), 'belongs into src/base/map.c')
        self.write('src/base/text.c', '#include <gmp.h>\n')
        self.expect(check_layers.check(self.root), 'neither ours')
        self.write('src/base/text.c', '#include <sys/socket.h>\n')
        self.expect(check_layers.check(self.root), 'sockets belong to transport')

    def test_includes_name_the_layer(self):
        self.write('src/base/text.c', '#include "text.h"\n')
        self.expect(check_layers.check(self.root), '"base/text.h"')
        self.write('src/base/text.c', '#include "base/nothing.h"\n')
        self.expect(check_layers.check(self.root), 'does not exist')

    def test_tools_and_examples_see_the_public_headers_only(self):
        self.write('tools/rethrift/main.c', '#include "base/text.h"\n')
        self.expect(check_layers.check(self.root), 'tools and examples')

    def test_comments_include_nothing(self):
        self.write('src/base/text.c', '/*\n#include "wire/cursor.h"\n*/\n')
        self.assertEqual(check_layers.check(self.root), [])

    def test_links_point_down(self):
        base = self.archive('base', 'int cursor(void); int text(void) { return cursor(); }')
        wire = self.archive('wire', 'int text(void); int cursor(void) { return text(); }')
        self.expect(check_links.check(self.root, 'nm', [base, wire]), 'needs cursor() of wire')

    def test_state_of_the_process_is_found(self):
        base = self.archive('base', 'static int count; int next(void) { return ++count; }')
        self.expect(check_links.check(self.root, 'nm', [base]), 'count is state')
        base = self.archive('base', 'static const char *const names[] = {"a"};\n'
                                    'const char *name(int i) { return names[i]; }')
        self.assertEqual(check_links.check(self.root, 'nm', [base]), [])

    def test_exports_agree(self):
        library = self.library('int thrift_a(void) { return 1; } int thrift_b(void) { return 1; }')
        self.assertEqual(check_exports.check(self.root, 'nm', library), [])

    def test_undefined_function_is_found(self):
        library = self.library('int thrift_a(void) { return 1; }')
        self.expect(check_exports.check(self.root, 'nm', library), 'thrift_b is declared and not')

    def test_unlisted_function_is_found(self):
        library = self.library('int thrift_a(void) { return 1; } int thrift_b(void) { return 1; }'
                               'int thrift_c(void) { return 1; }')
        self.expect(check_exports.check(self.root, 'nm', library), 'thrift_c is exported')

    def test_symbol_without_header_is_found(self):
        library = self.library('int thrift_a(void) { return 1; } int thrift_b(void) { return 1; }')
        self.write('src/rethrift.sym', CLEAN['src/rethrift.sym'].replace(
            'thrift_b;', 'thrift_b;\n    thrift_c;'))
        self.expect(check_exports.check(self.root, 'nm', library), 'thrift_c is in no header')

    def test_unsorted_script_is_found(self):
        library = self.library('int thrift_a(void) { return 1; } int thrift_b(void) { return 1; }')
        self.write('src/rethrift.sym',
                   'RETHRIFT_0 {\nglobal:\n    thrift_b;\n    thrift_a;\nlocal:\n    *;\n};\n')
        self.expect(check_exports.check(self.root, 'nm', library), 'not sorted')

    def test_names_of_c_glib_are_found(self):
        library = self.library('int thrift_a(void) { return 1; } int thrift_b(void) { return 1; }')
        self.write('include/rethrift/schema.h', '#define THRIFT_STRUCT 1\n')
        self.expect(check_exports.check(self.root, 'nm', library), 'libthrift_c_glib')

    def test_headers_stand_alone(self):
        self.assertEqual(check_headers.check(self.root, 'c11', 1, 1, COMPILER), [])
        self.write('include/rethrift/schema.h', 'static inline size_t two(void) { return 2; }\n')
        findings = check_headers.check(self.root, 'c11', 1, 1, COMPILER)
        self.assertEqual([str(path) for path, _, _ in findings], ['include/rethrift/schema.h'])

    def test_header_conversions_are_warned_of(self):
        self.write('include/rethrift/schema.h', '#ifndef S_H\n#define S_H\nstatic inline char '
                   'narrow(int x);\nstatic inline char narrow(int x) { return x; }\n#endif\n')
        self.assertEqual(len(check_headers.check(self.root, 'c11', 1, 1, COMPILER)), 1)

    def test_tests_mirror_the_source(self):
        self.write('src/base/map.c', '')
        self.expect(check_mirror.check(self.root), 'tests/unit/base/test_map.c')
        self.write('tests/unit/base/test_text.c', '/*\n * Text.\n *\n * Covers also: map.c.\n */\n')
        self.assertEqual(check_mirror.check(self.root), [])
        (self.root / 'src/base/map.c').rename(self.root / 'src/base/text_quote.c')
        self.assertEqual(check_mirror.check(self.root), [])
        self.write('tests/unit/base/test_gone.c', '')
        self.expect(check_mirror.check(self.root), 'no module')

    def test_everything_is_built(self):
        self.write('src/base/map.c', '')
        self.expect(check_registered.check(self.root), 'no meson.build names')
        (self.root / 'src/base/map.c').unlink()
        self.write('include/rethrift/late.h', '')
        self.expect(check_registered.check(self.root), 'does not install')

    def test_forbidden_calls_are_found(self):
        for call, part in (('abort()', 'ends the process'), ('printf("x")', 'prints'),
                           ('free(p)', 'goes round'), ('strcpy(a, b)', 'room')):
            self.write('src/base/text.c', f'void f(void) {{ {call}; }}\n')
            self.expect(check_calls.check(self.root), part)
        self.write('src/base/text.c', '/* abort() */ void f(void) { g("exit(1)"); x->free(p); }\n')
        self.assertEqual(check_calls.check(self.root), [])

    def test_unfinished_work_is_found(self):
        self.write('src/base/text.c', '/* TO' + 'DO: later */\n')
        self.expect(check_words.check(self.root), 'TO' + 'DO')

    def test_giants_are_found(self):
        self.write('src/base/text.c', 'int x;\n' * 601)
        self.expect(check_sizes.check(self.root), '601 lines')
        self.write('src/base/text.c', 'int f(void)\n{\n' + '    g();\n' * 91 + '}\n')
        self.expect(check_sizes.check(self.root), '91 lines')

    def test_documents_name_what_exists(self):
        self.write('README.md', 'See `src/base/gone.c`.\n')
        self.expect(check_docs.check(self.root), 'src/base/gone.c does not exist')
        self.write('README.md', 'See [gone](docs/gone.md).\n')
        self.expect(check_docs.check(self.root), 'docs/gone.md does not exist')
        self.write('README.md', '')
        self.write('src/codec/plan.c', '')
        self.expect(check_docs.check(self.root), 'says nothing of src/codec/')

    @unittest.skipUnless(shutil.which('clang-format'), 'clang-format is not installed')
    def test_format_is_checked(self):
        shutil.copy(pathlib.Path(__file__).parents[2] / '.clang-format', self.root)
        self.write('examples/one.c', 'int   x;\n')
        findings = check_format.check(self.root, 'clang-format', 'programs')
        self.assertIn('examples/one.c', [str(path) for path, _, _ in findings])
        self.assertNotIn('src/base/text.c', [str(path) for path, _, _ in findings])


if __name__ == '__main__':
    COMPILER = sys.argv[1:] or COMPILER
    unittest.main(argv=sys.argv[:1])
