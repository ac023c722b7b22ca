"""A cell through a short sequence, step by step, with the plain RNN beside it."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np

from lstm_lib.cell import clamped_values
from lstm_lib.explore.explorer import Explorer
from lstm_lib.params import LSTMParams
from lstm_lib.rnn import RNNParams, rnn_forward
from lstm_lib.sequence import lstm_forward
from lstm_lib.validation import as_floats, within
from lstm_lib.views.cell_svg import cell_summary, cell_svg
from lstm_lib.views.strips_svg import Series, Strip, strips_svg, unit_series
from lstm_lib.views.theme import ROLES, number, plain, vector

__all__ = ["CellOverTime"]

LONGEST = 60
MILLISECONDS = 900


class CellOverTime(Explorer):
    """Play, pause and step through a sequence; edit an input, and all that follows from it changes.

    params : LSTMParams of a cell of up to 4 units;  x : (T, D) or (T,) inputs, T up to 60, D up to 4
    rnn : RNNParams with the same inputs, optional; its memory is drawn under the cell's
    hold : gates held by hand at every step, as in `lstm_step`;  h_0, C_0 : (H,) optional
    presets : {name: inputs like x}, further sequences on buttons
    """

    title = "The cell through time"

    def __init__(self, params, x, rnn=None, hold=None, h_0=None, C_0=None, presets=None):
        for name, value, kind in (("params", params, LSTMParams), ("rnn", rnn, RNNParams)):
            if not isinstance(value, kind) and not (name == "rnn" and value is None):
                raise ValueError(f"{name}: expected {kind.__name__}, got {type(value).__name__}")
        if presets is not None and not isinstance(presets, dict):
            raise ValueError(f"presets: expected {{name: inputs}}, got {type(presets).__name__}")
        if taken := {"Back", "Forward", "Reset"} & set(presets or ()):
            raise ValueError(f"presets: {sorted(taken)[0]!r} is the name of a button that is there")
        H, D = params.hidden_size, params.input_size
        if H > 4 or D > 4:
            raise ValueError(f"params: expected up to 4 units and 4 inputs, got H={H}, D={D}")
        if rnn is not None and rnn.input_size != D:
            raise ValueError(f"rnn: expected input_size {D} as the cell's, got {rnn.input_size}")
        self._params, self._rnn = LSTMParams(params.W.astype(float), params.b.astype(float)), rnn
        if rnn is not None:
            self._rnn = RNNParams(rnn.W.astype(float), rnn.b.astype(float))
        self._hold = clamped_values(hold, (H,), float, "hold")
        starts = {"h_0": h_0, "C_0": C_0}
        self._starts = {n: None if v is None else within(n, v, (H,)) for n, v in starts.items()}
        x = _inputs("x", x, D)
        self.presets = {
            n: {"x": _inputs(f"presets[{n!r}]", xs, D), "step": 0} for n, xs in (presets or {}).items()
        }
        self._before = None
        super().__init__({"x": x, "step": 0, "unit": 0, "feature": 0, "show": "strips"})

    def build(self):
        """Play and step; which picture; and the input at the current step."""
        H, D = self._params.hidden_size, self.state["x"].shape[1]
        self.add_player()
        self.add_slider(1, lambda s: len(s["x"]), 1, lambda s: s["step"] + 1,
                        lambda s, value: s.update(step=int(value) - 1), lambda s: "step t", format=".0f")  # fmt: skip
        self.add_buttons("show", [("over time", "strips"), ("the cell at this step", "cell")],
                         lambda s: s["show"], lambda s, value: s.update(show=value))  # fmt: skip
        if H > 1:
            self.add_buttons("unit", [(str(u), u) for u in range(H)], lambda s: s["unit"],
                             lambda s, value: s.update(unit=value))  # fmt: skip
        if D > 1:
            self.add_buttons("feature", [(str(k), k) for k in range(D)], lambda s: s["feature"],
                             lambda s, value: s.update(feature=value))  # fmt: skip
        self.add_slider(
            -6, 6, 0.1,
            lambda s: s["x"][s["step"], s["feature"]],
            lambda s, value: s["x"].__setitem__((s["step"], s["feature"]), value),
            lambda s: f"x at t={s['step'] + 1}" if D == 1 else f"x[{s['feature']}], t={s['step'] + 1}",
        )  # fmt: skip

    def add_player(self):
        """Back, play and forward. The browser counts the steps, so a pause is at once."""
        play = widgets.Play(min=1, max=len(self.state["x"]), interval=MILLISECONDS, show_repeat=False)

        def show():
            """Follow the step, also where the sequence has another length."""
            play.max = len(self.state["x"])
            play.value = self.state["step"] + 1

        self._bind(play, lambda state, value: state.update(step=int(value) - 1), show)
        row = [self._rows.pop()]
        for words, icon, by in (("Back", "step-backward", -1), ("Forward", "step-forward", 1)):
            self.add_button(words, lambda state, by=by: self._go(state, by), icon=icon)
            row.append(self._rows.pop())
        self._rows.append(widgets.Box(row).add_class("lstm-row"))

    @staticmethod
    def _go(state, by):
        state["step"] = int(np.clip(state["step"] + by, 0, len(state["x"]) - 1))

    def apply(self, preset):
        """Press a preset's button, or "Reset"."""
        self._before = None
        super().apply(preset)

    def draw(self):
        """The whole sequence again, so that what follows an edited input follows."""
        s = self.state
        t, u = s["step"], s["unit"]
        trace = lstm_forward(self._params, s["x"], **self._starts, clamp=self._hold)
        step = trace[t]
        summary = f"Step {t + 1} of {len(trace)}. {cell_summary(step, u)}"
        rnn = None if self._rnn is None else rnn_forward(self._rnn, s["x"])
        if rnn is not None:
            summary += f" The plain RNN's h_t is {vector(rnn.h[t])}."
        if s["show"] == "cell":
            svg = cell_svg(step, u, self._before, summary=summary)
            self._before = step
            return svg, summary
        return self._strips(trace, rnn, summary), summary

    def _strips(self, trace, rnn, summary):
        s = self.state
        t, u = s["step"], s["unit"]
        which = f" of unit {u}" if self._params.hidden_size > 1 else ""
        gates = [
            Series(
                getattr(trace, name)[:, u], ROLES[name].ink, f"{name}_t", ROLES[name].dash, ROLES[name].marker
            )
            for name in ("f", "i", "o")
        ]
        strips = [
            Strip(
                "input x_t",
                unit_series(trace.x, ROLES["x"].ink, "x"),
                *_range(trace.x, 1),
                bars=trace.x.shape[1] == 1,
            ),
            Strip(f"gates{which}", gates, 0, 1),
            Strip("cell state C_t", unit_series(trace.C, ROLES["C"].ink, "C"), *_range(trace.C, 1)),
            Strip("hidden state h_t", unit_series(trace.h, ROLES["h"].ink, "h"), -1, 1),
        ]
        if rnn is not None:
            strips.append(Strip("h_t of a plain RNN", unit_series(rnn.h, ROLES["h"].ink, "h"), -1, 1))
        x = plain(trace.x[t, 0]) if trace.x.shape[1] == 1 else vector(trace.x[t], 1)
        caption = f"t = {t + 1}:  x_t = {x},  C_t = {number(trace.C[t, u])},  h_t = {number(trace.h[t, u])}"
        return strips_svg(strips, self.title, summary, step=t, caption=caption, height=62)


def _inputs(name, x, D):
    if np.ndim(x) and not 2 <= len(x) <= LONGEST:
        raise ValueError(f"{name}: expected 2 to {LONGEST} steps, got {len(x)}")
    x = as_floats(name, x)
    if x.ndim == 1 and D == 1:
        x = x[:, None]
    return within(name, x, ("T", D), 6)


def _range(values, least):
    limit = max(least, float(np.ceil(np.abs(values).max())))
    return -limit, limit
