"""ThriftTest in Python, whichever library: the handler and the checks.

`types` is the module (or object) that has Xtruct, Insanity and the others.
"""


class Handler:
    def __init__(self, types):
        self.types = types

    def testVoid(self):
        pass

    def _echo(self, thing):
        return thing

    testString = testBool = testByte = testI32 = testI64 = testDouble = testBinary = _echo
    testStruct = testNest = testMap = testStringMap = testSet = testList = _echo
    testEnum = testTypedef = _echo

    def testMapMap(self, hello):
        return {sign * 4: {sign * i: sign * i for i in range(1, 5)} for sign in (-1, 1)}

    def testInsanity(self, argument):
        return {1: {2: argument, 3: argument}, 2: {6: self.types.Insanity()}}

    def testMulti(self, arg0, arg1, arg2, arg3, arg4, arg5):
        return self.types.Xtruct(string_thing='Hello2', byte_thing=arg0, i32_thing=arg1,
                                 i64_thing=arg2)

    def testException(self, arg):
        if arg == 'Xception':
            raise self.types.Xception(errorCode=1001, message=arg)
        if arg == 'TException':
            raise RuntimeError('something undeclared')

    def testMultiException(self, arg0, arg1):
        if arg0 == 'Xception':
            raise self.types.Xception(errorCode=1001, message='This is an Xception')
        if arg0 == 'Xception2':
            raise self.types.Xception2(
                errorCode=2002, struct_thing=self.types.Xtruct(string_thing='This is an Xception2'))
        return self.types.Xtruct(string_thing=arg1)

    def testOneway(self, secondsToSleep):
        pass


class SecondHandler:
    def secondtestString(self, thing):
        return 'testString("' + thing + '")'


def expect(got, wanted):
    if got != wanted:
        raise AssertionError(f'{got!r:.300} instead of {wanted!r:.300}')


def check_base_types(client, _):
    client.testVoid()
    for text in ('', 'Test', 'Python' * 20, '\b\t\n/\\\r{}:パイソン"', 'Ελληνικά Русский 日本語 𝄞',
                 ' backspace \b formfeed \f \\/ ]] ]}}} {[[[ '):
        expect(client.testString(text), text)
    for truth in (True, False):
        expect(client.testBool(truth), truth)
    for number in (0, -1, 63, -127, 127, -128):
        expect(client.testByte(number), number)
    for number in (0, -1, 190000013, 2 ** 31 - 1, -2 ** 31):
        expect(client.testI32(number), number)
    for number in (0, -1, 7000000000000000123, -34359738368, 2 ** 63 - 1, -2 ** 63):
        expect(client.testI64(number), number)
    for number in (0.0, -1.0, -5.235098235, -0.000341012439638598279, 2.0 ** 53 - 1, 1e307, 1e-292):
        expect(client.testDouble(number), number)
    expect(client.testTypedef(0xffffffffffffff), 0xffffffffffffff)
    client.testOneway(1)
    expect(client.testI32(-1), -1)


def check_binaries(client):
    pattern = bytes(range(256)) * 512
    for size in (0, 1, 2, 3, 4, 256, 131072):
        expect(client.testBinary(pattern[:size]), pattern[:size])


def check_structs(client, types):
    one = types.Xtruct(string_thing='Zero', byte_thing=1, i32_thing=-3, i64_thing=-5)
    expect(client.testStruct(one), one)
    two = types.Xtruct2(byte_thing=1, struct_thing=one, i32_thing=5)
    expect(client.testNest(two), two)
    for number in (1, 2, 3, 5, 8):
        expect(client.testEnum(number), number)
    expect(client.testMulti(42, 4242, 424242, {1: 'blah', 2: 'thing'}, 8, 24),
           types.Xtruct(string_thing='Hello2', byte_thing=42, i32_thing=4242, i64_thing=424242))
    insane = types.Insanity(userMap={5: 5, 8: 8}, xtructs=[
        types.Xtruct(string_thing='Goodbye4', byte_thing=4, i32_thing=4, i64_thing=4), one])
    back = client.testInsanity(insane)
    expect(sorted(back), [1, 2])
    expect(back[1], {2: insane, 3: insane})
    expect(list(back[2]), [6])
    expect((back[2][6].userMap or {}, back[2][6].xtructs or []), ({}, []))


def check_containers(client, _):
    numbers = {i: i - 10 for i in range(5)}
    expect(client.testMap(numbers), numbers)
    texts = {'a': '2', 'b': 'blah', 'some': 'thing'}
    expect(client.testStringMap(texts), texts)
    expect(set(client.testSet(set(range(-2, 3)))), set(range(-2, 3)))
    expect(client.testList([]), [])
    expect(client.testList(list(range(-2, 3))), list(range(-2, 3)))
    expect(client.testMapMap(1),
           {sign * 4: {sign * i: sign * i for i in range(1, 5)} for sign in (-1, 1)})


def thrown(kind, call, *args):
    try:
        call(*args)
    except kind as exception:
        return exception
    raise AssertionError(f'no {kind.__name__}')


def check_exceptions(client, types, undeclared):
    got = thrown(types.Xception, client.testException, 'Xception')
    expect((got.errorCode, got.message), (1001, 'Xception'))
    if undeclared is not None:
        thrown(undeclared, client.testException, 'TException')
    client.testException('success')
    got = thrown(types.Xception, client.testMultiException, 'Xception', 'test')
    expect((got.errorCode, got.message), (1001, 'This is an Xception'))
    got = thrown(types.Xception2, client.testMultiException, 'Xception2', 'test')
    expect((got.errorCode, got.struct_thing.string_thing), (2002, 'This is an Xception2'))
    expect(client.testMultiException('success', 'test').string_thing, 'test')


def check_second(second):
    expect(second.secondtestString('foo'), 'testString("foo")')
