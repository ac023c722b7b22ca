"""Setting a cell by hand: a one-unit latch that writes, holds and answers when asked."""

from __future__ import annotations

import numpy as np

from lstm_lib.cell.lstm import LSTMParams, lstm_forward
from lstm_lib.exercises.check import Exercise

__all__ = ["LATCH_EXERCISES", "latch_answer", "latch_inputs", "latch_target"]

WRITE, HOLD, QUERY = "write", "hold", "query"
VALUE_COLUMN, WRITE_COLUMN, QUERY_COLUMN = 0, 1, 2
READOUT = 1 / np.tanh(1.0)
"""The linear readout: a memory of 1 shows tanh(1) = 0.76, which this makes 1 again."""


def latch_inputs(rng, steps=12):
    """(steps, 3) inputs [value, write, query]: two writes, distracting values between, queries.

    value is ±1 at every step; write and query are 0 or 1 and never both 1.
    """
    x = np.zeros((steps, 3))
    x[:, VALUE_COLUMN] = rng.choice([-1.0, 1.0], steps)
    second = int(rng.integers(5, 8))
    x[[0, second], WRITE_COLUMN] = 1.0
    x[second, VALUE_COLUMN] = -x[0, VALUE_COLUMN]
    x[[3, second - 1, steps - 1], QUERY_COLUMN] = 1.0
    return x


def latch_target(x):
    """(steps,) what a latch answers: the value last written where it is asked, else 0."""
    target, stored = np.zeros(len(x)), 0.0
    for t, (value, write, query) in enumerate(x):
        stored = value if write else stored
        target[t] = stored if query else 0.0
    return target


def latch_answer(params, x):
    """(steps,) what the cell answers, through the linear readout."""
    return READOUT * lstm_forward(params, x).h[:, 0]


def _latch(params):
    if callable(params):
        params = params()
    if not isinstance(params, LSTMParams):
        return f"Hand in (a function that returns) LSTMParams of one unit with three inputs, not {type(params).__name__}."
    if (params.hidden_size, params.input_size) != (1, 3):
        return f"Expected one unit with three inputs, got H={params.hidden_size}, D={params.input_size}."
    worst, gates = (
        0.0,
        {"f hold": [], "f write": [], "i hold": [], "i write": [], "o query": [], "o rest": []},
    )
    signs = []
    for seed in range(8):
        x = latch_inputs(np.random.default_rng(seed))
        trace = lstm_forward(params, x)
        write, query = x[:, WRITE_COLUMN] == 1, x[:, QUERY_COLUMN] == 1
        for name, values, where in (("f hold", trace.f, ~write), ("f write", trace.f, write), ("i hold", trace.i, ~write),
                                    ("i write", trace.i, write), ("o query", trace.o, query), ("o rest", trace.o, ~query)):  # fmt: skip
            gates[name].extend(values[where, 0])
        signs.extend(trace.C_tilde[write, 0] * x[write, VALUE_COLUMN])
        worst = max(worst, float(np.abs(READOUT * trace.h[:, 0] - latch_target(x)).max()))
    if worst < 0.01:
        return ""
    if min(signs) < 0.99:
        return f"What is written is not the value: C̃_t times the value should be near 1, and is {min(signs):.2f} at worst. (Is the weight on value large enough?)"
    for name, want, words in (
        ("i write", 1, "The input gate is not open when write = 1"),
        ("i hold", 0, "It writes while write = 0: distracting values get in through i_t"),
        ("f hold", 1, "It fades while holding: f_t has to be near 1 whenever write = 0"),
        (
            "f write",
            0,
            "The old value is still there when the new one is written: f_t has to close as i_t opens",
        ),
        ("o query", 1, "It does not answer: o_t has to be open when query = 1"),
        ("o rest", 0, "It shows its memory without being asked: o_t has to be shut when query = 0"),
    ):
        off = max(abs(g - want) for g in gates[name])
        if off > 0.005:
            return f"{words} (off by up to {off:.2f})."
    return f"Every gate is about right, but the answer is off by up to {worst:.2f}: larger logits, like ±12?"


LATCH = Exercise(
    name="latch",
    takes="params",
    right=lambda: None,
    cases=(),
    mistakes=(),
    hints=("A gate that follows a 0/1 input: weight 24 and bias −12 give σ(−12) = 0 and σ(12) = 1.",
           "f_t is the opposite of i_t here: weight −24 on write and bias +12. The candidate needs a weight on value."),
    solution="def latch():\n  return LSTMParams.from_gates(\n    W_f=[[0, 0, -24, 0]], b_f=[12],\n    W_i=[[0, 0, 24, 0]], b_i=[-12],\n"
    "    W_C=[[0, 12, 0, 0]], b_C=[0],\n    W_o=[[0, 0, 0, 24]], b_o=[-12],\n)",
    praise="Right: it writes, holds and answers within 1 %, over eight sequences.",
    grade=_latch,
)  # fmt: skip

LATCH_EXERCISES = (LATCH,)
