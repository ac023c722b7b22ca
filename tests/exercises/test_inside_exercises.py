"""Wrong answers to the exercises on looking inside, as readers may type them; and other right ones."""

import numpy as np
import pytest

from lstm_lib.exercises import exercise, judge
from lstm_lib.judge.judge import RIGHT, UNFINISHED

LATER = "np.vstack([np.cumprod(f[:0:-1], axis=0)[::-1], np.ones((1, f.shape[1]))])"
EFFECTS = "[answer(x) - answer(np.where(np.arange(len(x))[:, None] == t, {}, x)) for t in range(len(x))]"

WRONG = {
    "ledger": [
        "i * C_tilde", "f * i * C_tilde", "(1 - f) * i * C_tilde", "f * C_tilde", "np.cumprod(f, axis=0) * i * C_tilde",
        "np.cumprod(f[::-1], axis=0)[::-1] * i * C_tilde", f"{LATER} * i", f"{LATER} * C_tilde", LATER, f"{LATER} * i + C_tilde",
        f"({LATER} * i * C_tilde).sum(axis=0)", f"({LATER} * i * C_tilde).sum(axis=1)", f"np.cumsum({LATER} * i * C_tilde, axis=0)",
        f"({LATER} * i * C_tilde)[::-1]", f"({LATER} * i * C_tilde).T", f"abs({LATER} * i * C_tilde)", f"{LATER} * f * i * C_tilde",
        f"{LATER} * i * np.tanh(C_tilde)", f"({LATER} * i * C_tilde)[:-1]", "f ** len(f) * i * C_tilde", "f.prod(axis=0) * i * C_tilde",
        "f", "0 * f", "None", "'ledger'", "(f, i, C_tilde)", f"np.round({LATER} * i * C_tilde, 2)", f"{LATER} * i * C_tilde / C_tilde.sum()",
    ],
    "transplanted": [
        "run(x)[0][-1]", "run(other)[0][-1]", "run(x)[0][t]", "run(x)[1][-1]", "run(x)", "run(x)[0]",
        "run(x[t + 1 :], run(other)[0][t], run(other)[1][t])[0][-1]", "run(x[t + 1 :])[0][-1]", "run(other[t + 1 :], run(x)[0][t], run(x)[1][t])[0][-1]",
        "run(x[t:], run(other)[0][t], run(other)[1][t])[0][-1]", "(run(x)[0][-1] + run(other)[0][-1]) / 2", "run(other)[0][t]",
        "np.where(np.arange(3) == unit, run(other)[0][-1], run(x)[0][-1])", "np.where(np.arange(3) == unit, run(other)[0][t], run(x)[0][t])",
        "run(np.concatenate([other[: t + 1], x[t + 1 :]]))[0][-1]", "run(np.concatenate([x[: t + 1], other[t + 1 :]]))[0][-1]",
        "run(x[t + 1 :], *(np.where(np.arange(3) == unit, run(other)[k][t], run(x)[k][t]) for k in (1, 0)))[0][-1]",
        "run(x[t + 1 :], *(np.where(np.arange(3) != unit, run(other)[k][t], run(x)[k][t]) for k in (0, 1)))[0][-1]",
        "run(x[t + 1 :], *(np.where(np.arange(3) == unit, 0, run(x)[k][t]) for k in (0, 1)))[0][-1]",
        "run(x[t + 1 :], *(np.where(np.arange(3) == unit, run(other)[k][t], run(x)[k][t]) for k in (0, 1)))[0][-1][unit]",
        "run(x[t + 1 :], *(np.where(np.arange(3) == unit, run(other)[k][t], run(x)[k][t]) for k in (0, 1)))",
        "run(x[t + 1 :], *(np.where(np.arange(3) == unit, run(other)[k][t - 1], run(x)[k][t - 1]) for k in (0, 1)))[0][-1]",
        "None", "unit", "'h'", "np.zeros(3)",
    ],
    "blank_effects": [
        "answer(x)", "[answer(x)] * len(x)", "[0.0] * len(x)", EFFECTS.format("1"), EFFECTS.format("-x"), EFFECTS.format("x[::-1]"),
        EFFECTS.format("0.5 * x"), EFFECTS.format("0") + "[::-1]", EFFECTS.format("0") + "[1:]", EFFECTS.format("0") + "[:-1]",
        f"np.abs({EFFECTS.format('0')})", f"np.negative({EFFECTS.format('0')})", f"sum({EFFECTS.format('0')})", f"np.cumsum({EFFECTS.format('0')})",
        f"np.square({EFFECTS.format('0')})", f"np.array({EFFECTS.format('0')}) / answer(x)", f"np.round({EFFECTS.format('0')}, 1)",
        EFFECTS.format("0").replace("answer(x) - ", ""), EFFECTS.format("0").replace("answer(x)", "answer(0 * x)"),
        EFFECTS.format("0").replace("==", "<="), EFFECTS.format("0").replace("==", ">="), EFFECTS.format("0").replace("==", "!="),
        EFFECTS.format("0").replace("range(len(x))]", "range(1, len(x))]"), "[answer(x) - answer(np.delete(x, t, axis=0)) for t in range(len(x))]",
        "[answer(x[: t + 1]) for t in range(len(x))]", "x.sum(axis=1)", "x", "None", "'x'", "[answer]",
    ],
}  # fmt: skip

OTHER_RIGHT = {
    "ledger": [f"{LATER} * i * C_tilde", "[f[t + 1 :].prod(axis=0) * i[t] * C_tilde[t] for t in range(len(f))]"],
    "transplanted": ["run(x[t + 1 :], *(np.where(np.arange(3) == unit, run(other)[k][t], run(x)[k][t]) for k in (0, 1)))[0][-1]"],
    "blank_effects": [EFFECTS.format("0"), f"tuple({EFFECTS.format('0')})"],
}  # fmt: skip


def answer_to(task, text):
    return eval(f"lambda {', '.join(task.takes)}: {text}", {"np": np})


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_refused_and_most_are_named(name):
    task, named = exercise(name), 0
    assert len(WRONG[name]) >= 20
    for text in WRONG[name]:
        verdict = judge(task, answer_to(task, text))
        assert verdict.state not in (RIGHT, UNFINISHED) and 0 < len(verdict.words) < 600, text
        named += any(mistake.words in verdict.words for mistake in task.mistakes)
    assert named >= 8, named


@pytest.mark.parametrize("name", OTHER_RIGHT)
def test_other_right_answers_pass(name):
    task = exercise(name)
    for text in OTHER_RIGHT[name]:
        assert judge(task, answer_to(task, text)).words == task.praise
