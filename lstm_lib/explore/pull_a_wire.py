"""Pull a wire out of a trained cell, then run it: the drawing and the equations are computed from what its gates see."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lstm_lib.cell.kinds import KINDS
from lstm_lib.cell.passes import forward
from lstm_lib.checks import one_of, quoted
from lstm_lib.explore.bounds import bounds_for
from lstm_lib.explore.controls import Switch, Text, Whole, choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.sequence_text import as_text, parsed
from lstm_lib.explore.state import State
from lstm_lib.learning.network import share_of_signs
from lstm_lib.learning.race import race_in
from lstm_lib.learning.tasks import parity
from lstm_lib.views.kind_svg import kind_summary, kind_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.strips_svg import Series, Strip, strips_svg
from lstm_lib.views.theme import INK, MARK, MUTED, ROLES, number, percent

PARITY = race_in("parity")
CELLS = tuple(PARITY.arms)
"""The kinds with a stored network that was trained for parity."""

SHOWS = {"the cell at step t": "cell", "over time": "strips"}
UNITS = PARITY.settings["hidden_size"]
BITS = (1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0)
ALL_WIRES, H_CUT = "all wires", "no h → gates"


@dataclass(frozen=True, eq=False)
class Pulled(State):
    """A trained kind, the wires that are pulled, the inputs (T,), and what is shown."""

    cell: str
    other: str
    x: np.ndarray
    cut: tuple = ()
    gate: str = ""
    step: int = 0
    unit: int = 0
    show: str = "cell"

    def __post_init__(self):
        object.__setattr__(self, "cut", tuple(sorted(self.cut)))
        super().__post_init__()


def pullable(kind):
    """The wires that can be pulled, as "f h_prev": all but those that pass through a reset gate."""
    return [f"{gate.key} {name}" for gate in kind.gates for name in gate.sees if "*" not in name]


class PullAWire(Explorer):
    """Networks of several kinds, each trained to tell whether the number of ones so far is odd.

    cell : the kind whose wires can be pulled;  other : a kind whose output is drawn below it
    x : up to 60 inputs; numbers above 0.5 count as ones;  cut : wires that are pulled at first, such as "i h_prev"
    """

    title = "Pull a wire, then run"
    presets = {ALL_WIRES: {}, H_CUT: {}}

    def __init__(self, cell="LSTM", other=CELLS[-1], x=BITS, cut=()):
        one_of("cell", cell, CELLS), one_of("other", other, CELLS)
        for wire in cut:
            if wire not in pullable(KINDS[cell]):
                raise ValueError(f"cut: expected wires from {pullable(KINDS[cell])}, got {quoted(wire)}")
        x, first = parsed("x", as_text(x), 6.0), KINDS[cell].gates[0].key
        super().__init__(Pulled(cell, other, x, tuple(cut), first, len(x) - 1))

    def controls(self, s):
        """The kind, what is shown, the wires of one gate, the inputs and the step."""
        kind = KINDS[s.cell]
        rows = [choice(s, "show", SHOWS), choice(s, "cell", CELLS)]
        rows += [choice(s, "other", CELLS, "beside")] if s.show == "strips" else []
        wires = [wire.split()[1] for wire in pullable(kind) if wire.split()[0] == s.gate]
        rows.append(choice(s, "gate", {gate.symbol: gate.key for gate in kind.gates}, "wires into"))
        for name in wires:
            label = name.replace("_prev", "_{t-1}") if "_prev" in name else name
            rows.append(
                Switch(f"wire {name}", label, ("cut",), group="wires", value=f"{s.gate} {name}" not in s.cut)
            )
        rows.append(Text("bits", "inputs", ("x",), value=as_text(s.x)))
        rows.append(Whole("step", "step t", ("step",), value=s.step + 1, low=1, high=len(s.x)))
        unit = Whole("unit", "unit", ("unit",), value=s.unit, high=UNITS - 1)
        return [*rows, unit] if s.show == "cell" else rows

    def moved(self, s, control, value):
        """A switch puts a wire in or pulls it; another kind starts with all its wires."""
        if control.name.startswith("wire "):
            wire = f"{s.gate} {control.name.removeprefix('wire ')}"
            return s.but(cut=tuple({*s.cut} - {wire} if value else {*s.cut, wire}))
        if control.name == "bits":
            x = parsed("inputs", value, 6.0)
            return s.but(x=x, step=len(x) - 1)
        if control.name == "step":
            return s.but(step=value - 1)
        new = super().moved(s, control, value)
        return new.but(cut=(), gate=KINDS[value].gates[0].key) if control.name == "cell" else new

    def preset(self, s, name):
        """All wires, or none from h to the gates; the candidate keeps its own."""
        gates = [gate.key for gate in KINDS[s.cell].gates if gate.low == 0 and "h_prev" in gate.sees]
        return s.but(cut=tuple(f"{key} h_prev" for key in gates if name == H_CUT))

    def picture(self, s, before=None):
        """The cell at a step, or the outputs of the cell, of the same cell with all wires, and of the other kind."""
        params, x = rewired(s.cell, s.cut), s.x[:, None]
        trace, target = forward(params, x), 2 * (np.cumsum(s.x > 0.5) % 2) - 1
        ours = readout(trace, s.cell)
        right = int(((ours > 0) == (target > 0)).sum())
        rate = share_right(s.cell, s.cut)
        pulled = ", ".join(
            f"{name.removesuffix('_prev').removesuffix('_t')} → {KINDS[s.cell].of(key).letter}"
            for key, name in map(str.split, s.cut)
        )
        summary = (
            f"{kind_summary(params.kind)} Pulled: {pulled or 'no wire'}. Right at {right} of {len(s.x)} steps; "
            f"at {percent(rate)} of the steps of 100 fresh sequences of 20 steps (50 % is guessing)."
        )
        if s.show == "cell":
            return Picture(kind_svg(params.kind, trace[s.step], s.unit, summary), summary)
        ys = [(s.cell + (", wires pulled" if s.cut else ""), ours, INK)]
        others = ((s.cell, MUTED), (s.other, MARK)) if s.cut else ((s.other, MARK),)
        ys += [(name, readout(forward(rewired(name, ()), x), name), ink) for name, ink in others]
        bits = Strip("input x_t", [Series(s.x, ROLES["x"].ink, "x")], *bounds_for(1, s.x), bars=True)
        strips = [bits] + [
            Strip(f"output y_t: {name}", [Series(y, ink, number(y[-1])), Series(target.astype(float), MUTED, "", "1 5", "")],
                  *bounds_for(1.5, y))
            for name, y, ink in ys
        ]  # fmt: skip
        caption = f"t = {s.step + 1}: {int((s.x[: s.step + 1] > 0.5).sum())} ones so far, target {target[s.step]:+d} (dotted)"
        return Picture(strips_svg(strips, self.title, summary, step=s.step, caption=caption), summary)


@lru_cache(maxsize=256)
def rewired(cell, cut):
    """The Params of the stored network of that kind, without the wires in `cut`."""
    params = network(cell).params
    return KINDS[cell].without(*(wire.split() for wire in cut)).from_wired(params) if cut else params


@lru_cache(maxsize=32)
def network(cell):
    """The stored network of that kind that was trained for parity."""
    return PARITY.network(cell)


def readout(trace, cell):
    """y_t of every step, (T,) or (T, B)."""
    net = network(cell)
    return (trace.h @ net.V.T + net.c)[..., 0]


@lru_cache(maxsize=256)
def share_right(cell, cut):
    """The share of steps with the right sign, in 100 sequences that were not trained on."""
    batch = parity(np.random.default_rng(5), 20, 100)
    return share_of_signs(readout(forward(rewired(cell, cut), batch.x), cell), batch.target[..., 0])
