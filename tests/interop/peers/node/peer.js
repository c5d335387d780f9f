// Apache's JavaScript library (npm's package "thrift") with code that `thrift --gen js:node,es6`
// made.
//
//   node peer.js client|server --generated=DIR --port=N --protocol=P --transport=T …
'use strict';
const assert = require('assert');
const path = require('path');

const options = { port: 9090, host: 'localhost', protocol: 'binary', transport: 'buffered' };
const side = process.argv[2];
for (const argument of process.argv.slice(3)) {
  const [, name, value] = argument.match(/^--([a-z-]+)(?:=(.*))?$/);
  options[name] = value === undefined ? true : value;
}
options.wire = { multi: 'binary', multic: 'compact', multij: 'json', multih: 'header' }[
  options.protocol] || options.protocol;
options.multiplexed = options.protocol.startsWith('multi');
const unix = options['domain-socket'] &&
  (options['abstract-namespace'] ? '\0' : '') + options['domain-socket'];

const thrift = require('thrift');
const ThriftTest = require(path.join(options.generated, 'ThriftTest.js'));
const SecondService = require(path.join(options.generated, 'SecondService.js'));
const ttypes = require(path.join(options.generated, 'ThriftTest_types.js'));

const protocols = {
  binary: thrift.TBinaryProtocol, compact: thrift.TCompactProtocol,
  json: thrift.TJSONProtocol, header: thrift.THeaderProtocol,
};
const transports = { buffered: thrift.TBufferedTransport, framed: thrift.TFramedTransport };
const wires = {
  protocol: protocols[options.wire],
  transport: transports[options.transport] || thrift.TBufferedTransport,
};

// ---- server ----

const echo = (thing, result) => result(null, thing);
const handler = {
  testVoid: (result) => result(null),
  testMapMap: (hello, result) => {
    const map = {};
    for (const sign of [-1, 1]) {
      map[sign * 4] = {};
      for (let i = 1; i < 5; i++) map[sign * 4][sign * i] = sign * i;
    }
    result(null, map);
  },
  testInsanity: (argument, result) =>
    result(null, { 1: { 2: argument, 3: argument }, 2: { 6: new ttypes.Insanity() } }),
  testMulti: (arg0, arg1, arg2, arg3, arg4, arg5, result) => result(null, new ttypes.Xtruct({
    string_thing: 'Hello2', byte_thing: arg0, i32_thing: arg1, i64_thing: arg2 })),
  testException: (arg, result) => {
    if (arg === 'Xception') result(new ttypes.Xception({ errorCode: 1001, message: arg }));
    else if (arg === 'TException') result(new Error('something undeclared'));
    else result(null);
  },
  testMultiException: (arg0, arg1, result) => {
    if (arg0 === 'Xception') {
      result(new ttypes.Xception({ errorCode: 1001, message: 'This is an Xception' }));
    } else if (arg0 === 'Xception2') {
      result(new ttypes.Xception2({ errorCode: 2002, struct_thing: new ttypes.Xtruct({
        string_thing: 'This is an Xception2' }) }));
    } else {
      result(null, new ttypes.Xtruct({ string_thing: arg1 }));
    }
  },
  testOneway: () => {},
};
for (const name of ['String', 'Bool', 'Byte', 'I32', 'I64', 'Double', 'Binary', 'Struct', 'Nest',
  'Map', 'StringMap', 'Set', 'List', 'Enum', 'Typedef']) {
  handler[`test${name}`] = echo;
}

const second = () => new SecondService.Processor({
  secondtestString: (thing, result) => result(null, `testString("${thing}")`) });

function serve() {
  let server;
  if (options.transport === 'http' || options.transport === 'websocket') {
    const several = new thrift.MultiplexedProcessor();
    several.registerProcessor('ThriftTest', new ThriftTest.Processor(handler));
    several.registerProcessor('SecondService', second());
    const service = options.multiplexed ? { ...wires, processor: several }
      : { ...wires, processor: ThriftTest.Processor, handler };
    server = thrift.createWebServer({ services: { '/service': service, '/': { ...service } } });
  } else if (options.multiplexed) {
    const processor = new thrift.MultiplexedProcessor();
    processor.registerProcessor('ThriftTest', new ThriftTest.Processor(handler));
    processor.registerProcessor('SecondService', second());
    server = thrift.createMultiplexServer(processor, wires);
  } else {
    server = thrift.createServer(ThriftTest, handler, wires);
  }
  server.listen(unix || Number(options.port));
}

// ---- client ----

const plain = (value) => JSON.parse(JSON.stringify(value));
const number = (value) => (typeof value === 'object' && value !== null && value.toNumber ?
  value.toNumber(true) : Number(value));

async function thrown(kind, promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof kind, `${error} is no ${kind.name}`);
    return error;
  }
  throw new Error(`no ${kind.name}`);
}

async function checkBaseTypes(client) {
  await client.testVoid();
  for (const text of ['', 'Test', '\b\t\n/\\\r{}:パイソン"', 'Ελληνικά Русский 日本語']) {
    assert.strictEqual(await client.testString(text), text);
  }
  assert.strictEqual(await client.testBool(true), true);
  assert.strictEqual(await client.testBool(false), false);
  for (const value of [0, -1, 63, -127]) assert.strictEqual(await client.testByte(value), value);
  for (const value of [0, -1, 2147483647, -2147483648]) {
    assert.strictEqual(await client.testI32(value), value);
  }
  for (const value of [5, -5, 734359738368, -34359738368]) {
    assert.strictEqual(number(await client.testI64(value)), value);
  }
  for (const value of [0, -1, -5.2098523, 0.000341012439638598279, 7.012052175215044]) {
    assert.strictEqual(await client.testDouble(value), value);
  }
  const bytes = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 255));
  const back = await client.testBinary(bytes);
  assert.ok(Buffer.from(back).equals(bytes), 'testBinary');
  await client.testOneway(1);
  assert.strictEqual(await client.testI32(-1), -1);
}

async function checkStructs(client) {
  const one = new ttypes.Xtruct({ string_thing: 'Zero', byte_thing: 1, i32_thing: -3, i64_thing: 1000000 });
  const same = (got) => {
    assert.deepStrictEqual([got.string_thing, got.byte_thing, got.i32_thing, number(got.i64_thing)],
      ['Zero', 1, -3, 1000000]);
  };
  same(await client.testStruct(one));
  const two = new ttypes.Xtruct2({ byte_thing: 1, struct_thing: one, i32_thing: 5 });
  same((await client.testNest(two)).struct_thing);
  for (const value of [1, 2, 3, 5, 8]) assert.strictEqual(await client.testEnum(value), value);
  const multi = await client.testMulti(42, 4242, 424242, { 1: 'blah', 2: 'thing' }, 8, 24);
  assert.deepStrictEqual([multi.string_thing, multi.byte_thing, number(multi.i64_thing)],
    ['Hello2', 42, 424242]);
  const insane = new ttypes.Insanity({ userMap: { 5: 5, 8: 8 }, xtructs: [one] });
  const whole = await client.testInsanity(insane);
  assert.deepStrictEqual(Object.keys(whole), ['1', '2']);
  same(whole[1][2].xtructs[0]);
  assert.strictEqual(number(whole[1][3].userMap[8]), 8);
}

async function checkContainers(client) {
  const map = { 0: -10, 1: -9, 2: -8 }, texts = { a: '2', b: 'blah', some: 'thing' };
  assert.deepStrictEqual(plain(await client.testMap(map)), plain(map));
  assert.deepStrictEqual(plain(await client.testStringMap(texts)), texts);
  assert.deepStrictEqual([...await client.testSet([1, 2, 3])].sort(), [1, 2, 3]);
  assert.deepStrictEqual(await client.testList([]), []);
  assert.deepStrictEqual(await client.testList([-2, 0, 2]), [-2, 0, 2]);
  assert.strictEqual((await client.testMapMap(1))[-4][-3], -3);
}

async function checkExceptions(client) {
  const first = await thrown(ttypes.Xception, client.testException('Xception'));
  assert.strictEqual(first.errorCode, 1001);
  await thrown(Error, client.testException('TException'));
  await client.testException('success');
  const second = await thrown(ttypes.Xception2, client.testMultiException('Xception2', 'test'));
  assert.strictEqual(second.struct_thing.string_thing, 'This is an Xception2');
  assert.strictEqual((await client.testMultiException('success', 'test')).string_thing, 'test');
}

function connect() {
  if (options.transport === 'http') {
    const over = unix ? { socketPath: unix } : {};
    return thrift.createHttpConnection(options.host, options.port,
      { ...wires, path: '/service', nodeOptions: over });
  }
  if (options.transport === 'websocket') {
    return thrift.createWSConnection(options.host, options.port, { ...wires, path: '/service' });
  }
  return unix ? thrift.createUDSConnection(unix, wires)
    : thrift.createConnection(options.host, options.port, wires);
}

async function call() {
  const connection = connect();
  connection.on('error', (error) => { console.error(error); process.exit(1); });
  if (connection.open) connection.open();
  const create = options.transport === 'http' ? thrift.createHttpClient
    : options.transport === 'websocket' ? thrift.createWSClient : thrift.createClient;
  const multiplexer = new thrift.Multiplexer();
  const client = options.multiplexed ? multiplexer.createClient('ThriftTest', ThriftTest, connection)
    : create(ThriftTest, connection);
  await checkBaseTypes(client);
  await checkStructs(client);
  await checkContainers(client);
  await checkExceptions(client);
  if (options.multiplexed) {
    const second = multiplexer.createClient('SecondService', SecondService, connection);
    assert.strictEqual(await second.secondtestString('foo'), 'testString("foo")');
  }
  process.exit(0);
}

if (side === 'server') serve();
else call().catch((error) => { console.error(error); process.exit(1); });
