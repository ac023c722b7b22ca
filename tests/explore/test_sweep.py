"""Every control of every explorer, at both ends, from every preset and choice: over `update` and `picture`, no page."""

import re
import warnings
import xml.etree.ElementTree as ET
from base64 import b64decode
from functools import cache, reduce

import pytest
from made import EXPLORERS, FIRST
from tiers import quick

from lstm_lib.explore.controls import Choice, Play, Range, Switch, Text
from lstm_lib.views.theme import words

SVG = "{http://www.w3.org/2000/svg}"
OF_THE_CELL = ("Forget", "MemoryDecay", "GateOverTime", "CellExplorer", "CellOverTime", "TenStarts")
swept = {}
each = pytest.mark.parametrize("name", EXPLORERS)


def check_picture(explorer, state, before=None):
    """Check what must hold in every state; return what a person sees of it."""
    picture = explorer.picture(state, before)
    if picture.svg:
        root = ET.fromstring(picture.svg)
        shown = " ".join("".join(e.itertext()) for e in root.iter(f"{SVG}text"))
        assert "nan" not in picture.svg.lower().replace("nance", ""), "a number that is none"
        assert root.find(f"{SVG}desc").text == picture.summary
        assert shown
    assert picture.summary or picture.ask
    assert "None" not in picture.summary and "nan" not in picture.summary
    return picture.svg, picture.summary, picture.goal, picture.remark, picture.scale


def settings(control):
    """The values to try: both ends of a range, every option, both ways of a switch."""
    if isinstance(control, Range):
        assert control.low < control.high and control.label
        return [control.stops[0], control.stops[-1]]
    if isinstance(control, Choice):
        assert len(control.options) > 1
        return range(len(control.options))
    if isinstance(control, Switch):
        return [not control.value]
    return [] if isinstance(control, Play) else ["1 0 -1"] if isinstance(control, Text) else [None]


@cache
def places(name, pairs=False):
    """An explorer and states to sweep from: the first one and each preset, and from each of them each choice; or pairs of choices."""
    explorer = EXPLORERS[name]()
    start = explorer.start
    presets = [explorer.preset(start, name) for name in presets_of(explorer)]
    found = [] if pairs else [start, *presets]
    for state in chosen(explorer, start) if pairs else [start, *presets]:
        found += chosen(explorer, state)
    return explorer, reduce(lambda some, s: some if any(s == t for t in some) else [*some, s], found, [])


def chosen(explorer, state):
    """The states one choice away."""
    return [
        explorer.update(state, c.name, k) for c in choices(explorer, state) for k in range(len(c.options))
    ]


def presets_of(explorer):
    return [c.name for c in explorer.all_controls(explorer.start) if c.name in explorer.presets]


def choices(explorer, state):
    return [c for c in explorer.controls(state) if isinstance(c, Choice)]


@pytest.mark.parametrize("pairs", [False, pytest.param(True, marks=pytest.mark.proof)])
@pytest.mark.parametrize("name", quick(EXPLORERS, FIRST))
def test_every_control_changes_something_and_nothing_raises(name, pairs):
    count = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer, starts = places(name, pairs)
        for start in starts:
            first, beside = check_picture(explorer, start), controls_shown(explorer, start)
            for control in explorer.all_controls(start):
                if control.disabled or (tried := list(settings(control))) == []:
                    continue
                states = [explorer.update(start, control.name, value) for value in tried]
                changed = {check_picture(explorer, state) for state in states} - {first}
                count += len(states)
                if not isinstance(control, Range):  # a choice may also change what is under the sliders
                    changed |= {controls_shown(explorer, state) for state in states} - {beside}
                assert changed or getattr(control, "pressed", False), (
                    f"{control.name} ({control.label}) does nothing"
                )
    swept[name] = count


def controls_shown(explorer, state):
    return repr([c.shown() for c in explorer.all_controls(state)])


def test_enough_was_swept():
    """The sweep is not empty. (This runs after the tests above, in the same worker.)"""
    if len(swept) < len(FIRST):
        pytest.skip("only a part of the explorers was swept")
    assert sum(swept.values()) >= 3000, swept


@each
def test_at_most_five_sliders_are_shown(name):
    explorer, states = places(name)
    for state in states:
        ranges = [c for c in explorer.controls(state) if isinstance(c, Range)]
        gates = sum(c.name in ("f", "i", "C_tilde", "o") for c in ranges)
        assert len(ranges) <= (5 if gates else 4), [c.name for c in ranges]


@each
def test_names_of_controls_are_unique(name):
    explorer, states = places(name)
    for state in states:
        names = [c.name for c in explorer.all_controls(state)]
        assert len(set(names)) == len(names)


@each
def test_the_gate_and_the_memory_it_acts_on_are_shown_together(name):
    """Wherever the cell or the forget gate is shown: f_t in the summary or as a slider, and C_{t-1} or C_0 as a slider."""
    if not name.startswith(OF_THE_CELL):
        return
    together = False
    explorer, states = places(name)
    for state in states:
        ranges = {c.name for c in explorer.controls(state) if isinstance(c, Range)}
        said = explorer.picture(state).summary
        gate = "f_t" in said or "f =" in said or ranges & {"f", "f_t"}
        together |= bool(gate) and bool(ranges & {"C_prev", "C_0"})
    assert together


@each
def test_what_a_page_without_a_kernel_shows(name):
    explorer = EXPLORERS[name]()
    bundle = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and len(bundle["text/plain"]) > 40
    assert bundle["text/plain"] == words(bundle["text/plain"])
    html = bundle.get("text/html", "")
    image = re.search(r"base64,([^\"]*)", html)
    svg = b64decode(image[1]).decode() if image else bundle.get("image/svg+xml", "")
    assert bool(svg) == bool(explorer.svg)
    if svg:
        shown = " ".join("".join(e.itertext()) for e in ET.fromstring(svg).iter(f"{SVG}text"))
        assert "A still picture. To move it, open this notebook in Jupyter and run it." in shown
