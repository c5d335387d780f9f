import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.thrift.TException;
import thrifttest.Insanity;
import thrifttest.Numberz;
import thrifttest.ThriftTest;
import thrifttest.Xception;
import thrifttest.Xception2;
import thrifttest.Xtruct;
import thrifttest.Xtruct2;

/** The handlers of ThriftTest: most of them answer with what they are given. */
class Handler implements ThriftTest.Iface {
  @Override public void testVoid() {}

  @Override public String testString(String thing) { return thing; }

  @Override public boolean testBool(boolean thing) { return thing; }

  @Override public byte testByte(byte thing) { return thing; }

  @Override public int testI32(int thing) { return thing; }

  @Override public long testI64(long thing) { return thing; }

  @Override public double testDouble(double thing) { return thing; }

  @Override public ByteBuffer testBinary(ByteBuffer thing) { return thing; }

  @Override public Xtruct testStruct(Xtruct thing) { return thing; }

  @Override public Xtruct2 testNest(Xtruct2 thing) { return thing; }

  @Override public Map<Integer, Integer> testMap(Map<Integer, Integer> thing) { return thing; }

  @Override public Map<String, String> testStringMap(Map<String, String> thing) { return thing; }

  @Override public Set<Integer> testSet(Set<Integer> thing) { return thing; }

  @Override public List<Integer> testList(List<Integer> thing) { return thing; }

  @Override public Numberz testEnum(Numberz thing) { return thing; }

  @Override public long testTypedef(long thing) { return thing; }

  @Override public void testOneway(int secondsToSleep) {}

  static Map<Integer, Map<Integer, Integer>> mapMap() {
    Map<Integer, Map<Integer, Integer>> whole = new HashMap<>();
    for (int sign = -1; sign <= 1; sign += 2) {
      Map<Integer, Integer> inner = new HashMap<>();
      for (int i = 1; i < 5; i++) {
        inner.put(sign * i, sign * i);
      }
      whole.put(sign * 4, inner);
    }
    return whole;
  }

  @Override public Map<Integer, Map<Integer, Integer>> testMapMap(int hello) { return mapMap(); }

  @Override public Map<Long, Map<Numberz, Insanity>> testInsanity(Insanity argument) {
    return Map.of(1L, Map.of(Numberz.TWO, argument, Numberz.THREE, argument),
        2L, Map.of(Numberz.SIX, new Insanity()));
  }

  @Override public Xtruct testMulti(byte arg0, int arg1, long arg2, Map<Short, String> arg3,
      Numberz arg4, long arg5) {
    return new Xtruct("Hello2", arg0, arg1, arg2);
  }

  @Override public void testException(String arg) throws Xception, TException {
    if (arg.equals("Xception")) {
      throw new Xception(1001, arg);
    }
    if (arg.equals("TException")) {
      throw new TException("something undeclared");
    }
  }

  @Override public Xtruct testMultiException(String arg0, String arg1)
      throws Xception, Xception2 {
    if (arg0.equals("Xception")) {
      throw new Xception(1001, "This is an Xception");
    }
    if (arg0.equals("Xception2")) {
      throw new Xception2(2002, new Xtruct().setString_thing("This is an Xception2"));
    }
    return new Xtruct().setString_thing(arg1);
  }

  static String second(String thing) { return "testString(\"" + thing + "\")"; }
}
