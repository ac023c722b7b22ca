"""A cell written from scratch, as it was found, with four bugs, and the repair of each."""

import numpy as np

from lstm_lib.cell.activations import sigmoid

PARTS = ("forget_gate", "input_gate", "output_gate", "readout", "run")
FOUND = """\
X = [1.0, 5.0, 7.0, 4.0]
W_xh, W_hh, b_h = -10.0, 10.0, 0.0
W_hf, b_f = 0.5, 0.5
W_xi, W_hi, b_i = 0.5, 0.5, 0.5
W_xc, W_hc, b_c = 0.5, 0.5, 0.5
W_ho, W_oh, b_o = 0.5, 0.5, 0.5
W_hy, b_y = 4.0, 5.0
def forget_gate(x, h):
    return sigmoid(W_xh * x + W_hf * h + b_f)
def input_gate(x, h):
    candidate = np.tanh(W_xc * x + W_hc * h + b_c)
    return sigmoid(W_xi * x + W_hi * h + b_i) * candidate
def output_gate(x, h):
    return sigmoid(W_ho * x + W_hh * h + b_o) * np.tanh(C)
def readout(h):
    return sigmoid(W_hy * h + b_y)
def run(X, h=-1.0):
    global C
    C = 0.0
    for x in X:
        C = C * forget_gate(x, h) + input_gate(x, h)
        h = output_gate(x, h)
    return h, C
"""
REPAIRS = (  # of bug 1 to 4: (old, new) in the text of FOUND
    (("W_hf, b_f = 0.5, 0.5", "W_xf, W_hf, b_f = 0.5, 0.5, 0.5"), ("W_xh * x", "W_xf * x")),
    (("W_hh * h", "W_oh * h"),),
    (
        ("def output_gate(x, h)", "def output_gate(x, h, C)"),
        ("def run(X, h=-1.0):\n    global C\n    C = 0.0\n", "def run(X, h=-1.0, C=0.0):\n"),
        ("h = output_gate(x, h)", "h = output_gate(x, h, C)"),
    ),
    (("sigmoid(W_hy * h + b_y)", "W_hy * h + b_y"),),
)


def mend(*bugs, changes=()):
    """The five functions of the script with the bugs numbered 1 to 4 repaired, and more `changes` of its text."""
    source = FOUND
    for old, new in [change for bug in bugs for change in REPAIRS[bug - 1]] + list(changes):
        if old not in source:
            raise ValueError(f"changes: expected text that is in the script, got {old!r}")
        source = source.replace(old, new)
    scope = {"np": np, "sigmoid": sigmoid}
    exec(source, scope)
    return [scope[name] for name in PARTS]
