// Apache's Java library (libthrift-java) with code that `thrift --gen java` made.
//
//     java Peer client|server --port=N --protocol=P --transport=T …

import java.util.HashMap;
import java.util.Map;
import org.apache.thrift.TMultiplexedProcessor;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TMultiplexedProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.THttpClient;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportFactory;
import org.apache.thrift.transport.TZlibTransport;
import org.apache.thrift.transport.layered.TFastFramedTransport;
import org.apache.thrift.transport.layered.TFramedTransport;
import thrifttest.SecondService;
import thrifttest.ThriftTest;

public class Peer {
  private static final Map<String, String> options = new HashMap<>(Map.of(
      "host", "localhost", "port", "9090", "protocol", "binary", "transport", "buffered"));

  private static boolean multiplexed() {
    return options.get("protocol").startsWith("multi");
  }

  private static int port() {
    return Integer.parseInt(options.get("port"));
  }

  private static TProtocolFactory protocols() {
    switch (options.get("protocol")) {
      case "compact":
      case "multic":
        return new TCompactProtocol.Factory();
      case "json":
      case "multij":
        return new TJSONProtocol.Factory();
      default:
        return new TBinaryProtocol.Factory();
    }
  }

  private static TTransportFactory transports() {
    switch (options.get("transport")) {
      case "framed":
        return new TFramedTransport.Factory();
      case "fastframed":
        return new TFastFramedTransport.Factory();
      case "zlib":
        return new TZlibTransport.Factory();
      default:
        return new TTransportFactory();
    }
  }

  private static TProcessor processor() {
    TProcessor first = new ThriftTest.Processor<>(new Handler());
    if (!multiplexed()) {
      return first;
    }
    TMultiplexedProcessor several = new TMultiplexedProcessor();
    several.registerDefault(first);
    several.registerProcessor("ThriftTest", first);
    several.registerProcessor("SecondService",
        new SecondService.Processor<>((SecondService.Iface) Handler::second));
    return several;
  }

  private static void serve() throws Exception {
    new TThreadPoolServer(new TThreadPoolServer.Args(new TServerSocket(port()))
        .processor(processor())
        .transportFactory(transports())
        .protocolFactory(protocols())).serve();
  }

  private static TTransport connect() throws Exception {
    if (options.get("transport").equals("http")) {
      return new THttpClient("http://" + options.get("host") + ":" + port() + "/service");
    }
    return transports().getTransport(new TSocket(options.get("host"), port()));
  }

  private static TProtocol named(TProtocol wire, String service) {
    return multiplexed() ? new TMultiplexedProtocol(wire, service) : wire;
  }

  private static void call() throws Exception {
    TTransport transport = connect();
    TProtocol wire = protocols().getProtocol(transport);

    if (!transport.isOpen()) {
      transport.open();
    }
    new Checks(new ThriftTest.Client(named(wire, "ThriftTest"))).all();
    if (multiplexed()) {
      Checks.expect("secondtestString",
          new SecondService.Client(named(wire, "SecondService")).secondtestString("foo"),
          "testString(\"foo\")");
    }
    transport.close();
  }

  public static void main(String[] arguments) {
    for (int i = 1; i < arguments.length; i++) {
      String[] parts = arguments[i].substring(2).split("=", 2);
      options.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    try {
      if (arguments[0].equals("server")) {
        serve();
      } else {
        call();
      }
      System.exit(0);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }
}
