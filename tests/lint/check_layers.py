#!/usr/bin/python3
"""Includes only go down, and third-party headers stay in their place.

A layer is a directory of src/. Public headers belong to layers, too. Tools and examples see the
public headers alone; the unit tests of a layer see that layer and what it may include.
"""
import re

import lint

LAYERS = {
    'base': [],
    'schema': ['base'],
    'wire': ['base'],
    'value': ['base', 'schema'],
    'codec': ['base', 'schema', 'wire', 'value'],
    'transport': ['base', 'wire'],
    'rpc': ['base', 'schema', 'wire', 'value', 'codec', 'transport'],
    'native': ['base', 'schema', 'value', 'codec', 'rpc'],
    'fleet': ['base', 'schema', 'rpc'],
}

PUBLIC = {
    'error': 'base', 'limits': 'base', 'buffer': 'base', 'version': 'base',
    'schema': 'schema', 'diagnostic': 'schema', 'compat': 'schema', 'print': 'schema',
    'protocol': 'wire', 'value': 'value', 'codec': 'codec', 'record_json': 'codec', 'json': 'rpc',
    'registry': 'rpc', 'server': 'rpc', 'client': 'rpc', 'reload': 'rpc', 'loop': 'rpc',
    'uv': 'rpc', 'native': 'native', 'fleet': 'fleet',
}

# Where a header that is neither ours nor the C library's may appear: a file or a directory.
THIRD_PARTY = {
    'uthash.h': ['src/base/map.c'],
    'xxhash.h': ['src/base/hash.c'],
    'zlib.h': ['src/wire/'],
    'emmintrin.h': ['src/wire/json.h', 'src/wire/varint_run.h'],
    'immintrin.h': ['src/codec/swap.c'],
    'jansson.h': ['src/value/json_member.c', 'src/value/json_read.c', 'src/value/json_write.c', 'include/rethrift/json.h', 'tests/', 'tools/', 'examples/'],
    'uv.h': ['src/transport/', 'include/rethrift/uv.h', 'tests/unit/transport/', 'tests/unit/rpc/'],
    'openssl/': ['src/transport/tls.c', 'tests/'],
    'llhttp.h': ['src/transport/http.c'],
    'ffi.h': ['src/native/', 'tests/unit/native/'],
    'curl/': ['src/fleet/'],
    'sqlite3.h': ['examples/'],
    'editline/': ['tools/'],
    'spawn.h': ['tools/'],
    'check.h': ['tests/'],
    'thrift/': ['tests/'],
    'glib': ['tests/'],
    't_test_': ['tests/interop/peers/c_glib/'],  # generated from ThriftTest.thrift
}

SOCKETS = re.compile(r'sys/(socket|un|epoll)\.h|netinet/.*|arpa/.*|netdb\.h|poll\.h')
SOCKETS_IN = ['src/transport/', 'tests/', 'tools/', 'examples/']

STANDARD = re.compile(
    r'(assert|ctype|dirent|dlfcn|errno|fcntl|float|getopt|inttypes|limits|locale|math|poll|pthread|'
    r'sched|semaphore|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|'
    r'strings|threads|time|unistd|netdb|wchar)\.h|(sys|netinet|arpa)/\w+\.h|[a-z_]+')


def layer_of(path):
    """The layer whose rules a file follows, or None where only the public interface counts."""
    parts = path.parts
    if parts[0] == 'src' and len(parts) > 2:
        return parts[1]
    if parts[0] == 'include':
        return PUBLIC.get(path.stem)
    if parts[:2] == ('tests', 'unit') and len(parts) > 3:
        return parts[2]
    return None


def is_public_only(path):
    return path.parts[0] in ('tools', 'examples')


def check_public(path, layer, name):
    stem = name[len('rethrift/'):-len('.h')]
    if stem == 'rethrift':
        return None if layer is None or path.parts[0] == 'tests' else 'the umbrella is for programs'
    if stem not in PUBLIC:
        return f'<{name}> has no layer: give it one in tests/lint/check_layers.py'
    if layer is not None and PUBLIC[stem] not in [layer] + LAYERS[layer]:
        return f'{layer} may not include <{name}>, which is of {PUBLIC[stem]}'
    return None


def check_quoted(root, path, layer, name):
    if '/' not in name:
        if path.parts[0] == 'src':
            return f'"{name}": write the layer, "{layer}/{name}"'
        beside = root / path.parent / name
        support = root / 'tests/support' / name
        if beside.exists() or (path.parts[0] == 'tests' and support.exists()):
            return None
        if path.parts[:2] == ('tests', 'bench'):
            return None  # the peers' halves include what their compilers generate
        return f'"{name}" is not beside this file'
    if path.parts[0] == 'examples' and (root / path.parent / name).exists():
        return None  # of another example
    if is_public_only(path):
        return f'"{name}": tools and examples include <rethrift/...> only'
    if not (root / 'src' / name).exists():
        return f'"{name}" does not exist'
    other = name.split('/')[0]
    if layer is not None and other not in [layer] + LAYERS[layer]:
        return f'{layer} may not include "{name}"'
    return None


def check_foreign(path, name):
    if path.parts[:2] == ('tests', 'bench'):
        return None  # the peers' halves include the peers
    if SOCKETS.fullmatch(name) and not any(str(path).startswith(p) for p in SOCKETS_IN):
        return f'<{name}>: sockets belong to transport'
    for prefix, places in THIRD_PARTY.items():
        if name.startswith(prefix):
            if any(str(path).startswith(place) for place in places):
                return None
            return f'<{name}> belongs into ' + ', '.join(places)
    if not STANDARD.fullmatch(name):
        return f'<{name}> is neither ours nor the C library\'s: name its place in check_layers.py'
    return None


def check(root):
    findings = []
    for path in lint.files(root, ['src', 'include', 'tools', 'examples', 'tests']):
        layer = layer_of(path)
        if layer is not None and layer not in LAYERS:
            findings.append((path, 1, f'{layer} is not a layer'))
            continue
        if path.parts[0] == 'include' and layer is None and path.stem != 'rethrift':
            findings.append((path, 1, 'this header has no layer: see PUBLIC in check_layers.py'))
        for line, quoted, name in lint.includes((root / path).read_text()):
            if name.startswith('rethrift/'):
                message = check_public(path, layer, name)
            elif quoted:
                message = check_quoted(root, path, layer, name)
            else:
                message = check_foreign(path, name)
            if message:
                findings.append((path, line, message))
    return findings


if __name__ == '__main__':
    lint.run(check)
