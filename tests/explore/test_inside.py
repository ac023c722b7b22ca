"""Push the state and Change a part: what is changed, with which control, and what is told of lines that cannot be read."""

import json
from pathlib import Path

import numpy as np
import pytest

from lstm_lib import Network, lstm_forward, lstm_step, study
from lstm_lib.explore import ChangePart, PushState, TrainingPanel
from lstm_lib.learning.classify import classification
from lstm_lib.learning.grammar import GRAMMAR_WORDS, corpus
from lstm_lib.learning.inside import (
    attributions,
    blanked,
    class_means,
    fit_probe,
    gradients,
    joined,
    ledger,
    margin,
    with_gate,
)

ROOT = Path(__file__).resolve().parents[2]
NET = study("sentiment").network("LSTM")
X = GRAMMAR_WORDS.one_hot("the film was not good last week")


def moved(made, *moves):
    for move in moves:
        made.move(*move)
        assert made.note == "", made.note
    return made


def test_a_push_changes_the_state_after_the_step_and_nothing_before():
    made = PushState(direction="probe", strength=1.5)
    s, length = made.state, np.linalg.norm(made.state.subject.means)
    way = made.direction(s)
    assert np.linalg.norm(way) == pytest.approx(length)
    h, C = np.split(s.state + 1.5 * way, 2)
    for x_t in s.sequence[1][s.step :]:
        after = lstm_step(s.subject.params, x_t, h, C)
        h, C = after.h_t, after.C_t
    p = 1 / (1 + np.exp(-margin(NET, h)))
    assert f"{100 * p:.2f}"[:4] in made.summary or p > 0.9999
    before = made.svg
    assert moved(made, ("strength", 0.0)).summary.count("> 99.99 %") == 2 and made.svg != before


def test_strength_zero_leaves_the_run_as_it_is():
    for name in ("film reviews (06)", "running sum (02)", "latch (04)"):
        made = PushState(name)
        ends = made.summary.split("Answer at the end: ")[1].split(" changed")[0].split(" untouched, ")
        assert ends[0] == ends[1] and ("the verdict stays" in made.summary) == ("film" in name)
        assert ("verdict" in made.summary) == ("verdict" in ChangePart(name).summary) == ("film" in name)


def test_a_transplant_of_all_units_is_the_other_runs_state():
    made = ChangePart(every=True)
    h, _ = made.changed(made.state)
    other = lstm_forward(NET.params, GRAMMAR_WORDS.one_hot(made.state.other))
    np.testing.assert_allclose(h[made.state.step - 1 :], other.h[made.state.step - 1 :], atol=1e-12)
    np.testing.assert_array_equal(h[: made.state.step - 1], made.state.trace.h[: made.state.step - 1])
    assert made.twin(made.state) == "the film was really good last week".split()


def test_a_unit_that_is_switched_off_shows_nothing():
    made = moved(ChangePart(), ("switch a unit off",), ("unit", 5))
    h, _ = made.changed(made.state)
    assert np.abs(h[:, 5]).max() < 1e-15 and np.abs(h[:, 4]).max() > 0.01
    cell = with_gate(NET.params, "C_tilde", 2, -0.4)
    np.testing.assert_allclose(lstm_forward(cell, X).C_tilde[:, 2], -0.4)


def test_what_the_notebook_says_of_one_sentence():
    """Unit 2 alone and all units turn the verdict, the control does not. Switching units off can show a need only with "not"."""
    made = ChangePart()
    *units, every = made.bars(made.state).rows
    assert [u for u, (_, value, _) in enumerate(units) if value < 0.5] == [2] and every[1] < 0.01
    assert all(control > 0.99 for _, _, control in made.bars(made.state).rows)
    off = moved(made, ("switch a unit off",)).bars(made.state).rows
    assert all(value > 0.9 for _, value, _ in off[:-1]) and 0.54 < off[-1][1] < 0.56
    other = moved(made, ("text", "the film was not good last week")).bars(made.state).rows
    assert [name for name, value, _ in other[:-1] if value > 0.5] == ["2"] and 0.61 < other[2][1] < 0.63
    pushed = PushState(direction="probe", strength=1.0)
    assert "> 99.99 % after" in pushed.summary and "the verdict stays (good)" in pushed.summary
    pushed = moved(pushed, ("strength", -1.0))
    assert "< 0.01 % after" in pushed.summary and "the verdict turns (bad)" in pushed.summary


def test_the_ledger_adds_up_and_attributions_mean_what_they_say():
    trace = lstm_forward(NET.params, X)
    np.testing.assert_allclose(ledger(trace).sum(axis=0), trace.C[-1], atol=1e-12)
    found = attributions(NET, X, steps=200)
    whole, nothing = margin(NET, trace.h[-1]), margin(NET, lstm_forward(NET.params, 0 * X).h[-1])
    assert found["integrated gradients"].sum() == pytest.approx(whole - nothing, abs=0.05)
    without = X.copy()
    without[3] = 0
    alone = margin(NET, lstm_forward(NET.params, without).h[-1])
    assert blanked(NET, X)[3] == pytest.approx(alone)
    assert found["blanking"][3] == pytest.approx(whole - alone)
    nudged = X.copy()
    nudged[2, 5] += 1e-5
    slope = (margin(NET, lstm_forward(NET.params, nudged).h[-1]) - whole) / 1e-5
    assert gradients(NET, X)[2, 5] == pytest.approx(slope, rel=1e-3, abs=1e-6)


def test_a_probe_reads_what_is_there_and_not_what_is_not():
    rng = np.random.default_rng(0)
    states = rng.normal(size=(300, 6))
    labels = (states[:, 1] - states[:, 4] > 0.3).astype(float)
    assert fit_probe(states[:200], labels[:200]).accuracy(states[200:], labels[200:]) > 0.9
    shuffled = rng.permutation(labels)
    assert fit_probe(states[:200], shuffled[:200]).accuracy(states[200:], shuffled[200:]) < 0.75
    gap = class_means(states, labels)
    assert gap[1] > 0.5 and gap[4] < -0.5 and abs(gap[0]) < 0.3
    assert joined(states, states).shape == (300, 12)


@pytest.mark.parametrize(
    ("subject", "line", "words"),
    [("film reviews (06)", "too short", "input: expected 3 to 30 words, got 2"), ("film reviews (06)", "a " * 31, "got 31"),
     ("running sum (02)", "0.5 r 0.2", "'r' is not a number from −10 to 10, or one after r, a reset"),
     ("running sum (02)", "1 2 99", "'99' is not a number"), ("running sum (02)", "w1 2 3", "'w1' is not a number"),
     ("latch (04)", "w1 1 rq1", "'rq1' is not a number"), ("latch (04)", "1 2", "expected 3 to 30 numbers, got 2"),
     ("latch (04)", "1 2 <b>", "is not a number"), ("latch (04)", "1 2 ١", "is not a number")],
)  # fmt: skip
def test_a_line_that_cannot_be_read_changes_nothing(subject, line, words):
    for made in (PushState(subject), ChangePart(subject)):
        before = made.svg
        made.move("text", line)
        assert words in made.note and made.svg == before and "<b>" not in made.svg


def test_what_is_typed_is_text_and_unknown_words_are_told():
    made = moved(PushState(), ("text", "<img src=x onerror=alert(1)> film was good"))
    assert "<img" not in made.svg and "Unknown words, all read as one: img" in made.remark
    made = moved(ChangePart(), ("other", "<script> was not good"))
    assert "<script" not in made.svg


def test_other_networks_and_wrong_arguments():
    own = Network(len(GRAMMAR_WORDS), 3, 2, np.random.default_rng(0))
    assert "unit 2" in moved(PushState(network=own), ("unit", 2)).summary
    for given, words in (
        ({"subject": "songs"}, "subject: expected one of"),
        ({"direction": "up"}, "direction: expected one of"),
        ({"strength": 9}, "strength: expected"),
        ({"text": "one"}, "input: expected 3 to 30 words"),
        ({"network": 3}, "network: expected a Network"),
        ({"network": Network(2, 3, 1, np.random.default_rng(0))}, "network: expected 52 inputs"),
        ({"network": Network(52, 3, 2, np.random.default_rng(0), "GRU")}, "an LSTM"),
        ({"network": Network(52, 25, 2, np.random.default_rng(0))}, "up to 24 units, got 25"),
    ):
        with pytest.raises(ValueError, match=words):
            PushState(**given)
    with pytest.raises(ValueError, match="edit: expected one of"):
        ChangePart(edit="cut")


def test_a_transplant_from_a_longer_input_is_as_far_from_its_end():
    made = ChangePart(text="the film was good last week", step=3, every=True)
    h, _ = made.changed(made.state)
    other = lstm_forward(NET.params, GRAMMAR_WORDS.one_hot(made.state.other))
    np.testing.assert_allclose(h[2:], other.h[3:], atol=1e-12)


def test_which_unit_shows_the_sum():
    """As notebook 10 says: unit 1 shows most of it, units 5 and 7 follow."""
    made = ChangePart("running sum (02)", edit="gate", gate="o")
    bars = made.bars(made.state)
    lost = np.array([bars.untouched - value for _, value, _ in bars.rows[:-1]])
    assert np.argsort(-lost)[:3].tolist() == [1, 5, 7] and bars.untouched == pytest.approx(1.06, abs=0.005)
    assert bars.rows[1][1] == pytest.approx(-0.29, abs=0.005)


def test_a_transplant_of_more_than_one_word_is_told():
    assert ChangePart().remark == ""
    made = moved(ChangePart(), ("other", "the film was not good"))
    assert "differ (“good last week” and “was not good”), so more than one word" in made.remark
    assert moved(made, ("edit", 1)).remark == ""


def test_a_network_of_ones_own_can_be_opened(tmp_path):
    """Trained on the task of notebook 06 and saved as notebook 10 says; the notebook's own cells then read it."""
    rng = np.random.default_rng(3)
    task = classification("film reviews", corpus(rng, 60), corpus(rng, 30), GRAMMAR_WORDS)
    panel = moved(TrainingPanel(task, 30), ("start",))
    assert panel.run.join(60)
    panel.run.network.save(tmp_path / "mine.npz")
    net = Network.load(tmp_path / "mine.npz")
    for made in (PushState(network=net), ChangePart(network=net)):
        assert "the film was quite good" in moved(made, ("step", 3)).summary
    cells = json.loads((ROOT / "notebooks/10_looking_inside.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    at, later = (
        next(k for k, text in enumerate(code) if name in text)
        for name in ("RecordingLSTM:", "AnsweringLSTM(")
    )
    names = {"net": net}
    for text in (
        code[0],
        code[at].replace('study("sentiment").network("LSTM")', "net"),
        *code[later : later + 2],
    ):
        exec(text, names)
    assert names["cell"].trace.h.shape == (5, net.hidden_size)
