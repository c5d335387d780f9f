"""Every peer of the matrix, one to a file."""
from .c_glib import CGlib
from .cpp import Cpp
from .go import Go
from .java import Java
from .node import Node
from .ours import Ours
from .perl import Perl
from .php import Php
from .python import Python
from .ruby import Ruby
from .thriftpy import ThriftPy

ALL = [Ours, Cpp, CGlib, Python, ThriftPy, Node, Go, Java, Php, Perl, Ruby]
