"""The servers that answer the service Echo: how each is built and started."""

import os

PACKAGES = ["thrift-compiler", "libthrift-dev", "libboost-dev", "libthrift-c-glib-dev",
            "libglib2.0-dev", "libevent-dev", "python3-thriftpy"]
RAW, OURS = "raw epoll echo", "rethrift"
CPP = {"Apache C++ TSimpleServer": "simple", "Apache C++ TThreadedServer": "threaded",
       "Apache C++ TThreadPoolServer": "pool", "Apache C++ TNonblockingServer": "nonblocking",
       "Apache C++ TNonblockingServer + 4": "nonblocking-pool"}
C_GLIB, THRIFTPY = "Apache c_glib TSimpleServer", "ThriftPy TThreadedServer"


class Servers:
    """Builds the programs; `command(name, address, …)` is how to start one of them."""

    def __init__(self, builder):
        self.builder = builder
        self.idl = builder.source("idl", "payloads.thrift")
        self.raw = self._tool("raw_echo")
        self.cpp = self._apache_cpp("apache_cpp_server")
        self.c_glib = self._apache_c_glib()
        self.ours = builder.own_program("echo_server",
                                        [builder.source("rpc", "echo_server.c")])

    def _tool(self, name):
        return self.builder.program(name, [self.builder.source("rpc", name + ".c")])

    def load_generator(self):
        return self._tool("load_generator")

    def start_time(self):
        return self._tool("start_time")

    def idle_connections(self):
        return self._tool("idle_connections")

    def slow_peers(self):
        return self._tool("slow_peers")

    def resets(self):
        return self._tool("resets")

    def client(self):
        return self.builder.own_program("echo_client",
                                        [self.builder.source("rpc", "echo_client.c")])

    def cpp_client(self):
        return self._apache_cpp("apache_cpp_client")

    def _apache_cpp(self, name):
        generated = self.builder.generate("cpp:no_skeleton", "cpp-virtual", self.idl)
        return self.builder.program(name, [
            self.builder.source("rpc", name + ".cc"),
            os.path.join(generated, "Echo.cpp"), os.path.join(generated, "payloads_types.cpp")],
            ["-w", "-I" + generated, "-lthriftnb", "-lthrift", "-levent", "-lpthread"], [self.idl])

    def _apache_c_glib(self):
        generated = self.builder.generate("c_glib", "c_glib", self.idl)
        return self.builder.program("apache_c_glib_server", [
            self.builder.source("rpc", "apache_c_glib_server.c"),
            os.path.join(generated, "bench_echo.c"),
            os.path.join(generated, "bench_payloads_types.c")],
            ["-std=gnu11", "-w", "-I" + generated] + self.builder.pkg_config("thrift_c_glib"),
            [self.idl])

    def command(self, name, address, workers=64, loops=1, patience_ms=None):
        """`address` is a port of 127.0.0.1 or a path, as text. The last two are of ours."""
        if name == RAW:
            return [self.raw, address]
        if name == OURS:
            url = "unix:" + address if "/" in address else "tcp://127.0.0.1:" + address
            return [self.ours, self.idl, url, str(loops)] + \
                ([str(patience_ms)] if patience_ms is not None else [])
        if name == C_GLIB:
            return [self.c_glib, address]
        if name == THRIFTPY:
            return ["/usr/bin/python3", self.builder.source("rpc", "thriftpy_server.py"), self.idl,
                    address]
        kind = CPP[name]
        return [self.cpp, kind, address, str(4 if kind == "nonblocking-pool" else workers)]
