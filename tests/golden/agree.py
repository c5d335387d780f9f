#!/usr/bin/python3
"""`rethrift describe --json` beside `thrift --gen xml`, on every file that the Apache compiler accepts.

    agree.py RETHRIFT THRIFT [-I DIR]... FOLDER...

Compares namespaces, typedefs, enum values, constants, structs with their ids, types, requiredness
and defaults, services with their methods. Prints what differs; exit status 1 if anything does, or
if there was nothing to compare.

What the compiler's XML cannot say is left out: the requiredness of what is thrown and "optional" on
an argument are dropped by it, map entries come sorted, doubles are rounded, a typedef of a typedef
stands for the type behind both, names of a file called like the root lack their prefix. It is also
written for files with types that are not defined, which the compiler refuses for any language.
"""
import base64
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SPACE = '{http://thrift.apache.org/xml/idl}'


# ---- the compiler's side: every element becomes a plain tuple or list

def xml_type(element, module):
    kind = element.get('type')
    if kind == 'id':
        name, home = element.get('type-id'), element.get('type-module')
        return name if home == module else f'{home}.{name}'
    parts = [xml_type(element.find(SPACE + part), module)
             for part in ('keyType', 'valueType', 'elemType')
             if element.find(SPACE + part) is not None]
    return (kind, *parts) if parts else {'byte': 'i8'}.get(kind, kind)


def xml_value(element):
    tag, text = element.tag[len(SPACE):], element.text or ''
    if tag == 'int':
        return int(text)
    if tag == 'double':
        return float(text)
    if tag == 'list':
        return [xml_value(entry[0]) for entry in element]
    if tag == 'map':
        return sorted(((xml_value(entry.find(SPACE + 'key')[0]),
                        xml_value(entry.find(SPACE + 'value')[0])) for entry in element), key=repr)
    return text


def wrapped(value, kind):
    """A constant beyond its type's range as programs see it."""
    bits = {'byte': 8, 'i8': 8, 'i16': 16, 'i32': 32}.get(kind)
    if bits is None or not isinstance(value, int):
        return value
    return (value + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)


def xml_default(field):
    default = field.find(SPACE + 'default')
    return None if default is None else xml_value(default[0])


def xml_fields(element, tag, module):
    return [(int(field.get('field-id')), field.get('name'), field.get('required', 'default'),
             xml_type(field, module), wrapped(xml_default(field), field.get('type')))
            for field in element.findall(SPACE + tag)]


def xml_method(method, module):
    return (method.get('name'), method.get('oneway') == 'true',
            xml_type(method.find(SPACE + 'returns'), module),
            xml_fields(method, 'arg', module), xml_fields(method, 'throws', module))


def xml_service(service, module):
    home, parent = service.get('parent-module'), service.get('parent-id')
    extends = parent if parent is None or home == module else f'{home}.{parent}'
    return extends, [xml_method(method, module) for method in service.findall(SPACE + 'method')]


def xml_definitions(path):
    document = ElementTree.parse(path).getroot().find(SPACE + 'document')
    module, found = document.get('name'), {}
    for element in document:
        tag, name = element.tag[len(SPACE):], element.get('name')
        if tag == 'namespace':
            found['namespace', name] = element.get('value')
        elif tag == 'typedef':
            found[tag, name] = xml_type(element, module)
        elif tag == 'enum':
            found[tag, name] = [(member.get('name'), int(member.get('value')))
                                for member in element.findall(SPACE + 'member')]
        elif tag == 'const':
            value = [part for part in element if part.tag[len(SPACE):] in
                     ('int', 'double', 'string', 'list', 'map', 'identifier', 'unknown')]
            found[tag, name] = (xml_type(element, module), xml_value(value[-1]))
        elif tag in ('struct', 'union', 'exception'):
            found[tag, name] = xml_fields(element, 'field', module)
        elif tag == 'service':
            found[tag, name] = xml_service(element, module)
    return found


# ---- our side

class Names:
    """Names without the prefix of a file that is called like the root."""

    def __init__(self, description):
        self.prefixes = [file['prefix'] for file in description['files']]

    def plain(self, of, key='name', file_key='file'):
        name, prefix = of.get(key), self.prefixes[of.get(file_key, 0)]
        return name[len(prefix) + 1:] if file_key in of and prefix == self.prefixes[0] else name


def our_type(of, names, alias=True):
    if 'typedef' in of and alias:
        return names.plain(of, 'typedef', 'typedef_file')
    if 'name' in of:
        return names.plain(of)
    parts = [our_type(of[part], names) for part in ('key', 'value', 'element') if part in of]
    return (of['kind'], *parts) if parts else of['kind']


class Values:
    """Values of constants, with the names of enums turned into numbers again."""

    def __init__(self, description):
        self.numbers, self.fields, self.names = {}, {}, Names(description)
        for i, file in enumerate(description['files']):
            for definition in file['definitions']:
                full = i, ('' if i == 0 else file['prefix'] + '.') + definition['name']
                if definition['kind'] == 'enum':
                    self.numbers[full] = {v['name']: v['number'] for v in definition['values']}
                elif 'fields' in definition:
                    self.fields[full] = {f['name']: f['type'] for f in definition['fields']}

    def plain(self, value, of):
        kind = of['kind']
        if kind == 'enum':
            return self.numbers[of.get('file', 0), of['name']][value] if isinstance(value, str) else value
        if kind == 'bool':
            return int(value)
        if kind == 'double':
            return float(value)
        if kind == 'binary':
            return base64.b64decode(value).decode('utf-8', 'replace')
        if kind in ('list', 'set'):
            return [self.plain(item, of['element']) for item in value]
        if kind == 'map':
            return sorted(((self.plain(k, of['key']), self.plain(v, of['value']))
                           for k, v in value), key=repr)
        if kind == 'struct':
            fields = self.fields[of.get('file', 0), of['name']]
            return sorted(((k, self.plain(v, fields[k])) for k, v in value.items()), key=repr)
        return value


def our_fields(fields, values, role):
    def requiredness(field):
        if role == 'throws' or (role == 'arguments' and field['requiredness'] == 'optional'):
            return 'default'
        return field['requiredness']
    return [(field['id'], field['name'], requiredness(field), our_type(field['type'], values.names),
             values.plain(field['default'], field['type']) if 'default' in field else None)
            for field in fields]


def our_definitions(description):
    values, root, found = Values(description), description['files'][0], {}
    for space in root['namespaces']:
        found['namespace', space['scope']] = space['name']
    for definition in root['definitions']:
        kind, name = definition['kind'], definition['name']
        if kind == 'typedef':
            found[kind, name] = our_type(definition['type'], values.names, alias=False)
        elif kind == 'enum':
            found[kind, name] = [(v['name'], v['number']) for v in definition['values']]
        elif kind == 'const':
            found[kind, name] = (our_type(definition['type'], values.names),
                                 values.plain(definition['value'], definition['type']))
        elif kind == 'service':
            found[kind, name] = (values.names.plain(definition, 'extends', 'extends_file'), [
                (m['name'], m['oneway'], our_type(m['result'], values.names),
                 our_fields(m['arguments'], values, 'arguments'),
                 our_fields(m['throws'], values, 'throws')) for m in definition['methods']])
        else:
            found[kind, name] = our_fields(definition['fields'], values, 'fields')
    return found


# ---- side by side

def same(a, b):
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float) or isinstance(b, float):
        return a is not None and b is not None and not isinstance(a, str) \
            and not isinstance(b, str) and math.isclose(a, b, rel_tol=1e-5)
    return a == b


def without_requiredness(found):
    """What is thrown has none in XML, whatever was written."""
    for (kind, _), content in found.items():
        if kind == 'service':
            content[1][:] = [(n, o, r, a, [(i, f, 'default', t, d) for i, f, _, t, d in e])
                             for n, o, r, a, e in content[1]]
    return found


def compiles(path, thrift, includes):
    with tempfile.TemporaryDirectory() as out:
        return subprocess.run([thrift, '-nowarn', *includes, '-out', out, '--gen', 'py', path],
                              capture_output=True, timeout=60, check=False).returncode == 0


def compare(path, tool, thrift, includes):
    """None: the compiler refuses the file; else the list of differences."""
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run([thrift, '-nowarn', *includes, '-out', out, '--gen', 'xml', path],
                              capture_output=True, timeout=60, check=False)
        produced = list(pathlib.Path(out).rglob('*.xml'))
        if done.returncode != 0 or len(produced) != 1:
            return None
        theirs = without_requiredness(xml_definitions(produced[0]))
    done = subprocess.run([tool, 'describe', '--json', *includes, path], capture_output=True,
                          timeout=60, check=False)
    if done.returncode == 3 and not compiles(path, thrift, includes):
        return None
    if done.returncode != 0:
        return [f'describe: exit status {done.returncode}: {done.stderr.decode()[:300]}']
    ours = our_definitions(json.loads(done.stdout))
    found = [f'{" ".join(key)}: theirs {theirs.get(key)!r}, ours {ours.get(key)!r}'
             for key in sorted(set(theirs) | set(ours))
             if not same(theirs.get(key), ours.get(key))]
    return None if found and not compiles(path, thrift, includes) else found


def main(arguments):
    tool, thrift, rest = arguments[0], arguments[1], arguments[2:]
    includes, folders = [], []
    while rest:
        if rest[0] == '-I':
            includes += rest[:2]
            rest = rest[2:]
        else:
            folders.append(rest.pop(0))
    compared = refused = differing = 0
    for path in sorted(p for folder in folders for p in pathlib.Path(folder).rglob('*.thrift')):
        differences = compare(path, tool, thrift, includes)
        if differences is None:
            refused += 1
            continue
        compared += 1
        differing += bool(differences)
        for difference in differences:
            print(f'{path}: {difference[:1000]}')
    print(f'{compared - differing} of {compared} agree; {refused} others the compiler refuses')
    return differing > 0 or compared == 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
