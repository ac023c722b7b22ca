"""Predictions lock, unlock and compare; choices give feedback."""

import re
from base64 import b64decode
from html import escape

import numpy as np
import pytest

from lstm_lib import LSTMParams, half_life, sigmoid
from lstm_lib.exercises import all_questions, choose, predict, question
from lstm_lib.explore import (
    CellExplorer,
    ForgetClamped,
    ForgetComputed,
    GradientReach,
    MemoryDecay,
    MovingOrigin,
    PullAWire,
    PushState,
    TenStarts,
    TrainingPanel,
    TwinSentences,
)
from lstm_lib.views.theme import words


def test_unknown_names_are_named():
    with pytest.raises(ValueError, match="question: expected one of .*one_forgets"):
        choose("nonsense")
    with pytest.raises(ValueError, match="is not a prediction; use choose"):
        predict("one_forgets", ForgetClamped())


@pytest.mark.parametrize(
    ("name", "explorer"),
    [
        ("fifty_steps", CellExplorer),
        ("path_of_099", TrainingPanel),
        ("fifty_steps", lambda: None),
        ("count_up", lambda: CellExplorer(LSTMParams.random(2, 3, np.random.default_rng(0)))),
    ],
)
def test_an_explorer_of_another_kind_is_refused(name, explorer):
    with pytest.raises(ValueError, match="^explorer: "):
        predict(name, explorer())


@pytest.mark.parametrize("name", all_questions())
def test_every_option_gives_its_feedback(name):
    q = question(name)
    if q.reveal is not None:
        return
    panel = choose(name)
    for k, option in enumerate(q.options):
        panel.move("option", k)
        assert panel.remark == words(f"{'✓' if option.right else '✗'} {option.feedback}")
        assert panel.view.picture.good == option.right
    assert all(o.feedback not in panel.plain() for o in q.options)


def prediction():
    return predict("fifty_steps", MemoryDecay())


def names(panel):
    return [c.name for c in panel.all_controls(panel.state) if not c.disabled]


def test_a_prediction_has_the_explorer_s_controls_only_after_commit():
    panel = prediction()
    assert names(panel) == ["option", "sure", "reason", "skip"] and "Choose an answer" in panel.remark
    panel.move("option", 1)
    assert "say how sure you are" in panel.remark and "commit" not in names(panel)
    panel.move("sure", 2)
    panel.move("reason", "<img src=x onerror=alert(1)>")
    panel.move("commit")
    assert {"f", "n", "C_0", "f = 0.9"} <= set(names(panel)) and "option" not in names(panel)
    said = panel.remark
    assert "Your prediction: nothing: fifty times" in said and "(certain)" in said and "“<img src=x" in said
    assert "after 50 steps 0.52 % is left" in said and "Why:" in said and not panel.view.picture.good
    assert (panel.state.inner.f, panel.state.inner.n) == (0.9, 50)
    panel.move("n", 3)
    assert "after 50 steps 0.52 %" in panel.remark, "the result is that of the question"
    for _ in range(3):
        panel.move("Undo")
    assert panel.state.phase == "committed", "an answer cannot be taken back"


def test_a_right_prediction_is_confirmed():
    panel = prediction()
    for move in (("option", 3), ("sure", 0), ("commit",)):
        panel.move(*move)
    assert "✓ as you predicted" in panel.remark and panel.view.picture.good


def test_skip_unlocks_and_reveals_nothing_and_the_question_can_still_be_answered():
    panel = prediction()
    before = panel.svg
    panel.move("skip")
    assert {"f", "n", "answer"} <= set(names(panel)) and panel.svg == before and "0.52" not in panel.remark
    panel.move("f = 0.9")
    panel.move("answer")
    assert "f" not in names(panel) and panel.svg == before


def test_moves_after_skip_do_not_change_the_result():
    panel = predict("exactly_one", ForgetComputed())
    for move in (
        ("skip",),
        ("bias only",),
        ("column", 3),
        ("W_f", 1.2),
        ("answer",),
        ("option", 2),
        ("sure", 1),
        ("commit",),
    ):
        panel.move(*move)
    assert panel.note == "" and (panel.state.inner.W_f == 0).all() and (panel.state.inner.b_f == 6).all()


def test_without_a_kernel_a_prediction_shows_its_question_and_starting_picture():
    panel = prediction()
    bundle = panel._repr_mimebundle_()
    image = b64decode(re.search(r"base64,([^\"]*)", bundle["text/html"])[1]).decode()
    assert MemoryDecay().svg.split(">", 1)[1] in image and "image/svg+xml" not in bundle
    for text in (bundle["text/plain"], bundle["text/html"].split("<details>")[0]):
        assert "about half a percent" in text and "0.52" not in text and panel.question.because not in text


@pytest.mark.parametrize("name", [n for n, q in all_questions().items() if q.reveal is not None])
def test_the_result_is_not_shown_before_commit(name):
    """The summary and the reason of the result are not on the page before Commit."""
    panel = predict(name, MADE_FOR[name]())
    result = panel.inner.picture(panel._revealed())
    assert result.svg not in panel.svg and result.summary != panel.summary
    shown = (
        panel.svg + panel.summary + panel.remark + " ".join(c.label for c in panel.all_controls(panel.state))
    )
    assert panel.question.because not in shown and panel.question.right.feedback not in shown


MADE_FOR = {
    "after_the_cut": PullAWire,
    "fifty_steps": MemoryDecay,
    "exactly_one": ForgetComputed,
    "count_up": lambda: CellExplorer(C_prev=[0.0], clamp={"f": 1, "i": 1, "C_tilde": 0.8, "o": 1}),
    "output_shut": lambda: CellExplorer(C_prev=[6.0], clamp={"f": 0.5, "i": 1, "C_tilde": 0.8, "o": 1}),
    "fall_with_f_one": lambda: CellExplorer(C_prev=[3.0], clamp={"f": 1, "i": 1, "C_tilde": 0.5, "o": 1}),
    "memory_back": lambda: CellExplorer(C_prev=[3.0], clamp={"f": 1, "i": 0, "C_tilde": 0, "o": 0}),
    "path_of_099": lambda: GradientReach(T=51),
    "three_nots": lambda: TwinSentences("the film was not not good last week with friends"),
    "cut_feedback": lambda: TenStarts(u=3.0),
    "probe_flips": lambda: PushState(direction="random"),
    "four_of_five": lambda: MovingOrigin("elnino", view="detrended", baseline="AR", lags=24, season=True),
}


def test_the_answers_are_what_the_library_computes():
    assert pytest.approx(0.5, abs=0.05) == 100 * 0.9**50
    assert half_life(0.9) == pytest.approx(6.6, abs=0.05)
    assert question("two_writes").right.say == f"{0.5 * 2 - 0.8 + 0.25 * 0.4:.1f}"
    assert "half a percent" in question("fifty_steps").right.say
    assert f"{sigmoid(6.0):.4f}" == "0.9975" and half_life(sigmoid(6.0)) == pytest.approx(280, abs=5)
    panel = predict("exactly_one", ForgetComputed())
    for move in (("option", 2), ("sure", 2), ("commit",)):
        panel.move(*move)
    assert "0.9975, 0.9975, 0.9975" in panel.remark and "✓" in panel.remark
    assert sigmoid(0.0) == 0.5 and pytest.approx(0.001, abs=1e-4) == 0.5**10
    assert (
        f"{0.99**49:.2f} {0.99**49 * 0.01:.3f}" == "0.61 0.006" and round((49 * 0.99 + 0.01) / 50, 2) == 0.97
    )


def test_every_right_answer_and_every_feedback_is_there():
    for q in all_questions().values():
        assert sum(o.right for o in q.options) == 1 and len(q.options) >= 3
        assert isinstance(q.right.feedback, str) and q.right.feedback


def test_a_saved_question_shows_its_options_and_hides_the_answer_in_a_fold_out():
    for asked in (choose("one_forgets"), predict("fifty_steps", MemoryDecay())):
        html = asked._repr_mimebundle_()["text/html"]
        before, after = html.split("<details>")
        for letter, option in zip("ABCD", asked.question.options, strict=False):
            assert f"{letter}) {escape(words(option.say))}" in before
            assert escape(words(option.feedback)) in after and escape(words(option.feedback)) not in before
        assert after.count("✓") == 1
    assert 'src="data:image/svg+xml;base64,' in before and "is left" in after
