"""What the notebooks say about their explorers, tested on the same explorers."""

import ast
import contextlib
import io
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lstm_lib import LSTMParams

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


SLOW = ("fit(", "trained(", "epoch(", "plt")


@cache
def code(book):
    (path,) = NOTEBOOKS.glob(f"{book}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


def names(book):
    """What the notebook's cells define. What trains or plots is left out."""
    scope = {}
    for source in code(book):
        if not any(word in source for word in SLOW):
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
                exec(source, scope)
    return scope


def explorer(book, text, nth=0):
    """The explorer that the notebook's cell with `text` in it shows. What trains is left out."""
    scope, hits = {}, 0
    for source in code(book):
        if text in source and (hits := hits + 1) > nth:
            tree = ast.parse(source)
            last = tree.body.pop()
            exec(compile(tree, book, "exec"), scope)
            return eval(compile(ast.Expression(last.value), book, "eval"), scope)
        if not any(word in source for word in SLOW):
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
                exec(source, scope)  # what fails needs what was left out
    raise LookupError(f"{book}: {text!r}")


def moved(made, *moves):
    for name, value in moves:
        made.find(made.state, name)
        made.move(name, value)
        assert made.note == "", made.note
    return made


def met(made):
    return made.view.picture.met


def test_01_the_input_gate_opens_through_x():
    made = explorer("01", 'CellExplorer(sliders="weights", gate="i")')
    assert round(made.state.trace.i_t[0], 2) == 0.73 and moved(made, ("x_t", 3.0)).state.trace.i_t[0] > 0.99


def test_01_largest_and_smallest_memory():
    made = explorer("01", "CellExplorer(C_prev=[6.0]")
    assert round(made.state.trace.C_t[0], 2) == 3.8
    assert moved(made, ("f", 1), ("i", 1), ("C_tilde", 1)).state.trace.C_t[0] == 7
    assert moved(made, ("f", 0), ("i", 1), ("C_tilde", -1)).state.trace.C_t[0] == -1


def test_01_what_a_second_event_and_noise_do_to_both():
    made = explorer("01", "CellOverTime(latch, event")
    from lstm_lib import forward

    rnn = lambda: forward(made.rnn, made.state.x).h[:, 0]  # noqa: E731
    assert round(made.state.trace.C[11, 0], 2) == 0.89 and round(rnn()[11], 2) == 0.02
    moved(made, ("two events", None))
    assert np.round(made.state.trace.C[[6, 7], 0], 2).tolist() == [0.92, 1.86] and round(rnn()[7], 2) == 0.79
    assert 0.15 < rnn()[11] / rnn()[7] < 0.25
    moved(made, ("Reset", None), ("step", 6), ("x", -1.0))
    assert made.state.trace.i[5, 0] < 1e-5 and round(rnn()[5], 2) == -0.69
    moved(made, ("event and noise", None))
    assert round(made.state.trace.C[11, 0], 2) == 1.0 and round(rnn()[11], 2) == 0.22


def test_01_which_of_the_three_boxes_still_has_the_event():
    one, two, three = names("01")["opened"].values()
    assert all(abs(box.h[-1, 0]) < 0.005 for box in (one, two, three))
    assert one.f[5, 0] == 0.5 and abs(one.C[-1, 0]) < 0.001 and two.i[1, 0] < 1e-5
    assert round(three.C[-1, 0], 2) == 0.89 and three.o[-1, 0] < 0.001


def test_01_the_bug_shows_in_h_alone_and_goes_with_the_output_gate_s_weights_on_h():
    scope = names("01")
    params, off = scope["params"], scope["off"]
    for rows, columns, left in (
        (slice(6, 9), slice(0, 3), False),
        (slice(0, 3), slice(0, 3), True),
        (slice(3, 6), slice(0, 3), True),
        (slice(9, 12), slice(0, 3), True),
        (slice(6, 9), slice(3, 7), True),
    ):
        W = params.W.copy()
        W[rows, columns] = 0
        said = off(LSTMParams(W, params.b))
        assert "C_t off by 0.000" in said and ("h_t off by 0.000" not in said) == left


def test_02_x0_as_a_switch():
    panel = explorer("02", 'predict("exactly_one"')
    panel.move("skip")
    panel.move("x₀ as a switch")
    assert np.round(panel.state.inner.trace.f_t, 4).tolist() == [0.9975, 0.0025, 0.9526]
    panel.move("x_t", 0.0)
    assert (panel.state.inner.trace.f_t == 0.5).all()


def test_02_the_pulse_goal_and_its_answer():
    made = explorer("02", "goal=keep_until(10)")
    assert not met(made) and not met(moved(made, ("one pulse", None)))
    assert met(moved(made, ("w", 6.0), ("b", 3.0)))


def test_02_the_puzzle_needs_biases():
    made = explorer("02", "end_with([1, 0, 1]))")
    assert not met(made)
    assert met(moved(made, ("unit", 0), ("w", 0.0), ("b", 5.0), ("unit", 2), ("w", 0.0), ("b", 3.0)))
    alone = explorer("02", "end_with([1, 0, 1]))")
    left = [moved(alone, ("w", w)).state.trace.C[-1, 0] for w in np.arange(-6, 6.5, 0.5)]
    assert max(left) < 0.5, "unit 0 without a bias, whatever its weight"


def test_03_only_the_candidate_changes_the_sign():
    made = explorer("03", 'gate="i")')
    assert round(made.state.trace.written[0], 4) == 0.2876
    moved(made, ("W", -6.0))
    assert round(made.state.trace.i_t[0], 4) == 0.0025 and 0 < made.state.trace.written[0] < 0.01
    moved(made, ("Reset", None), ("gate", 3), ("W", -6.0))
    assert round(made.state.trace.C_tilde[0], 2) == -1.0 and round(made.state.trace.written[0], 2) == -0.62
    moved(made, ("Reset", None))
    for name in ("W", "b"):
        for value in (-6.0, 6.0):
            assert moved(made, (name, value)).state.trace.written[0] > 0, "W_i and b_i only scale"


def test_03_replacing_a_memory_needs_a_forget_gate():
    made = explorer("03", "hold_at_end(-0.96)")
    C = made.state.trace.C[:, 0]
    assert round(C[6], 2) == 0.96 and abs(C[7]) < 0.01 and not met(made)
    moved(made, ("clamp f", False), ("sliders", 2), ("gate", 0), ("column", 2), ("W", -12.0), ("b", 6.0))
    assert (
        met(made)
        and round(made.state.trace.f[7, 0], 4) == 0.0025
        and round(made.state.trace.f[6, 0], 4) == 0.9975
    )


def test_03_all_three_numbers_of_the_candidate_turn_the_sign():
    for column in (0, 1):
        made = moved(explorer("03", 'gate="i")'), ("gate", 3), ("column", column))
        signs = {np.sign(moved(made, ("W", w)).state.trace.written[0]) for w in (-6.0, 6.0)}
        assert signs == {-1, 1}
    assert moved(made, ("Reset", None), ("gate", 3), ("b", -6.0)).state.trace.written[0] < 0


SHOWN = ("hidden_size", "learning_rate", "max_norm", "forget_bias")
"""Settings of a study that a training panel has as well."""


def test_03_the_live_run_repeats_stored_ones():
    from lstm_lib import study

    made, runs, longer = explorer("03", 'TrainingPanel("adding"'), study("adding"), study("adding_longer")
    settings = runs.arms["LSTM"].settings
    assert made.state.task.name == settings["task"] and settings["T"] == made.state.task.T
    assert all(getattr(made.state, name) == settings[name] for name in SHOWN)
    clamped = longer.arms["LSTM, i clamped at 1"]
    found = runs.arms["LSTM"].solved_at[made.state.seed], clamped.solved_at[made.state.seed]
    assert found == (540, 2240) and made.steps > 2240
    assert clamped.settings == runs.arms["LSTM, i clamped at 1"].settings | {"updates": 6000}
    np.testing.assert_array_equal(runs.arms["plain RNN"].solved_at, np.nan)


def test_04_the_output_gate_hides_and_cannot_amplify():
    made = explorer("04", 'gate="o"')
    assert round(made.state.trace.o_t[0], 2) == 0.75
    t = moved(made, ("W", -6.0)).state.trace
    assert (round(t.z_o[0], 2), round(t.o_t[0], 2), round(t.h_t[0], 2), t.C_t[0]) == (-2.38, 0.08, 0.08, 2)
    for C in (-0.5, 0.5):
        moved(made, ("W", 6.0), ("C_prev", C))
        assert abs(made.state.trace.h_t[0]) <= abs(np.tanh(C))


def test_04_where_the_first_input_is_lost():
    made = explorer("04", "CellOverTime(as_found, X, h_0=[-1])")
    before = made.state.trace
    after = moved(made, ("step", 1), ("x", -5.0)).state.trace
    assert (round(before.C[0, 0], 2), round(after.C[0, 0], 2)) == (0.29, -0.07)
    assert np.allclose(before.C[1:], after.C[1:], atol=1e-4)
    assert f"{after.f[1, 0]:.0e}" == "3e-22" and (after.f[1:, 0] < 1.1e-17).all()


def test_04_the_latch_needs_three_gates():
    made = explorer("04", "CellOverTime(begun, x")
    assert not met(made)
    for gate, column, w, b in ((0, 2, -24.0, 12.0), (3, 1, 12.0, 0.0), (2, 3, 24.0, -12.0)):
        moved(made, ("gate", gate), ("column", column), ("W", w), ("b", b))
    assert met(made)


@pytest.mark.parametrize(("gate", "steps"), [(0, "asked"), (1, "asked"), (2, "silent")])
def test_04_what_a_clamped_gate_breaks(gate, steps):
    made = explorer("04", "CellOverTime(ready, x")
    assert met(made)
    name = "fio"[gate]
    moved(made, ("sliders", 1), ("gate", gate), (name, 1.0))
    assert not met(made)


def test_04_the_live_run_is_the_stored_one():
    from lstm_lib import study

    made, runs = explorer("04", 'TrainingPanel("latch"'), study("latch")
    for arm, clamp in (("LSTM", ""), ("LSTM, f clamped at 1", "f")):
        s, stored = made.state.but(clamp=clamp), runs.arms[arm].settings
        assert (s.seed, s.cell.name, s.optimiser, made.steps) == (0, "LSTM", "Adam", stored["updates"])
        assert all(getattr(s, name) == stored[name] for name in SHOWN)
    made.move("start")
    made.run.join(60)
    made.watch(made.run)
    held_out = made.state.seen.held_out[-1]
    assert held_out == pytest.approx(runs.arms["LSTM"].losses[0, -1], rel=1e-3)


@pytest.mark.proof
def test_05_which_learning_rates_meet_the_goal():
    made = explorer("05", 'TrainingPanel("sum since reset", optimiser="SGD"')
    from lstm_lib.explore.training_settings import LEARNING_RATES

    reached = []
    for k, rate in enumerate(LEARNING_RATES):
        moved(made, ("learning_rate", k))
        made.move("start")
        made.run.join(60)
        made.watch(made.run)
        if met(made):
            reached.append(rate)
    assert reached == [0.1, 0.3, 1.0]
    moved(made, ("optimiser", 0), ("learning_rate", LEARNING_RATES.index(0.01)), ("start", None))
    made.run.join(60)
    made.watch(made.run)
    assert met(made) and made.state.seen.held_out[-1] < 0.3


def test_05_what_survives_fifty_steps_back():
    made = moved(explorer("05", 'predict("path_of_099"'), ("skip", None), ("inputs", 0))

    def left():
        """What is left in the LSTM's C, by the direct path, and in the RNN's h."""
        return re.search(r"C ([\d.e−]+) by the direct path .* RNN's h ([\d.e−]+)\.", made.summary).groups()

    assert round(0.5 ** (1 / 50), 3) == 0.986 and 0.98**50 < 0.5 < 0.99**50
    moved(made, ("b_f", 4.3))
    assert 0.49 < float(left()[0]) < 0.52
    moved(made, ("sliders", 1), ("w", 1.1))
    assert left()[1] == "117"
    moved(made, ("inputs", 2))
    assert "e−" in left()[1], "large inputs: the RNN's factor falls well below 1"


def test_05_an_rnn_that_keeps_its_gradient_and_an_lstm_that_explodes():
    made = explorer("05", "GradientReach(units=16")
    moved(made, ("orthogonal RNN", None))
    assert "C 0.00829 by the direct path" in made.summary and "h 0.0315." in made.summary
    moved(made, ("inputs", 0))
    assert "h 1.00." in made.summary
    moved(made, ("exploding LSTM", None))
    assert "C 0.441 by the direct path and 499 by all paths" in made.summary


def verdicts(made):
    """The final probability of "good" of both sentences."""
    return [p[-1] for _, p in made.read(made.state)]


def test_06_not_turns_the_verdict_and_is_still_there_after_forty_fillers():
    made = explorer("06", "TwinSentences()")
    first, second = verdicts(made)
    assert first < 0.05 and second > 0.95
    moved(made, ("word", 1))
    assert verdicts(made)[1] < 0.05, "without “the”"
    far = verdicts(moved(made, ("far apart", None)))
    assert made.state.fillers == 40 and far[0] < 0.05 and far[1] > 0.95


def test_06_three_nots_are_read_as_two():
    made = explorer("06", 'predict("three_nots"')
    two = verdicts(made.inner)[0]
    shown = made.inner.picture(made._revealed()).summary
    assert two > 0.9 and shown.count(": good (") == 2 and "not not not good" in shown


@pytest.mark.proof
def test_06_a_run_of_the_panel_meets_its_goal():
    made = explorer("06", "TrainingPanel(task, 1200")
    moved(made, ("start", None))
    assert made.run.join(200)
    made.watch(made.run)
    held_out = made.state.seen.held_out
    assert met(made) and abs(held_out[15] - np.log(2)) < 0.1 and held_out[-1] < 0.05


def test_06_few_sentences_are_memorised():
    made = explorer("06", "panel = TrainingPanel(own_task")
    from lstm_lib import run_for

    run = run_for(made.state.task, 300, learning_rate=0.03, max_norm=1.0)
    losses = [record.loss for record in run]
    assert np.mean(losses[-20:]) < 0.2 and run.snapshot().held_out[-1] > 1.2 * run.snapshot().held_out[0]


def tally(made):
    """(wins of the LSTM, its mean RMSE, the baseline's) over the five cuts."""
    from lstm_lib.learning.forecast import rmse

    pairs = [
        (rmse(ours - truth), rmse(theirs - truth))
        for ours, theirs, truth in (made.forecasts(made.state, k) for k in range(5))
    ]
    return sum(a < b for a, b in pairs), *np.round(np.mean(pairs, axis=0), 3)


def test_07_detrending_helps_the_lstm():
    made = explorer("07", "MovingOrigin()")
    assert tally(made) == (2, 3.156, 3.024) and tally(moved(made, ("view", 1))) == (5, 2.201, 3.024)


def test_07_the_same_help_on_one_series():
    made = explorer("07", "MovingOrigin()")
    made.move("same help")
    assert tally(made) == (4, 2.201, 2.354)


def test_07_persistence_hugs_and_is_twice_as_bad():
    made = explorer("07", 'MovingOrigin("co2"')
    assert made.state.blind and made.state.baseline == "persistence"
    wins, ours, theirs = tally(made)
    assert wins == 5 and 1.9 < theirs / ours < 2.3
    _, theirs, truth = made.forecasts(made.state, 0)
    np.testing.assert_array_equal(theirs[1:], truth[:-1])


def test_07_four_cuts_of_five_and_not_the_mean():
    from lstm_lib.explore import MovingOrigin

    made = MovingOrigin("elnino", view="detrended", baseline="AR", lags=24, season=True)
    assert tally(made) == (4, 0.479, 0.476)
    words = moved(made, ("cut", 4)).summary
    assert "better at 4 of 5 cuts so far; mean RMSE 0.479 against 0.476" in words
    assert all(text in made.svg for text in (">−0.00493<", ">−0.0193<", ">+0.0565<"))


def test_07_noise_that_is_none():
    made = explorer("07", 'MovingOrigin("Hénon"')
    wins, ours, theirs = tally(made)
    assert wins == 5 and ours < 0.05 * theirs
    assert tally(moved(made, ("squares", True), ("lags", 2)))[2] == 0
    one, twelve = tally(moved(made, ("h", 1)))[1], tally(moved(made, ("h", 12)))[1]
    assert one < 0.03 and twelve > 0.9 * made.series(made.state).values.std()


def test_07_errors_that_form_waves():
    from lstm_lib.explore import MovingOrigin

    made = MovingOrigin("co2", cut=4, baseline="AR", lags=36)
    ours, theirs, truth = made.forecasts(made.state, 4)
    waves = [np.corrcoef(e[:-1], e[1:])[0, 1] for e in (ours - truth, theirs - truth)]
    assert waves[0] > 0.6 and abs(waves[1]) < 0.4


def test_08_one_resting_place_becomes_three_and_the_ten_end_in_two():
    made = explorer("08", "TenStarts(step=20)")
    assert len(made.places(moved(made, ("u", 0.8)).state)) == 1
    for u in (1.0, 3.0, 6.0):
        places = made.places(moved(made, ("u", u)).state)
        assert [abs(slope) < 1 for _, slope in places] == [True, False, True]
    moved(made, ("a latch", None), ("step", 60))
    assert "in 2 groups" in made.summary

    def same_side():
        C = made.memories(made.state)
        return (np.sign(C[60]) == np.sign(C[0])).sum()

    moved(made, ("sliders", 1), ("noise", 0.3))
    assert same_side() == 10
    moved(made, ("noise", 3.0))
    assert 3 <= same_side() <= 9


def test_08_half_lives_and_lags_of_the_grid():
    """Up to b_f = 3 most starts learn some 10 half-lives, and none or one of ten learns more than 20."""
    from lstm_lib import half_life, sigmoid

    made = explorer("08", "LagReach(")
    for b_f in (0, 1, 2, 3):
        half, row = float(half_life(sigmoid(float(b_f)))), f"LSTM, b_f = {b_f}"
        for lag in (10, 25, 50, 100, 200):
            k = made.solved(row, lag).sum()
            assert k >= 9 if lag <= 11.5 * half else k <= 1 if lag >= 20 * half else k == 6


def test_09_the_wire_to_the_candidate_cannot_be_spared():
    made = explorer("09", "PullAWire()")

    def right():
        return float(re.search(r"; at ([\d.]+) % of the steps of 100 fresh", made.summary)[1])

    for gate, key in enumerate(("f", "i", "o", "C_tilde")):
        moved(made, ("all wires", None), ("gate", gate))
        assert f'data-from="h_prev" data-to="{key}"' in made.svg and right() > 99.9
        moved(made, ("wire h_prev", False))
        assert f'data-from="h_prev" data-to="{key}"' not in made.svg
        assert (right() > 98) == (key != "C_tilde")
    assert 45 < right() < 58
    moved(made, ("show", 1))
    assert "LSTM, wires pulled" in made.svg and ": minGRU" in made.svg and "Pulled: h → C̃." in made.summary
    made = moved(explorer("09", 'predict("after_the_cut"').inner, ("no h → gates", None))
    assert 65 < right() < 75


def test_09_a_live_start_repeats_the_stored_one():
    made = moved(explorer("09", 'Race("adding"'), ("start", 3), ("train", None))
    trainer = made.run
    assert trainer.join(120) and not made.state.training and made.run is None
    (error,) = made.state.live.values()
    assert "LSTM 6 of 20" in made.summary and error == pytest.approx(0.0218, rel=0.2)
    assert "start 3 of LSTM: stored 0.0218, trained here 0.02" in made.summary
    train = next(c for c in made.controls(made.state) if c.name == "train")
    moved(made, ("start", 39), ("first", 1))
    assert train.disabled and "start 39 of vanilla: not stored, not trained here" in made.summary
    moved(made, ("train", None), ("stop", None))
    assert not made.state.training and made.run is None


own = cache(lambda: names("09"))
"""What the cells of 09 define, its cells of one's own among it."""


def own_solved(name, task, updates, starts):
    """How many of the first starts of a cell have solved a task after so many updates."""
    from lstm_lib import KINDS, TASKS, fraction_unexplained, run_for

    batch, solved = TASKS[task].draw(np.random.default_rng(100), TASKS[task].T, 300), 0
    for start in range(starts):
        run = run_for(TASKS[task], updates, start, KINDS.get(name) or own()[name], max_norm=1.0)
        list(run)
        solved += fraction_unexplained(run.network, batch) < 0.1
    return solved


@pytest.mark.parametrize("starts", [1, pytest.param(20, marks=pytest.mark.proof)])
def test_09_a_cell_without_an_input_gate_learns_the_latch_later(starts):
    made = explorer("09", 'TrainingPanel("latch"')
    assert made.goal is not None and 0.1 * made.state.task.mean_loss == pytest.approx(0.02, abs=0.001)
    assert own_solved("LSTM", "latch", 200, starts) == own_solved("LSTM", "latch", 600, starts) == starts
    assert own_solved("mine", "latch", 200, starts) == 0
    assert own_solved("mine", "latch", 600, starts) == starts


def test_09_a_cell_that_cannot_forget_recalls_and_cannot_hold_a_sum():
    assert own_solved("stuck", "delayed recall", 200, 1) == own_solved("LSTM", "sum since reset", 200, 1) == 1
    assert own_solved("LSTM", "delayed recall", 200, 1) == own_solved("stuck", "sum since reset", 200, 1) == 0


def test_09_the_code_and_the_picture_of_a_cell_can_be_read():
    from lstm_lib import Params, step
    from lstm_lib.views import kind_picture

    mine = own()["mine"]
    assert max(map(len, mine.source.splitlines())) <= 96 and "k['h_t__C_t'] = c" in mine.source
    s = step(Params(mine, W=[[1, 2], [0.5, -1]], b=[0, 0.2]), [0.5], h_prev=[0.4], C_prev=[2])
    assert kind_picture(mine, s).summary.endswith("f_t = 0.80, C̃_t = −0.10, C_t = 1.50, h_t = 0.91.")
    assert "h_{t-1}" in kind_picture(mine).summary and "In unit" not in kind_picture(mine).summary
