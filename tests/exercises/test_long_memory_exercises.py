"""Wrong answers to the exercises of notebook 08, thought up without a look at the named mistakes: all are refused."""

import numpy as np
import pytest

from lstm_lib import logit, sigmoid
from lstm_lib.exercises import exercise, judge
from lstm_lib.judge.exercise import program
from lstm_lib.judge.judge import RIGHT, UNFINISHED

NEXT_ARGUMENTS = "C, b_f, i, u"
SLOPE = "(next_C(C + 1e-5) - next_C(C - 1e-5)) / 2e-5"
WRONG = {
    "b_f_for": [
        "half_life", "np.log(half_life)", "np.log(half_life - 1)", "np.log(half_life + 1)", "np.log(2) / half_life", "0.5 ** (1 / half_life)",
        "0.5 ** half_life", "np.log(0.5) / half_life", "np.log(0.5) / np.log(half_life)", "np.log(0.5 ** (1 / half_life))", "-np.log(0.5) / half_life",
        "1 - 0.5 ** (1 / half_life)", "np.log2(half_life)", "np.exp(0.5 ** (1 / half_life))", "sigmoid(0.5 ** (1 / half_life))", "8.88", "None", "'8.88'",
        "np.log(half_life / np.log(2))", "-np.log(1 - 0.5 ** (1 / half_life))", "np.log(1 - 0.5 ** (1 / half_life))", "np.log((1 - 0.5 ** (1 / half_life)) / 0.5 ** (1 / half_life))",
        "round(np.log(0.5 ** (1 / half_life) / (1 - 0.5 ** (1 / half_life))), 1)", "np.log10(0.5 ** (1 / half_life) / (1 - 0.5 ** (1 / half_life)))",
        "np.arctanh(0.5 ** (1 / half_life))", "np.log(0.5 ** half_life / (1 - 0.5 ** half_life))", "0.5 ** (1 / half_life) / (1 - 0.5 ** (1 / half_life))",
    ],
    "next_C": [
        "C", "b_f * C + i * np.tanh(u * np.tanh(C))", "sigmoid(b_f) * C", "sigmoid(b_f) * C + i * np.tanh(u * C)", "sigmoid(b_f) * C + np.tanh(u * np.tanh(C))",
        "sigmoid(b_f) * np.tanh(C) + i * np.tanh(u * np.tanh(C))", "sigmoid(b_f * C) + i * np.tanh(u * np.tanh(C))", "sigmoid(b_f) * C + i * u * np.tanh(C)",
        "sigmoid(b_f) * C + i * sigmoid(u * np.tanh(C))", "sigmoid(b_f) * C + (1 - i) * np.tanh(u * np.tanh(C))", "sigmoid(b_f) * C + i * np.tanh(u + np.tanh(C))",
        "(1 - sigmoid(b_f)) * C + i * np.tanh(u * np.tanh(C))", "sigmoid(b_f) * C - i * np.tanh(u * np.tanh(C))", "np.tanh(sigmoid(b_f) * C + i * np.tanh(u * np.tanh(C)))",
        "sigmoid(b_f) * C * i * np.tanh(u * np.tanh(C))", "sigmoid(b_f) + i * np.tanh(u * np.tanh(C))", "sigmoid(b_f) * C + sigmoid(i) * np.tanh(u * np.tanh(C))",
        "sigmoid(b_f + u * np.tanh(C)) * C + i * np.tanh(u * np.tanh(C))", "sigmoid(b_f) * C + i * np.tanh(u) * np.tanh(C)", "sigmoid(b_f) * (C + i * np.tanh(u * np.tanh(C)))",
        "i * C + sigmoid(b_f) * np.tanh(u * np.tanh(C))", "np.tanh(C)", "0", "None", "(C, b_f)", "sigmoid(-b_f) * C + i * np.tanh(u * np.tanh(C))",
        "np.tanh(b_f) * C + i * np.tanh(u * np.tanh(C))",
    ],
    "stable": [
        "True", "[True] * len(places)", "[False] * len(places)", "[C != 0 for C in places]", "[C > 0 for C in places]", "[next_C(C) == C for C in places]", "[abs(next_C(C) - C) < 1e-3 for C in places]",
        f"[{SLOPE} < 1 for C in places]", f"[{SLOPE} > 1 for C in places]", f"[abs({SLOPE}) > 1 for C in places]", f"[{SLOPE} < 0 for C in places]", f"[{SLOPE} for C in places]", f"[abs({SLOPE}) for C in places]",
        "[next_C(C + 0.1) < C + 0.1 for C in places]", "[next_C(C) < 1 for C in places]", "[abs(next_C(C)) < 1 for C in places]", "[abs(next_C(C + 1) - next_C(C)) < 0.1 for C in places]",
        "[next_C(next_C(C)) == C for C in places]", "places", "None", "'stable'", f"[abs({SLOPE} - 1) < 1 for C in places]", f"[abs({SLOPE}) < 0.7 for C in places]", f"[abs({SLOPE}) < 1 for C in places[1:]]",
        f"[not abs({SLOPE}) < 1 for C in places]", "[abs(next_C(C + 0.5) - next_C(C - 0.5)) < 1 for C in places]", "[abs((next_C(C + 1e-5) - next_C(C)) / 2e-5) < 1 for C in places]", "next_C(np.array(places)) < 1", f"[0 < {SLOPE} < 1 for C in places]", f"sum(abs({SLOPE}) < 1 for C in places)",
    ],
}  # fmt: skip
ARGUMENTS = {"b_f_for": "half_life", "next_C": NEXT_ARGUMENTS, "stable": "next_C, places"}
OTHER_RIGHT = {
    "b_f_for": ["logit(0.5 ** (1 / half_life))", "-np.log(2 ** (1 / half_life) - 1)", "logit(np.exp(np.log(0.5) / half_life))", "-np.log(np.expm1(np.log(2) / half_life))"],
    "next_C": ["sigmoid(b_f) * C + np.tanh(np.tanh(C) * u) * i", "C / (1 + np.exp(-b_f)) + i * np.tanh(u * np.tanh(C))", "sigmoid(b_f) * C + i * __import__('math').tanh(u * __import__('math').tanh(C))"],
    "stable": [
        f"[({SLOPE}) ** 2 < 1 for C in places]", "[abs(next_C(C + 1e-6) - C) < 1e-6 for C in places]", f"np.abs([{SLOPE} for C in places]) < 1", f"[-1 < {SLOPE} < 1 for C in places]",
        "[abs((next_C(C + 1e-4) - next_C(C)) / 1e-4) < 1 for C in places]", f"[int(abs({SLOPE}) < 1) for C in places]",
    ],
}  # fmt: skip


def answer(name, text):
    scope = {"np": np, "sigmoid": sigmoid, "logit": logit}
    exec(f"def {name}({ARGUMENTS[name]}):\n    return {text}", scope)
    return scope[name]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts])
def test_wrong_answers_are_refused(name, text):
    verdict = judge(exercise(name), answer(name, text))
    assert verdict.state not in (RIGHT, UNFINISHED) and 0 < len(verdict.words) < 600


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in OTHER_RIGHT.items() for text in texts]
)
def test_other_right_answers_pass(name, text):
    assert judge(exercise(name), answer(name, text)).state == RIGHT


@pytest.mark.parametrize("name", WRONG)
def test_most_wrong_answers_are_named(name):
    """Named: the words are those of a mistake, or say what kind of thing came instead of the right one."""
    words = [m.words for m in exercise(name).mistakes]
    named = [t for t in WRONG[name] if any(w in judge(exercise(name), answer(name, t)).words for w in words)]
    assert len(WRONG[name]) >= 20 and len(named) >= 8, named


def test_the_figures_in_the_words():
    b_f_for = program(exercise("b_f_for").solution)
    assert round(b_f_for(5000), 2) == 8.88 and round(b_f_for(14.3), 1) == 3.0
    f = sigmoid(8.88)
    assert round(f * (1 - f), 5) == 0.00014 and 0.73**60 < 7e-9 and sigmoid(2.0) ** 200 < 2e-11
    time_constant = 1 / (1 - sigmoid(np.log(50.0)))
    assert time_constant == pytest.approx(51) and sigmoid(np.log(50.0)) ** 50 == pytest.approx(
        0.37, abs=0.005
    )
