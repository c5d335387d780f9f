"""GNU Radio's own client of ControlPort sets a knob: set_knob.py PORT NAME VALUE"""
import os
import sys

from gnuradio import ctrlport

sys.path.insert(0, os.path.dirname(ctrlport.__file__))

from GNURadio import ControlPort  # noqa: E402
from GNURadio.ttypes import BaseTypes, Knob, KnobBase  # noqa: E402
from thrift.protocol import TBinaryProtocol  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402

port, name, value = sys.argv[1:]
wire = TTransport.TBufferedTransport(TSocket.TSocket('127.0.0.1', int(port)))
wire.open()
ControlPort.Client(TBinaryProtocol.TBinaryProtocol(wire)).setKnobs(
    {name: Knob(type=BaseTypes.DOUBLE, value=KnobBase(a_double=float(value)))})
