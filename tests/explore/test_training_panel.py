"""The training panel: a run starts, pauses, goes on, stops, ends, diverges, and is never lost in a thread."""

import threading
import time

import numpy as np
import pytest

from lstm_lib import TASKS, Adam, Batch, Network, fit, unexplained
from lstm_lib.explore import TrainingPanel
from lstm_lib.explore.live_run import LiveRun


def until(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.002)


def press(panel, label):
    panel.buttons[label].click()


def finished(panel):
    assert panel.run.join(30)
    return panel


def live(steps=30, watch=lambda run: None, clip=1.0, rate=0.01, draw=None, seed=0, task="latch"):
    task, rng = TASKS[task], np.random.default_rng(seed)
    network = Network(task.input_size, 4, task.output_size, rng)
    held_out = task.draw(np.random.default_rng(9), 8, 4)
    return LiveRun(network, draw or (lambda: task.draw(rng, 8, 4)), held_out, Adam(rate), steps, clip, watch)


def test_a_live_run_is_fit_in_a_thread():
    run = live()
    run.start()
    assert run.join(20) and run.status == "finished"
    rng = np.random.default_rng(0)
    task = TASKS["latch"]
    network = Network(task.input_size, 4, task.output_size, rng)
    records = list(fit(network, lambda: task.draw(rng, 8, 4), Adam(0.01), 30, clip=1.0))
    seen = run.snapshot()
    for name, values in (("loss", seen.losses), ("norm", seen.norms), ("clipped", seen.clipped)):
        np.testing.assert_array_equal(values, [getattr(r, name) for r in records])
    np.testing.assert_array_equal(seen.reach, records[-1].reach)
    np.testing.assert_array_equal(seen.params.W, network.W)
    assert list(seen.held_out_at) == [0, 10, 20, 30] and len(seen.held_out) == 4 and seen.step == 30


def test_pause_holds_go_on_goes_on_and_stop_ends():
    run = live(steps=100_000)
    run.start()
    until(lambda: run.snapshot().step >= 3)
    run.pause()
    time.sleep(0.05)
    held = run.snapshot()
    time.sleep(0.1)
    assert held.status == "paused" and run.snapshot().step == held.step
    run.start()
    until(lambda: run.snapshot().step > held.step)
    run.stop()
    assert run.join(5) and run.status == "stopped"
    last = run.snapshot()
    run.start()
    run.pause()
    assert run.status == "stopped" and run.snapshot().step == last.step, "an end is an end"


def test_a_paused_run_can_be_stopped():
    run = live(steps=100_000)
    run.start()
    run.pause()
    run.stop()
    assert run.join(5) and run.status == "stopped"


def test_a_snapshot_stays_as_it_was():
    run = live(steps=100_000)
    run.start()
    until(lambda: run.snapshot().step >= 2)
    seen = run.snapshot()
    W, losses = seen.params.W.copy(), seen.losses.copy()
    until(lambda: run.snapshot().step >= seen.step + 5)
    run.stop()
    assert run.join(5)
    np.testing.assert_array_equal(seen.params.W, W)
    np.testing.assert_array_equal(seen.losses, losses)
    assert (run.snapshot().params.W != W).any()


def test_it_is_watched_at_most_ten_times_a_second_and_at_its_end():
    times = []
    run = live(steps=200, watch=lambda run: times.append(time.monotonic()))
    run.start()
    assert run.join(30)
    assert run.snapshot().status == "finished" and len(times) >= 1
    gaps = np.diff(times)[:-1]  # the last look comes when it comes
    assert (gaps >= 0.099).all()


def test_what_goes_wrong_in_the_thread_is_told():
    def draw():
        raise OSError("no data <b>")

    run = live(draw=draw)
    run.start()
    assert run.join(5)
    assert run.snapshot().status == "failed" and run.snapshot().error == "OSError: no data <b>"


def test_the_thread_ends_with_its_kernel():
    run = live(steps=100_000)
    run.start()
    assert next(t for t in threading.enumerate() if t is run._thread).daemon
    run.stop()
    run.join(5)


def test_start_runs_to_the_step_limit_and_the_page_follows():
    panel = TrainingPanel("latch", 25)
    before = panel.svg
    assert panel.progress.max == 25 and panel.progress.value == 0 and panel.buttons["Stop"].disabled
    press(panel, "Start")
    finished(panel)
    until(lambda: panel.progress.value == 25)
    assert "finished at update 25 of 25" in panel.summary and panel.svg != before
    assert panel.view.value.startswith(panel.svg) and panel.buttons["Start"].description == "Start"
    assert panel.progress.bar_style == "success" and panel.buttons["Stop"].disabled


def test_the_one_button_starts_pauses_and_goes_on():
    panel = TrainingPanel("latch", 10_000)
    labels = []
    for _ in range(3):
        press(panel, "Start")
        labels.append((panel.buttons["Start"].description, panel.run.status))
    assert labels == [("Pause", "running"), ("Go on", "paused"), ("Pause", "running")]
    assert 'aria-live="off"' in panel.view.value, "ten summaries a second are not read out"
    press(panel, "Stop")
    finished(panel)
    until(lambda: 'aria-live="polite"' in panel.view.value)
    assert "stopped at update" in panel.summary and panel.buttons["Start"].description == "Start"


def slider(panel, label):
    (found,) = [s for s in panel.sliders if s.description == label]
    return found


def test_rate_and_clipping_act_on_the_run_under_way():
    panel = TrainingPanel("latch", 10_000)
    press(panel, "Start")
    run = panel.run
    slider(panel, "learning rate").value = 0.1
    slider(panel, "clip at").value = np.inf
    assert panel.run is run and run.optimiser.rate == 0.1 and run.clip == np.inf and run.status == "running"
    panel.apply("Reset")
    assert run.join(5)


@pytest.mark.parametrize("change", [{"forget_bias": 3.0}, {"hidden_size": 2}, {"cell": "rnn"}, {"seed": 5},
                                    {"optimiser": "SGD"}, {"task": "adding"}])  # fmt: skip
def test_what_makes_another_network_ends_the_run_and_makes_one_ready(change):
    panel = TrainingPanel("latch", 10_000)
    press(panel, "Start")
    old = panel.run
    until(lambda: old.snapshot().step >= 2)
    panel.move(lambda state: state.update(change))
    assert panel.run is not old and old.join(5) and panel.run.status == "ready"
    assert "not started" in panel.summary
    shadow = "run before" in panel.svg
    assert shadow == ("task" not in change), "losses of two tasks do not compare"
    panel.apply("Reset")
    assert "run before" not in panel.svg and "not started" in panel.summary


def test_starting_again_after_the_end_is_the_same_run_again():
    panel = TrainingPanel("latch", 20)
    for _ in range(2):
        press(panel, "Start")
        finished(panel)
        last = panel.run.snapshot().losses
    press(panel, "Start")
    finished(panel)
    np.testing.assert_array_equal(panel.run.snapshot().losses, last)
    first = panel.run.snapshot().params.W, panel.run.held_out.x, panel.run.draw().x
    press(panel, "Other first weights")
    other = panel.run.snapshot().params.W, panel.run.held_out.x, panel.run.draw().x
    assert panel.state["seed"] == 1 and all((a != b).any() for a, b in zip(first, other, strict=True))


def test_a_diverging_run_says_so_and_stops():
    panel = TrainingPanel()
    panel.apply("rate too high")
    press(panel, "Start")
    finished(panel)
    until(lambda: "diverged" in panel.summary)
    seen = panel.run.snapshot()
    assert (
        seen.step < 50 and "diverged at update" in panel.notice.value and "lower rate" in panel.notice.value
    )
    assert panel.progress.bar_style == "danger"


def test_an_infinite_loss_is_drawn_and_told():
    panel = TrainingPanel("adding", 20)
    batch = panel.run.draw()
    panel.run.draw = lambda: Batch(batch.x, 1e200 * batch.mask[..., None], batch.mask)
    press(panel, "Start")
    finished(panel)
    until(lambda: "diverged at update 1 of 20, loss ∞" in panel.summary)
    assert "nan" not in panel.svg and "inf" not in panel.svg and "has grown to ∞" in panel.notice.value


def test_an_old_run_draws_nothing_any_more():
    panel, drawn = TrainingPanel("latch", 10_000), []
    press(panel, "Start")
    old = panel.run
    panel.apply("Reset")
    assert old.join(5)
    panel.draw = lambda: drawn.append(1)
    panel._watch(old)
    assert not drawn


def test_numbers_of_numpy_are_numbers():
    panel = TrainingPanel(
        "latch", np.int64(20), hidden_size=np.int64(8), seed=np.int64(1), rate=np.float64(0.03)
    )
    assert panel.state["hidden_size"] == 8 and "8 units" in panel.summary


def test_a_long_run_can_be_drawn_to_its_end():
    panel = TrainingPanel("noise", 10_000, hidden_size=1)
    run = panel.run
    record = run._first
    run._records = [record] * 10_000
    panel.move(lambda state: None)
    assert "The picture is as it was" not in panel.notice.value and panel.progress.value == 10_000


def test_a_move_made_while_the_picture_is_drawn_is_not_lost():
    panel = TrainingPanel("latch", 10_000)
    inside, go_on, draw = threading.Event(), threading.Event(), panel.draw

    def slow():
        if threading.current_thread().name == "training" and not inside.is_set():
            inside.set()
            go_on.wait(5)
        return draw()

    panel.draw = slow
    press(panel, "Start")
    assert inside.wait(10)
    threading.Timer(0.1, go_on.set).start()
    slider(panel, "learning rate").value = 0.1
    assert panel.state["rate"] == 0.1 and panel.run.optimiser.rate == 0.1
    panel.close()


def test_a_move_made_while_another_thread_sets_the_controls_is_not_lost():
    panel, inside, go_on = TrainingPanel("latch", 20), threading.Event(), threading.Event()
    rate = slider(panel, "learning rate")

    def hold():
        if threading.current_thread().name == "other" and not inside.is_set():
            inside.set()
            go_on.wait(5)

    panel._bound.append((rate, hold))
    other = threading.Thread(target=lambda: panel.move(lambda state: None), name="other")
    other.start()
    assert inside.wait(10)
    threading.Timer(0.1, go_on.set).start()
    rate.value = 0.1
    other.join()
    assert panel.state["rate"] == rate.value == 0.1


def test_unlocking_beside_moves_is_safe():
    panel, errors = TrainingPanel("latch", 20), []

    def unlock():
        try:
            for _ in range(200):
                panel.lock(False)
        except Exception as error:
            errors.append(error)

    other = threading.Thread(target=unlock)
    other.start()
    for k in range(40):
        panel.move(
            lambda state, k=k: state.update(task=("latch", "adding")[k % 2], cell=("lstm", "rnn")[k // 2 % 2])
        )
        assert "The picture is as it was" not in panel.notice.value
    other.join()
    assert not errors


def test_a_closed_panel_trains_no_more():
    panel = TrainingPanel("latch", 10_000)
    press(panel, "Start")
    run = panel.run
    panel.close()
    assert run.join(5) and run.status == "stopped"


def test_a_picture_that_fails_is_told_and_ends_the_run():
    panel = TrainingPanel("latch", 10_000)

    def broken():
        raise RuntimeError("no ink")

    press(panel, "Start")
    panel.draw = broken
    assert panel.run.join(10)
    assert "could not be drawn: RuntimeError: no ink" in panel.notice.value


def test_an_error_while_watching_is_kept():
    calls = []

    def watch(run):
        calls.append(run.status)
        if len(calls) == 1:
            raise OSError("gone")

    run = live(steps=20, watch=watch)
    run.start()
    assert run.join(10) and run.snapshot().error == "OSError: gone" and calls[-1] == "failed"
    assert live(clip=None).snapshot().clipped[0] > 0


def test_the_network_under_way_may_be_looked_at():
    panel, rng = TrainingPanel("latch", 10_000), np.random.default_rng(0)
    press(panel, "Start")
    for _ in range(30):
        unexplained(panel.run.network, TASKS["latch"].draw(rng, 40, 64))
    assert panel.run.status == "running"
    panel.close()


def test_noise_is_a_fixed_set_and_the_held_out_loss_does_not_fall():
    panel = TrainingPanel("noise", 400, hidden_size=32, rate=0.03)
    press(panel, "Start")
    finished(panel)
    seen = panel.run.snapshot()
    assert seen.losses[-1] < 0.5 * seen.losses[0] and seen.held_out[-1] > 0.95 * seen.held_out[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"task": "chess"}, "task: expected one of .*'latch'"),
        ({"steps": 5}, "steps: expected a whole number from 10 to 10000, got 5"),
        ({"rate": 0.02}, "rate: expected one of"),
        ({"speed": 3}, "expected settings from .*'rate'.*got 'speed'"),
        ({"forget_bias": 9.0}, "forget_bias: expected a number from -6 to 6, got 9"),
        ({"forget_bias": None}, "forget_bias: expected a number"),
        ({"seed": 1.5}, "seed: expected a whole number of at least 0, got 1.5"),
        ({"seed": -1}, "seed: expected a whole number"),
        ({"task": []}, r"task: expected one of .*got \[\]"),
        ({"hidden_size": True}, "hidden_size: expected one of"),
        ({"rate": np.array([0.1, 0.2])}, "rate: expected one of"),
        ({"steps": 10.0}, "steps: expected a whole number"),
    ],
)
def test_bad_settings_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        TrainingPanel(**arguments)


def test_what_notebook_05_says_of_the_first_b_f():
    """On delayed recall b_f = 1 stays at chance whatever the rate, b_f = 3 is through within some dozens."""
    for rate in (0.001, 0.01, 0.1):
        panel = TrainingPanel(rate=rate)
        press(panel, "Start")
        assert (finished(panel).run.snapshot().losses > 0.7).all()
    panel = TrainingPanel(forget_bias=3.0)
    press(panel, "Start")
    assert (finished(panel).run.snapshot().losses[:100] < 0.05).any()
