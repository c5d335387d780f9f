"""A flow graph of GNU Radio that runs until its input ends; GR_CONF_CONTROLPORT_ON=True lets
ControlPort say where it listens."""
import sys

from gnuradio import blocks, gr

graph = gr.top_block('graph')
graph.connect(blocks.null_source(gr.sizeof_float), blocks.throttle(gr.sizeof_float, 1000.0, True),
              blocks.probe_signal_f())
graph.start()
sys.stdin.read()
graph.stop()
graph.wait()
