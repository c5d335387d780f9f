"""probe.thrift in Python, whichever library: the handler and the checks.

`types` is the module (or object) that has Item, Refused and Missing.
"""

BIG = 'abcdefghijklmnopqrstuvwxyz' * 40330  # a little over 1 MB


class Handler:
    def __init__(self, types):
        self.types = types
        self.count = 0

    def echo(self, text):
        return text

    def notes(self):
        return self.count

    def mirror(self, item):
        return item

    def find(self, key):
        if key == 'refused':
            raise self.types.Refused(code=7, why='because')
        if key == 'missing':
            raise self.types.Missing(key=key)
        return self.types.Item(id=1, text=key)

    def note(self, text):
        self.count += 1

    def nothing(self):
        pass

    def add(self, a, b):
        return a + b

    def many(self, count):
        return [self.types.Item(id=i, text='one of many') for i in range(count)]

    def fail(self, text):
        raise RuntimeError(text)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def item_of(types):
    return types.Item(id=-7, text='grüß', numbers=list(range(1000)),
                      counts={'one': 1, 'billions': 7000000000}, tags={'only'}, weight=2.5,
                      flag=True, colour=2, blob=b'bytes', small=-32768, big=2 ** 63 - 1, tiny=-128)


def check_mirror(client, types):
    back = client.mirror(item_of(types))
    expect(back.text == 'grüß' and back.id == -7, back)
    expect(back.numbers == list(range(1000)), 'numbers')
    expect(back.counts == {'one': 1, 'billions': 7000000000}, 'counts')
    expect(set(back.tags) == {'only'}, 'tags')
    expect(back.weight == 2.5 and back.flag is True and back.colour == 2, back)
    expect(back.blob in (b'bytes', 'bytes'), 'blob')
    expect((back.small, back.big, back.tiny) == (-32768, 2 ** 63 - 1, -128), back)


def check_exceptions(client, types):
    for key, kind in (('refused', types.Refused), ('missing', types.Missing)):
        try:
            client.find(key)
            raise AssertionError(key)
        except kind as thrown:
            expect(getattr(thrown, 'code', 7) == 7, thrown)
    expect(client.find('key').text == 'key', 'find')


def check_application_error(client, application_exception):
    try:
        client.fail('on purpose')
        raise AssertionError('fail')
    except application_exception as failure:
        expect(failure.type == 6 and 'on purpose' in failure.message, failure)


def check_all(client, types, application_exception):
    for text in ('', 'パイ', BIG, 'short again'):
        expect(client.echo(text) == text, 'echo')
    check_mirror(client, types)
    check_exceptions(client, types)
    before = client.notes()
    for _ in range(3):
        client.note('x')
    expect(client.notes() == before + 3, 'notes')
    client.nothing()
    expect(client.add(-5000000000, 2) == -4999999998, 'add')
    expect([i.id for i in client.many(300)] == list(range(300)), 'many')
    check_application_error(client, application_exception)
    expect(client.echo('still there') == 'still there', 'after an error')
