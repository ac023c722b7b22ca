"""Random cells of every kind, and one gradient check for all."""

import numpy as np

from lstm_lib import KINDS, Params, backward, central_differences, forward

D, H, T = 2, 3, 5


def random_params(kind, rng, dtype=float):
    """Parameters none of which is zero, biases and peepholes included."""
    arrays = {name: rng.normal(size=shape).astype(dtype) for name, shape in kind.shapes(D, H).items()}
    return Params(kind, **arrays)


def random_states(kind, rng, batch=(), suffix="_0"):
    """First states none of which is zero; the normaliser of exponential gates is a sum of positive numbers."""
    states = {name: rng.normal(size=(*batch, n * H)) for name, n in kind.states.items()}
    return {f"{name}{suffix}": np.abs(a) + 0.5 if name == "n" else a for name, a in states.items()}


class Case:
    """A kind's random sequence, with a loss that every h and every last state enters."""

    def __init__(self, name, seed=0, batch=(), clamp=None, T=T):
        rng = np.random.default_rng(seed)
        self.kind, self.clamp = KINDS[name], clamp
        self.params = random_params(self.kind, rng)
        self.first = random_states(self.kind, rng, batch)
        self.x = rng.normal(size=(T, *batch, D))
        self.dh = rng.normal(size=(T, *batch, H))
        self.at_end = {f"d{s}_T": rng.normal(size=(*batch, n * H)) for s, n in self.kind.states.items()}
        self.arrays = {n: getattr(self.params, n) for n in self.params.names} | self.first | {"x": self.x}

    def trace(self, arrays=None):
        a = arrays or self.arrays
        params = Params(self.kind, **{n: a[n] for n in self.params.names})
        return forward(params, a["x"], self.clamp, **{n: a[n] for n in self.first})

    def loss(self, arrays):
        trace = self.trace(arrays)
        ends = sum(float((getattr(trace, n[1:-2])[-1] * d).sum()) for n, d in self.at_end.items())
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
