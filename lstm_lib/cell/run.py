"""A pass over a sequence by generated code, and back."""

import re

import numpy as np

from lstm_lib.cell.operations import UFUNCS, empty
from lstm_lib.cell.params import layout
from lstm_lib.cell.trees import field_of, slot


class Pass:
    """The values of all steps of x (T, B, D), from the states `before` {state: (B, H)}, with clamped gates {key: (B, H)}.

    h : (T, B, H);  last : {state: (B, H)} after the last step;  `of(name)` is any value, (T, B, H)
    """

    def __init__(self, params, x, before, clamp):
        self.params, self.clamped, self.sizes = params, tuple(clamp), (*x.shape[:2], params.hidden_size)
        self.held, self.where = (
            {key: value.T for key, value in clamp.items()},
            layout(params.kind.said, *params.sizes).where,
        )
        (T, B, H), dtype, program = self.sizes, x.dtype, params.kind.program(self.clamped)
        n = len(program.states) * H
        v = empty((T + 1, n + x.shape[2] + 1, B), dtype)
        v[:-1, n:-1], v[:, -1] = x.transpose(0, 2, 1), 1
        a = {"in__": v[:-1], "x_t": v[:-1, n:-1]}
        for state in params.kind.states:
            k = program.states.index(state) * H if state in program.states else None
            every = empty((T + 1, H, B), dtype) if k is None else v[:, k : k + H]
            every[0] = before[state].T
            a[f"{state}_prev"], a[field_of(state)] = every[:-1], every[1:]
        a["rows__"] = empty((T, len(program.rows) * H, B), dtype)
        a["values__"] = empty(a["rows__"].shape, dtype) if program.placed else a["rows__"]
        rows = self.rows = {z: slice(k * H, (k + 1) * H) for k, z in enumerate(program.rows)}
        a |= {z: a["rows__"][:, at] for z, at in rows.items()}
        a |= {node: a["values__"][:, rows[z]] for node, z in program.placed.items()}
        for node in program.nodes:
            if node not in a:  # one buffer for all steps, if nothing asks for it later
                a[node] = empty((T, H, B), dtype) if node in program.kept else [empty((H, B), dtype)] * T
        for name in ("rows__", "values__"):  # neighbouring rows as one
            a |= {f"{name}{i}_{j}": a[name][:, i * H : j * H] for i, j in program.runs}
        self.p = {name: self.part(name)[:, None] for name in params.kind.computed.vectors}
        self.columns = {f"{s}_prev": slice(k * H, (k + 1) * H) for k, s in enumerate(program.states)}
        self.columns["x_t"] = slice(n, n + x.shape[2])
        self.M = np.zeros((len(rows) * H, v.shape[1]), dtype)
        self.w = {
            f"{z}_{k}": self.part(*late[:2])
            for z, row in program.rows.items()
            for k, late in enumerate(row.late)
        }
        for z, row in program.rows.items():
            for name, piece, operand in row.known:
                self.M[rows[z], self.columns[operand]] += self.part(name, piece)
            for name in row.biases:
                self.M[rows[z], -1] += self.part(name)
        with np.errstate(all="ignore"):
            program.forward(self.M, a, self.p, self.w, self.held)
        self.a = {name: array for name, array in a.items() if not isinstance(array, list)}

    def _at(self, name, piece=None):
        """(letter, rows, columns) of a parameter, for one of the things it acts on."""
        letter, rows, columns = self.where[name]
        return letter, rows if piece is None else (rows, columns[slot(piece)])

    def part(self, name, piece=None):
        """A vector of parameters, or the columns of a matrix for one of the things it acts on."""
        letter, at = self._at(name, piece)
        return getattr(self.params, letter)[at]

    h = property(lambda self: self.a["h_t"].transpose(0, 2, 1))
    last = property(lambda self: {s: self.a[field_of(s)][-1].T for s in self.params.kind.states})

    def of(self, name):
        """(T, B, H) of a value by its name in a trace; what was not computed on the way is computed now."""
        with np.errstate(all="ignore"):
            value = self._of(name)
        T, B, H = self.sizes
        rows = value.shape[-2] if name == "x_t" else H  # a constant is that of every unit
        return np.broadcast_to(value, (T, rows, B)).transpose(0, 2, 1)

    def _of(self, tree):
        kind = self.params.kind
        if isinstance(tree, tuple):
            op, *parts = tree
            if op == "dot":
                return sum(
                    self.part(parts[0], piece) @ self._of(piece) for piece in kind.computed.matrices[parts[0]]
                )
            return UFUNCS[op](*map(self._of, parts))
        if isinstance(tree, float):
            return np.full((1, 1), tree, self.M.dtype)
        made = kind.program(self.clamped).value.get(tree, tree)
        for known in (self.a, self.p):
            if made in known:
                return known[made]
        return (
            self.held[made[5:]] if made.startswith("held_") else self._of(kind.computed.structure.named[tree])
        )

    def back(self, params, dh, at_end=None, inputs=True):
        """({parameter: gradient}, ∂loss/∂x or None, {state: ∂loss/∂ its first value}, {state: total ∂loss/∂ each}).

        dh : (T, B, H), each step's own ∂loss/∂h_t;  at_end : {state: (B, H)}, ∂loss/∂ a last state
        """
        (T, B, H), dtype, program, states = (
            self.sizes,
            dh.dtype,
            params.kind.program(self.clamped),
            params.kind.states,
        )
        d = {"rows__": empty(self.a["rows__"].shape, dtype)}
        d |= {z: d["rows__"][:, at] for z, at in self.rows.items()}
        d |= {
            node: empty((T, H, B), dtype)
            for node in (*map(field_of, states), *program.inner)
            if node not in d
        }
        n = {"states": np.zeros((len(program.states) * H, B), dtype), "more": np.empty((H, B), dtype)}
        for state in states:
            inside = state in program.states
            n[field_of(state)] = (
                n["states"][self.columns[f"{state}_prev"]] if inside else np.zeros((H, B), dtype)
            )
            n[field_of(state)][:] = (at_end or {}).get(state, np.zeros((B, H), dtype)).T
        d["h_t"][:] = dh.transpose(0, 2, 1)
        known = self.columns["x_t"].start
        with np.errstate(all="ignore"):
            M_T = np.ascontiguousarray(self.M[:, :known].T)
            k = program.back(M_T, self.a, self.p, self.w, self.held, d, n)
            g = self._gradients(d, k, program)
            W_x = np.ascontiguousarray(self.M[:, self.columns["x_t"]].T)
            dx = np.matmul(W_x, d["rows__"]).transpose(0, 2, 1) if inputs else None
        first = {s: n[field_of(s)].T for s in states}
        return g, dx, first, {s: d[field_of(s)].transpose(0, 2, 1) for s in states}

    def _gradients(self, d, k, program):
        """{parameter: gradient}, from the gradients of all steps and the coefficients `k`."""
        g = {name: np.zeros_like(getattr(self.params, name)) for name in self.params.names}

        def add(value, name, piece=None):
            letter, at = self._at(name, piece)
            g[letter][at] += value

        flat = _flat(d["rows__"])
        dM = flat @ _flat(self.a["in__"]).T
        for z, row in program.rows.items():
            for name, piece, operand in row.known:
                add(dM[self.rows[z], self.columns[operand]], name, piece)
            for name in row.biases:
                add(dM[self.rows[z], -1], name)
            for name, piece, operand in row.late:
                add(flat[self.rows[z]] @ _flat(self.a[operand]).T, name, piece)
        for name, root, coefficient in program.vectors:
            of = {"k": k, "s": self.a, "p": self.p, "h": self.held, "": {"": 1}}[coefficient[:1]]
            value = of[re.sub("^(k|s|p|held)_", "", coefficient)]
            add((value * d[root]).sum(axis=(0, 2)), name)
        return g


def _flat(array):
    """(T, n, B) as (n, T·B), in memory that is contiguous."""
    T, n, B = array.shape
    flat = empty((n, T, B), array.dtype)
    flat[:] = array.transpose(1, 0, 2)
    return flat.reshape(n, T * B)
