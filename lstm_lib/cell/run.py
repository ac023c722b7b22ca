"""One pass of generated code over a sequence, and back."""

import sys

import numpy as np

from lstm_lib.cell.equations import field_of
from lstm_lib.cell.operations import UFUNCS

_SPARE = {}


def empty(shape, dtype):
    """np.empty that reuses arrays of earlier passes without other references, since new memory is slow at first use."""
    spare = _SPARE.setdefault((shape, dtype), [])
    for array in spare:
        if sys.getrefcount(array) == 3:  # references: the list, this name, the argument
            return array
    if len(_SPARE) > 24:
        _SPARE.clear()
    spare.append(np.empty(shape, dtype))
    return spare[-1]


class Pass:
    """The values of all steps of x (T, B, D), from the states `before` {state: (B, H)}, with clamped gates {key: (B, H)}.

    h : (T, B, H);  last : {state: (B, H)} after the last step;  `of(name)` is any value, (T, B, H)
    """

    def __init__(self, params, x, before, clamp):
        self.params, self.clamped = params, tuple(clamp)
        self.clamp = {key: value.T for key, value in clamp.items()}
        program, (T, B, D), H = params.kind.program(self.clamped, x.dtype), x.shape, params.hidden_size
        v_rows = len(program.in_v) * H
        v = empty((T + 1, v_rows + D + 1, B), x.dtype)
        v[:-1, v_rows:-1], v[:, -1] = x.transpose(0, 2, 1), 1
        a = self.a = {"v": v, "x_t": v[:-1, v_rows:-1]}
        for state in params.kind.states:
            k = program.in_v.index(state) * H if state in program.in_v else None
            every = empty((T + 1, H, B), x.dtype) if k is None else v[:, k : k + H]
            every[0] = before[state].T
            a[f"{state}_prev"], a[field_of(state)] = every[:-1], every[1:]
        a["z"] = empty((T, len(program.rows) * H, B), x.dtype)
        for k, z in enumerate(program.rows):
            a[z] = a["z"][:, k * H : (k + 1) * H]
        for node in program.nodes:
            if node in program.place:
                a[node] = a[program.place[node]]
            elif node not in a:
                a[node] = (
                    empty((T, H, B), x.dtype) if node in program.kept else [np.empty((H, B), x.dtype)] * T
                )
        self.weights = Weights(params, program)
        with np.errstate(all="ignore"):
            program.forward(
                self.weights.scaled, self.weights.vectors, self.clamp, a | self.weights.late, T, B, H
            )
        over = {z for node, z in program.place.items() if node != z}
        self.a = {
            name: array for name, array in a.items() if name not in over and not isinstance(array, list)
        }
        self.named = {left: node for left, node in program.value.items() if node in self.a}

    def of(self, name):
        """(T, B, H) of a value, by its name in a trace; what was not kept is computed anew."""
        with np.errstate(all="ignore"):
            value = self._of(name)
        return np.broadcast_to(value, (len(self.a["v"]) - 1, *value.shape[-2:])).transpose(0, 2, 1)

    def _of(self, tree):
        said = self.params.kind.said
        if isinstance(tree, float):
            return tree
        if isinstance(tree, tuple):
            op, *parts = tree
            if op != "dot":
                return UFUNCS[op](*(np.asarray(self._of(part), self.a["v"].dtype) for part in parts))
            return sum(part @ self._of(piece) for part, piece in self.weights.parts(parts[0]))
        gates = {gate.field: gate.key for gate in said.gates}
        if gates.get(tree) in self.clamp:
            return self.clamp[gates[tree]]
        if tree in self.weights.vectors:
            return self.weights.vectors[tree]
        found = self.named.get(tree, tree)
        if found in self.a:
            return self.a[found]
        return self._of(said.named[tree] if tree in said.named else dict(said.lines)[tree])

    h = property(lambda self: self.a["h_t"].transpose(0, 2, 1))
    last = property(lambda self: {s: self.a[field_of(s)][-1].T for s in self.params.kind.states})

    def back(self, params, dh, at_end=None, inputs=True):
        """({parameter: gradient}, ∂loss/∂x or None, {state: ∂loss/∂ its first value}, {state: total ∂loss/∂ each}).

        dh : (T, B, H), each step's own ∂loss/∂h_t;  at_end : {state: (B, H)}, ∂loss/∂ a last state
        """
        program, H, dtype = params.kind.program(self.clamped, dh.dtype), params.hidden_size, dh.dtype
        T, B, _ = dh.shape
        a, weights = dict(self.a) | self.weights.late, self.weights
        d = {"z": empty(a["z"].shape, dtype)}
        for k, z in enumerate(program.rows):
            d[z] = d["z"][:, k * H : (k + 1) * H]
        for node in program.pieces:
            d[node] = empty((T, H, B), dtype)
        a["next"], a["s"] = np.zeros((len(program.in_v) * H, B), dtype), np.empty((H, B), dtype)
        for state in params.kind.states:
            k = program.in_v.index(state) * H if state in program.in_v else None
            after = f"next {field_of(state)}"
            a[after] = np.zeros((H, B), dtype) if k is None else a["next"][k : k + H]
            a[after][:] = (at_end or {}).get(state, np.zeros((B, H), dtype)).T
            d[field_of(state)] = empty((T, H, B), dtype)
        d["h_t"][:] = dh.transpose(0, 2, 1)
        with np.errstate(all="ignore"):
            through = program.back(weights.back, weights.vectors, self.clamp, a, d, T, B, H)
            gradients = weights.gradients(a, d, through)
            dx = self._inputs(d) if inputs else None
        first = {s: a[f"next {field_of(s)}"].T for s in params.kind.states}
        return gradients, dx, first, {s: d[field_of(s)].transpose(0, 2, 1) for s in params.kind.states}

    def _inputs(self, d):
        weights = self.weights
        return np.matmul(np.ascontiguousarray(weights.of_x.T), d["z"]).transpose(0, 2, 1)


class Weights:
    """The parameters as the generated code needs them, and their gradients from those of the pre-activations."""

    def __init__(self, params, program):
        D, H = params.input_size, params.hidden_size
        self.params, self.program, self.where = params, program, params.kind.parts(D, H)
        said, dtype = params.kind.said, params.dtype
        self.vectors = {n: getattr(params, self.where[n][0])[self.where[n][1], None] for n in said.vectors}
        self.columns = {f"{s}_prev": slice(k * H, (k + 1) * H) for k, s in enumerate(program.in_v)}
        states = len(program.in_v) * H
        self.columns["x_t"] = slice(states, states + D)
        M = np.zeros((len(program.rows) * H, states + D + 1), dtype)
        scale, self.late = np.ones((len(M), 1), dtype), {}
        for k, (z, row) in enumerate(program.rows.items()):
            at = slice(k * H, (k + 1) * H)
            scale[at] = program.scale.get(z, 1.0)
            for name, piece in row["parts"]:
                M[at, self.columns[piece]] += self.part(name, piece)
            for name in row["biases"]:
                M[at, -1] += self.vectors[name][:, 0]
            for j, (name, piece, _) in enumerate(row["late"]):
                self.late[f"{z} late {j}"] = part = self.part(name, piece)
                self.late[f"{z} back {j}"] = np.ascontiguousarray(part.T)
        self.scaled, self.back = M * scale, np.ascontiguousarray(M[:, :states].T)
        self.of_x = M[:, states : states + D]

    def parts(self, name):
        """[(the columns of a matrix, what they act on)]."""
        return [(self.part(name, piece), piece) for piece in self.params.kind.said.matrices[name]]

    def part(self, name, piece):
        """The columns of a matrix for one of the things it acts on."""
        return getattr(self.params, self.where[name][0])[self._at(name, piece)]

    def _at(self, name, piece):
        letter, rows, columns = self.where[name]
        return rows, columns[self.params.kind.said.matrices[name].index(piece)]

    def gradients(self, a, d, through):
        """{parameter: gradient}, from a and d of all steps; `through` {(vector, node): ∂node/∂ it}."""
        program, H = self.program, self.params.hidden_size
        g = {n: np.zeros_like(getattr(self.params, n)) for n in self.params.names}
        flat = _flat(d["z"])
        dM = flat @ _flat(a["v"][:-1]).T
        for k, row in enumerate(program.rows.values()):
            at = slice(k * H, (k + 1) * H)
            for name, piece in row["parts"]:
                g[self.where[name][0]][self._at(name, piece)] += dM[at, self.columns[piece]]
            for name in row["biases"]:
                g[self.where[name][0]][self.where[name][1]] += dM[at, -1]
            for name, piece, operand in row["late"]:
                g[self.where[name][0]][self._at(name, piece)] += flat[at] @ _flat(a[operand]).T
        for (name, node), coefficient in through.items():
            g[self.where[name][0]][self.where[name][1]] += np.einsum("thb,thb->h", coefficient, d[node])
        return g


def _flat(array):
    """(T, n, B) as (n, T·B), in memory that is contiguous."""
    T, n, B = array.shape
    flat = empty((n, T, B), array.dtype)
    flat[:] = array.transpose(1, 0, 2)
    return flat.reshape(n, T * B)
