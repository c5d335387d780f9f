#!/usr/bin/python3
"""A client of Apache's Python library: reload_peer.py GENERATED PORT old|new|reflection

old, new: calls until its input ends, then prints how often, and what went wrong. reflection: prints
what the server says of itself. Both as JSON.
"""
import json
import select
import sys

sys.path.insert(0, sys.argv[1])

# pylint: disable=wrong-import-position
from thrift.protocol import TBinaryProtocol, TMultiplexedProtocol  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402


def connect(port):
    transport = TTransport.TBufferedTransport(TSocket.TSocket('127.0.0.1', port))
    transport.open()
    return TBinaryProtocol.TBinaryProtocol(transport)


def ended():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def call(port, generation):
    from userservice import UserService, ttypes
    client = UserService.Client(connect(port))
    ident, calls, errors = {'old': 1, 'new': 2}[generation], 0, []
    user = ttypes.User(id=ident, name=generation)
    if generation == 'new':
        user.age0 = 36
    client.createUser(user)
    print('calling', flush=True)
    while not ended():
        try:
            got = client.getUser(ident)
            if (got.id, got.name) != (ident, generation):
                errors.append(repr(got))
            client.updateUser(user)
            if generation == 'new' and client.countUsers() < 1:
                errors.append('countUsers')
        except Exception as error:  # whatever it is, it is what must not happen
            errors.append(repr(error))
            break
        calls += 1
    print(json.dumps({'calls': calls, 'errors': errors}))


def reflect(port):
    from rethrift.reflection import Reflection
    client = Reflection.Client(TMultiplexedProtocol.TMultiplexedProtocol(connect(port), 'Reflection'))
    now, last = client.generation(), client.lastReload()
    print(json.dumps({
        'services': {service.name: [method.name for method in service.methods]
                     for service in client.services()},
        'files': {file.path: file.text for file in client.files()},
        'number': now.number, 'fingerprint': now.fingerprint, 'since': now.since_ms / 1000,
        'outcome': last.outcome, 'attempts': last.attempts, 'failures': last.failures,
        'findings': [[finding.severity, finding.rule, finding.element, finding.path, finding.line,
                      finding.column] for finding in last.findings]}))


if __name__ == '__main__':
    if sys.argv[3] == 'reflection':
        reflect(int(sys.argv[2]))
    else:
        call(int(sys.argv[2]), sys.argv[3])
