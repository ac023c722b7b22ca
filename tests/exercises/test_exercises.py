"""Checks name each listed mistake; predictions lock, unlock and compare; choices answer."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from lstm_lib import LSTMParams, half_life, logit, sigmoid
from lstm_lib.exercises import ALL_EXERCISES, ___, check, choose, exercise, judge, predict, question
from lstm_lib.exercises.check import Exercise
from lstm_lib.exercises.question import all_questions
from lstm_lib.exercises.states import repaired
from lstm_lib.exercises.structure import RIGHT_ORDERS
from lstm_lib.explore import CellExplorer, ForgetClamped, ForgetComputed, GradientReach, MemoryDecay
from lstm_lib.views.theme import words

FUNCTIONS = [e for e in ALL_EXERCISES if e.grade is None]
EACH = pytest.mark.parametrize("task", FUNCTIONS, ids=lambda e: e.name)
MISTAKES = [(e, m) for e in FUNCTIONS for m in e.mistakes]


def learner(source, name, **given):
    """Run a learner's cell and return what it defines."""
    scope = {"np": np, "sigmoid": sigmoid, "logit": logit, "___": ___, **given}
    exec(source, scope)
    return scope[name]


@EACH
def test_the_solution_passes(task):
    if task.name == "h_repaired":  # uses the notebook's own `run`
        assert judge(task, repaired(W_xf=0.5)).right and "run(W_xf=0.5, W_oh=0.5)[0]" in task.solution
        return
    answer = learner(task.solution, "my_half_life" if task.name == "half_life" else task.name)
    verdict = judge(task, answer)
    assert verdict.right and verdict.finished and verdict.words == task.praise


@pytest.mark.parametrize(("task", "mistake"), MISTAKES, ids=lambda v: getattr(v, "name", ""))
def test_each_wrong_answer_is_named(task, mistake):
    verdict = judge(task, mistake.wrong)
    if "sigmoid" in task.forbidden:
        task = replace(task, forbidden={})
        verdict = judge(task, mistake.wrong)
    assert not verdict.right and verdict.words == mistake.words


@EACH
def test_mistakes_differ_and_hints_are_there(task):
    words = [m.words for m in task.mistakes]
    assert len(set(words)) == len(words) >= 4
    assert len(task.hints) == 2 and all(task.hints)


# The wrong answers that the course lists, as a learner would type them.
TYPED = [
    ("apply_gate", "def apply_gate(f_t, C_prev):\n    return (1 - f_t) * C_prev", "[3, 0, 4.5]"),
    ("apply_gate", "def apply_gate(f_t, C_prev):\n    return np.dot(f_t, C_prev)", "15.5"),
    ("apply_gate", "def apply_gate(f_t, C_prev):\n    f_t *= C_prev\n    return f_t", "changes its own arguments"),
    ("forget_gate", "def forget_gate(h_prev, x_t, W_f, b_f):\n    v = np.concatenate([x_t, h_prev])\n"
     "    return sigmoid(W_f @ v + b_f)", "[x_t; h_prev]"),
    ("forget_gate", "def forget_gate(h_prev, x_t, W_f, b_f):\n    v = np.concatenate(h_prev, x_t)\n"
     "    return sigmoid(W_f @ v + b_f)", "with the square brackets"),
    ("half_life", "def half_life(f):\n    return np.log(f) / np.log(0.5)", "reciprocal"),
    ("stable_sigmoid", "def stable_sigmoid(z):\n    return 1 / (1 + np.exp(-z))", "overflows"),
    ("reached", "def reached(dh, dC, o_t, C_t):\n    return dC + dh", "o_t ⊙ (1 − tanh²(C_t)) is missing"),
    ("forget_back", "def forget_back(dC, f_t, C_prev):\n    return [dC * C_prev, dC * f_t]", "σ′ is missing"),
    ("forget_back", "def forget_back(dC, f_t, C_prev):\n    return [dC * C_prev * f_t * (1 - f_t), dC]", "f_t is forgotten"),
    ("step_back", "def step_back(dh, dC, f, i, o, C_tilde, C_prev, C):\n    dh = dh * np.tanh(C) * o * (1 - o)\n"
     "    dC = dC + dh * o * (1 - np.tanh(C) ** 2)\n    return [dC * C_prev * f * (1 - f), dC * C_tilde * i * (1 - i), dh,\n"
     "            dC * i * (1 - C_tilde**2), dC * f]", "dh was overwritten before dC used it"),
    ("clip", "def clip(gradient, limit):\n    return np.clip(gradient, -limit, limit)", "each element by itself"),
    ("slope", "def slope(loss, w, step):\n    return (loss(w + step) - loss(w)) / step", "one-sided"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "source", "words"), TYPED, ids=[f"{n}-{w}" for n, _, w in TYPED])
def test_typed_mistakes(name, source, words):
    verdict = judge(exercise(name), learner(source, name))
    assert not verdict.right and words in verdict.words


@EACH
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(None, "a blank (___) is still", id="blank itself"),
        (lambda *a: ___, "a blank (___) is still"),
        (lambda *a: np.concatenate(___), "a blank (___) is still"),
        (lambda *a: 1 + ___, "a blank (___) is still"),
        (lambda *a: np.abs(___), "a blank (___) is still"),
        (lambda *a: 2 // ___, "a blank (___) is still"),
        (lambda *a: divmod(2, ___), "a blank (___) is still"),
        (lambda *a: round(___), "a blank (___) is still"),
        (lambda *a: {___}, "a blank (___) is still"),
        (lambda *a: 1 | ~___, "a blank (___) is still"),
        (lambda *a: None, "is a return missing"),
        (lambda *a: 1 / 0, "raised ZeroDivisionError"),
        (lambda *a: exit(), "raised SystemExit"),
        (lambda *a: "abc", "it returned text"),
        (lambda *a: np.zeros((2, 2)), ""),
    ],
)
def test_whatever_an_answer_does_is_put_into_words(task, answer, words):
    verdict = judge(task, ___ if answer is None else answer)
    assert not verdict.right and words in verdict.words
    assert verdict.finished != ("blank" in words)


def test_right_in_other_words():
    assert judge(exercise("apply_gate"), lambda f, C: np.multiply(C, f).tolist()).right
    assert judge(exercise("half_life"), lambda f: -1 / np.log2(f)).right
    assert judge(exercise("z_keep"), 3.3).right and not judge(exercise("z_keep"), 3.5).right
    assert judge(exercise("stable_sigmoid"), lambda z: 0.5 * (1 + np.tanh(z / 2))).right
    assert judge(exercise("stable_sigmoid"), lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500)))).right
    assert "3.293" not in judge(exercise("z_keep"), 77).words


def test_several_vectors_may_come_as_a_tuple_where_several_are_wanted():
    def forget_back(dC, f_t, C_prev):
        return dC * C_prev * f_t * (1 - f_t), dC * f_t

    assert judge(exercise("forget_back"), forget_back).right
    uneven = judge(exercise("forget_back"), lambda dC, f_t, C_prev: (dC[:1], dC))
    assert not uneven.right and "unequal" in uneven.words
    blank = judge(exercise("forget_back"), lambda dC, f_t, C_prev: [dC * ___, dC])
    assert not blank.finished


def test_a_check_lets_no_warning_through():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judge(exercise("stable_sigmoid"), lambda z: 1 / (1 + np.exp(-z)))


def test_a_check_has_hints_and_a_stable_text():
    panel = check("apply_gate", lambda f, C: ___)
    said = "… apply_gate: Not finished yet: a blank (___) is still to be filled in."
    assert panel.plain() == panel.remark == panel._repr_mimebundle_()["text/plain"] == said
    shown = (*panel.exercise.hints, panel.exercise.solution)
    for name, help_ in zip(("Hint 1", "Hint 2", "Solution"), shown, strict=True):
        panel.move(name)
        assert panel.remark == f"{said}\n\n{name}:\n{help_}"
    panel.move("Solution")
    assert panel.remark == said, "pressed again it goes"
    right = check("apply_gate", lambda f, C: f * C)
    assert right.plain().startswith("✓ apply_gate: Right") and not right.controls(right.state)


def test_unknown_names_are_named():
    with pytest.raises(ValueError, match="exercise: expected one of .*apply_gate"):
        check("nonsense", None)
    with pytest.raises(ValueError, match="question: expected one of .*one_forgets"):
        choose("nonsense")
    with pytest.raises(ValueError, match="is a choice, not a prediction"):
        predict("one_forgets", ForgetClamped())


def test_a_number_where_a_function_is_asked_for():
    assert "Hand in a function of (f_t, C_prev), not int" in judge(exercise("apply_gate"), 3).words


@pytest.mark.parametrize("name", all_questions())
def test_every_option_answers(name):
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
    assert "You said: nothing: fifty times" in said and "(certain)" in said and "“<img src=x" in said
    assert "after 50 steps 0.52 % is left" in said and "Why:" in said and not panel.view.picture.good
    assert (panel.state.inner.f, panel.state.inner.n) == (0.9, 50)
    panel.move("n", 3)
    assert "after 50 steps 0.52 %" in panel.remark, "the result is that of the question"
    for _ in range(3):
        panel.move("Undo")
    assert panel.state.phase == "committed", "an answer cannot be taken back"


def test_a_right_prediction_is_told_so():
    panel = prediction()
    for move in (("option", 3), ("sure", 0), ("commit",)):
        panel.move(*move)
    assert "✓ as you said" in panel.remark and panel.view.picture.good


def test_skip_always_unlocks_reveals_nothing_and_the_question_can_be_answered_yet():
    panel = prediction()
    before = panel.svg
    panel.move("skip")
    assert {"f", "n", "answer"} <= set(names(panel)) and panel.svg == before and "0.52" not in panel.remark
    panel.move("f = 0.9")
    panel.move("answer")
    assert "f" not in names(panel) and panel.svg == before


def test_what_was_moved_after_skip_is_no_part_of_the_result():
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


def test_a_prediction_leaves_its_starting_picture_and_question():
    panel = prediction()
    bundle = panel._repr_mimebundle_()
    assert MemoryDecay().svg.split(">", 1)[1] in bundle["image/svg+xml"]
    for text in (bundle["text/plain"], bundle["image/svg+xml"]):
        assert "about half a percent" in text and "0.52" not in text and panel.question.because not in text


@pytest.mark.parametrize("name", [n for n, q in all_questions().items() if q.reveal is not None])
def test_nothing_beside_a_locked_prediction_gives_it_away(name):
    """The result's own words are nowhere before it is committed."""
    panel = predict(name, MADE_FOR[name]())
    result = panel.inner.picture(panel._revealed())
    assert result.svg not in panel.svg and result.summary != panel.summary
    shown = (
        panel.svg + panel.summary + panel.remark + " ".join(c.label for c in panel.all_controls(panel.state))
    )
    assert panel.question.because not in shown and panel.question.right.feedback not in shown


MADE_FOR = {
    "fifty_steps": MemoryDecay,
    "exactly_one": ForgetComputed,
    "count_up": lambda: CellExplorer(C_prev=[0.0], clamp={"f": 1, "i": 1, "C_tilde": 0.8, "o": 1}),
    "output_shut": lambda: CellExplorer(C_prev=[6.0], clamp={"f": 0.5, "i": 1, "C_tilde": 0.8, "o": 1}),
    "fall_with_f_one": lambda: CellExplorer(C_prev=[3.0], clamp={"f": 1, "i": 1, "C_tilde": 0.5, "o": 1}),
    "sum_to_one": lambda: CellExplorer(C_prev=[6.0], clamp={"f": 0.5, "i": 0.5, "C_tilde": 0.8, "o": 1}),
    "memory_back": lambda: CellExplorer(C_prev=[3.0], clamp={"f": 1, "i": 0, "C_tilde": 0, "o": 0}),
    "path_of_099": lambda: GradientReach(T=51),
}


def test_the_answers_are_what_the_library_computes():
    assert pytest.approx(0.5, abs=0.05) == 100 * 0.9**50
    assert half_life(0.9) == pytest.approx(6.6, abs=0.05)
    assert "half a percent" in question("fifty_steps").right.say
    assert f"{sigmoid(6.0):.4f}" == "0.9975" and half_life(sigmoid(6.0)) == pytest.approx(280, abs=5)
    panel = predict("exactly_one", ForgetComputed())
    for move in (("option", 2), ("sure", 2), ("commit",)):
        panel.move(*move)
    assert "0.9975, 0.9975, 0.9975" in panel.remark and "✓" in panel.remark
    assert sigmoid(0.0) == 0.5 and pytest.approx(0.001, abs=1e-4) == 0.5**10


def test_every_right_answer_and_every_feedback_is_there():
    for q in all_questions().values():
        assert sum(o.right for o in q.options) == 1 and len(q.options) >= 3
        assert isinstance(q.right.feedback, str) and q.right.feedback


def test_an_exercise_can_be_made_of_nothing_but_its_parts():
    twice = Exercise("twice", "a", lambda a: 2 * a, ((1.0,), (3.0,)), (), ("h", "i"), "s", "p")
    assert judge(twice, lambda a: a + a).right
    assert judge(twice, lambda a: 2.0).words == "For a = 3: it returned 2, expected 6."


def looped(f):
    raise KeyboardInterrupt


class Mute(Exception):
    def __str__(self):
        raise RuntimeError


def mute(f_t, C_prev):
    raise Mute


def _raise(error):
    raise error


def silenced(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-z))


def borrowed(z):
    return sigmoid(z)


def swapped(x_t, h_prev, W_f, b_f):
    return sigmoid(W_f @ np.concatenate([h_prev, x_t]) + b_f)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("half_life", looped, "stopped before it came to an end"),
        ("apply_gate", mute, "raised Mute"),
        ("stable_sigmoid", silenced, "That silences the warning"),
        ("stable_sigmoid", borrowed, "That is the library's"),
        ("stable_sigmoid", lambda z: 1 / (1 + np.exp(-np.clip(z, -20, 20))), "it returned"),
        ("forget_gate", swapped, "another order: (x_t, h_prev, W_f, b_f)"),
        ("half_life", lambda f: {0.5: 1.0, 0.9: 6.5788, 0.99: 68.9676}[f], "KeyError"),
        ("half_life", lambda f: round(np.log(0.5) / np.log(f), 1), "do not round"),
        ("apply_gate", lambda f, C: (a * b for a, b in zip(f, C, strict=True)), "wrap it in list"),
        ("apply_gate", lambda f, C: [str(v) for v in f * C], "returned text"),
        ("z_keep", 3.2, "keeps 46.8 % over 19 gates"),
        ("z_keep", 1e300, "keeps 100 %"),
        ("z_keep", "3.3", "returned text"),
        ("order", "ABCD", "the gates would use the new h"),
        ("order", "BCDA", "C̃_t (D) has to be there first"),
        ("order", "BDAC", "stale"),
        ("order", 7, "each once"),
        ("latch", 3, "not int"),
        (
            "clip",
            lambda g, limit: g * limit / np.linalg.norm(g) if np.abs(g).sum() > limit else g,
            "it returned",
        ),
        ("clip", lambda g, limit: g * limit / np.linalg.norm(g) if (g > limit).any() else g, "it returned"),
        (
            "clip",
            lambda g, limit: g * limit / np.linalg.norm(g) if np.linalg.norm(g) > 1 else g,
            "it returned",
        ),
        (
            "slope",
            lambda loss, w, step: (loss(w + step / 2) - loss(w - step / 2)) / step,
            "one step on each side",
        ),
        (
            "slope",
            lambda loss, w, step: (
                (8 * (loss(w + step) - loss(w - step)) - loss(w + 2 * step) + loss(w - 2 * step))
                / (12 * step)
            ),
            "it returned 12, expected 12.01",
        ),
        (
            "forget_back",
            lambda dC, f, C: [dC * C * f * (1 - f), dC * f * (1 - f)],
            "the 2. of the 2 is [0.045",
        ),
        ("apply_gate", lambda f, C: (f * C,), "is there a comma after it"),
        ("apply_gate", lambda f, C: _raise(BaseException("b")), "raised BaseException: b"),
        ("apply_gate", lambda f, C: _raise(GeneratorExit()), "raised GeneratorExit"),
    ],
)
def test_odd_answers(name, answer, words):
    verdict = judge(exercise(name), answer)
    assert not verdict.right and words in verdict.words and len(verdict.words) < 600


def test_a_warning_matters_only_where_it_is_the_point():
    def warns(f_t, C_prev):
        np.array([1.0]) / 0
        return f_t * C_prev

    assert judge(exercise("apply_gate"), warns).right


def test_a_seterr_in_an_answer_stays_in_it():
    before = np.geterr()
    judge(exercise("apply_gate"), lambda f, C: (np.seterr(all="ignore"), f * C)[1])
    assert np.geterr() == before


def test_displayed_code_is_code():
    panel = check("forget_gate", lambda h, x, W, b: ___)
    panel.move("Solution")
    shown = panel.remark.split("Solution:\n")[1]
    assert judge(exercise("forget_gate"), learner(shown, "forget_gate")).right


LATCH = {"W_f": [[0, 0, -24, 0]], "b_f": [12], "W_i": [[0, 0, 24, 0]], "b_i": [-12], "W_C": [[0, 12, 0, 0]],
         "W_o": [[0, 0, 0, 24]], "b_o": [-12]}  # fmt: skip


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({}, ""),
        ({"b_i": [12]}, "writes while write = 0"),
        ({"W_i": [[0, 0, 0, 0]]}, "not open when write = 1"),
        ({"W_f": [[0, 0, 0, 0]]}, "old value is still there"),
        ({"b_f": [2]}, "fades while holding"),
        ({"b_o": [12]}, "without being asked"),
        ({"W_o": [[0, 0, 0, 0]]}, "does not answer"),
        ({"W_C": [[0, -12, 0, 0]]}, "not the value"),
    ],
)
def test_a_latch_and_its_slips(slip, words):
    verdict = judge(exercise("latch"), lambda: LSTMParams.from_gates(**(LATCH | slip)))
    assert words in verdict.words and verdict.right == (not slip)


def test_the_from_scratch_cell_s_numbers():
    assert f"{repaired(W_oh=10.0):.4f} {repaired():.4f} {repaired(W_xf=0.5):.4f}" == "0.7355 0.6961 0.9474"
    assert judge(exercise("h_repaired"), 0.9474).right
    assert "output gate (0.6961)" in judge(exercise("h_repaired"), 0.6961).words


def test_orders_that_work():
    assert RIGHT_ORDERS == ["BDCA", "DBCA"]
    assert all(judge(exercise("order"), order.lower()).right for order in RIGHT_ORDERS)
