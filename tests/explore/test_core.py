"""States, moves, history and failures: what all explorers share."""

import sys
import threading
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import EXPLORERS, with_an_rnn

from lstm_lib.explore import CellExplorer, Explorer, ForgetClamped, GateOverTime, text_size
from lstm_lib.explore.controls import MOST_STOPS, Range, Text, choice, listed
from lstm_lib.explore.explorer import NotNow
from lstm_lib.explore.state import State, get, put
from lstm_lib.views.picture import Picture

MOVED = [name for name in EXPLORERS if not name.startswith("TrainingPanel")]


def random_move(explorer, moment, rng):
    """A random possible move, as (name, value)."""
    controls = [c for c in explorer.all_controls(moment.state) if not c.disabled and c.kind != "play"]
    control = controls[rng.integers(len(controls))]
    if control.kind == "range":
        return control.name, control.stops[rng.integers(len(control.stops))]
    if control.kind == "choice":
        return control.name, int(rng.integers(len(control.options)))
    if control.kind == "switch":
        return control.name, not control.value
    return control.name, "1 2 -1" if control.kind == "text" else None


def walked(explorer, rng, moves):
    moment = explorer.now
    for _ in range(moves):
        moment = explorer.after(moment, *random_move(explorer, moment, rng))
    return moment


@pytest.mark.parametrize("name", MOVED)
@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_moves_of_one_control_absorb_one_another(name, seed):
    """Otherwise a film would depend on how often a drag is reported."""
    explorer, rng = EXPLORERS[name](), np.random.default_rng(seed)
    moment = walked(explorer, rng, rng.integers(6))
    for control in explorer.all_controls(moment.state):
        if control.kind != "range" or control.disabled:
            continue
        first, second = rng.choice(control.stops, 2)
        twice = explorer.after(explorer.after(moment, control.name, first), control.name, second)
        once = explorer.after(moment, control.name, second)
        assert twice.state == once.state and len(twice.past) == len(once.past)
        assert explorer.look(twice).drawn == explorer.look(once).drawn


@pytest.mark.parametrize("name", MOVED)
def test_undo_reverts_each_move_and_reset_all(name):
    explorer, rng = EXPLORERS[name](), np.random.default_rng(3)
    if "Undo" not in explorer.history_buttons:
        return
    for _ in range(12):
        explorer.move(*random_move(explorer, explorer.now, rng))
        assert explorer.note == ""
    for _ in range(14):
        explorer.move("Undo")
    if name != "a prediction":  # Commit and Skip cannot be undone
        assert explorer.state == explorer.start and explorer.svg == EXPLORERS[name]().svg
        explorer.move(*random_move(explorer, explorer.now, rng))
        explorer.move("Reset")
        assert explorer.state == explorer.start and explorer.svg == EXPLORERS[name]().svg


def test_undo_reverts_a_whole_gesture_and_skips_moves_that_changed_nothing():
    explorer = ForgetClamped()
    for f in (0.1, 0.2, 0.3):
        explorer.move("f_t", f)
    explorer.move("unit", 0)  # it is chosen already
    explorer.move("Undo")
    assert explorer.state == explorer.start
    with pytest.raises(NotNow, match="nothing has been moved"):
        explorer.after(explorer.now, "Undo")


def test_undo_restores_the_marks_of_the_previous_gesture():
    explorer = CellExplorer()
    explorer.move("o", 0.5)
    after_one = explorer.view
    explorer.move("f", 0.3)
    explorer.move("Undo")
    assert explorer.view.drawn == after_one.drawn
    explorer.move("o", 0.6)
    explorer.move("Undo")
    assert explorer.view.drawn == after_one.drawn, "what was undone is over: the next move is a new gesture"


def test_a_move_after_undo_is_a_new_gesture():
    explorer = CellExplorer()
    explorer.move("f", 0.5)
    explorer.move("C_prev", 3.0)
    explorer.move("Undo")
    explorer.move("f", 0.25)
    explorer.move("Undo")
    assert explorer.state.clamp["f"] == 0.5
    explorer.move("Undo")
    assert explorer.state == explorer.start


def test_states_are_immutable_compare_by_value_and_copy_their_arguments():
    @dataclass(frozen=True, eq=False)
    class Point(State):
        a: np.ndarray
        d: dict
        n: int = 0

    given_ = np.array([1.0, 2.0])
    p = Point(given_, {"f": np.array([0.5])})
    given_[0] = 9
    assert p.a[0] == 1 and p == Point(np.array([1.0, 2.0]), {"f": np.array([0.5])})
    assert p != p.but(n=1) and p != p.but(a=[1, 3]) and p != p.but(d={"f": [0.6]}) and p != p.but(d={})
    with pytest.raises(ValueError, match="read-only"):
        p.a[0] = 3
    with pytest.raises((TypeError, AttributeError)):
        p.d["f"] = np.array([0.1])
    q = put(p, ("d", "f", 0), 0.7)
    assert (
        get(q, ("d", "f", 0)) == 0.7 and get(p, ("d", "f", 0)) == 0.5 and get(put(p, ("n",), 4), ("n",)) == 4
    )
    assert isinstance(p.but(a=[5, 6]).a, np.ndarray)


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_state_is_the_same_whatever_a_cache_has_forgotten(name):
    """A page's kernel and a test's process forget at different moments, and must agree on what may be pressed."""
    first = EXPLORERS[name]().start
    caches = [c for n, m in sys.modules.items() if n.startswith("lstm_lib") for c in vars(m).values()]
    for cache in caches:
        if type(cache) is type(lru_cache(str)) and cache.cache_parameters()["maxsize"] is not None:
            cache.cache_clear()
    assert EXPLORERS[name]().start == first


CHOSEN = SimpleNamespace(unit=0, f=0.5)
UNIT = choice(CHOSEN, "unit", [0, 1])
LISTED = listed(CHOSEN, "f", (0.5, 0.9), ("0.5", "0.9"))


@pytest.mark.parametrize(
    ("control", "value", "words"),
    [
        (Range("w", "w[0]", low=-6, high=6), 7, r"w\[0\]: expected a number from −6 to 6, got 7"),
        (Range("w", "w", low=-6, high=6), float("nan"), "got nan"),
        (Range("w", "w", low=-6, high=6), None, "got None"),
        (Range("w", "w", low=-6, high=6), "3", "got '3'"),
        (Range("w", "w", low=-6, high=6), True, "got True"),
        (UNIT, 2, "unit: expected the number of an option, 0 to 1, got 2"),
        (UNIT, None, "got None"),
        (LISTED, 0.5, "expected a whole number"),
        (LISTED, 2, "from 0 to 1, got 2"),
        *((UNIT, value, "unit: expected the number of an option")
          for value in (Decimal(1), np.bool_(True), np.array([0, 1]), np.array(1.0), 0.5, True, "1", 1j)),
        pytest.param(Range("w", "w", low=-6, high=6), 10**5000, "got a value of type int", id="huge"),
        pytest.param(Text("t", "t"), "z" * 10**7, "t: expected text of up to 2000 letters, got 'zzz", id="long"),
        (Text("t", "t"), 3, "t: expected text"),
    ],
)  # fmt: skip
def test_values_that_a_control_cannot_have_are_refused(control, value, words):
    with pytest.raises(ValueError, match=words):
        control.read(value)


def test_whole_numbers_of_any_kind_choose_an_option():
    for value in (1, 1.0, np.float64(1), np.int64(1), Fraction(1)):
        assert choice(CHOSEN, "unit", ["a", "b"]).read(value) == "b"


def test_a_lone_surrogate_is_replaced():
    assert Text("t", "t").read("a\ud800é√") == "a?é√"


@pytest.mark.parametrize(
    ("bound", "step", "coarse"),
    [(10, 0.5, 0.5), (24, 0.1, 0.1), (310, 0.5, 2), (1.3e5, 0.1, 500), (1e6, 0.5, 5000)],
)
def test_a_wide_range_has_a_coarser_step_and_never_more_stops_than_a_film(bound, step, coarse):
    control = Range("C", "C", low=-bound, high=bound, step=step)
    stops = control.stops
    assert control.step == coarse and len(stops) <= MOST_STOPS and len(set(np.diff(stops).round(8))) == 1
    assert stops[0] == -bound and stops[-1] == bound and 0 in stops
    assert control.read(bound - 0.123) == bound - 0.123, "a typed value may lie between"


@pytest.mark.parametrize("name", EXPLORERS)
def test_no_slider_has_more_stops_than_a_film(name):
    explorer = EXPLORERS[name]()
    ranges = [c for c in explorer.controls(explorer.state) if isinstance(c, Range)]
    assert all(len(c.stops) <= MOST_STOPS and c.stops[-1] == c.high for c in ranges)


def test_controls_that_are_not_shown_cannot_be_moved():
    explorer = CellExplorer()
    for name in ("W", "nonsense", "Undo", "Reset", "", None):
        before = explorer.now
        explorer.move(name, 1.0)
        assert explorer.now is before and explorer.note == "", (
            "the page showed what is gone: no fault of the learner's"
        )
        with pytest.raises(NotNow):
            explorer.after(explorer.now, name, 1.0)


class Fragile(Explorer):
    """Fails to draw values above 0.5."""

    title = "Fragile"

    def __init__(self):
        self.drawn = 0
        super().__init__(Number(0.2))

    def controls(self, s):
        return [Range("a", "a", ("a",), value=s.a)]

    def picture(self, s, before=None):
        self.drawn += 1
        if s.a == 1.0:
            return Picture("<svg><b></svg>", "no XML")
        if s.a > 0.5:
            raise (KeyboardInterrupt if s.a == 0.75 else RuntimeError)("<b>too much</b>")
        return Picture("<svg/>", f"a {s.a}")


@dataclass(frozen=True, eq=False)
class Number(State):
    a: float


@pytest.mark.parametrize(
    ("value", "words"), [(0.9, "RuntimeError: <b>too much</b>"), (1.0, "ParseError"), (7, "expected")]
)
def test_a_failure_changes_nothing_and_is_shown(value, words):
    explorer = Fragile()
    explorer.move("a", value)
    assert words in explorer.remark and explorer.remark.endswith("\nNothing was changed.")
    assert explorer.view.fields["", "remark"] == explorer.remark
    assert explorer.state.a == 0.2 and explorer.summary == "a 0.2" and not explorer.now.past
    explorer.move("a", 0.4)
    assert explorer.remark == "" and explorer.summary == "a 0.4"


def test_a_failure_in_follow_changes_nothing_and_is_shown():
    explorer = Fragile()

    def follow(old, new):
        if new.a == 0.4:
            raise RuntimeError("can't start new thread")

    explorer.follow = follow
    explorer.move("a", 0.4)
    assert explorer.remark == "RuntimeError: can't start new thread\nNothing was changed."
    assert explorer.state.a == 0.2 and explorer.summary == "a 0.2" and not explorer.now.past
    explorer.move("a", 0.3)
    assert explorer.summary == "a 0.3" and explorer.remark == ""


def test_an_interrupt_changes_nothing_and_is_raised():
    explorer = Fragile()
    with pytest.raises(KeyboardInterrupt):
        explorer.move("a", 0.75)
    assert explorer.state.a == 0.2 and "KeyboardInterrupt" in explorer.remark
    explorer.move("a", 0.3)
    assert explorer.summary == "a 0.3"


def test_one_move_draws_once():
    explorer = Fragile()
    for k in range(1, 6):
        before = explorer.drawn
        explorer.move("a", k / 10)
        assert explorer.drawn == before + 1


def test_all_moves_from_several_threads_are_made():
    explorer = CellExplorer(clamp={"f": 1.0, "i": 1.0, "C_tilde": 0.5})
    threads = [threading.Thread(target=lambda: [explorer.move("next") for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert explorer.state.steps == 80 and explorer.state.C_prev[0] == pytest.approx(1 + 40)


def test_wrong_typed_numbers_are_named_and_change_nothing():
    explorer = GateOverTime([1, 0, -1])
    explorer.move("sliders", 1)
    for typed, words in (
        ("1 two 3", "all x: 'two' is not a number"), ("", "got 0"), ("1", "got 1"), ("nan 1", "from −6 to 6, got nan"),
        ("1 7", "got 7"), ("1 " * 61, "got 61"), ("0_1 0", "'0_1' is not a number"), ("１ 0", "is not a number"),
        ("z" * 1900, "'zzz"), ("0,5 1", "is '0,5' one number or two"), ("<img src=x>", "'<img'"),
    ):  # fmt: skip
        explorer.move("inputs", typed)
        assert words in explorer.remark and (explorer.state.x == [1, 0, -1]).all()
        assert len(explorer.remark) < 200
    explorer.move("inputs", "0, 0.5")
    assert explorer.state.x.tolist() == [0, 0.5] and explorer.remark == ""


def test_moves_do_not_change_a_preset():
    explorer = with_an_rnn()
    explorer.move("two")
    explorer.move("x", 4)
    explorer.move("one spike")
    explorer.move("two")
    assert explorer.state.x.tolist() == [[1], [-1]]
    pressed = {c.name: c.pressed for c in explorer.all_controls(explorer.state) if c.name in explorer.presets}
    assert pressed == {"one spike": False, "two": True}


def test_text_size_sets_one_scale_for_the_page():
    switch = text_size("classroom")
    assert switch.view.fields["", "scale"] == 1.4
    switch.move("size", 2)
    assert switch.view.fields["", "scale"] == 1.8
    with pytest.raises(ValueError, match="size: expected one of"):
        text_size("huge")


def test_a_replay_of_all_moves_gives_the_same_moment():
    explorer, rng, made = CellExplorer(), np.random.default_rng(1), []
    for _ in range(40):
        made.append(random_move(explorer, explorer.now, rng))
        explorer.move(*made[-1])
    twin = CellExplorer()
    for move in made:
        twin.move(*move)
    assert (
        twin.state == explorer.state and twin.svg == explorer.svg and twin.view.fields == explorer.view.fields
    )


def test_marks_compare_with_the_state_before_the_gesture():
    explorer = CellExplorer()
    explorer.move("o", 0.5)
    moment = explorer.now
    assert moment.before == explorer.start and moment.last == "o"
    plain = explorer.picture(moment.state)
    assert explorer.svg != plain.svg and explorer.look(replace(moment, before=None)).picture.svg == plain.svg
