"""The whole cell: every gate held by hand or computed, every weight, bias and input within reach."""

from __future__ import annotations

import numpy as np

from lstm_lib.cell import clamped_values, lstm_step
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.yours import Yours
from lstm_lib.params import LSTMParams
from lstm_lib.validation import within
from lstm_lib.views.cell_svg import cell_summary, cell_svg
from lstm_lib.views.theme import vector

__all__ = ["CellExplorer"]

FIELDS = {"f": "f_t", "i": "i_t", "C_tilde": "C_tilde", "o": "o_t"}
WORDS = {"f": "f", "i": "i", "C_tilde": "C̃", "o": "o"}
BLOCKS = {"f": 0, "i": 1, "o": 2, "C_tilde": 3}
REACH = {"gates": "gates", "memory": "memory", "weights": "weights", "input": "input"}


class CellExplorer(Explorer):
    """One step of an LSTM cell, and the next, and the next.

    params : LSTMParams of up to 4 units and 4 inputs, optional; a cell of one unit if left out
    C_prev, h_prev : (H,) and x_t : (D,), optional starting values
    hold : {"f": …, "i": …, "o": …, "C_tilde": …} gates held by hand; moving a gate's slider holds it
    yours : a function (params, x_t, h_prev, C_prev) → (h_t, C_t), optional; shown beside the library's
    """

    title = "The whole LSTM cell"
    presets = {
        "keep": {"held": {"f": 1.0, "i": 0.0}},
        "erase and write": {"held": {"f": 0.0, "i": 1.0, "C_tilde": 0.8}},
        "store, don't show": {"held": {"f": 1.0, "i": 1.0, "C_tilde": 0.8, "o": 0.0}},
        "count up": {"held": {"f": 1.0, "i": 1.0, "C_tilde": 0.8, "o": 1.0}},
        "compute all": {"held": {}},
    }

    def __init__(self, params=None, x_t=None, h_prev=None, C_prev=None, hold=None, yours=None):
        if params is None:
            params = LSTMParams.from_gates(
                W_f=[[0.5, 1.0]], b_f=[1.0], W_i=[[-0.5, 2.0]], W_o=[[0.3, 1.0]], b_o=[0.5], W_C=[[0.4, 1.5]]
            )
        if not isinstance(params, LSTMParams):
            raise ValueError(f"params: expected LSTMParams, got {type(params).__name__}")
        H, D = params.hidden_size, params.input_size
        if H > 4 or D > 4:
            raise ValueError(f"params: expected up to 4 units and 4 inputs, got H={H}, D={D}")
        self._before, self.trace = None, None
        self._yours = None if yours is None else Yours(yours, "params, x_t, h_prev, C_prev", "(h_t, C_t)")
        state = {
            "x_t": within("x_t", np.full(D, 0.5) if x_t is None else x_t, (D,), 6),
            "h_prev": within("h_prev", np.zeros(H) if h_prev is None else h_prev, (H,), 1),
            "C_prev": within("C_prev", np.ones(H) if C_prev is None else C_prev, (H,), 1000),
            "W": within("W", params.W.astype(float), params.W.shape, 6),
            "b": within("b", params.b.astype(float), params.b.shape, 6),
            "held": _wide(hold, H),
            "steps": 0,
        }
        self.presets = {n: _holding(_wide(c["held"], H)) for n, c in self.presets.items()}
        super().__init__(state | {"unit": 0, "gate": "f", "column": H, "feature": 0, "reach": "gates"})

    def build(self):
        """What to move, then its sliders: four gates, or two states, or a weight and a bias, or an input."""
        H, D = len(self.state["C_prev"]), len(self.state["x_t"])
        if H > 1:
            self.add_buttons("unit", [(str(u), u) for u in range(H)], lambda s: s["unit"],
                             lambda s, value: s.update(unit=value))  # fmt: skip
        self.add_buttons("move", [(w, r) for r, w in REACH.items()], lambda s: s["reach"],
                         lambda s, value: s.update(reach=value))  # fmt: skip
        self.add_switches("held by hand:", WORDS, lambda s, gate: gate in s["held"], self._hold)
        for gate in FIELDS:
            self._gate_slider(gate)
        for name, limit, step in (("C_prev", 10, 0.5), ("h_prev", 1, 0.05)):
            self.add_slider(
                lambda s, name=name, limit=limit: -_room(s[name], limit),
                lambda s, name=name, limit=limit: _room(s[name], limit),
                lambda s, name=name, step=step: step if _on(s[name], step) else 0.01,
                lambda s, name=name: s[name][s["unit"]],
                lambda s, value, name=name: (s[name].__setitem__(s["unit"], value), s.update(steps=0)),
                lambda s, name=name: _of(name, s),
                when=lambda s: s["reach"] == "memory",
            )  # fmt: skip
        self._weight_controls(H, D)
        if D > 1:
            self.add_buttons("feature", [(str(k), k) for k in range(D)], lambda s: s["feature"],
                             lambda s, value: s.update(feature=value), when=lambda s: s["reach"] == "input")  # fmt: skip
        self.add_slider(
            -6, 6, 0.1,
            lambda s: s["x_t"][s["feature"]],
            lambda s, value: s["x_t"].__setitem__(s["feature"], value),
            lambda s: f"x_t[{s['feature']}]" if D > 1 else "x_t",
            when=lambda s: s["reach"] == "input",
        )  # fmt: skip
        self.add_button("Next step", self._advance, icon="step-forward")

    def _gate_slider(self, gate):
        def read(s):
            """The held value, else the computed one, to the slider's two digits."""
            if gate in s["held"]:
                return s["held"][gate][s["unit"]]
            return (
                0.0 if self.trace is None else round(float(getattr(self.trace, FIELDS[gate])[s["unit"]]), 2)
            )

        def write(s, value):
            """Moving a gate holds it."""
            self._hold(s, gate, True)
            s["held"][gate][s["unit"]] = value

        self.add_slider(-1 if gate == "C_tilde" else 0, 1, 0.01, read, write,
                        lambda s: _of(FIELDS[gate], s), when=lambda s: s["reach"] == "gates")  # fmt: skip

    def _weight_controls(self, H, D):
        def here(s):
            """Whether the weights are what the sliders act on."""
            return s["reach"] == "weights"

        def row(s):
            """The chosen unit's row of the chosen block of W and b."""
            return BLOCKS[s["gate"]] * H + s["unit"]

        def name(s):
            """That block's letter."""
            return "C" if s["gate"] == "C_tilde" else s["gate"]

        columns = [(f"h[{k}]", k) for k in range(H)] + [(f"x[{k}]", H + k) for k in range(D)]
        self.add_buttons("gate", [(w, g) for g, w in WORDS.items()], lambda s: s["gate"],
                         lambda s, value: s.update(gate=value), when=here)  # fmt: skip
        self.add_buttons("column", columns, lambda s: s["column"],
                         lambda s, value: s.update(column=value), when=here)  # fmt: skip
        self.add_slider(
            -6, 6, 0.1,
            lambda s: s["W"][row(s), s["column"]],
            lambda s, value: s["W"].__setitem__((row(s), s["column"]), value),
            lambda s: f"W_{name(s)}[{s['unit']}, {s['column']}]",
            when=here,
        )  # fmt: skip
        self.add_slider(
            -6, 6, 0.1,
            lambda s: s["b"][row(s)],
            lambda s, value: s["b"].__setitem__(row(s), value),
            lambda s: f"b_{name(s)}[{s['unit']}]",
            when=here,
        )  # fmt: skip

    def _hold(self, state, gate, hold):
        """Hold a gate where it stands, or let the cell compute it again."""
        if not hold:
            state["held"].pop(gate, None)
        elif gate not in state["held"]:
            state["held"][gate] = np.array(getattr(self.trace, FIELDS[gate]))

    def _advance(self, state):
        """What comes out becomes what goes in."""
        state.update(
            C_prev=np.array(self.trace.C_t), h_prev=np.array(self.trace.h_t), steps=state["steps"] + 1
        )

    def apply(self, preset):
        """Press a preset's button, or "Reset"."""
        if preset == "Reset":
            self._before = None
        super().apply(preset)

    def draw(self):
        """One step with what is held held."""
        s = self.state
        params = LSTMParams(s["W"], s["b"])
        trace = lstm_step(params, s["x_t"], s["h_prev"], s["C_prev"], s["held"])
        other = None
        if self._yours is not None:
            both = np.concatenate([trace.h_t, trace.C_t])
            other = self._yours.value(both, params, s["x_t"], s["h_prev"], s["C_prev"])
        steps = f"Step {s['steps'] + 1}: " if s["steps"] else ""
        held = [WORDS[g] for g in FIELDS if g in s["held"]]
        mode = f" Held by hand: {', '.join(held)}." if held else " All gates are computed."
        summary = steps + cell_summary(trace, s["unit"]) + mode
        svg = cell_svg(trace, s["unit"], self._before, other=other, summary=summary)
        self._before = self.trace = trace
        return svg, summary

    def remark(self):
        """What the learner's step made of it."""
        if self._yours is None:
            return ""
        held = " (Your step computes every gate; some are held here.)" if self.state["held"] else ""
        return f"{self._yours.remark}{held}\nThe library: C_t {vector(self.trace.C_t)}, h_t {vector(self.trace.h_t)}."


def _holding(held):
    """A preset: these gates are held as well as those that are; with none named, all are let go."""
    return lambda state: {"held": state["held"] | held if held else {}}


def _wide(held, H):
    return {gate: np.array(value) for gate, value in clamped_values(held, (H,), float, "hold").items()}


def _of(name, state):
    return f"{name}[{state['unit']}]" if len(state["C_prev"]) > 1 else name


def _on(values, step):
    """Whether all values are whole steps, as they are until the cell has made one of its own."""
    return bool(np.allclose(values / step, np.round(values / step)))


def _room(values, limit):
    """A slider's range that holds a memory which has counted beyond the usual one."""
    return max(limit, float(np.ceil(np.abs(values).max() / limit) * limit))
