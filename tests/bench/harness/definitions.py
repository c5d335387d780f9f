"""Definition files of any size, the same in every run; 400 structs are about a big real one."""

import random


def definition(structs, i8="i8"):
    """The text: enums, documented structs that use each other, services. `i8`: its spelling."""
    return _Writer(structs, i8).text()


class _Writer:
    def __init__(self, structs, i8):
        self.random = random.Random(1)
        self.structs = structs
        self.enums = max(1, structs // 8)
        self.scalars = ["bool", i8, "i16", "i32", "i64", "double", "string", "binary"]
        self.names = []

    def text(self):
        parts = ["namespace cpp generated\nnamespace py generated\n"]
        parts += [self._enum(i) for i in range(self.enums)]
        parts += [self._struct(i) for i in range(self.structs)]
        parts.append("exception Failure { 1: string message, 2: i32 code }\n")
        parts += [self._service(i) for i in range(max(1, self.structs // 100))]
        return "\n".join(parts)

    def _enum(self, i):
        count = self.random.randint(4, 30)
        return "enum Enum%d {\n%s\n}\n" % (
            i, "\n".join("  E%d_VALUE_%d = %d," % (i, j, j) for j in range(count)))

    def _type(self, depth=0):
        draw = self.random.random()
        if draw < 0.55 or depth > 1:
            return self.random.choice(self.scalars)
        if draw < 0.65:
            return "Enum%d" % self.random.randrange(self.enums)
        if draw < 0.78 and self.names:
            return self.random.choice(self.names)
        if draw < 0.92:
            return "list<%s>" % self._type(depth + 1)
        return "map<%s, %s>" % (self.random.choice(["string", "i32", "i64"]),
                                self._type(depth + 1))

    def _struct(self, i):
        name = "RecordNumber%d" % i
        fields = ["  %d: %s %s fieldName%d," % (
            j, self.random.choice(["optional", "required", ""]), self._type(), j)
                  for j in range(1, self.random.randint(3, 16))]
        self.names.append(name)
        return "/** Documentation of %s:\n * what it holds and when it is sent. */\n" \
            "struct %s {\n%s\n}\n" % (name, name, "\n".join(fields))

    def _service(self, i):
        methods = ["  %s method%d_%d(1: %s a, 2: %s b) throws (1: Failure f)," % (
            self.random.choice(self.names), i, j, self.random.choice(self.names),
            self.random.choice(self.scalars)) for j in range(60)]
        return "service Service%d {\n%s\n}\n" % (i, "\n".join(methods))
