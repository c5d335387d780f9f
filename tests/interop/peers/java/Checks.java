import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.thrift.TApplicationException;
import thrifttest.Insanity;
import thrifttest.Numberz;
import thrifttest.ThriftTest;
import thrifttest.Xception;
import thrifttest.Xception2;
import thrifttest.Xtruct;
import thrifttest.Xtruct2;

/** What the client calls and expects. */
class Checks {
  private final ThriftTest.Client client;

  Checks(ThriftTest.Client client) { this.client = client; }

  static void expect(String what, Object got, Object wanted) {
    if (!Objects.equals(got, wanted)) {
      throw new AssertionError(what + ": " + got + " instead of " + wanted);
    }
  }

  private interface Call {
    void run() throws Exception;
  }

  private static <E extends Exception> E thrown(Class<E> kind, Call call) throws Exception {
    try {
      call.run();
    } catch (Exception exception) {
      if (kind.isInstance(exception)) {
        return kind.cast(exception);
      }
      throw exception;
    }
    throw new AssertionError("no " + kind.getName());
  }

  void all() throws Exception {
    baseTypes();
    binaries();
    structs();
    containers();
    exceptions();
  }

  private void baseTypes() throws Exception {
    client.testVoid();
    for (String text : List.of("", "Test", "\b\t\n/\\\r{}:\" ]] }}} {[[", "Ελληνικά 日本語 𝄞")) {
      expect("testString", client.testString(text), text);
    }
    expect("testBool", client.testBool(true), true);
    expect("testBool", client.testBool(false), false);
    for (byte number : new byte[] {0, -1, 42, -42, 127, -128}) {
      expect("testByte", client.testByte(number), number);
    }
    for (long number : new long[] {0, -1, 7000000000000000123L, Long.MAX_VALUE, Long.MIN_VALUE}) {
      expect("testI64", client.testI64(number), number);
      expect("testTypedef", client.testTypedef(number), number);
    }
    for (double number : new double[] {0, -1, -5.2098523, -0.000341012439638598279, 1e307, 1e-292}) {
      expect("testDouble", client.testDouble(number), number);
    }
    client.testOneway(1);
    for (int number : new int[] {0, -1, 190000013, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      expect("testI32", client.testI32(number), number);
    }
  }

  private void binaries() throws Exception {
    for (int size : new int[] {0, 1, 2, 256, 4096, 131072}) {
      byte[] bytes = new byte[size];
      for (int i = 0; i < size; i++) {
        bytes[i] = (byte) i;
      }
      expect("testBinary", client.testBinary(ByteBuffer.wrap(bytes)), ByteBuffer.wrap(bytes));
    }
  }

  private void structs() throws Exception {
    Xtruct one = new Xtruct("Zero", (byte) 1, -3, -5);
    Xtruct2 two = new Xtruct2((byte) 1, one, 5);
    Insanity insane = new Insanity(Map.of(Numberz.FIVE, 5L, Numberz.EIGHT, 8L), List.of(one));

    expect("testStruct", client.testStruct(one), one);
    expect("testNest", client.testNest(two), two);
    for (Numberz number : Numberz.values()) {
      expect("testEnum", client.testEnum(number), number);
    }
    expect("testMulti",
        client.testMulti((byte) 42, 4242, 424242, Map.of((short) 1, "blah"), Numberz.EIGHT, 24),
        new Xtruct("Hello2", (byte) 42, 4242, 424242));
    Map<Long, Map<Numberz, Insanity>> whole = client.testInsanity(insane);
    expect("testInsanity", whole.get(1L), Map.of(Numberz.TWO, insane, Numberz.THREE, insane));
    expect("testInsanity", whole.get(2L).keySet(), Set.of(Numberz.SIX));
    expect("testInsanity", whole.get(2L).get(Numberz.SIX).getUserMapSize(), 0);
  }

  private void containers() throws Exception {
    Map<Integer, Integer> numbers = Map.of(0, -10, 1, -9, 2, -8);
    Map<String, String> texts = Map.of("a", "2", "b", "blah", "some", "thing");

    expect("testMap", client.testMap(numbers), numbers);
    expect("testStringMap", client.testStringMap(texts), texts);
    expect("testSet", client.testSet(Set.of(-2, -1, 0, 1, 2)), Set.of(-2, -1, 0, 1, 2));
    expect("testList", client.testList(List.of()), List.of());
    expect("testList", client.testList(List.of(-2, 0, 2)), List.of(-2, 0, 2));
    expect("testMapMap", client.testMapMap(1), Handler.mapMap());
  }

  private void exceptions() throws Exception {
    Xception first = thrown(Xception.class, () -> client.testException("Xception"));
    expect("testException", first, new Xception(1001, "Xception"));
    thrown(TApplicationException.class, () -> client.testException("TException"));
    client.testException("success");
    Xception2 second =
        thrown(Xception2.class, () -> client.testMultiException("Xception2", "test"));
    expect("testMultiException", second,
        new Xception2(2002, new Xtruct().setString_thing("This is an Xception2")));
    expect("testMultiException", client.testMultiException("success", "test").getString_thing(),
        "test");
  }
}
