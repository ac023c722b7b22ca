"""Random cells of every kind, one gradient check for all, and an evaluator of shown equations."""

import numpy as np

from lstm_lib import KINDS, Kind, Params, backward, central_differences, forward
from lstm_lib.cell.params import layout
from lstm_lib.cell.trees import field_of

D, H, T = 2, 3, 5
f, i, o = (f"{k}_t = σ(W_{k} · [h_{{t-1}}; x_t] + b_{k})" for k in "fio")
new, memory, shown = (
    "C̃_t = tanh(W_C · [h_{t-1}; x_t] + b_C)", "C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t", "h_t = o_t ⊙ tanh(C_t)")  # fmt: skip
GOOD = (f, i, o, new, memory, shown)

OWN = {
    "every operation": ("a_t = relu(W_a · [h_{t-1}; x_t] + b_a) ⊙ softplus(U_a · x_t)",
                        "b_t = max(abs(a_t), 0.25) / (1 + min(exp(h_{t-1}), 3))",
                        "h_t = −tanh(a_t) ⊙ ln(b_t) + h_{t-1} / 2 − (−0.5) ⊙ σ(q)"),
    "separate matrices": ("f_t = σ(W_f · x_t + U_f · h_{t-1} + b_f)", "h_t = f_t ⊙ h_{t-1} + (1 − f_t) ⊙ tanh(W_h · x_t)"),
    "matrix on a value of the step": ("a_t = tanh(W_a · [h_{t-1}; x_t])", "C_t = C_{t-1} ⊙ σ(W_C · a_t + p ⊙ C_{t-1})",
                                      "h_t = tanh(U · (a_t ⊙ C_t) + R · [C_t; x_t]) + a_t"),
    "peephole from a product": (f, "C_t = f_t ⊙ C_{t-1} + (1 − f_t) ⊙ tanh(W_C · x_t)",
                                "o_t = σ(W_o · x_t + p_o ⊙ C_t ⊙ C_{t-1} − f_t)", shown),
    "shared weights": (f, "h_t = f_t ⊙ h_{t-1} + tanh(b_f − W_f · [h_{t-1}; x_t]) ⊙ σ(W_f · [h_{t-1}; x_t] + b_f + f_t)"),
    "signs": ("C̃_t = tanh(W_C · x_t − b_C − U_C · h_{t-1} + R_C · h_{t-1} + S_C · h_{t-1} + b_C + b_C + 0.5)", "h_t = −2 ⊙ C̃_{t-1} − (−3) ⊙ C̃_t"),
    "no gate": ("h_t = h_{t-1} + W · x_t",),
    "a state later": ("C_t = C_{t-1} ⊙ σ(b) + tanh(W · [x_t; h_{t-1}])", "h_t = C_{t-1} − d_{t-1}", "d_t = tanh(U · h_t)"),
    "values without a time": ("v = W_v · x_t + b_v", "rows = σ(v)", "g_t = σ(v − 1)", "h_t = rows ⊙ h_{t-1} + g_t ⊙ v"),
    "a copied state": ("C_t = W · [h_{t-1}; x_t]", "n_t = W · [h_{t-1}; x_t]", "m_t = C_{t-1}", "h_t = tanh(C_t ⊙ n_{t-1}) + m_{t-1}"),
    "matrices on matrices": ("a_t = h_{t-1}", "h_t = tanh(W · [U · a_t; x_t] + R · tanh(S · x_t))",),
    "parameters and numbers alone": ("g_t = σ(b_1) ⊙ softplus(2) − b_2 / b_3", "k_t = b4", "h_t = g_t ⊙ h_{t-1} + max(W · x_t, 1 / 4) ⊙ k_t + q"),
}  # fmt: skip
"""Strange but legal cells."""

CELLS = KINDS | {name: Kind(name, *lines) for name, lines in OWN.items()}


def random_params(kind, rng, dtype=float):
    """Parameters none of which is zero, biases and peepholes included."""
    arrays = {name: rng.normal(size=shape).astype(dtype) for name, shape in kind.shapes(D, H).items()}
    return Params(kind, **arrays)


def random_states(kind, rng, batch=(), suffix="_0"):
    """First states none of which is zero; the normaliser of exponential gates is a sum of positive numbers."""
    states = {name: rng.normal(size=(*batch, H)) for name in kind.states}
    return {f"{name}{suffix}": np.abs(a) + 0.5 if name == "n" else a for name, a in states.items()}


class Case:
    """A kind's random sequence, with a loss that every h and every last state enters."""

    def __init__(self, kind, seed=0, batch=(), clamp=None, T=T):
        rng = np.random.default_rng(seed)
        self.kind, self.clamp = CELLS[kind] if isinstance(kind, str) else kind, clamp
        self.params = random_params(self.kind, rng)
        self.first = random_states(self.kind, rng, batch)
        self.x = rng.normal(size=(T, *batch, D))
        self.dh = rng.normal(size=(T, *batch, H))
        self.at_end = {f"d{s}_T": rng.normal(size=(*batch, H)) for s in self.kind.states}
        self.arrays = {n: getattr(self.params, n) for n in self.params.names} | self.first | {"x": self.x}

    def trace(self, arrays=None, clamp=None):
        a = arrays or self.arrays
        params = Params(self.kind, **{n: a[n] for n in self.params.names})
        return forward(
            params, a["x"], self.clamp if clamp is None else clamp, **{n: a[n] for n in self.first}
        )

    def loss(self, arrays):
        trace = self.trace(arrays)
        ends = sum(float((trace.last[n[1:-2]] * d).sum()) for n, d in self.at_end.items())
        return float((trace.h * self.dh).sum()) + ends

    def gradients(self):
        trace = self.trace()
        return backward(trace.params, trace, self.dh, **self.at_end)

    def check(self, tolerance=2e-7):
        """Every gradient beside central differences; a failure prints both numbers where they differ most."""
        gradients = self.gradients()
        for name, array in self.arrays.items():
            wanted = central_differences(lambda a, name=name: self.loss(self.arrays | {name: a}), array)
            got = getattr(gradients, name)
            assert got.shape == wanted.shape, f"{name}: shape {got.shape}, expected {wanted.shape}"
            off = np.abs(got - wanted) / max(1.0, float(np.abs(wanted).max()))
            worst = np.unravel_index(off.argmax(), off.shape)
            assert off.max() <= tolerance, (
                f"{self.kind.name}: d{name}{list(map(int, worst))}: backward says {got[worst]:.8g}, "
                f"differences say {wanted[worst]:.8g}"
            )

    def check_along(self, tolerance=1e-5):
        """`check`, along one random direction of each array; False where differences are no measure, as at a kink."""
        gradients, rng = self.gradients(), np.random.default_rng(0)
        for name, array in self.arrays.items():
            got, v = getattr(gradients, name), rng.normal(size=array.shape)
            losses = [self.loss(self.arrays | {name: array + k * 1e-6 * v}) for k in (1, -1, 3, -3)]
            wanted, again = (losses[0] - losses[1]) / 2e-6, (losses[2] - losses[3]) / 6e-6
            close = tolerance * max(1, abs(wanted))
            if not abs(wanted - again) < close / 5:
                return False
            assert got.shape == array.shape, name
            assert abs((got * v).sum() - wanted) < close, f"{self.kind.equations}: {name}"
        return True

    def check_text(self):
        """Every value of every step with what the text of the equations says; False where that is no number of a usual size."""
        trace, before = self.trace(), {f"{n[:-2]}_prev": a for n, a in self.first.items()}
        for t, x_t in enumerate(self.x):
            try:
                with np.errstate(all="raise", under="ignore"):
                    wanted = evaluated(self.kind, self.params, x_t, before)
            except FloatingPointError:
                return False
            if max(np.abs(value).max() for value in wanted.values()) > 100:
                return False
            for name, value in wanted.items():
                np.testing.assert_allclose(
                    getattr(trace[t], name), value, rtol=1e-9, atol=1e-11, err_msg=name
                )
            before = {f"{s}_prev": getattr(trace[t], field_of(s)) for s in self.kind.states}
        return True


# --- the equations by Python's own rules ---------------------------------------------------------------


class Matrix:
    """A matrix whose product is written **, which binds like · in an equation."""

    def __init__(self, array):
        self.array = array

    def __pow__(self, vector):
        return self.array @ vector


SCOPE = {"sigma": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "exp": np.exp, "ln": np.log, "abs": np.abs,
         "softplus": lambda z: np.log1p(np.exp(z)), "relu": lambda z: z * (z > 0), "max": np.maximum,
         "min": np.minimum, "cat": lambda *parts: np.concatenate(parts), "__builtins__": {}}  # fmt: skip


def as_python(text):
    """A shown line as Python."""
    for sign, code in [("⊙", "*"), ("·", "**"), ("−", "-"), ("{t-1}", "prev"), ("σ(", "sigma("), ("\u0303_t", "_tilde"),
                       ("\u0303", "_tilde"), ("^h", "_hidden"), ("^x", "_input"), ("[", "cat("), ("]", ")"), (";", ",")]:  # fmt: skip
        text = text.replace(sign, code)
    return text


def evaluated(kind, params, x_t, before):
    """{name: value} of every line, from its text; one vector."""
    known = {"x_t": x_t, **before, **SCOPE}
    for name, (letter, rows, columns) in layout(kind.said, *params.sizes).where.items():
        block = getattr(params, letter)[rows]
        known[name] = Matrix(np.concatenate([block[:, c] for c in columns.values()], 1)) if columns else block
    lines = [as_python(line).split(" = ") for line in kind.equations]
    for left, right in lines:
        known[left] = eval(right, known)
    return {left: np.broadcast_to(known[left], H) for left, _ in lines}
