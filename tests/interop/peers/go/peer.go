// Apache's Go library (golang-thrift-dev) with code that `thrift --gen go` made.
//
//	peer client|server --port=N --protocol=P --transport=T …
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/apache/thrift/lib/go/thrift"

	"thrifttest"
)

var (
	host         = flag.String("host", "localhost", "")
	port         = flag.Int("port", 9090, "")
	domainSocket = flag.String("domain-socket", "", "a Unix socket instead of TCP")
	abstract     = flag.Bool("abstract-namespace", false, "")
	protocol     = flag.String("protocol", "binary", "")
	transport    = flag.String("transport", "buffered", "")
)

func multiplexed() bool { return strings.HasPrefix(*protocol, "multi") }

func protocols() thrift.TProtocolFactory {
	switch *protocol {
	case "compact", "multic":
		return thrift.NewTCompactProtocolFactoryConf(nil)
	case "json", "multij":
		return thrift.NewTJSONProtocolFactory()
	case "header", "multih":
		return thrift.NewTHeaderProtocolFactoryConf(nil)
	}
	return thrift.NewTBinaryProtocolFactoryConf(nil)
}

func transports() thrift.TTransportFactory {
	switch *transport {
	case "framed":
		return thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), nil)
	case "zlib":
		return thrift.NewTZlibTransportFactory(6)
	}
	return thrift.NewTBufferedTransportFactory(8192)
}

func unixAddress() *net.UnixAddr {
	name := *domainSocket
	if *abstract {
		name = "@" + name
	}
	return &net.UnixAddr{Name: name, Net: "unix"}
}

func processor() thrift.TProcessor {
	first := thrifttest.NewThriftTestProcessor(handler{})
	if !multiplexed() {
		return first
	}
	several := thrift.NewTMultiplexedProcessor()
	several.RegisterDefault(first)
	several.RegisterProcessor("ThriftTest", first)
	several.RegisterProcessor("SecondService", thrifttest.NewSecondServiceProcessor(handler{}))
	return several
}

func serveHTTP() error {
	answer := thrift.NewThriftHandlerFunc(processor(), protocols(), protocols())
	if *domainSocket == "" {
		return http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", *port), http.HandlerFunc(answer))
	}
	listener, err := net.ListenUnix("unix", unixAddress())
	if err != nil {
		return err
	}
	return http.Serve(listener, http.HandlerFunc(answer))
}

func serve() error {
	if *transport == "http" {
		return serveHTTP()
	}
	var socket thrift.TServerTransport
	if *domainSocket != "" {
		socket = thrift.NewTServerSocketFromAddrTimeout(unixAddress(), 0)
	} else {
		var err error
		if socket, err = thrift.NewTServerSocket(fmt.Sprintf("127.0.0.1:%d", *port)); err != nil {
			return err
		}
	}
	return thrift.NewTSimpleServer4(processor(), socket, transports(), protocols()).Serve()
}

func openHTTP() (thrift.TTransport, error) {
	var options thrift.THttpClientOptions
	if *domainSocket != "" {
		options.Client = &http.Client{Transport: &http.Transport{
			DialContext: func(context.Context, string, string) (net.Conn, error) {
				return net.DialUnix("unix", nil, unixAddress())
			}}}
	}
	return thrift.NewTHttpClientWithOptions(
		fmt.Sprintf("http://%s:%d/service", *host, *port), options)
}

func open() (thrift.TTransport, error) {
	if *transport == "http" {
		return openHTTP()
	}
	var socket thrift.TTransport
	if *domainSocket != "" {
		socket = thrift.NewTSocketFromAddrConf(unixAddress(), nil)
	} else {
		socket = thrift.NewTSocketConf(fmt.Sprintf("%s:%d", *host, *port), nil)
	}
	return transports().GetTransport(socket)
}

func client(wire thrift.TTransport, service string) thrift.TClient {
	factory := protocols()
	in, out := factory.GetProtocol(wire), factory.GetProtocol(wire)
	if multiplexed() {
		out = thrift.NewTMultiplexedProtocol(out, service)
	}
	return thrift.NewTStandardClient(in, out)
}

func call() error {
	wire, err := open()
	if err != nil {
		return err
	}
	if err = wire.Open(); err != nil {
		return err
	}
	defer wire.Close()
	first := thrifttest.NewThriftTestClient(client(wire, "ThriftTest"))
	checks := checks{client: first}
	checks.all()
	if multiplexed() {
		second := thrifttest.NewSecondServiceClient(client(wire, "SecondService"))
		got, err := second.SecondtestString(context.Background(), "foo")
		checks.expect("secondtestString", got, `testString("foo")`, err)
	}
	if checks.wrong > 0 {
		return fmt.Errorf("%d things were wrong", checks.wrong)
	}
	return nil
}

func main() {
	side := os.Args[1]
	if err := flag.CommandLine.Parse(os.Args[2:]); err != nil {
		os.Exit(2)
	}
	run := call
	if side == "server" {
		run = serve
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
