"""What a kind of cell is: its gates, its parameters, one step forward and one step back.

A new kind is a subclass of `Kind` in a file of this folder. It defines

    name, sentence, source, equations   its description
    gates       its blocks of rows in W and b, in order, each with what it sees (cell/gates.py)
    states      {state passed to the next step: size in units of H}; the readout sees "h"
    lanes       how a state is updated: keep ⊙ previous state + write ⊙ new value
    shown       how h is computed from a state, if h has no lane
    coupled     factors computed from a gate; a factor that is neither here nor in `gates` is always 1
    step        the equations: from parameters, x_t and the previous states to a dict of every value
    back        the chain rule: from the gradients w.r.t. the new states to those w.r.t. the previous states

It is then in `KINDS`, and so in the gradient tests, in training and in the pictures.
"""

import math
from copy import copy

import numpy as np

from lstm_lib.cell.initial import uniform
from lstm_lib.cell.params import Params
from lstm_lib.cell.passes import walk, walk_back
from lstm_lib.checks import as_floats, check_shape, generator, whole_number


class Kind:
    """Base class of all kinds of cell; `KINDS` has one object of each."""

    name = sentence = source = ""
    equations = ()
    gates = ()
    states = {"h": 1, "C": 1}
    lanes = {"C": ("f", "i", "C_tilde")}
    """{state: (keep, write, new)}, keys of gates or of `coupled`; "" if there is no such factor."""
    coupled = {}
    """{key: Coupled}."""
    h_columns = False
    """Whether W keeps its columns on h, with weights of 0, where no gate sees it; see `but`."""
    shown = ("C", "tanh", "o")
    """(state, operation, gate); the operation is an activation, "/ n" (divided by the state n), or ""."""

    def but(self, **sees):
        """A copy with other wires: {gate's key: the names of what the gate sees}. It is not in `KINDS`."""
        new, old = copy(self), {gate.key: gate for gate in self.gates}
        if unknown := set(sees) - set(old):
            raise ValueError(f"but: expected gates from {list(old)}, got {sorted(unknown)[0]!r}")
        changed = {key: gate.but(sees=tuple(sees.get(key, gate.sees))) for key, gate in old.items()}
        lines = {old[key].equation: gate.equation for key, gate in changed.items()}
        # A kind that makes its equations from `gates` ignores these.
        new.__dict__.update(
            gates=tuple(changed.values()),
            h_columns=self.h_in_W,
            equations=tuple(lines.get(e, e) for e in self.equations),
        )
        return new

    # --- parameters -----------------------------------------------------------------------------------

    @property
    def h_in_W(self):
        """Whether W acts on h_{t-1} as well as on x_t."""
        return self.h_columns or any("h_prev" in name for gate in self.gates for name in gate.sees)

    def shapes(self, D, H):
        """{name: shape} of the parameters for D features and H units; `W` and `b` are the first two."""
        rows = len(self.gates) * H
        return {"W": (rows, H * self.h_in_W + D), "b": (rows,), **self.more_shapes(H)}

    def more_shapes(self, H):
        """Shapes of parameters besides W and b."""
        return {}

    def pulled(self, params, **sees):
        """`params` of this kind as those of `but(**sees)`: the same numbers, without those of the wires that are gone."""
        return Params(self.but(**sees), **{name: getattr(params, name) for name in params.names})

    def wired(self, D, H):
        """1 at the weights of W that connect a gate with something it sees, 0 at the others; None if all do."""
        h, x = (
            [any(name in seen for seen in gate.sees) for gate in self.gates] for name in ("h_prev", "x_t")
        )
        if all(x) and (all(h) or not self.h_in_W):
            return None
        columns = np.stack([h] * H * self.h_in_W + [x] * D, axis=1).astype(float)
        return np.repeat(columns, H, axis=0)

    def count(self, D, H):
        """The number of parameters."""
        wired = self.wired(D, H)
        missing = 0 if wired is None else int((wired == 0).sum())
        return sum(math.prod(shape) for shape in self.shapes(D, H).values()) - missing

    def random(self, D, H, rng, forget_bias=1.0):
        """Initial parameters: W uniform in ±1/√H, the others small or zero.

        forget_bias : bias of gates that keep the memory when open, negated for gates that replace it; (H,) or a number
        """
        whole_number("input_size", D), whole_number("hidden_size", H), generator(rng)
        forget_bias = as_floats("forget_bias", forget_bias)
        check_shape("forget_bias", forget_bias, (), (H,), why="(one, or one per unit)")
        arrays = {name: np.zeros(shape) for name, shape in self.shapes(D, H).items()}
        arrays["W"] = uniform(rng, H, arrays["W"].shape)
        for name, array in arrays.items():
            if name not in ("W", "b"):
                arrays[name] = 0.1 * uniform(rng, H, array.shape)
        for k, gate in enumerate(self.gates):
            arrays["b"][k * H : (k + 1) * H] = gate.keeps * forget_bias
        return Params(self, **arrays)

    # --- one step ---------------------------------------------------------------------------------------

    def step(self, p, x_t, clamp, **before):
        """One step as {field: value}, for checked vectors or batches.

        p : Params;  x_t : (…, D);  before : {"h_prev": (…, H), …};  clamp : {gate's key: clamped value}
        """
        raise NotImplementedError

    def back(self, p, s, d, g):
        """The backward pass of one step: ∂loss/∂x_t, and {state: ∂loss/∂ the previous state}.

        s : StepTrace;  d : {state: ∂loss/∂ the new state}, where `back` adds to d["C"] the gradient through h_t
        g : {parameter: array}, to which this step's gradients are added
        """
        raise NotImplementedError

    # --- helpers of step and back ---------------------------------------------------------------------

    def z(self, p, *seen):
        """W · [seen] + b, split into one pre-activation per gate."""
        return blocks(np.concatenate(seen, axis=-1) @ p.W.T + p.b, len(self.gates))

    def gate(self, key, z, clamp):
        """The gate's activation of z, or its clamped value."""
        return clamp[key] if key in clamp else self.of(key).activation.of(z)

    def of(self, key):
        """The row of the gate table."""
        return next(gate for gate in self.gates if gate.key == key)

    def dz(self, s, **d):
        """∂loss/∂z of all gates, from ∂loss/∂ each gate's value; 0 for a clamped gate."""
        return np.concatenate([self.dz_of(gate.key, s, d[gate.key]) for gate in self.gates], axis=-1)

    def dz_of(self, key, s, d):
        """∂loss/∂z of one gate."""
        gate = self.of(key)
        return np.zeros_like(d) if key in s.clamped else d * gate.activation.slope(getattr(s, gate.field))

    def back_through_W(self, p, dz, g, *seen):
        """Add the gradients w.r.t. W and b to `g`; return ∂loss/∂ each of `seen`."""
        g["W"] += outer(dz, np.concatenate(seen, axis=-1))
        g["b"] += total(dz)
        ends = [part.shape[-1] for part in seen[:-1]]  # h_{t-1} and x_t, or x_t alone
        return np.split(dz @ p.W, ends, axis=-1)

    @staticmethod
    def value(s, field):
        """A value of a StepTrace as it is in the equations."""
        return getattr(s, field)

    # --- many steps; a kind may have faster ones --------------------------------------------------

    def train_forward(self, params, x, before, clamp):
        """The trace of a network's forward pass, with at least `h` (T, B, H) and the final states `last`."""
        return walk(params, x, before, clamp)

    def train_backward(self, params, trace, dh):
        """({parameter: gradient}, total ∂loss/∂h_t of every step), from each step's own ∂loss/∂h_t."""
        gradients = walk_back(params, trace, dh, {})
        return {name: getattr(gradients, name) for name in params.names}, gradients.h


def blocks(values, count):
    """The last axis in `count` equal parts, as views; `np.split` takes longer than the arithmetic of a small cell."""
    size = values.shape[-1] // count
    return [values[..., k * size : (k + 1) * size] for k in range(count)]


def outer(dz, seen):
    """Σ over the batch of dz · seenᵀ; for vectors, their outer product."""
    return np.atleast_2d(dz).T @ np.atleast_2d(seen)


def total(dz):
    """Σ over the batch."""
    return np.atleast_2d(dz).sum(axis=0)
