"""Look inside a trained LSTM network: change a state, blank an input, clamp a gate, and measure what follows.

The *margin* of a network is the number that decides: its output, or with two outputs the second minus the first.
A state here is (h, C) of all units, joined to one vector of 2H numbers.
"""

from dataclasses import dataclass

import numpy as np

from lstm_lib.cell.activations import logit, sigmoid
from lstm_lib.cell.kinds import GATES
from lstm_lib.cell.lstm import LSTMParams, lstm_backward, lstm_forward
from lstm_lib.checks import as_floats, check_shape, generator, instance, one_of, whole_number
from lstm_lib.learning.network import Network, share_of_signs

CLAMPED_AT = 40.0
"""The z of a gate that is clamped at 1: σ(40) is 1 in double precision."""


def lstm_of(name, network):
    """The parameters of a network whose cell is the course's LSTM, as float64; ValueError for other kinds."""
    params = instance(name, network, Network).params
    if params.kind.states != ["h", "C"] or [g.key for g in params.kind.gates] != list(GATES):
        raise ValueError(f"{name}: expected one whose network is an LSTM")
    return LSTMParams(params.W.astype(float), params.b.astype(float))


def readout(network):
    """(v, c): the margin is h · v + c."""
    V, c = network.V.astype(float), network.c.astype(float)
    return (V[0], c[0]) if len(V) == 1 else (V[1] - V[0], c[1] - c[0])


def margin(network, h):
    """The margin for hidden states h (…, H)."""
    v, c = readout(network)
    return h @ v + c


def with_gate(params, gate, unit, value):
    """Parameters with which a gate of one unit has the value `value` at every step."""
    W, b = params.W.copy(), params.b.copy()
    row = list(GATES).index(one_of("gate", gate, tuple(GATES))) * params.hidden_size + unit
    share, scale = (value, 1.0) if gate in "fio" else ((value + 1) / 2, 0.5)  # tanh z = 2σ(2z) − 1
    W[row], b[row] = 0, scale * np.clip(logit(share), -CLAMPED_AT, CLAMPED_AT)
    return LSTMParams(W, b)


def joined(h, C):
    """States (…, 2H)."""
    return np.concatenate([h, C], axis=-1)


def go_on(params, x, state):
    """The trace of reading x (T, D) from each of the states (…, 2H) on."""
    h, C = np.split(np.asarray(state, float), 2, axis=-1)
    if h.ndim == 2:
        x = np.repeat(x[:, None], len(h), axis=1)
    return lstm_forward(params, x, h, C)


def ledger(trace):
    """(T, …, H): what is left at the end of what each step wrote. From C_0 = 0 the sum over the steps is C_T."""
    later = np.cumprod(np.concatenate([trace.f[1:], np.ones_like(trace.f[:1])])[::-1], axis=0)[::-1]
    return later * trace.i * trace.C_tilde


@dataclass(frozen=True, eq=False)
class Probe:
    """Logistic regression on states (N, 2H), fitted by `fit_probe`: the probability of a label is σ(states · weights + bias)."""

    weights: np.ndarray
    bias: float

    def read(self, states):
        """The probability that the label is 1."""
        return sigmoid(np.asarray(states) @ self.weights + self.bias)

    def accuracy(self, states, labels):
        return share_of_signs(self.read(states) - 0.5, np.asarray(labels) - 0.5)


def fit_probe(states, labels, penalty=0.01, steps=30):
    """A Probe, fitted by Newton's method on standardised states; `penalty` times the squared weights is added to the loss."""
    states, labels = as_floats("states", states), as_floats("labels", labels)
    check_shape("states", states, (len(labels), "2H"), why="(one row per label)")
    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-9
    X = np.column_stack([(states - mean) / spread, np.ones(len(states))])
    w, ridge = np.zeros(X.shape[1]), penalty * np.r_[np.ones(states.shape[1]), 0]
    for _ in range(whole_number("steps", steps)):
        p = sigmoid(X @ w)
        slope = X.T @ (p - labels) / len(X) + ridge * w
        w = w - np.linalg.solve((X.T * (p * (1 - p))) @ X / len(X) + np.diag(ridge + 1e-6), slope)
    weights = w[:-1] / spread
    return Probe(weights, float(w[-1] - mean @ weights))


def class_means(states, labels):
    """The mean state with label 1 minus that with label 0: (2H,)."""
    states, one = np.asarray(states), np.asarray(labels) > 0.5
    return states[one].mean(axis=0) - states[~one].mean(axis=0)


def as_long_as(direction, length):
    """The direction, scaled to a length."""
    return direction * (length / max(float(np.linalg.norm(direction)), 1e-12))


def random_directions(rng, count, spread):
    """(count, 2H) random directions; each number varies as much as it does among the states: `spread` (2H,)."""
    return generator(rng).normal(size=(count, len(spread))) * spread


def without_each(x):
    """(T, T, D): copies of x (T, D), side by side, of which the t-th has x_t = 0."""
    return x[:, None] * (1 - np.eye(len(x)))[:, :, None]


def blanked(network, x):
    """(T,) the margin after the last step when x_t is 0, for each t."""
    return margin(network, lstm_forward(lstm_of("network", network), without_each(x)).h[-1])


def gradients(network, x):
    """The gradient of the margin after the last step w.r.t. x, shaped as x (T, D) or (T, B, D)."""
    params = lstm_of("network", network)
    trace = lstm_forward(params, x)
    dh = np.zeros_like(trace.h)
    dh[-1] = readout(network)[0]
    return lstm_backward(params, trace, dh).x


def attributions(network, x, steps=32):
    """{name: (T,)}: four answers to the question what each step did to the margin at the end.

    blanking : the margin minus that with x_t = 0;  gradient × input;  integrated gradients : the mean gradient at
    `steps` points between an input of 0 and x, times x;  ledger : what the step wrote that is left in C_T, as o_T · tanh C_T shows it
    """
    params, (v, _) = lstm_of("network", network), readout(network)
    trace = lstm_forward(params, x)
    last = trace[len(x) - 1]
    shares = (np.arange(steps) + 0.5) / steps
    mean = gradients(network, x[:, None] * shares[:, None]).mean(axis=1)
    shown = v * last.o_t * last.tanh_C / np.where(last.C_t == 0, 1, last.C_t)
    return {
        "blanking": margin(network, last.h_t) - blanked(network, x),
        "gradient × input": (gradients(network, x) * x).sum(axis=-1),
        "integrated gradients": (mean * x).sum(axis=-1),
        "ledger": ledger(trace) @ shown,
    }
