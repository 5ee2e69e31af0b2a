"""The chain rule on a circuit of gates: forward values, backward gradients, a table and a picture.

>>> from courseport.lectures import circuit
>>> x, y, z = circuit.variables(x=-2, y=5, z=-4)
>>> f = (x + y) * z
>>> gradients = circuit.backward(f)
>>> f.value, gradients[x], gradients[y], gradients[z]
(-12.0, -4.0, -4.0, 3.0)

`parse` builds the same circuit from the string ``"(x + y) * z"``, `gate_table` lists its gates, and `draw` draws it.
Nothing of the neural network uses this module: it is an independent route to its gradient.
"""

from __future__ import annotations

from courseport.lectures.circuit.drawing import draw
from courseport.lectures.circuit.gradients import Gate, Gradients, backward, gate_table, topological_order
from courseport.lectures.circuit.nodes import Node, constant, exp, log, maximum, sigmoid, tanh, variable, variables
from courseport.lectures.circuit.parser import parse

__all__ = [
    "Gate",
    "Gradients",
    "Node",
    "backward",
    "constant",
    "draw",
    "exp",
    "gate_table",
    "log",
    "maximum",
    "parse",
    "sigmoid",
    "tanh",
    "topological_order",
    "variable",
    "variables",
]
