"""Films: their parts give the picture of each value."""

import asyncio
from dataclasses import dataclass

import numpy as np
import pytest
from made import EXPLORERS
from test_core import random_move, walked

from lstm_lib.explore import (
    CellExplorer,
    Explorer,
    ForgetClamped,
    ForgetComputed,
    GateOverTime,
    TrainingPanel,
    page,
)
from lstm_lib.explore.controls import MOST_STOPS, Range
from lstm_lib.explore.frames import View, film_parts
from lstm_lib.explore.state import State
from lstm_lib.views.picture import Picture


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """On a slow machine a film has all its frames, too."""
    monkeypatch.setattr(page, "SECONDS", 60.0)


def unpacked(part, key):
    """(stop, all slots) for each stop of a part, put together as the page does it."""
    for j, stop in enumerate(part["at"]):
        shown = dict(key.drawn) | key.fields if part["svg"] is None else dict(_own(part)) | key.fields
        for (where, what), runs in zip(part["slots"], part["runs"], strict=True):
            column = [v for n, v in zip(runs[::2], runs[1::2], strict=True) for _ in range(n)]
            assert len(column) == len(part["at"])
            shown[where, what] = column[j]
        yield stop, {slot: value for slot, value in shown.items() if value is not None}


def _own(part):
    return View.of("", Picture(part["svg"], ""), ()).drawn


def check_film(explorer, moment, control, stops):
    key = explorer.look(explorer.now)
    views = {stop: explorer.look(explorer.after(moment, control.name, stop)) for stop in stops}
    found = {}
    for part in film_parts(views, key):
        found |= dict(unpacked(part, key))
        assert all((views[stop].tags == key.tags) == (part["svg"] is None) for stop in part["at"])
    for stop, shown in found.items():
        view = views[stop]
        wanted = {slot: v for slot, v in (view.drawn | view.fields).items() if v is not None}
        assert shown == wanted, (control.name, stop)
    left_out = [stop for stop in stops if stop not in found]
    assert all(views[stop].structure[1] != key.structure[1] for stop in left_out)
    return len(found)


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_frame_is_the_picture_of_its_value(name):
    explorer, rng, frames = EXPLORERS[name](), np.random.default_rng(0), 0
    for moves in (0, 4):
        moment = walked(explorer, rng, moves) if moves and "Panel" not in name else explorer.now
        explorer.now = moment
        for control in explorer.controls(moment.state):
            if control.kind == "range" and not control.disabled:
                stops = sorted({control.stops[0], control.stops[-1], *rng.choice(control.stops, 4)})
                frames += check_film(explorer, moment, control, stops)
    assert frames or name.startswith("a ") or "Panel" in name


class Growing(Explorer):
    """Has a second slider if the first is above 0.5."""

    title = "Growing"

    def controls(self, s):
        ranges = [Range("a", "a", ("a",), value=s.a, step=0.5)]
        return [*ranges, Range("b", "b", ("b",), value=s.b)] if s.a > 0.5 else ranges

    def picture(self, s, before=None):
        return Picture(f'<svg viewBox="0 0 1 1"><text>{s.a}</text></svg>', f"a {s.a}")


@dataclass(frozen=True, eq=False)
class Two(State):
    a: float = 0.0
    b: float = 0.0


def test_a_frame_with_other_controls_is_not_in_the_film():
    explorer = Growing(Two())
    (control,) = explorer.controls(explorer.state)
    assert check_film(explorer, explorer.now, control, control.stops) == 2
    stops = [stop for message in sent_by(explorer.widget, "a") for stop in message["at"]]
    assert sorted(stops) == [0.0, 0.5]


@pytest.mark.proof
@pytest.mark.parametrize("name", EXPLORERS)
def test_every_frame_of_every_slider_from_every_preset(name):
    explorer = EXPLORERS[name]()
    for preset in [None, *explorer.presets]:
        explorer = EXPLORERS[name]()
        if preset and preset in {c.name for c in explorer.all_controls(explorer.state)}:
            explorer.move(preset)
        for control in explorer.controls(explorer.state):
            if control.kind == "range" and not control.disabled:
                check_film(explorer, explorer.now, control, control.stops)


def sent_by(bridge, control):
    sent = []
    bridge.send = sent.append
    bridge._received(bridge, {"do": "film", "client": "me", "epoch": 1, "control": control}, [])
    return sent


def test_a_film_is_sent_nearest_first_and_names_its_client():
    explorer = CellExplorer()
    sent = sent_by(explorer.widget, "f")
    assert {m["control"] for m in sent} == {"f"} and {m["client"] for m in sent} == {"me"}
    assert all(m["key"] == 1 and m["epoch"] == 1 and m["do"] == "film" for m in sent)
    stops = [stop for m in sent for stop in m["at"]]
    assert sorted(stops) == explorer.find(explorer.state, "f").stops
    at = explorer.find(explorer.state, "f").value
    distances = [[abs(stop - at) for stop in m["at"]] for m in sent]
    assert len(distances[0]) == 16 and max(distances[0]) <= min(distances[1])


def test_a_film_does_not_change_the_explorer():
    explorer = GateOverTime([1, 0, -1])
    before, view = explorer.now, explorer.view
    sent_by(explorer.widget, "w")
    assert explorer.now is before and explorer.view is view


def test_no_film_for_a_learner_s_function_or_a_running_training():
    calls = []
    explorer = ForgetComputed(yours=lambda h, x, W, b: calls.append(1))
    bridge = explorer.widget
    assert sent_by(bridge, "W_f") == [] and len(calls) == 13, (
        "twelve cases of the exercise, one of the explorer"
    )
    explorer.move("W_f", 2.0)
    assert len(calls) == 26
    panel = TrainingPanel("latch", 10_000)
    panel.move("start")
    assert not panel.films
    panel.move("stop")
    assert panel.films


def test_a_newer_request_ends_a_film():
    explorer = GateOverTime(np.ones(60))
    bridge, sent = explorer.widget, []
    bridge.send = sent.append

    async def two():
        bridge._received(bridge, {"do": "film", "client": "me", "epoch": 1, "control": "w"}, [])
        await asyncio.sleep(0.005)
        bridge._received(bridge, {"do": "film", "client": "me", "epoch": 2, "control": "b"}, [])
        for _ in range(2000):
            await asyncio.sleep(0.005)
            if sum(len(m["at"]) for m in sent if m["epoch"] == 2) == 121:
                return

    asyncio.run(two())
    assert sum(len(m["at"]) for m in sent if m["epoch"] == 2) == 121
    assert sum(len(m["at"]) for m in sent if m["epoch"] == 1) < 121
    assert sent_by(bridge, "nonsense") == []


def test_moves_are_handled_while_a_film_is_drawn(monkeypatch):
    monkeypatch.setattr(page, "SLICE", -1.0)  # every picture takes longer than a slice
    explorer, drawn, turns = CellExplorer(), [], []
    bridge, look = explorer.widget, explorer.look
    bridge.send = lambda message: None
    explorer.look = lambda moment: drawn.append(moment) or look(moment)

    async def both():
        bridge._received(bridge, {"do": "film", "client": "me", "epoch": 1, "control": "C_prev"}, [])
        while len(drawn) < 20:
            before = len(drawn)
            await asyncio.sleep(0)
            turns.append(len(drawn) - before)

    asyncio.run(asyncio.wait_for(both(), 120))
    assert max(turns) == 1, "a slice, not the whole film"


def test_an_answer_names_its_move_and_what_differs_from_the_key():
    explorer = CellExplorer()
    bridge = explorer.widget
    first, number = explorer.view, bridge.now["n"]
    bridge._received(bridge, {"do": "move", "client": "me", "seq": 7, "control": "f", "value": 0.5}, [])
    assert (bridge.now["client"], bridge.now["seq"]) == ("me", 7) and bridge.now["n"] > number
    assert bridge.now["key"] == bridge.key["id"]
    if bridge.key["id"] == 1:
        shown = first.drawn | first.fields
        shown.update({(where, what): value for where, what, value in bridge.now["set"]})
        wanted = explorer.view.drawn | explorer.view.fields
        assert {s: v for s, v in shown.items() if v is not None} == {
            s: v for s, v in wanted.items() if v is not None
        }
    bridge._received(bridge, {"do": "move", "client": "me", "seq": 8, "control": "sliders", "value": 1}, [])
    assert bridge.key["id"] == bridge.now["n"], "other controls: another key"


@pytest.mark.parametrize("name", [name for name in EXPLORERS if "Panel" not in name])
def test_key_and_answer_together_give_the_view(name):
    """After any moves, the last key with the changes of `now` is the current view."""
    explorer, rng = EXPLORERS[name](), np.random.default_rng(2)
    bridge = explorer.widget
    for _ in range(25):
        explorer.move(*random_move(explorer, explorer.now, rng))
        key = View.of("", Picture(bridge.key["svg"], ""), ())
        shown = key.drawn | {("", what): value for what, value in bridge.key["texts"].items()}
        shown |= {(c["name"], field): value for c in bridge.key["controls"] for field, value in c.items()}
        shown |= {(where, what): value for where, what, value in bridge.now["set"]}
        wanted = explorer.view.drawn | explorer.view.fields
        assert _there(shown) == _there(wanted) and bridge.now["key"] == bridge.key["id"]


def _there(slots):
    return {slot: value for slot, value in slots.items() if value is not None}


MOVE = {"do": "move", "client": "b", "seq": 1, "after": 0, "control": "C_prev", "value": 3.0}
FILM = {"do": "film", "client": "b", "epoch": 1, "control": "C_prev"}


@pytest.mark.parametrize(
    "message",
    [None, [], "move", {}, {"do": []}, {"do": "dance"}, {"do": "move"}, {"do": "film"}, {"do": "open"}, {"do": "close", "client": {}},
     *(MOVE | {"after": a} for a in ("x", None, [], 10**400, np.nan)), *(MOVE | {"seq": s} for s in ("x", None, [], 1.5, True)),
     *(MOVE | {"client": c} for c in ([], None, 3, "\ud800")), *(MOVE | {"control": c} for c in ([], {}, None, 1)),
     *(FILM | {"epoch": e} for e in (None, "1")), FILM | {"after": "x"}, FILM | {"control": 3}],
)  # fmt: skip
def test_malformed_messages_are_ignored(message):
    explorer = CellExplorer()
    bridge = explorer.widget
    before = explorer.now
    bridge._received(bridge, message, [])
    assert explorer.now is before
    for client, value in (("a", 2.0), ("b", 3.0)):
        bridge._received(bridge, MOVE | {"client": client, "value": value}, [])
        assert explorer.state.C_prev[0] == value


def test_repeated_and_older_moves_are_ignored():
    explorer, made = CellExplorer(), []
    bridge = explorer.widget
    for seq, value in ((1, 1.0), (2, 2.0), (1, 1.0), (2, -2.0), (3, 3.0)):
        bridge._received(bridge, MOVE | {"seq": seq, "after": seq - 1, "value": value}, [])
        made.append(float(explorer.state.C_prev[0]))
    assert made == [1, 2, 2, 2, 3] and bridge._waiting == []


def test_the_number_of_waiting_messages_is_limited():
    bridge = CellExplorer().widget
    for seq in range(2, 500):
        bridge._received(bridge, MOVE | {"seq": seq, "after": 10**6}, [])
    assert len(bridge._waiting) <= page.WAITING


@pytest.mark.parametrize(
    ("explorer", "name"),
    [(CellExplorer(C_prev=[1e6]), "C_prev"), (GateOverTime([1, 2], [1e5], [0]), "w"), (ForgetClamped([0.5], [1e6]), "C_prev")],
)  # fmt: skip
def test_the_film_of_a_wide_range_is_not_longer(explorer, name):
    sent = sent_by(explorer.widget, name)
    assert 300 < sum(len(m["at"]) for m in sent) <= MOST_STOPS


def test_closed_is_called_when_the_last_page_closes():
    explorer, left = CellExplorer(), []
    explorer.closed = lambda: left.append(1)
    bridge = explorer.widget
    for do, client in (("open", "a"), ("open", "b"), ("close", "a")):
        bridge._received(bridge, {"do": do, "client": client}, [])
    assert not left
    bridge._received(bridge, {"do": "close", "client": "b"}, [])
    assert left
