#!/usr/bin/python3
"""Random definitions with C structs to match, compiled, and round-tripped against Apache's Python.

Usage: native_structs.py ROOT LIBRARY-DIRECTORY THRIFT SEED COMPILER...

Each struct's values are made and written by Apache's Python, read and written by native tables, and
read back by Apache's Python: what comes back must be equal, in binary and compact. In some structs
members are records, lists and maps, in some C lacks fields, which are kept. Beside that every pair
of member kinds stands in a struct whose offsets, size and alignment must be what libffi computes for
it.
"""
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.transport.TTransport import TMemoryBuffer

ROOT, LIBRARIES, THRIFT, SEED = sys.argv[1:5]
COMPILER = sys.argv[5:]
STRUCTS, FIELDS, VALUES = 14, 11, 20
RANDOM = random.Random(int(SEED))
PROTOCOLS = {'binary': TBinaryProtocol, 'compact': TCompactProtocol}

SCALARS = {'bool': 'bool', 'i8': 'int8_t', 'i16': 'int16_t', 'i32': 'int32_t', 'i64': 'int64_t',
           'double': 'double', 'Color': 'enum color'}
FFI = {'bool': 'uint8', 'int8_t': 'sint8', 'int16_t': 'sint16', 'int32_t': 'sint32',
       'int64_t': 'sint64', 'double': 'double', 'enum color': 'uint32', 'char *': 'pointer',
       'int32_t *': 'pointer', 'size_t': 'uint64' if sys.maxsize > 2 ** 32 else 'uint32',
       'thrift_record *': 'pointer', 'struct inner *': 'pointer'}
# Members that are structs for libffi: what it is told they are made of.
NESTED = {'thrift_bytes': ['pointer', 'size'], 'thrift_unknown_fields': ['pointer', 'size'],
          'thrift_uuid': ['uint8'] * 16, 'char[12]': ['sint8'] * 12, 'uint8_t[16]': ['uint8'] * 16,
          'struct inner': ['uint8', 'double', 'sint16']}


def integer(bits):
    return RANDOM.choice([0, 1, -1, 2 ** (bits - 1) - 1, -2 ** (bits - 1),
                          RANDOM.randrange(-2 ** (bits - 1), 2 ** (bits - 1))])


def text(most=40):
    letters = 'abcdefghijklmnopqrstuvwxyz äß€'
    made = ''.join(RANDOM.choice(letters) for _ in range(RANDOM.randrange(most)))
    while len(made.encode()) > most:
        made = made[:-1]
    return made


def scalar(kind):
    if kind == 'bool':
        return RANDOM.random() < 0.5
    if kind == 'double':
        return RANDOM.choice([0.0, -1.5, 1e300, RANDOM.random()])
    if kind == 'Color':
        return RANDOM.choice([1, 2, 7])
    return integer(int(kind[1:]))


# Kinds of members: in unions, in structs, and there when other structs are known.
IN_UNION = ['scalar', 'text', 'bytes']
NEST_IN_UNION = ['inline', 'pointer', 'record']
IN_STRUCT = ['scalar', 'scalar', 'required', 'text', 'chars', 'bytes', 'numbers', 'texts', 'set', 'map',
             'rows', 'blobs', 'words', 'any list', 'any set', 'any map', 'any rows']
NEST_IN_STRUCT = ['inline', 'pointer', 'structs', 'record', 'records', 'named', 'any structs']
USED = set()


def choose(kinds):
    """One of these kinds of members; as long as there are some that no struct has, one of those."""
    kind = RANDOM.choice([kind for kind in kinds if kind not in USED] or kinds)
    USED.add(kind)
    return kind


class Field:
    """One field: its definition, its C member, its table entry and how values are made."""

    def __init__(self, owner, number, idl, c, member, make, required=False):
        # c and member None: C does not have it
        self.number, self.idl, self.c, self.member, self.make = number, idl, c, member, make
        self.name, self.owner, self.required = 'f%d' % number, owner, required

    def definition(self):
        return '%d: %s %s %s' % (self.number, 'required' if self.required else 'optional',
                                 self.idl, self.name)


class Struct:
    """A random struct; `before` are those that it may contain."""

    def __init__(self, index, before):
        self.name, self.c_name = 'S%d' % index, 'struct s%d' % index
        self.table = 's%d_native' % index
        self.fields, self.extra = [], []
        self.union = index % 5 == 4
        self.keeps = index % 5 in (1, 3)
        for number in range(1, RANDOM.randrange(3, FIELDS)):
            self.fields.append(self.field(number, before))

    def has(self, name):
        return '' if self.union else ', THRIFT_HAS(%s, has_%s)' % (self.c_name, name)

    def place(self, name):
        return ('as.' if self.union else '') + name

    def noted(self, name):
        return ', THRIFT_AS("%s")' % name if self.union else ''

    def field(self, number, before):
        name, c = 'f%d' % number, self.c_name
        place, noted = self.place(name), self.noted(name)
        kinds = list(IN_UNION) if self.union else IN_STRUCT + ['kept'] * (8 * self.keeps)
        if before:
            kinds += NEST_IN_UNION if self.union else NEST_IN_STRUCT
        kind = choose(kinds)
        other = RANDOM.choice(before) if before else None
        plain = RANDOM.choice(sorted(SCALARS))
        has = '' if self.union else 'bool has_%s; ' % name
        if kind == 'scalar':
            return Field(self, number, plain, '%s%s %s;' % (has, SCALARS[plain], name),
                         'THRIFT_MEMBER(%s, %s%s%s)' % (c, place, self.has(name), noted),
                         lambda m: scalar(plain))
        if kind == 'required':
            return Field(self, number, plain, '%s %s;' % (SCALARS[plain], name),
                         'THRIFT_MEMBER(%s, %s)' % (c, name), lambda m: scalar(plain), True)
        if kind == 'text':
            return Field(self, number, 'string', 'const char *%s;' % name,
                         'THRIFT_MEMBER(%s, %s%s)' % (c, place, noted), lambda m: text())
        if kind == 'chars':
            return Field(self, number, 'string', '%schar %s[12];' % (has, name),
                         'THRIFT_MEMBER(%s, %s%s)' % (c, name, self.has(name)),
                         lambda m: text(11))
        if kind == 'bytes':
            return Field(self, number, 'binary', 'thrift_bytes %s;' % name,
                         'THRIFT_MEMBER(%s, %s%s)' % (c, place, noted),
                         lambda m: bytes(RANDOM.randrange(256) for _ in range(RANDOM.randrange(9))))
        if kind == 'kept':
            return self.kept(number, before)
        if kind == 'record':
            return Field(self, number, other.name, 'const thrift_record *%s;' % name,
                         'THRIFT_MEMBER(%s, %s%s)' % (c, place, noted), other.value)
        if kind.startswith('any '):
            return self.anything(number, kind[4:], other, plain)
        if kind in ('inline', 'pointer'):
            return Field(self, number, other.name, '%s%s %s%s;' % (
                has if kind == 'inline' else '', other.c_name, '*' * (kind == 'pointer'), name),
                         'THRIFT_STRUCT_MEMBER(%s, %s, %s, &%s%s%s)' % (
                             c, place, other.c_name, other.table,
                             self.has(name) if kind == 'inline' else '', noted), other.value)
        return self.container(number, kind, other, plain)

    def kept(self, number, before):
        """What C does not have: whatever the others have, as a field of no C struct."""
        makers = [('i64', lambda m: integer(64)), ('bool', lambda m: scalar('bool')),
                  ('string', lambda m: text()), ('double', lambda m: scalar('double')),
                  ('list<bool>', lambda m: [scalar('bool') for _ in range(3)]),
                  ('map<i16, string>', lambda m: {integer(16): text() for _ in range(2)})]
        if before:
            other = RANDOM.choice(before)
            makers += [(other.name, other.value),
                       ('list<%s>' % other.name, lambda m: [other.value(m), other.value(m)])]
        idl, make = RANDOM.choice(makers)
        return Field(self, number, idl, None, None, make)

    def anything(self, number, kind, other, plain):
        """Lists, sets and maps that C points at."""
        name, several = 'f%d' % number, RANDOM.randrange(4)
        idl, c, make = {
            'list': ('list<%s>' % plain, 'thrift_list *',
                     lambda m: [scalar(plain) for _ in range(several)]),
            'set': ('set<string>', 'const thrift_list *',
                    lambda m: {text() for _ in range(several)}),
            'map': ('map<i32, list<%s>>' % plain, 'thrift_map *',
                    lambda m: {integer(32): [scalar(plain)] for _ in range(several)}),
            'structs': other and ('list<%s>' % other.name, 'thrift_list *',
                                  lambda m: [other.value(m) for _ in range(several)]),
            'rows': ('list<map<string, i64>>', 'thrift_map **',
                     lambda m: [{text(): integer(64)} for _ in range(several)]),
        }[kind]
        if kind == 'rows':
            return Field(self, number, idl, '%s%s; size_t %s_count;' % (c, name, name),
                         'THRIFT_LIST_MEMBER(%s, %s, %s_count)' % (self.c_name, name, name), make)
        return Field(self, number, idl, '%s%s;' % (c, name),
                     'THRIFT_MEMBER(%s, %s)' % (self.c_name, name), make)

    def container(self, number, kind, other, plain):
        name, c = 'f%d' % number, self.c_name
        several = RANDOM.randrange(5)
        counted = '%s, %s, %s_count' % (c, name, name)
        if kind == 'numbers':
            return Field(self, number, 'list<%s>' % plain,
                         '%s *%s; size_t %s_count;' % (SCALARS[plain], name, name),
                         'THRIFT_LIST_MEMBER(%s)' % counted,
                         lambda m: [scalar(plain) for _ in range(several)])
        if kind == 'texts':
            return Field(self, number, 'list<string>',
                         'const char **%s; size_t %s_count;' % (name, name),
                         'THRIFT_LIST_MEMBER(%s)' % counted,
                         lambda m: [text() for _ in range(several)])
        if kind == 'blobs':
            return Field(self, number, 'list<binary>',
                         'thrift_bytes *%s; size_t %s_count;' % (name, name),
                         'THRIFT_LIST_MEMBER(%s)' % counted,
                         lambda m: [bytes([RANDOM.randrange(256)] * 3) for _ in range(several)])
        if kind == 'words':
            return Field(self, number, 'set<string>', 'char **%s; size_t %s_count;' % (name, name),
                         'THRIFT_LIST_MEMBER(%s)' % counted,
                         lambda m: {text() for _ in range(several)})
        if kind == 'records':
            return Field(self, number, 'list<%s>' % other.name,
                         'thrift_record **%s; size_t %s_count;' % (name, name),
                         'THRIFT_LIST_MEMBER(%s)' % counted,
                         lambda m: [other.value(m) for _ in range(several)])
        if kind == 'set':
            return Field(self, number, 'set<i64>', 'int64_t *%s; size_t %s_count;' % (name, name),
                         'THRIFT_LIST_MEMBER(%s)' % counted,
                         lambda m: {integer(64) for _ in range(several)})
        if kind == 'structs':
            return Field(self, number, 'list<%s>' % other.name,
                         '%s *%s; size_t %s_count;' % (other.c_name, name, name),
                         'THRIFT_STRUCTS_MEMBER(%s, %s, &%s)' % (counted, other.c_name, other.table),
                         lambda m: [other.value(m) for _ in range(several)])
        entry = '%s_%s' % (self.name.lower(), name)
        if kind == 'named':
            self.extra.append('struct %s { int32_t key; %s value; };\n'
                              'THRIFT_NATIVE_TABLE(%s_native, struct %s, "entry",\n'
                              '    THRIFT_MEMBER(struct %s, key),\n'
                              '    THRIFT_STRUCT_MEMBER(struct %s, value, %s, &%s));' % (
                                  entry, other.c_name, entry, entry, entry, entry, other.c_name,
                                  other.table))
            return Field(self, number, 'map<i32, %s>' % other.name,
                         'struct %s *%s; size_t %s_count;' % (entry, name, name),
                         'THRIFT_STRUCTS_MEMBER(%s, struct %s, &%s_native)' % (counted, entry, entry),
                         lambda m: {integer(32): other.value(m) for _ in range(several)})
        if kind == 'rows':
            self.extra.append('struct %s { int32_t *items; size_t count; };\n'
                              'THRIFT_NATIVE_TABLE(%s_native, struct %s, "list<i32>",\n'
                              '    THRIFT_LIST_MEMBER(struct %s, items, count));' % ((entry,) * 4))
            return Field(self, number, 'list<list<i32>>',
                         'struct %s *%s; size_t %s_count;' % (entry, name, name),
                         'THRIFT_STRUCTS_MEMBER(%s, struct %s, &%s_native)' % (counted, entry, entry),
                         lambda m: [[integer(32) for _ in range(RANDOM.randrange(4))]
                                    for _ in range(several)])
        self.extra.append('struct %s { const char *key; %s value; };\n'
                          'THRIFT_NATIVE(%s_native, struct %s, "entry", key, value);' % (
                              entry, SCALARS[plain], entry, entry))
        return Field(self, number, 'map<string, %s>' % plain,
                     'struct %s *%s; size_t %s_count;' % (entry, name, name),
                     'THRIFT_STRUCTS_MEMBER(%s, struct %s, &%s_native)' % (counted, entry, entry),
                     lambda m: {text(): scalar(plain) for _ in range(several)})

    def definition(self):
        if self.union:
            lines = ['%d: %s %s' % (f.number, f.idl, f.name) for f in self.fields]
            return 'union %s { %s }' % (self.name, ', '.join(lines))
        return 'struct %s { %s }' % (self.name, ', '.join(f.definition() for f in self.fields))

    def source(self):
        members = '\n    '.join(f.c for f in self.fields if f.c)
        entries = [f.member for f in self.fields if f.member]
        if self.keeps:
            members += '\n    thrift_unknown_fields rest;'
            entries.append('THRIFT_MEMBER(%s, rest)' % self.c_name)
        if self.union:
            members = 'int16_t which;\n    union {\n    %s\n    } as;' % members
            entries = ['THRIFT_TAG(%s, which)' % self.c_name] + entries
        return '%s\n%s {\n    %s\n};\nTHRIFT_NATIVE_TABLE(%s, %s, "%s",\n    %s);\n' % (
            '\n'.join(self.extra), self.c_name, members, self.table, self.c_name, self.name,
            ',\n    '.join(entries))

    def value(self, module):
        made = getattr(module, self.name)()
        if self.union:
            field = RANDOM.choice(self.fields)
            setattr(made, field.name, field.make(module))
            return made
        for field in self.fields:
            if field.required or RANDOM.random() < 0.7:
                setattr(made, field.name, field.make(module))
        return made


PROGRAM = '''
#include <ffi.h>
#include <rethrift/native.h>
#include <rethrift/rethrift.h>
#include <stdlib.h>

enum color { RED = 1, GREEN = 2, BLUE = 7 };
%(structs)s
static const thrift_native_struct *const tables[] = {%(tables)s};

struct inner { bool a; double b; int16_t c; };
struct pair { const char *name; ffi_type *types[3]; size_t offsets[2], size, alignment; };
%(pairs)s

/* What libffi makes of each pair is what the compiler made of it. */
static int check_pairs(void)
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct pair pair = pairs[i];
        ffi_type type = {0, 0, FFI_TYPE_STRUCT, pair.types};
        size_t offsets[2];
        if (ffi_get_struct_offsets(FFI_DEFAULT_ABI, &type, offsets) != FFI_OK ||
            offsets[1] != pair.offsets[1] || type.size != pair.size ||
            type.alignment != pair.alignment) {
            fprintf(stderr, "%%s: libffi disagrees\\n", pair.name);
            wrong = 1;
        }
    }
    return wrong;
}

static int convert(thrift_schema *schema, unsigned index, thrift_protocol protocol)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_native_codec *codec = thrift_native_codec_new(schema, tables[index], NULL, &err);
    thrift_record *memory = thrift_record_new(schema, tables[index]->idl_name, &err);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    void *value = malloc(tables[index]->size);
    uint32_t size;
    int failed = codec == NULL || memory == NULL || value == NULL;

    while (!failed && fread(&size, 4, 1, stdin) == 1) {
        uint8_t *bytes = malloc(size + 1);
        failed = fread(bytes, 1, size, stdin) != size ||
            thrift_native_decode(codec, value, memory, protocol, (thrift_bytes){bytes, size},
                                 &err) != THRIFT_OK;
        free(bytes);
        out.size = 0;
        failed = failed ||
            thrift_native_encode(codec, value, protocol, &out, &err) != THRIFT_OK;
        size = (uint32_t)out.size;
        failed = failed || fwrite(&size, 4, 1, stdout) != 1 ||
            fwrite(out.data, 1, size, stdout) != size;
        thrift_record_reset(memory);
    }
    thrift_error_print(&err, stderr);
    free(value);
    thrift_buffer_deinit(&out);
    thrift_record_free(memory);
    thrift_native_codec_free(codec);
    return failed;
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = argc > 1 ? thrift_load(argv[1], &err) : NULL;
    int failed = argc == 4 ? convert(schema, (unsigned)atoi(argv[2]), argv[3][0] == 'b'
                                     ? THRIFT_BINARY : THRIFT_COMPACT) : check_pairs();
    thrift_error_print(&err, stderr);
    thrift_schema_unref(schema);
    return failed;
}
'''


def declare(kind, name):
    base, bracket, size = kind.partition('[')
    return '%s %s%s%s' % (base, name, bracket, size)


def pairs():
    types = {kind: '&ffi_type_' + FFI[kind] for kind in FFI}
    kinds, lines, entries = sorted({**FFI, **NESTED}), [], []
    for number, kind in enumerate(sorted(NESTED)):
        parts = ['&ffi_type_' + part.replace('size', FFI['size_t']) for part in NESTED[kind]]
        types[kind] = '&nested%d' % number
        lines.append('static ffi_type *parts%d[] = {%s, NULL};\n'
                     'static ffi_type nested%d = {0, 0, FFI_TYPE_STRUCT, parts%d};' % (
                         number, ', '.join(parts), number, number))
    for a in kinds:
        for b in kinds:
            name = 'pair%d' % len(entries)
            lines.append('struct %s { %s; %s; };' % (name, declare(a, 'a'), declare(b, 'b')))
            entries.append('{"%s, %s", {%s, %s, NULL}, {0, offsetof(struct %s, '
                           'b)}, sizeof(struct %s), _Alignof(struct %s)}' % (
                               a, b, types[a], types[b], name, name, name))
    return '%s\nstatic const struct pair pairs[] = {\n%s};' % ('\n'.join(lines), ',\n'.join(entries))


def encode(protocol, value):
    memory = TMemoryBuffer()
    value.write(PROTOCOLS[protocol](memory))
    return memory.getvalue()


def decode(protocol, data, made):
    made.read(PROTOCOLS[protocol](TMemoryBuffer(data)))
    return made


def check(program, idl, module, index, made, protocol):
    values = [made.value(module) for _ in range(VALUES)]
    sent = b''.join(struct.pack('=I', len(data)) + data
                    for data in (encode(protocol, value) for value in values))
    done = subprocess.run([program, idl, str(index), protocol], input=sent, capture_output=True,
                          timeout=60, check=False)
    if done.returncode != 0:
        return ['%s, %s: %s' % (made.definition(), protocol, done.stderr.decode())]
    at, wrong = 0, []
    for value in values:
        size, = struct.unpack_from('=I', done.stdout, at)
        back = decode(protocol, done.stdout[at + 4:at + 4 + size], getattr(module, made.name)())
        at += 4 + size
        if back != value:
            wrong.append('%s, %s:\n  sent %r\n  got  %r' % (made.definition(), protocol, value, back))
    return wrong


def main():
    place = tempfile.mkdtemp()
    structs = []
    for index in range(STRUCTS):
        structs.append(Struct(index, list(structs)))
    idl, program = os.path.join(place, 'random_structs.thrift'), os.path.join(place, 'program')
    with open(idl, 'w', encoding='utf-8') as file:
        file.write('enum Color { RED = 1, GREEN = 2, BLUE = 7 }\n%s\n' % '\n'.join(
            made.definition() for made in structs))
    with open(program + '.c', 'w', encoding='utf-8') as file:
        file.write(PROGRAM % {'structs': '\n'.join(made.source() for made in structs),
                              'tables': ', '.join('&' + made.table for made in structs),
                              'pairs': pairs()})
    flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-I', os.path.join(ROOT, 'include')]
    subprocess.run([*COMPILER, *flags, '-o', program, program + '.c', '-L' + LIBRARIES,
                    '-Wl,-rpath,' + LIBRARIES, '-lrethrift', '-lffi'], check=True)
    subprocess.run([THRIFT, '-nowarn', '--gen', 'py', '-out', place, idl], check=True)
    sys.path.insert(0, place)
    module = __import__('random_structs.ttypes').ttypes
    wrong = [] if subprocess.run([program], check=False).returncode == 0 else ['pairs']
    unused = {*IN_STRUCT, *NEST_IN_STRUCT, 'kept'} - USED
    if unused:
        wrong.append('no struct has members of the kinds %s' % sorted(unused))
    for index, made in enumerate(structs):
        for protocol in PROTOCOLS:
            wrong += check(program, idl, module, index, made, protocol)
    if wrong:
        print('seed %s, %s' % (SEED, place), *wrong[:5], sep='\n', file=sys.stderr)
        sys.exit(1)
    shutil.rmtree(place)


if __name__ == '__main__':
    main()
