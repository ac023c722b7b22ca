"""The training panel: a run starts, pauses, resumes, stops, ends and diverges, and its thread always ends."""

import gc
import threading
import time
import weakref
from dataclasses import replace

import numpy as np
import pytest
from tiers import quick

from lstm_lib import KINDS, TASKS, Adam, Kind, Network, fit, fraction_unexplained
from lstm_lib.explore import TrainingPanel, keep_until, loss_below
from lstm_lib.explore.training_settings import LEARNING_RATES, MAX_NORMS
from lstm_lib.learning.run import Run, before_training

SOME = ("LSTM", "RNN", "sLSTM", "FGR")
"""Trained in `make test`; the others, whose gradients and pictures have tests of their own, in `make proof` only."""

PATIENCE = 120
"""Seconds after which a test fails: long enough for a busy machine."""


def until(true):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.002)


def buttons(panel):
    """The run's buttons that can be pressed, {label: name}."""
    return {c.label: c.name for c in panel.controls(panel.state) if c.kind == "button" and not c.disabled}


def press(panel, label):
    panel.move(buttons(panel)[label])


def status(panel):
    return panel.state.seen.status


def finished(panel):
    assert panel.run is None or panel.run.join(PATIENCE)
    until(lambda: status(panel) not in ("running", "paused"))
    return panel


def live(steps=30, watch=lambda run: None, max_norm=1.0, rate=0.01, draw=None, seed=0, task="latch"):
    task, rng = TASKS[task], np.random.default_rng(seed)
    network = Network(task.input_size, 4, task.output_size, rng)
    held_out = task.draw(np.random.default_rng(9), 8, 4)
    return Run(network, draw or (lambda: task.draw(rng, 8, 4)), held_out, Adam(rate), steps, max_norm, watch)


def test_a_live_run_gives_the_same_as_fit():
    run = live()
    run.start()
    assert run.join(PATIENCE) and run.status == "finished"
    rng = np.random.default_rng(0)
    task = TASKS["latch"]
    network = Network(task.input_size, 4, task.output_size, rng)
    records = list(fit(network, lambda: task.draw(rng, 8, 4), Adam(0.01), 30, max_norm=1.0))
    seen = run.snapshot()
    for name, values in (("loss", seen.losses), ("norm", seen.norms), ("clipped", seen.clipped)):
        np.testing.assert_array_equal(values, [getattr(r, name) for r in records])
    np.testing.assert_array_equal(seen.reach, records[-1].reach)
    np.testing.assert_array_equal(seen.params.W, network.W)
    assert list(seen.held_out_at) == [0, 10, 20, 30] and len(seen.held_out) == 4 and seen.step == 30


def test_pause_resume_and_stop():
    run = live(steps=100_000)
    run.start()
    until(lambda: run.snapshot().step >= 3)
    run.pause()
    held = run.snapshot()
    time.sleep(0.1)  # enough for dozens of updates
    assert run.snapshot().status == "paused" and run.snapshot().step == held.step
    run.start()
    until(lambda: run.snapshot().step > held.step)
    run.stop()
    assert run.join(PATIENCE) and run.status == "stopped"
    last = run.snapshot()
    run.start()
    run.pause()
    assert run.status == "stopped" and run.snapshot().step == last.step, "an end is an end"


def test_a_paused_run_can_be_stopped():
    run = live(steps=100_000)
    run.start()
    run.pause()
    run.stop()
    assert run.join(PATIENCE) and run.status == "stopped"


def test_a_snapshot_does_not_change():
    run = live(steps=100_000)
    run.start()
    until(lambda: run.snapshot().step >= 2)
    seen = run.snapshot()
    W, losses = seen.params.W.copy(), seen.losses.copy()
    until(lambda: run.snapshot().step >= seen.step + 5)
    run.stop()
    assert run.join(PATIENCE)
    np.testing.assert_array_equal(seen.params.W, W)
    np.testing.assert_array_equal(seen.losses, losses)
    assert (run.snapshot().params.W != W).any()


def test_watch_is_called_at_most_ten_times_a_second_and_at_the_end():
    times = []
    began = time.monotonic()
    run = live(steps=200, watch=lambda run: times.append(time.monotonic()))
    run.start()
    assert run.join(PATIENCE)
    assert run.snapshot().status == "finished"
    assert 1 <= len(times) <= 10 * (times[-1] - began) + 1, "the last look comes when it comes"


def test_an_error_in_the_thread_is_kept():
    def draw():
        raise OSError("no data <b>")

    run = live(draw=draw)
    run.start()
    assert run.join(PATIENCE)
    assert run.snapshot().status == "failed" and run.snapshot().error == "OSError: no data <b>"


def test_the_thread_ends_with_its_kernel():
    run = live(steps=100_000)
    run.start()
    assert next(t for t in threading.enumerate() if t is run._thread).daemon
    run.stop()
    run.join(PATIENCE)


def test_start_runs_to_the_last_step_and_the_page_shows_it():
    panel = TrainingPanel("latch", 25, goal=loss_below(1e9))
    before = panel.svg
    assert set(buttons(panel)) == {"Start", "Other initial weights"} and panel.view.picture.met
    press(panel, "Start")
    finished(panel)
    assert "finished at update 25 of 25" in panel.summary and panel.svg != before
    assert set(buttons(panel)) == {"Start again", "Other initial weights"}


def test_one_button_starts_pauses_and_resumes():
    panel = TrainingPanel("latch", 10_000)
    for label, after in (
        ("Start", "running"),
        ("Pause", "paused"),
        ("Resume", "running"),
        ("Stop", "stopped"),
    ):
        press(panel, label)
        assert status(panel) == panel.run.status == after
    assert panel.run.join(PATIENCE) and "stopped at update" in panel.summary


def test_a_second_press_of_start_is_ignored():
    panel, before = TrainingPanel("latch", 10_000), threads()
    for _ in range(3):
        panel.move("start")  # as a page sends it that has not heard of the first
    assert status(panel) == "running" and panel.note == "" and len(threads()) == len(before) + 1
    press(panel, "Stop")
    assert panel.run.join(PATIENCE)


def threads():
    return [t for t in threading.enumerate() if t.name == "training"]


def test_learning_rate_and_clipping_act_on_the_current_run():
    panel = TrainingPanel("latch", 10_000)
    press(panel, "Start")
    run = panel.run
    panel.move("learning_rate", LEARNING_RATES.index(0.1))
    panel.move("max_norm", MAX_NORMS.index(np.inf))
    assert (
        panel.run is run
        and run.optimiser.learning_rate == 0.1
        and run.max_norm == np.inf
        and run.status == "running"
    )
    panel.move("Reset")
    assert run.join(PATIENCE) and status(panel) == "ready" and panel.run is None


@pytest.mark.parametrize("change", [("forget_bias", 3.0), ("hidden_size", 1), ("cell", 1), ("other", None),
                                    ("optimiser", 1), ("task", 1)])  # fmt: skip
def test_a_change_of_the_network_ends_the_run_and_prepares_a_new_one(change):
    panel = TrainingPanel("latch", 10_000)
    press(panel, "Start")
    old = panel.run
    until(lambda: panel.state.seen.step >= 2)
    panel.move(*change)
    assert panel.note == "" and old.join(PATIENCE) and status(panel) == "ready" and panel.run is None
    assert "not started" in panel.summary
    assert ("run before" in panel.svg) == (change[0] != "task"), "losses of two tasks do not compare"
    panel.move("Reset")
    assert "run before" not in panel.svg and "not started" in panel.summary


def test_start_again_repeats_the_same_run():
    panel = TrainingPanel("latch", 20)
    losses = []
    for label in ("Start", "Start again", "Start again"):
        press(panel, label)
        losses.append(finished(panel).state.seen.losses)
    assert len(losses[0]) == 20 and all((a == losses[0]).all() for a in losses)
    press(panel, "Other initial weights")
    assert panel.state.seed == 1 and panel.state.seen.losses[0] != losses[0][0]


def test_a_diverging_run_says_so_and_stops():
    panel = TrainingPanel()
    panel.move("adding, SGD at 3")
    press(panel, "Start")
    finished(panel)
    assert status(panel) == "diverged" and panel.state.seen.step < 50
    assert "diverged at update" in panel.remark and "Choose a lower learning rate" in panel.remark


def test_a_cell_that_overflows_is_not_told_to_learn_more_slowly():
    kind = Kind(
        "mine", "f_t = exp(W_f · [h_{t-1}; x_t] + b_f)", "C_t = f_t ⊙ C_{t-1} + exp(f_t)", "h_t = exp(C_t)"
    )
    panel = TrainingPanel("adding", 20, cells=(kind,), cell=kind)
    press(panel, "Start")
    finished(panel)
    assert "before the first update: the cell itself overflows" in panel.remark


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("f_t = σ(W_f · x_t + b_f)", "initial b_f"),
        ("f_t = 1 − σ(W_f · x_t + b_f)", "bias to keep"),
        ("f_t = σ(W_f · x_t)", ""),
    ],
)
def test_the_first_bias_is_called_what_it_is(line, label):
    kind = Kind("mine", line, "C_t = f_t ⊙ C_{t-1} + tanh(W_C · x_t)", "h_t = tanh(C_t)")
    panel = TrainingPanel("adding", 20, cells=(kind,), cell=kind)
    assert [c.label for c in panel.controls(panel.state) if c.name == "forget_bias"] == [label] * bool(label)
    assert (f"{label} = 1" in panel.state.text) == bool(label)


def test_an_infinite_loss_is_shown():
    panel = TrainingPanel("adding", 20)
    press(panel, "Start")
    finished(panel)
    seen = replace(panel.state.seen, status="diverged", step=1, losses=np.array([np.inf]), norms=np.array([np.inf]),
                   clipped=np.array([np.inf]))  # fmt: skip
    picture = panel.picture(panel.state.but(seen=seen))
    assert "diverged at update 1 of 20, loss ∞" in picture.summary and "the loss is ∞" in picture.remark
    assert "nan" not in picture.svg and "inf" not in picture.svg


def test_a_replaced_run_is_not_shown():
    panel = TrainingPanel("latch", 10_000)
    press(panel, "Start")
    old = panel.run
    panel.move("Reset")
    assert old.join(PATIENCE)
    view = panel.view
    panel.watch(old)
    assert panel.view is view


def test_settings_may_be_numpy_numbers():
    panel = TrainingPanel(
        "latch", np.int64(20), hidden_size=np.int64(8), seed=np.int64(1), learning_rate=np.float64(0.03)
    )
    assert panel.state.hidden_size == 8 and "8 units" in panel.summary


def test_a_long_run_can_be_drawn_to_its_end():
    panel = TrainingPanel("noise", 10_000, hidden_size=1)
    losses = np.full(10_000, 0.5)
    seen = replace(
        panel.state.seen, status="finished", step=10_000, losses=losses, norms=losses, clipped=losses
    )
    assert len(panel.picture(panel.state.but(seen=seen)).svg) < 60_000


def test_a_move_made_while_the_run_is_drawn_is_not_lost():
    panel = TrainingPanel("latch", 10_000)
    inside, go_on, picture = threading.Event(), threading.Event(), panel.picture

    def slow(s, before=None):
        if threading.current_thread().name == "training" and not inside.is_set():
            inside.set()
            go_on.wait(PATIENCE)
        return picture(s, before)

    panel.picture = slow
    press(panel, "Start")
    assert inside.wait(PATIENCE)
    threading.Timer(0.1, go_on.set).start()
    panel.move("learning_rate", LEARNING_RATES.index(0.1))
    assert panel.state.learning_rate == 0.1 and panel.run.optimiser.learning_rate == 0.1
    press(panel, "Stop")


def test_a_run_is_stopped_when_the_last_page_closes():
    panel = TrainingPanel("latch", 10_000)
    page = panel.widget
    page._received(page, {"do": "open", "client": "a"}, [])
    press(panel, "Start")
    run = panel.run
    page._received(page, {"do": "close", "client": "a"}, [])
    assert run.join(PATIENCE) and status(panel) == "stopped" and not run._thread.is_alive()


def test_a_failing_picture_is_reported_and_ends_the_run():
    panel = TrainingPanel("latch", 10_000)

    def broken(s, before=None):
        raise RuntimeError("no ink")

    press(panel, "Start")
    panel.picture = broken
    assert panel.run.join(PATIENCE)
    assert panel.remark == "RuntimeError: no ink" and status(panel) == "stopped"


def test_a_thread_that_cannot_start_is_reported_and_changes_nothing(monkeypatch):
    panel = TrainingPanel("latch", 20)

    def no_thread(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_thread)
        press(panel, "Start")
    assert panel.remark == "RuntimeError: can't start new thread\nNothing was changed."
    assert status(panel) == "ready" and set(buttons(panel)) == {"Start", "Other initial weights"}
    press(panel, "Start")
    assert finished(panel).state.seen.step == 20 and panel.remark == ""


@pytest.mark.parametrize("label", [None, "Pause"])
def test_a_run_ends_when_its_panel_is_deleted(label):
    panel = TrainingPanel("latch", 10_000)
    press(panel, "Start")
    if label:
        press(panel, label)
    run, gone = panel.run, weakref.ref(panel)
    del panel
    gc.collect()
    assert run.join(PATIENCE) and run.status == "stopped" and gone() is None


def test_snapshots_are_read_only():
    panel = TrainingPanel("latch", 20)
    for name in ("losses", "norms", "reach", "held_out", "held_out_at"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(panel.state.seen, name)[:] = 99
    with pytest.raises(ValueError, match="read-only"):
        before_training(**panel.state.network)[1][:] = 99
    assert TrainingPanel("latch", 20).summary == panel.summary


def test_an_error_while_watching_is_kept():
    calls = []

    def watch(run):
        calls.append(run.status)
        if len(calls) == 1:
            raise OSError("gone")

    run = live(steps=20, watch=watch)
    run.start()
    assert run.join(PATIENCE) and run.snapshot().error == "OSError: gone" and calls[-1] == "failed"
    assert live(max_norm=None).snapshot().clipped[0] > 0


def test_a_training_network_can_be_read():
    panel, rng = TrainingPanel("latch", 10_000), np.random.default_rng(0)
    press(panel, "Start")
    for _ in range(30):
        fraction_unexplained(panel.run.network, TASKS["latch"].draw(rng, 40, 64))
    assert panel.run.status == "running"
    press(panel, "Stop")


def test_noise_is_a_fixed_set_and_the_held_out_loss_does_not_fall():
    panel = TrainingPanel("noise", 400, hidden_size=32, learning_rate=0.03)
    press(panel, "Start")
    seen = finished(panel).state.seen
    assert seen.losses[-1] < 0.5 * seen.losses[0] and seen.held_out[-1] > 0.95 * seen.held_out[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"task": "chess"}, "task: expected one of .*'latch'"),
        ({"steps": 5}, "steps: expected a whole number from 10 to 10000, got 5"),
        ({"learning_rate": 0.02}, "learning_rate: expected one of"),
        ({"speed": 3}, "expected settings from .*'learning_rate'.*got 'speed'"),
        ({"forget_bias": 9.0}, "forget_bias: expected a number from -6 to 6, got 9"),
        ({"forget_bias": None}, "forget_bias: expected a number"),
        ({"seed": 1.5}, "seed: expected a whole number of at least 0, got 1.5"),
        ({"seed": -1}, "seed: expected a whole number"),
        ({"seed": 10**5000}, "seed: expected a whole number"),
        ({"goal": 0}, "goal: expected a Goal, got int"),
        ({"goal": np.zeros(2)}, "goal: expected a Goal, got ndarray"),
        ({"goal": keep_until(1)}, "goal: expected one for this explorer"),
        ({"task": []}, r"task: expected one of .*got \[\]"),
        ({"hidden_size": True}, "hidden_size: expected one of"),
        ({"learning_rate": np.array([0.1, 0.2])}, "learning_rate: expected one of"),
        ({"steps": 10.0}, "steps: expected a whole number"),
    ],
)
def test_bad_settings_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        TrainingPanel(**arguments)


@pytest.mark.proof
def test_what_notebook_05_says_of_the_initial_b_f():
    """On delayed recall, b_f = 1 stays at chance for every learning rate; b_f = 3 learns it within 100 updates."""
    for rate in (0.001, 0.01, 0.1):
        panel = TrainingPanel(learning_rate=rate)
        press(panel, "Start")
        assert (finished(panel).state.seen.losses > 0.7).all()
    panel = TrainingPanel(forget_bias=3.0)
    press(panel, "Start")
    assert (finished(panel).state.seen.losses[:100] < 0.05).any()


def test_a_task_of_one_s_own_is_the_only_one():
    own = replace(TASKS["latch"], name="my latch")
    names = [control.name for control in TrainingPanel(own, 20).controls(TrainingPanel(own, 20).state)]
    assert "task" not in names and "cell" in names and not TrainingPanel(own, 20).presets
    one = TrainingPanel(TASKS["latch"], 20, cells=("LSTM",))
    names = [control.name for control in one.controls(one.state)]
    assert "task" in names and "cell" not in names and one.presets


def test_a_gate_can_be_clamped_at_1_in_any_cell_that_has_it():
    panel = TrainingPanel("adding", cells=("LSTM", "GRU", "RNN"), clamp="i", steps=20)
    assert "i clamped at 1" in panel.summary
    panel.move("start")
    panel.run.join(60)
    np.testing.assert_array_equal(panel.run.network.clamp["i"], 1.0)
    panel.move("clamp", 1)
    assert "f clamped at 1" in panel.summary and "b_f" not in panel.summary
    assert "forget_bias" not in [c.name for c in panel.controls(panel.state)], "it would do nothing"
    panel.move("cell", 1)
    assert "clamped at 1" not in panel.summary, "a GRU has no gate f"
    assert "forget_bias" in [c.name for c in panel.controls(panel.state)]
    panel.move("cell", 2)
    assert "clamp" not in [c.name for c in panel.controls(panel.state)]
    with pytest.raises(ValueError, match="clamp: expected a gate of RNN"):
        TrainingPanel(cell="RNN", clamp="f")


@pytest.mark.parametrize("cell", quick(KINDS, SOME))
def test_every_kind_is_trained_and_drawn(cell):
    panel = TrainingPanel("sum since reset", cells=(cell,), steps=10)
    for gate in range(len(panel.state.gates) + 1):
        if panel.state.gates:
            panel.move("clamp", gate)
        panel.move("start")
        panel.run.join(60)
        assert panel.state.seen.status == "finished" and panel.note == "" and cell in panel.summary


HX, NEW = "[h_{t-1}; x_t]", "C̃_t = tanh(W_C · [h_{t-1}; x_t] + b_C)"
OWN = [
    Kind("two", f"α_t = σ(W_a · {HX} + b_a)", f"β_t = σ(W_b · {HX} + b_b)", NEW, "C_t = α_t ⊙ C_{t-1} + β_t ⊙ C̃_t", "h_t = tanh(C_t)"),
    Kind("no gate", NEW, "C_t = 0.9 ⊙ C_{t-1} + C̃_t", "h_t = tanh(C_t)"),
    Kind("six", *(f"{g}_t = σ(W_{g} · {HX} + b_{g})" for g in "fioage"), NEW, "C_t = f_t ⊙ a_t ⊙ C_{t-1} + i_t ⊙ g_t ⊙ C̃_t", "h_t = o_t ⊙ e_t ⊙ tanh(C_t)"),
    Kind("large", "remembering_t = relu(W_r · x_t + 3)", "i_t = exp(W_i · x_t + 4 + b_i)", NEW, "C_t = 0.5 ⊙ C_{t-1} + i_t ⊙ remembering_t ⊙ C̃_t", "h_t = tanh(C_t)"),
    Kind("no bias", f"f_t = σ(W_f · {HX})", NEW, "C_t = f_t ⊙ C_{t-1} + (1 − f_t) ⊙ C̃_t", "h_t = C_t"),
]  # fmt: skip


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.name)
def test_a_cell_of_one_s_own_is_trained_beside_the_lstm_and_each_gate_clamped(kind):
    panel = TrainingPanel("sum since reset", cells=("LSTM", kind), steps=10)
    panel.move("cell", 1)
    gates = [gate.key for gate in kind.gates if gate.key != "C_tilde"]
    assert kind.name in panel.summary and panel.state.gates == gates
    for k, gate in enumerate(["", *gates]):
        if gates:
            panel.move("clamp", k)
        panel.move("start")
        assert status(finished(panel)) == "finished" and panel.note == ""
        biased = kind.name == "two" and gate != "α"  # the gate that keeps, and has a bias
        assert biased == ("forget_bias" in [c.name for c in panel.controls(panel.state)])


def test_cells_with_one_name_are_refused():
    with pytest.raises(ValueError, match="cells: expected a name of its own for each"):
        TrainingPanel(cells=("LSTM", Kind("LSTM", *KINDS["1997"].equations)))
    with pytest.raises(ValueError, match="clamp: expected a gate of two, one of .'α', 'β'., got 'f'"):
        TrainingPanel(cells=(OWN[0],), clamp="f")
