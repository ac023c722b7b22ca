"""A training run: loss and gradient norm over the updates; gradient and gates over the time steps."""

import numpy as np

from lstm_lib.views.layout import WIDTH, Box, decades
from lstm_lib.views.strips_svg import Series, Strip, stack, unit_series
from lstm_lib.views.svg import document, rect, text
from lstm_lib.views.theme import GRID, INK, MARK, MUTED, ROLES, UNIT_DASHES, UNIT_MARKERS

HEIGHT, GAP = 64, 34
SHORTEST, LONGEST = 50, 7
"""Updates on the shortest axis; letters of a gate's name in a label."""
FLOOR = 1e-16
LOSS_INK, BEFORE_INK = ROLES["o"].ink, MUTED
ENDED = {"finished": "#1a7f37", "diverged": "#b42318", "failed": "#b42318"}
"""Colours of the progress bar; the headline gives the status in words."""


def training_svg(run, trace, mean_loss, max_norm, before, headline, settings, progress, desc):
    """The picture of a run as SVG text.

    run : Snapshot
    trace : SequenceTrace of one sequence (T, ·) with the current weights
    mean_loss : the loss of the mean baseline;  max_norm : norm to which gradients are clipped, may be ∞
    before : (N,) losses of the run before, N may be 0;  headline, settings : two lines of text at the top
    progress : updates made, as a fraction of all
    """
    losses, norms, clipped, held_out, reach = (
        _finite(a) for a in (run.losses, run.norms, run.clipped, run.held_out, run.reach)
    )
    old = _finite(before)
    places = _nice(max(len(losses), len(old), run.held_out_at[-1] + 1))
    low, high = decades([*losses, *held_out, *old, mean_loss], 1e-3, 10.0)
    loss = [Series(losses, LOSS_INK, "training")]
    if len(held_out) > 1:
        loss.append(Series(held_out, MARK, "held out", "2 3", "diamond", at=run.held_out_at))
    if len(old):
        loss.append(Series(old, BEFORE_INK, "run before", "8 4", "square"))
    out = [
        text(WIDTH / 2, 26, headline, size=15, weight="bold", fill=INK),
        text(WIDTH / 2, 45, settings, size=13, fill=MUTED, markup=True),
        rect(Box(66, 52, WIDTH - 140, 5), GRID, radius=2),
        rect(Box(66, 52, (WIDTH - 140) * progress, 5), ENDED.get(run.status, MARK), radius=2),
    ]
    clips = {max_norm: "clipping limit"} if np.isfinite(max_norm) else {}
    norm_range = decades([*norms, *clipped, *clips], 1e-3, 10.0)
    over_updates = [
        Strip("loss", loss, low, high, log=True, guides={mean_loss: "mean baseline"}),
        Strip("gradient norm", _norms(norms, clipped), *norm_range, log=True, guides=clips),
    ]
    parts, bottom = stack(over_updates, 82, HEIGHT, GAP, steps=places, start=0, axis="update")
    out += parts
    seen = reach > FLOOR  # smaller values are off the axis, and a line along its edge would be false
    reached = Series(reach[seen], INK, at=np.flatnonzero(seen))
    heading, limits = "gradient w.r.t. h_t: |∂loss/∂h_t|", decades(reach[seen], 1e-8, 1.0)
    over_time = [Strip(heading, [reached], *limits, log=True), _activations(trace)]
    parts, bottom = stack(over_time, bottom + 62, HEIGHT, GAP, steps=len(reach))
    out += parts
    return document(bottom + 30, out, "A run of training", desc)


def _norms(norms, clipped):
    if np.array_equal(norms, clipped):
        return [Series(norms, INK)]
    return [Series(clipped, INK, "clipped"), Series(norms, BEFORE_INK, "unclipped", "2 3", "square")]


def _activations(trace):
    """The mean of each gate over the units, or h_t of a cell without gates."""
    gates = [gate for gate in trace.params.kind.gates if gate.low == 0]
    if not gates:
        states = unit_series(trace.h[:, :4], ROLES["h"].ink, "h")
        return Strip("h_t of a sequence (first units)", states, -1, 1)
    lines = []
    for k, gate in enumerate(gates):
        values, role = getattr(trace, gate.key).mean(axis=1), ROLES[gate.key]
        dash, marker = (
            (role.dash, role.marker) if gate.key in ROLES else (UNIT_DASHES[k % 4], UNIT_MARKERS[k % 4])
        )
        label = gate.symbol if len(gate.letter) <= LONGEST else f"{gate.letter[: LONGEST - 1]}…"
        lines.append(Series(_finite(values), role.ink, label, dash, marker))
    H, largest = trace.h.shape[1], [v for line in lines for v in line.values if np.isfinite(v)]
    heading, high = "gates of a sequence" + (f" (mean of {H} units)" if H > 1 else ""), max([1, *largest])
    if high <= 10:  # one that is no share, such as exp, can be large
        return Strip(heading, lines, 0, next(n for n in (1, 2, 5, 10) if high <= n))
    return Strip(heading, lines, *decades([high], 1e-2, 10.0), log=True)


def _finite(values):
    """NaN is drawn at the upper edge."""
    return np.where(np.isnan(values), np.inf, values)


def _nice(n):
    """The length of an axis for updates 0 to 50, 100, 200, …, so that it changes rarely."""
    length = SHORTEST
    while length + 1 < n:
        length *= 2
    return length + 1
