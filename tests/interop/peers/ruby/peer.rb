# Apache's Ruby library (ruby-thrift) with code that `thrift --gen rb` made.
#
#   ruby peer.rb client|server --generated=DIR --port=N --protocol=P --transport=T …
require 'optparse'
require 'thrift'

options = { port: 9090, host: 'localhost', protocol: 'binary', transport: 'buffered' }
side = ARGV.shift
OptionParser.new do |parser|
  parser.on('--generated=DIR') { |dir| $LOAD_PATH.unshift(dir) }
  parser.on('--host=HOST') { |host| options[:host] = host }
  parser.on('--port=PORT', Integer) { |port| options[:port] = port }
  parser.on('--domain-socket=PATH') { |path| options[:unix] = path }
  parser.on('--protocol=NAME') { |name| options[:protocol] = name }
  parser.on('--transport=NAME') { |name| options[:transport] = name }
end.parse!
require 'thrift_test'
require 'second_service'

OPTIONS = options
MULTIPLEXED = options[:protocol].start_with?('multi')
WIRE = { 'multi' => 'binary', 'multic' => 'compact', 'multij' => 'json' }
       .fetch(options[:protocol], options[:protocol])
PROTOCOLS = { 'binary' => Thrift::BinaryProtocolFactory, 'compact' => Thrift::CompactProtocolFactory,
              'json' => Thrift::JsonProtocolFactory }.freeze
TRANSPORTS = { 'buffered' => Thrift::BufferedTransportFactory,
               'framed' => Thrift::FramedTransportFactory }.freeze

class Handler
  include ThriftTest

  %w[String Bool Byte I32 I64 Double Binary Struct Nest Map StringMap Set List Enum
     Typedef].each { |name| define_method("test#{name}") { |thing| thing } }
  def testVoid; end

  def testMapMap(_)
    { -4 => { -4 => -4, -3 => -3, -2 => -2, -1 => -1 }, 4 => { 4 => 4, 3 => 3, 2 => 2, 1 => 1 } }
  end

  def testInsanity(argument)
    { 1 => { 2 => argument, 3 => argument }, 2 => { 6 => Insanity.new(userMap: {}, xtructs: []) } }
  end

  def testMulti(arg0, arg1, arg2, _arg3, _arg4, _arg5)
    Xtruct.new(string_thing: 'Hello2', byte_thing: arg0, i32_thing: arg1, i64_thing: arg2)
  end

  def testException(arg)
    raise Xception.new(errorCode: 1001, message: arg) if arg == 'Xception'
    raise Thrift::Exception, 'something undeclared' if arg == 'TException'
  end

  def testMultiException(arg0, arg1)
    raise Xception.new(errorCode: 1001, message: 'This is an Xception') if arg0 == 'Xception'

    if arg0 == 'Xception2'
      raise Xception2.new(errorCode: 2002,
                          struct_thing: Xtruct.new(string_thing: 'This is an Xception2'))
    end
    Xtruct.new(string_thing: arg1)
  end

  def testOneway(_); end
end

class SecondHandler
  def secondtestString(thing)
    "testString(\"#{thing}\")"
  end
end

def serve
  processor = ThriftTest::ThriftTest::Processor.new(Handler.new)
  if MULTIPLEXED
    several = Thrift::MultiplexedProcessor.new
    several.register_processor('ThriftTest', processor)
    several.register_processor('SecondService',
                               ThriftTest::SecondService::Processor.new(SecondHandler.new))
    processor = several
  end
  socket = OPTIONS[:unix] ? Thrift::UNIXServerSocket.new(OPTIONS[:unix])
                          : Thrift::ServerSocket.new('127.0.0.1', OPTIONS[:port])
  Thrift::ThreadedServer.new(processor, socket, TRANSPORTS[OPTIONS[:transport]].new,
                             PROTOCOLS[WIRE].new).serve
end

def expect(got, wanted)
  raise "#{got.inspect} instead of #{wanted.inspect}" unless got == wanted
end

def thrown(kind)
  yield
  raise "no #{kind}"
rescue kind => e
  e
end

def check_base_types(client)
  client.testVoid
  ['', 'Test', "\b\t\n/\\\r{}:\"", 'Ελληνικά 日本語'].each do |text|
    expect(client.testString(text).dup.force_encoding('UTF-8'), text)
  end
  [true, false].each { |truth| expect(client.testBool(truth), truth) }
  [0, -1, 63, -127].each { |number| expect(client.testByte(number), number) }
  [0, -1, 2**31 - 1, -2**31].each { |number| expect(client.testI32(number), number) }
  [0, -1, 7000000000000000123, -2**63].each { |number| expect(client.testI64(number), number) }
  [0.0, -1.0, -5.2098523, 1e307].each { |number| expect(client.testDouble(number), number) }
  bytes = (0...1024).map { |i| i & 255 }.pack('C*')
  expect(client.testBinary(bytes).dup.force_encoding('BINARY'), bytes)
  client.testOneway(1)
  expect(client.testI32(-1), -1)
end

def check_structs(client)
  one = ThriftTest::Xtruct.new(string_thing: 'Zero', byte_thing: 1, i32_thing: -3, i64_thing: -5)
  expect(client.testStruct(one), one)
  expect(client.testNest(ThriftTest::Xtruct2.new(struct_thing: one)).struct_thing, one)
  [1, 2, 3, 5, 8].each { |number| expect(client.testEnum(number), number) }
  multi = client.testMulti(42, 4242, 424242, { 1 => 'blah' }, 8, 24)
  expect([multi.string_thing, multi.byte_thing, multi.i64_thing], ['Hello2', 42, 424242])
  insane = ThriftTest::Insanity.new(userMap: { 5 => 5, 8 => 8 }, xtructs: [one])
  expect(client.testInsanity(insane)[1], { 2 => insane, 3 => insane })
end

def check_containers(client)
  expect(client.testMap({ 0 => -10, 1 => -9 }), { 0 => -10, 1 => -9 })
  expect(client.testStringMap({ 'a' => '2', 'some' => 'thing' }), { 'a' => '2', 'some' => 'thing' })
  expect(client.testSet(Set.new([-2, 0, 2])), Set.new([-2, 0, 2]))
  expect(client.testList([]), [])
  expect(client.testList([-2, 0, 2]), [-2, 0, 2])
  expect(client.testMapMap(1)[-4][-3], -3)
end

def check_exceptions(client)
  expect(thrown(ThriftTest::Xception) { client.testException('Xception') }.errorCode, 1001)
  thrown(Thrift::ApplicationException) { client.testException('TException') }
  client.testException('success')
  two = thrown(ThriftTest::Xception2) { client.testMultiException('Xception2', 'test') }
  expect(two.struct_thing.string_thing, 'This is an Xception2')
  expect(client.testMultiException('success', 'test').string_thing, 'test')
end

def open_wire
  if OPTIONS[:transport] == 'http'
    return Thrift::HTTPClientTransport.new("http://#{OPTIONS[:host]}:#{OPTIONS[:port]}/service")
  end
  socket = OPTIONS[:unix] ? Thrift::UNIXSocket.new(OPTIONS[:unix])
                          : Thrift::Socket.new(OPTIONS[:host], OPTIONS[:port])
  TRANSPORTS[OPTIONS[:transport]].new.get_transport(socket)
end

def call
  wire = open_wire
  protocol = PROTOCOLS[WIRE].new.get_protocol(wire)
  first = MULTIPLEXED ? Thrift::MultiplexedProtocol.new(protocol, 'ThriftTest') : protocol
  client = ThriftTest::ThriftTest::Client.new(first)
  wire.open
  check_base_types(client)
  check_structs(client)
  check_containers(client)
  check_exceptions(client)
  if MULTIPLEXED
    second = Thrift::MultiplexedProtocol.new(protocol, 'SecondService')
    expect(ThriftTest::SecondService::Client.new(second).secondtestString('foo'),
           'testString("foo")')
  end
  wire.close
end

side == 'server' ? serve : call
