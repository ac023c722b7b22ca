"""The explorers under test; each call makes a new one."""

import numpy as np

from lstm_lib import LSTMParams, RNNParams, sigmoid
from lstm_lib.exercises import choose, predict
from lstm_lib.explore import (
    CellExplorer,
    CellOverTime,
    ChangePart,
    ForecastPanel,
    ForgetClamped,
    ForgetComputed,
    GateOverTime,
    GradientReach,
    LagReach,
    MemoryDecay,
    MovingOrigin,
    PullAWire,
    PushState,
    Race,
    TenStarts,
    TrainingPanel,
    TwinSentences,
    answer,
    end_with,
    hold_at_end,
    keep_until,
    loss_below,
)

X20 = np.random.default_rng(5).normal(size=20).round(1)

AS_FOUND = LSTMParams.from_gates(
    W_f=[[0.5, -10]], b_f=[0.5], W_i=[[0.5, 0.5]], b_i=[0.5], W_o=[[10, 0.5]], b_o=[0.5], W_C=[[0.5, 0.5]], b_C=[0.5]
)  # fmt: skip
LATCH = LSTMParams.from_gates(
    W_f=[[0, 0, -24, 0]], b_f=[12], W_i=[[0, 0, 24, 0]], b_i=[-12], W_C=[[0, 12, 0, 0]], W_o=[[0, 0, 0, 24]], b_o=[-12]
)  # fmt: skip
LATCH_INPUTS = np.array([[1, 1, 0], [1, 0, 0], [-1, 0, 1], [-1, 1, 0], [1, 0, 1]], dtype=float)


def own_gate(h_prev, x_t, W_f, b_f):
    """A learner's forget gate, as in the notebooks."""
    return sigmoid(W_f @ np.concatenate([h_prev, x_t]) + b_f)


def own_step(params, x_t, h_prev, C_prev):
    """A learner's step of the whole cell."""
    v = np.concatenate([h_prev, x_t])
    f, i, o = (sigmoid(W @ v + b) for W, b in
               ((params.W_f, params.b_f), (params.W_i, params.b_i), (params.W_o, params.b_o)))  # fmt: skip
    C_t = f * C_prev + i * np.tanh(params.W_C @ v + params.b_C)
    return o * np.tanh(C_t), C_t


def big_cell(**more):
    """Four units and four inputs."""
    rng = np.random.default_rng(6)
    params = LSTMParams(rng.normal(size=(16, 8)).round(1), rng.normal(size=16).round(1))
    x, h = rng.normal(size=4).round(1), rng.uniform(-1, 1, 4).round(2)
    return CellExplorer(params, x, h, [6, -8, 9, 0.5], **more)


def with_an_rnn(x=(1, -1, 2, 0, 0.5), **more):
    """One unit over five steps, and a plain RNN."""
    cell = LSTMParams.from_gates(
        W_f=[[0.5, 1.0]], b_f=[2.0], W_i=[[0.2, 2.0]], W_o=[[0.3, 1.0]], b_o=[0.5], W_C=[[0.4, 1.5]]
    )
    presets = {"one spike": [1, 0, 0, 0, 0, 0, 0], "two": [1, -1]}
    return CellOverTime(cell, x, rnn=RNNParams([[0.9, 1.0]], [0.1]), presets=presets, **more)


def four_units_in_time():
    """Four units, two inputs, twenty steps."""
    rng = np.random.default_rng(7)
    params = LSTMParams(rng.normal(size=(16, 6)), rng.normal(size=16))
    return CellOverTime(params, rng.normal(size=(20, 2)).round(1), clamp={"i": 0.5})


EXPLORERS = {
    "ForgetClamped": ForgetClamped,
    "ForgetClamped, one unit": lambda: ForgetClamped([0.5], [12.0]),
    "ForgetComputed": ForgetComputed,
    "ForgetComputed, yours": lambda: ForgetComputed(own_gate),
    "MemoryDecay": MemoryDecay,
    "GateOverTime": lambda: GateOverTime(X20, goal=keep_until(10)),
    "GateOverTime, three units": lambda: GateOverTime(X20[:10], [2, -2, 0.3], [0, 0, 2], goal=end_with([1, 0, 1])),
    "CellExplorer": CellExplorer,
    "CellExplorer, four units and inputs": big_cell,
    "CellExplorer, clamped": lambda: big_cell(clamp={"i": 0.5, "o": [0, 1, 0.5, 0.9975]}, sliders="weights"),
    "CellExplorer, nothing comes in": lambda: CellExplorer(LSTMParams.from_gates(W_f=np.zeros((3, 7))), [0] * 4, clamp={
        "f": 0.5, "i": 1, "C_tilde": 0.5, "o": 1}),
    "CellExplorer, as found": lambda: CellExplorer(AS_FOUND, [7], [-1]),
    "CellExplorer, yours": lambda: CellExplorer(yours=own_step),
    "CellOverTime, an RNN beside it": lambda: with_an_rnn(goal=hold_at_end(1.0)),
    "CellOverTime, four units": four_units_in_time,
    "CellOverTime, as found": lambda: CellOverTime(AS_FOUND, [1, 5, 7, 4], h_0=[-1], sliders="weights"),
    "CellOverTime, latch": lambda: CellOverTime(LATCH, LATCH_INPUTS, goal=answer([0, 0, 1, 0, -1], np.tanh(1))),
    "GradientReach": GradientReach,
    "GradientReach, 16 units": lambda: GradientReach(units=16, gate="clamped"),
    "LagReach": LagReach,
    "MovingOrigin": MovingOrigin,
    "ForecastPanel": lambda: ForecastPanel("sunspots", steps=10),
    "TenStarts": TenStarts,
    "PullAWire": PullAWire,
    "Race": Race,
    "TrainingPanel": lambda: TrainingPanel(steps=20, goal=loss_below(0.5)),
    "TrainingPanel, plain RNN": lambda: TrainingPanel("latch", 20, cell="RNN", optimiser="SGD"),
    "TwinSentences": TwinSentences,
    "TwinSentences, one added, far apart": lambda: TwinSentences(
        "Although the Godfather wasn't zorgly", edit="add", word=1, added="we saw it", fillers=25),
    "PushState": PushState,
    "PushState, running sum": lambda: PushState("running sum (02)", direction="probe", strength=1.5),
    "ChangePart": ChangePart,
    "ChangePart, latch": lambda: ChangePart("latch (04)", edit="gate", gate="f", value=1.0),
    "a prediction": lambda: predict("count_up", CellExplorer(C_prev=[0.0], clamp={"f": 1, "i": 1, "C_tilde": 0.8, "o": 1})),
    "a choice": lambda: choose("three_things"),
}  # fmt: skip

FIRST = {name.split(",")[0]: name for name in reversed(EXPLORERS)}.values()
"""The first of each class; the others are like it."""
