"""What a kind of cell is: its gates, its parameters, one step forward and one step back.

A new kind is a subclass of `Kind` in a file of this folder. It says

    name, sentence, source, equations   what it is, for people
    gates       its blocks of rows in W and b, in order, each with what it may see (cell/gates.py)
    states      what a step hands to the next, with sizes in units of H; "h" is what a readout sees
    lanes       how each state that is handed on comes about: keep ⊙ the state before + write ⊙ new
    shown       how h comes of a state, where h is no lane of its own
    coupled     factors that follow from a gate; one that is neither here nor in `gates` is 1 at every step
    step        the equations: from parameters, x_t and the states before to a dict of every value
    back        the chain rule from that dict: from gradients w.r.t. the states after to those before

and is then in `KINDS`, in every gradient test, in training and in the pictures.
"""

import math

import numpy as np

from lstm_lib.cell.initial import uniform
from lstm_lib.cell.params import Params
from lstm_lib.cell.passes import walk, walk_back
from lstm_lib.checks import as_floats, check_shape, generator, whole_number


class Kind:
    """Base of all kinds of cell; `KINDS` holds one object of each."""

    name = sentence = source = ""
    equations = ()
    gates = ()
    states = {"h": 1, "C": 1}
    lanes = {"C": ("f", "i", "C_tilde")}
    """{state: (keep, write, new)}, keys of gates or of `coupled`; "" where there is no such factor."""
    coupled = {}
    """{key: Coupled}."""
    shown = ("C", "tanh", "o")
    """(state, what is done to it, gate): an activation, "/ n" for the state it is divided by, or ""."""

    # --- parameters -----------------------------------------------------------------------------------

    @property
    def h_in_W(self):
        """Whether W acts on h_{t-1} as well as on x_t."""
        return any({"h_prev", "r_t * h_prev"} & set(gate.sees) for gate in self.gates)

    def shapes(self, D, H):
        """{name: shape} of the parameters for D features and H units; `W` and `b` are the first two."""
        rows = len(self.gates) * H
        return {"W": (rows, H * self.h_in_W + D), "b": (rows,), **self.more_shapes(H)}

    def more_shapes(self, H):
        """Shapes of parameters besides W and b."""
        return {}

    def count(self, D, H):
        """How many numbers there are to learn."""
        return sum(math.prod(shape) for shape in self.shapes(D, H).values())

    def random(self, D, H, rng, forget_bias=1.0):
        """Parameters to start training from: W uniform in ±1/√H, the others small or zero.

        forget_bias : added where an open gate keeps the memory, subtracted where it replaces it; (H,) or one number
        """
        whole_number("input_size", D), whole_number("hidden_size", H), generator("rng", rng)
        forget_bias = as_floats("forget_bias", forget_bias)
        check_shape("forget_bias", forget_bias, (), (H,), why="(one, or one a unit)")
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
        """One step: {field: value} of every value, for vectors or batches that were checked.

        p : Params;  x_t : (…, D);  before : {"h_prev": (…, H), …};  clamp : {gate's key: values that replace it}
        """
        raise NotImplementedError

    def back(self, p, s, d, g):
        """One step back: ∂loss/∂x_t, and a dict of ∂loss/∂ each state before it.

        s : StepTrace;  d : {state: ∂loss/∂ that state after the step}, where d["C"] is completed by what reaches
        C_t through h_t;  g : {parameter: array} to which this step's gradients are added
        """
        raise NotImplementedError

    # --- what steps are written with ------------------------------------------------------------------

    def z(self, p, *seen):
        """W · [seen] + b, split into one pre-activation a gate."""
        return np.split(np.concatenate(seen, axis=-1) @ p.W.T + p.b, len(self.gates), axis=-1)

    def gate(self, key, z, clamp):
        """The gate's activation of z, or what it is clamped at."""
        return clamp[key] if key in clamp else self.of(key).activation.of(z)

    def of(self, key):
        """The row of the gate table."""
        return next(gate for gate in self.gates if gate.key == key)

    def dz(self, s, **d):
        """∂loss/∂z of all gates from ∂loss/∂ each gate's value; a clamped gate does not depend on its z."""
        return np.concatenate([self.dz_of(gate.key, s, d[gate.key]) for gate in self.gates], axis=-1)

    def dz_of(self, key, s, d):
        """The same of one gate."""
        gate = self.of(key)
        return np.zeros_like(d) if key in s.clamped else d * gate.activation.slope(getattr(s, gate.field))

    def back_through_W(self, p, dz, g, *seen):
        """Add to the gradients of W and b; returns ∂loss/∂ each of `seen`."""
        g["W"] += outer(dz, np.concatenate(seen, axis=-1))
        g["b"] += total(dz)
        ends = [part.shape[-1] for part in seen[:-1]]  # h_{t-1} and x_t, or x_t alone
        return np.split(dz @ p.W, ends, axis=-1)

    @staticmethod
    def value(s, field):
        """A value of a StepTrace as the equations mean it."""
        return getattr(s, field)

    # --- many steps; a kind may bring faster ones --------------------------------------------------

    def train_forward(self, params, x, before, clamp):
        """What a network's forward pass keeps: anything that has `h` (T, B, H) and the last states `last`."""
        return walk(params, x, before, clamp)

    def train_backward(self, params, trace, dh, inputs=True):
        """{parameter: gradient}, ∂loss/∂x if `inputs` are wanted, and what reached each h_t (T, B, H), from ∂loss/∂h of every step."""
        gradients = walk_back(params, trace, dh, {})
        return {name: getattr(gradients, name) for name in params.names}, gradients.x, gradients.h


def outer(dz, seen):
    """Σ over the batch of dz · seenᵀ; of one vector each, their outer product."""
    return np.atleast_2d(dz).T @ np.atleast_2d(seen)


def total(dz):
    """Σ over the batch."""
    return np.atleast_2d(dz).sum(axis=0)
