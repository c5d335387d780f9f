"""Builds ours and the peers, all with the same flags, into one directory outside the sources.

A step runs again only when its command or one of its inputs has changed: the stamp beside each
output holds the hash of both.
"""

import hashlib
import os
import platform
import shlex
import subprocess
import sys

FLAGS = ["-O2"] + (["-march=x86-64-v2"] if platform.machine() == "x86_64" else [])
WARNINGS = ["-Wall", "-Wextra"]


class BuildError(Exception):
    """A command of the build failed; says which, and its own words."""

    def __init__(self, command, words):
        super().__init__("failed: %s\n%s" % (" ".join(map(shlex.quote, command)), words))
        self.words = words

    def first_line(self):
        lines = [line for line in self.words.splitlines() if "error" in line or "undefined" in line]
        return (lines or self.words.splitlines() or [""])[0]


class Builder:
    """Paths of the tree, of the outputs, and the steps from one to the other."""

    def __init__(self, root, directory):
        self.root = root
        self.sources = os.path.join(root, "tests", "bench")
        self.directory = directory
        os.makedirs(directory, exist_ok=True)

    def source(self, *parts):
        return os.path.join(self.sources, *parts)

    def output(self, *parts):
        path = os.path.join(self.directory, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def step(self, output, command, inputs):
        """Run `command` unless `output` was made by it from these inputs. Returns `output`."""
        digest = hashlib.sha256(repr(command).encode())
        for path in inputs:
            with open(path, "rb") as file:
                digest.update(file.read())
        stamp = output + ".stamp"
        if os.path.exists(output) and _text(stamp) == digest.hexdigest():
            return output
        print("build: " + os.path.relpath(output, self.directory), flush=True)
        run(command)
        with open(stamp, "w", encoding="ascii") as file:
            file.write(digest.hexdigest())
        return output

    def generate(self, language, name, idl):
        """`thrift --gen language` into a directory of its own."""
        directory = self.output("generated", name, "")
        self.step(directory + "done", ["sh", "-c", "thrift -nowarn -out %s --gen %s %s && touch %sdone" % (
            shlex.quote(directory), shlex.quote(language), shlex.quote(idl),
            shlex.quote(directory))], [idl])
        return directory

    def program(self, name, sources, arguments=(), inputs=()):
        """Compile and link one program; C or C++ by the name of its first source."""
        compiler = ["g++", "-std=c++17"] if sources[0].endswith((".cc", ".cpp")) else \
            ["gcc", "-std=c11"]
        own = [path for path in sources if path.startswith(self.sources)]
        command = compiler + FLAGS + (WARNINGS if len(own) == len(sources) else []) + \
            ["-I" + self.source("support"), "-o", self.output(name)] + \
            list(sources) + list(arguments)
        headers = [os.path.join(directory, file)
                   for directory in {os.path.dirname(path) for path in own} |
                   {self.source("support")}
                   for file in sorted(os.listdir(directory)) if file.endswith((".h", ".hpp"))]
        return self.step(self.output(name), command, list(sources) + headers + list(inputs))

    def pkg_config(self, package):
        out = subprocess.run(["pkg-config", "--cflags", "--libs", package], capture_output=True,
                             text=True, check=True)
        return out.stdout.split()

    def rethrift(self):
        """The library as a user builds it, with the peers' flags. Returns its build directory."""
        directory = self.output("rethrift", "")
        if not os.path.exists(os.path.join(directory, "build.ninja")):
            run(["meson", "setup", directory, self.root, "--buildtype=release",
                  "-Doptimization=2", "-Dtests=false", "-Dexamples=disabled",
                  "-Dc_args=" + " ".join(FLAGS[1:])])
        run(["ninja", "-C", directory])
        return directory

    def own_program(self, name, sources, arguments=()):
        """A program of ours against the public headers and the library just built.

        None, and a line that says why, when the library does not have what the program needs.
        """
        library = os.path.join(self.rethrift(), "src")
        shared = os.path.join(library, "librethrift.so")
        include = os.path.join(self.root, "include")
        headers = [os.path.join(include, "rethrift", file)
                   for file in sorted(os.listdir(os.path.join(include, "rethrift")))]
        try:
            return self.program(name, sources, ["-D_GNU_SOURCE", "-I" + include, "-L" + library,
                                                "-Wl,-rpath," + library, "-lrethrift",
                                                *arguments], [shared] + headers)
        except BuildError as error:
            print("not measured: %s does not build against this library: %s" % (
                name, error.first_line()), file=sys.stderr)
            return None


def _text(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except OSError:
        return None


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode != 0:
        raise BuildError(command, done.stdout)
