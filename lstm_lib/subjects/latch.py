"""A one-unit latch that writes, holds and answers when asked."""

import numpy as np

from lstm_lib.cell.lstm import LSTMParams, lstm_forward
from lstm_lib.judge.exercise import exercise
from lstm_lib.learning.tasks import latch_target

VALUE, WRITE, QUERY = 0, 1, 2
HOLD = WRITE
"""In the exercise, the second input is 1 to hold and 0 to write."""
READOUT = 1 / np.tanh(1.0)
"""The linear readout: it scales tanh(1) = 0.76, which a memory of 1 shows, to 1."""


def latch_inputs(rng):
    """(12, 3) inputs [value, write, query]: two writes, distracting values between, queries.

    value is ±1 at every step; write and query are 0 or 1 and never both 1.
    """
    x = np.zeros((12, 3))
    x[:, VALUE] = rng.choice([-1.0, 1.0], 12)
    second = int(rng.integers(5, 8))
    x[[0, second], WRITE] = 1.0
    x[second, VALUE] = -x[0, VALUE]
    x[[3, second - 1, 11], QUERY] = 1.0
    return x


GATES = (  # gate, the input it follows, the input's value, the right gate for it, a slip, feedback
    ("i", HOLD, 0, 1, "b_i=[12] → b_i=[-12]", "The input gate is not open when hold = 0"),
    ("i", HOLD, 1, 0, "0, 0, -24, 0 → 0, 0, 0, 0", "It writes while hold = 1: distracting values get in through i_t"),
    ("f", HOLD, 1, 1, "0, 0, 24, 0 → 0, 0, 14, 0", "It fades while holding: f_t has to be near 1 whenever hold = 1"),
    ("f", HOLD, 0, 0, "b_f=[-12] → b_f=[0]", "The old value is still there when the new one is written: f_t has to close "
     "as i_t opens"),
    ("o", QUERY, 1, 1, "0, 0, 0, 24 → 0, 0, 0, 0", "It does not answer: o_t has to be open when query = 1"),
    ("o", QUERY, 0, 0, "b_o=[-12] → b_o=[12]", "It shows its memory while query = 0: o_t has to be shut then"),
)  # fmt: skip
NOT_THE_VALUE = "What is written is not the value: C̃_t times the value should be near 1"
WRITES = "This cell stores the value when its second input is 1, as in the explorer. Here it has to keep what it has then."


def _worst(trace, target):
    return np.abs(READOUT * trace.h[..., 0] - target).max()


def _grade_latch(params):
    if not isinstance(params, LSTMParams):
        return f"Expected (a function that returns) LSTMParams of one unit with three inputs, got {type(params).__name__}."
    if (params.hidden_size, params.input_size) != (1, 3):
        return f"Expected one unit with three inputs, got H={params.hidden_size}, D={params.input_size}."
    sequences = [latch_inputs(np.random.default_rng(seed)) for seed in range(8)]
    x = np.stack(sequences, axis=1)
    target = latch_target(x)
    if _worst(lstm_forward(params, x), target) < 0.01:
        return WRITES
    x[..., HOLD] = 1 - x[..., WRITE]
    trace = lstm_forward(params, x)
    worst = _worst(trace, target)
    if worst < 0.01:
        return ""
    written = (trace.C_tilde[..., 0] * x[..., VALUE])[x[..., HOLD] == 0].min()
    if written < -0.01:
        return f"{NOT_THE_VALUE}, and is −{-written:.2f} at worst: has the weight on value the wrong sign?"
    if written < 0.99:
        return f"{NOT_THE_VALUE}, and is {abs(written):.2f} at worst. (Does C̃_t read the column of value, with a weight that is large enough and no bias?)"
    for gate, column, at, wanted, _, words in GATES:
        off = np.abs(getattr(trace, gate)[x[..., column] == at] - wanted).max()
        if 0.005 < off < 0.1:
            return f"The {gate} gate goes the right way, but not far enough (off by up to {off:.2f}): make z ±12."
        if off > 0.005:
            return f"{words} (off by up to {off:.2f})."
    return f"Every gate is about right, but the answer is off by up to {worst:.2f}: larger logits, like ±12?"


@exercise(
    "".join(f"{slip} | {words}\n" for *_, slip, words in GATES)
    + f"""\
0, 12, 0, 0 → 0, -12, 0, 0 | {NOT_THE_VALUE}
24, 0]], b_f=[-12] → -24, 0]], b_f=[+12] ; -24, 0]], b_i=[12] → 24, 0]], b_i=[-12] | {WRITES}
""",
    grade=_grade_latch,
    hints=(
        "A gate with weight 24 and bias −12 follows a 0/1 input: σ(−12) = 0, σ(12) = 1. −24 and +12 give its opposite.",
        "f_t follows hold, i_t is its opposite, o_t follows query. The candidate needs a weight on value.",
    ),
    praise="Right: it writes, holds and answers within 1 %, over eight sequences.",
)
def latch():
    return LSTMParams.from_gates(
        W_f=[[0, 0, 24, 0]], b_f=[-12],
        W_i=[[0, 0, -24, 0]], b_i=[12],
        W_C=[[0, 12, 0, 0]], b_C=[0],
        W_o=[[0, 0, 0, 24]], b_o=[-12],
    )  # fmt: skip
