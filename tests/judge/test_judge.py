"""The judge: right, wrong, error and unfinished, with the same words in `check` and in an explorer."""

import re
import sys
import threading
import time
import warnings
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from lstm_lib import lstm_step, sigmoid
from lstm_lib.exercises import ___, check, exercise, judge
from lstm_lib.explore import CellExplorer, ForgetComputed
from lstm_lib.judge import call
from lstm_lib.judge.exercise import exercise as made_of
from lstm_lib.judge.judge import ERROR, RIGHT, UNFINISHED, WRONG
from lstm_lib.judge.slips import slips

RIGHT_WORDS = exercise("forget_gate").praise
V = "np.concatenate([h_prev, x_t])"


class Mute(Exception):
    def __str__(self):
        raise RuntimeError


class Hostile:
    def __array__(self, *given, **more):
        raise TypeError("no array")


def throws(error):
    raise error


def gate(h_prev, x_t, W_f, b_f):
    return sigmoid(W_f @ np.concatenate([h_prev, x_t]) + b_f)


def changes_an_argument(h_prev, x_t, W_f, b_f):
    f_t = gate(h_prev, x_t, W_f, b_f)
    b_f += 1
    return f_t


def other_order(x_t, h_prev, W_f, b_f):
    return gate(h_prev, x_t, W_f, b_f)


def scaled(h_prev, x_t, W_f, b_f, by):
    return by * gate(h_prev, x_t, W_f, b_f)


def by_name(*, b_f, W_f, x_t, h_prev):
    return gate(h_prev, x_t, W_f, b_f)


async def later(h_prev, x_t, W_f, b_f):
    return gate(h_prev, x_t, W_f, b_f)


async def one_by_one(h_prev, x_t, W_f, b_f):
    for f in gate(h_prev, x_t, W_f, b_f):
        yield f


class Gates:
    def forget(self, h_prev, x_t, W_f, b_f):
        return gate(h_prev, x_t, W_f, b_f)

    def other_order(self, x_t, h_prev, W_f, b_f):
        return gate(h_prev, x_t, W_f, b_f)

    __call__ = forget


def prints(h_prev, x_t, W_f, b_f):
    print("shape", W_f.shape)
    return gate(h_prev, x_t, W_f, b_f)


# What a forget gate may do: (what is judged, the state, a part of the words)
ANSWERS = {
    "right": (gate, RIGHT, RIGHT_WORDS),
    "list": (lambda *a: list(gate(*a)), RIGHT, RIGHT_WORDS),
    "tuple": (lambda *a: tuple(gate(*a)), RIGHT, RIGHT_WORDS),
    "(1, 3)": (lambda *a: gate(*a)[None], RIGHT, RIGHT_WORDS),
    "fractions": (lambda *a: [Fraction(f) for f in gate(*a)], RIGHT, RIGHT_WORDS),
    "partial": (partial(scaled, by=1), RIGHT, RIGHT_WORDS),
    "method": (Gates().forget, RIGHT, RIGHT_WORDS),
    "callable": (Gates(), RIGHT, RIGHT_WORDS),
    "by name only": (by_name, RIGHT, RIGHT_WORDS),
    "all by name": (lambda **given: gate(**given), RIGHT, RIGHT_WORDS),
    "some by name": (lambda x_t, **given: gate(x_t=x_t, **given), RIGHT, RIGHT_WORDS),
    "all by place": (lambda a, b, c, d, **given: gate(a, b, c, d), RIGHT, RIGHT_WORDS),
    "either way": (lambda *given, **more: gate(*given, **more), RIGHT, RIGHT_WORDS),
    "async": (later, WRONG, "It is an async function, and calling one gives no result yet. Write def without async."),
    "async generator": (one_by_one, WRONG, "Write def without async."),
    "other order, method": (Gates().other_order, WRONG, "another order: (x_t, h_prev, W_f, b_f)"),
    "(3, 1)": (lambda *a: gate(*a)[:, None], RIGHT, RIGHT_WORDS),
    "float32": (lambda *a: gate(*a).astype(np.float32), RIGHT, RIGHT_WORDS),
    "prints": (prints, RIGHT, "\nIt printed: shape (3, 7)\nshape (3, 7)"),
    "warns": (lambda *a: (np.log(np.zeros(1)), gate(*a))[1], RIGHT, RIGHT_WORDS),
    "seterr": (lambda *a: (np.seterr(all="ignore"), gate(*a))[1], RIGHT, RIGHT_WORDS),
    "changes an argument": (changes_an_argument, WRONG, "It changes its arguments"),
    "other order": (other_order, WRONG, "another order: (x_t, h_prev, W_f, b_f)"),
    "another vector": (lambda *a: gate(*a) * 0.9, WRONG, "], W_f = an array of shape (3, 7), b_f = ["),
    "(2, 3)": (lambda *a: [gate(*a)] * 2, WRONG, "it returned shape (2, 3), expected shape (3,)"),
    "NaN": (lambda *a: gate(*a) * np.nan, WRONG, "it returned NaN or infinity"),
    "None": (lambda *a: None, WRONG, "is a return missing?"),
    "text": (lambda *a: "abc", WRONG, "it returned text; numbers are expected"),
    "complex": (lambda *a: gate(*a) + 0j, WRONG, "it returned complex128 values"),
    "a dict": (lambda *a: {}, WRONG, "it returned object values"),
    "generator": (lambda *a: (f for f in gate(*a)), WRONG, "wrap it in list(…)"),
    "unequal lengths": (lambda *a: [gate(*a), [1]], WRONG, "vectors of unequal length"),
    "no function": (3, WRONG, "Expected a function of (h_prev, x_t, W_f, b_f), got int."),
    "rounded": (lambda *a: gate(*a).round(3), WRONG, "right but rounded"),
    "named mistake": (lambda h_prev, x_t, W_f, b_f: gate(h_prev, x_t, W_f, 0), WRONG, "The bias b_f is missing."),
    "named error": (lambda h_prev, x_t, W_f, b_f: gate(h_prev, x_t, W_f.T, b_f), ERROR, "A column of W_f has 3 numbers"),
    "error": (lambda *a: 1 / 0, ERROR, "it raised ZeroDivisionError: division by zero"),
    "one argument": (lambda h: h, ERROR, "it raised TypeError"),
    "mute error": (lambda *a: throws(Mute()), ERROR, "it raised Mute"),
    "long error": (lambda *a: throws(ValueError("x" * 999)), ERROR, "xxx…"),
    "exit": (lambda *a: sys.exit(), ERROR, "it raised SystemExit"),
    "GeneratorExit": (lambda *a: throws(GeneratorExit()), ERROR, "it raised GeneratorExit"),
    "KeyboardInterrupt": (lambda *a: throws(KeyboardInterrupt()), ERROR, "It was stopped before it came to an end"),
    "input": (lambda *a: input("f?"), ERROR, "input() cannot be used here"),
    "hostile result": (lambda *a: Hostile(), ERROR, "it raised TypeError: no array"),
    "recursion": (lambda *a: (f := lambda: f())(), ERROR, "it raised RecursionError"),
    "blank": (___, UNFINISHED, "Not finished yet: a blank (___)"),
    "blank after output": (lambda *a: (print("here"), ___ + 1), UNFINISHED, "Not finished yet"),
}  # fmt: skip
ANSWERS |= {
    f"blank {k}": (blank, UNFINISHED, "Not finished yet: a blank (___)")
    for k, blank in enumerate((
        lambda *a: ___, lambda *a: [___, 1], lambda *a: np.concatenate(___), lambda *a: 1 + ___, lambda *a: np.abs(___),
        lambda *a: 2 // ___, lambda *a: divmod(2, ___), lambda *a: round(___), lambda *a: {___}, lambda *a: 1 | ~___,
        lambda *a: np.ones(3) * ___, lambda *a: a[2] @ ___ + a[3], lambda *a: ___(1), lambda *a: ___.T, lambda *a: ___ > 1,
    ))
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_check_and_explorer_say_the_same(name):
    answer, state, words = ANSWERS[name]
    before = np.geterr(), sys.stdout, input
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        checked, explorer = check("forget_gate", answer), ForgetComputed(yours=answer)
    assert (np.geterr(), sys.stdout, input) == before
    verdict = checked.verdict
    assert verdict.state == state and words.lower() in verdict.text.lower() and len(verdict.words) < 600
    if name == "prints":  # once more, for the explorer's own case
        assert explorer.remark == verdict.text + "\nshape (3, 7)"
    else:
        assert explorer.remark == checked.remark == verdict.text
    assert explorer.view.picture.good == checked.view.picture.good == (state == RIGHT)


@pytest.mark.parametrize("mistake", exercise("forget_gate").mistakes, ids=lambda m: m.words[:30])
def test_a_named_mistake_is_named_beside_the_gate_s_picture(mistake):
    assert mistake.words in ForgetComputed(yours=mistake.wrong).remark


@pytest.mark.parametrize("mistake", exercise("step").mistakes, ids=lambda m: m.words[:30])
def test_a_named_mistake_is_named_beside_the_cell_s_picture(mistake):
    assert (
        mistake.words
        in CellExplorer(yours=mistake.wrong).remark
        == check("step", mistake.wrong).remark + "\n" + (CellExplorer(yours=___).remark.splitlines()[1])
    )


def test_the_explorer_s_own_case_counts():
    """A function that is wrong only for one value of a bias is refused at that value."""
    explorer = ForgetComputed(yours=lambda *a: gate(*a) * (1 if a[3][0] > -5 else 0.5))
    assert explorer.remark.startswith(RIGHT)
    explorer.move("b_f", -6.0)
    assert explorer.remark.startswith(WRONG) and "b_f = [−6, " in explorer.remark


def test_a_step_may_come_as_numbers_where_there_is_one_unit():
    explorer = CellExplorer(yours=lambda *a: (t := lstm_step(*a)) and ([t.h_t[0], t.C_t[0]] if len(t.h_t) == 1 else (t.h_t, t.C_t)))  # fmt: skip
    assert explorer.remark.startswith(RIGHT) and "yours:" in explorer.svg


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(call, "SECONDS", 0.2)


def endless(*given):
    while True:
        pass


def stubborn(*given):
    try:
        endless()
    except BaseException:
        endless()


@pytest.mark.parametrize("function", [endless, stubborn])
def test_a_loop_without_end_is_stopped_in_both_places(short, function):
    words = "It did not end within 0.2 s and was stopped. Does a loop in it never finish?"
    explorer = ForgetComputed(yours=function)
    assert explorer.remark == check("forget_gate", function).remark == f"! forget_gate: {words}"
    assert not any(t.name == "learner's function" for t in threading.enumerate())
    explorer.move("W_f", 2.0)
    assert explorer.state.W_f[0, 3] == 2, "the explorer lives on"
    assert words in check("latch", lambda: endless()).remark


def test_a_call_that_cannot_be_stopped_keeps_running(short):
    ended = threading.Event()

    def sleepy(h_prev, x_t, W_f, b_f):
        ended.wait(5)
        return gate(h_prev, x_t, W_f, b_f)

    asleep, late = sleepy, "It is sleeping or inside a call of NumPy, and is stopped when that returns."
    assert late in check("forget_gate", asleep).remark
    assert "An earlier call is still running" in ForgetComputed(yours=asleep).remark
    assert judge(exercise("forget_gate"), gate).right, "others are not held up"
    ended.set()
    call._running[0][1].join(5)
    assert judge(exercise("forget_gate"), asleep).right, "once it has ended it is called again"


def test_the_time_limit_is_for_all_cases_together(short):
    start = time.monotonic()
    verdict = judge(exercise("clip"), lambda gradient, limit: time.sleep(0.15) or gradient)
    assert verdict.state == ERROR and time.monotonic() - start < 0.6


def test_other_threads_may_print_and_ask(monkeypatch, capsys):
    ready, go = threading.Event(), threading.Event()
    monkeypatch.setattr("builtins.input", lambda *prompt: "asked")

    def slow(h_prev, x_t, W_f, b_f):
        ready.set()
        go.wait(1)
        return gate(h_prev, x_t, W_f, b_f)

    verdicts = []
    judging = threading.Thread(target=lambda: verdicts.append(judge(exercise("forget_gate"), slow)))
    judging.start()
    ready.wait(1)
    print("from another thread", input())
    go.set()
    judging.join()
    assert verdicts[0].right and not verdicts[0].printed
    assert capsys.readouterr().out == "from another thread asked\n"


def test_it_works_without_threads(monkeypatch):
    monkeypatch.setattr(
        threading.Thread, "start", lambda self: throws(RuntimeError("can't start new thread"))
    )
    assert judge(exercise("forget_gate"), prints).text.endswith("shape (3, 7)")
    assert judge(exercise("forget_gate"), lambda *a: ___).state == UNFINISHED
    assert judge(exercise("forget_gate"), lambda *a: throws(KeyboardInterrupt())).state == ERROR


def test_a_blank_is_unfinished_where_no_array_is_expected():
    assert judge(exercise("latch"), lambda: ___).state == judge(exercise("order"), ___).state == UNFINISHED


def test_a_check_has_hints_and_a_stable_text():
    panel = check("half_life", lambda f: ___)
    said = "… half_life: Not finished yet: a blank (___) is still to be filled in."
    assert panel.plain() == panel.remark == panel._repr_mimebundle_()["text/plain"] == said
    shown = (*panel.exercise.hints, panel.exercise.solution)
    names = ["Hint 1 of 2", "Hint 2 of 2", "Solution"]
    for k, (name, help_) in enumerate(zip(names, shown, strict=True)):
        assert [c.name for c in panel.controls(panel.state)] == names[: k + 1], "one after the other"
        panel.move(name)
        assert panel.remark == f"{said}\n\n{name}:\n{help_}"
    panel.move("Solution")
    assert panel.remark == said, "pressed again it goes"
    right = check("half_life", lambda f: np.log(0.5) / np.log(f))
    assert right.plain().startswith("✓ half_life: Right")
    assert [c.name for c in right.controls(right.state)] == ["Solution"]


def test_a_saved_check_has_its_hints_and_the_solution_in_fold_outs():
    html = check("half_life", lambda f: "<b>")._repr_mimebundle_()["text/html"]
    assert html.count("<details>") == 3 and "<b>" not in html and "<pre>def my_half_life" in html


def of_one(*given, table=""):
    """An exercise that draws one of the given numbers in each case."""
    return made_of(table, draw=lambda drawn: (drawn.of(*given),), hints=("h", "i"), praise="p")


def third(a):
    return a / 3


@of_one(1.0, 33.0, table="2 → 3 | Three.")
def twice(a):
    return 2 * a


@of_one(1.0)
def line(a):
    return a - a / 3 * 3 + 8.88e-16


def test_a_minimal_exercise():
    assert twice.name == "twice" and twice.solution == "def twice(a):\n    return 2 * a"
    assert judge(twice, lambda a: a + a).words == "p"
    assert judge(twice, lambda a: a + a + a).words == "Three."
    assert judge(twice, lambda a: 5.0).words == "For a = 1: it returned 5, expected 2."
    assert judge(twice, lambda a: 2.0).words.endswith("with one thing changed: a is left out of 2 * a.")
    assert not any("2 is left out" in words for words in slips(twice.solution).values())
    assert judge(twice, lambda a: [2 * a, 0]).words == "For a = 1: it returned shape (2,), expected shape ()."
    assert judge(twice, lambda a: np.float64(a) / 0 * 0).words == "For a = 1: it returned NaN or infinity."


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3 → 4 | words", "twice: expected text of the solution, got '3'"),
        ("2 → 3 ; 3 → 4 | words", None),
        ("2 → 3 ; 2 → 4 | words", "expected text of the solution, got '2'"),
        ("2 → 3", "twice: expected “what is changed | feedback”"),
        ("| words", "twice: expected “what is changed | feedback”"),
        ("2 → 3 | ", "twice: expected “what is changed | feedback”"),
        ("2 → 3 + | words", "is no program"),
        ("three times | words", "is no program"),
    ],
)
def test_a_wrong_row_of_mistakes_is_named(row, said):
    wrong = replace(twice, table=row)
    if said is None:
        assert [mistake.wrong(1) for mistake in wrong.mistakes] == [4]
    else:
        with pytest.raises(ValueError, match=re.escape(said)):
            _ = wrong.mistakes


def test_a_mistake_may_be_a_body_of_several_lines_and_call_what_stands_beside_the_solution():
    (mistake,) = replace(twice, table="b = third(a) ⏎ if b: ⏎     b = 7 ⏎ return b | words").mistakes
    assert mistake.wrong(3.0) == 7


def test_the_simplest_case_that_differs_is_shown():
    step = exercise("step")
    sizes = [sum(map(np.size, case[1:])) for case in step.cases]
    assert len(sizes) == 12 and sizes == sorted(sizes) and sizes[0] < sizes[-1]
    late = judge(
        step, lambda *a: (t := lstm_step(*a)) and (t.h_t, t.C_t * (1 if a[0].hidden_size < 3 else 2))
    )
    shown = next(case for case in step.cases if case[0].hidden_size > 2)
    assert late.words.startswith(f"For x_t = [{f'{shown[1][0]:g}'.replace('-', '−')}")


def test_a_case_is_shown_with_the_docstring_of_its_function_and_without_rounding_errors():
    verdict = judge(exercise("moves"), lambda forecast, series, t: 0 * forecast(series, t))
    assert "never says that a forecast moved" in verdict.words
    verdict = judge(exercise("moves"), lambda forecast, series, t: t > 4)
    assert verdict.words.startswith("For a forecast that returns series[t], series = [−5, 11, 3, ")
    assert judge(line, lambda a: a + 4).words == "For a = 1: it returned 5, expected 0."


def test_of_rows_the_one_that_is_furthest_off_is_shown():
    twice = judge(exercise("forget_back"), lambda dC, f_t, C_prev: [dC * C_prev * f_t * (1 - f_t), 0.3 * dC])  # fmt: skip
    assert "number 2 of 2 is [−0.09, 0.06, −0.39], expected [−0.18, 0.16, −0.52]." in twice.words


@pytest.mark.parametrize("answer", [lambda z: [sigmoid(v) for v in z], partial(lambda z, f: sigmoid(z), f=1)])
def test_a_forbidden_name_is_found_wherever_it_stands(answer):
    assert (
        judge(exercise("stable_sigmoid"), answer).words == "That is the library's function. Write your own."
    )


def test_numbers_and_texts_of_a_case_are_shown():
    verdict = judge(exercise("slope"), lambda loss, w, step: 12.0)
    assert verdict.words == "For w = 1.3, step = 0.1: it returned 12, expected 5.08."
    verdict = judge(exercise("indices"), lambda sentence, index: [9 for word in sentence.split()])
    assert verdict.words.startswith("For sentence = “the film”: it returned [9, 9], expected [")
