"""Wrong answers to the exercises on looking inside, as readers may type them; and other right ones."""

import numpy as np
import pytest

from lstm_lib.exercises import exercise, judge
from lstm_lib.judge.exercise import program
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

# Pieces of the solution, and what stands in their place in answers that were typed; or whole answers.
TYPED_WRONG = {
    "ledger": {
        "f[t + 1 :].prod(axis=0)": [
            "f[t:].prod(axis=0)", "f[t + 1]", "f[: t + 1].prod(axis=0)", "f[t + 1 :].prod()", "np.prod(f[t + 1 :])", "f[t + 1 :].prod(axis=1)",
            "f[t + 1 :].sum(axis=0)", "f[t + 1 :]", "np.cumprod(f[t + 1 :], axis=0)", "np.cumprod(f[t + 1 :], axis=0)[0]", "f[t + 2 :].prod(axis=0)",
            "left[t] * f[t]", "left[t + 1] * f[t + 1]", "left[t - 1] * f[t]", "f[t] ** (len(f) - 1 - t)", "f[t + 1] ** (len(f) - t - 1)",
            "f[t + 1 : -1].prod(axis=0)", "(1 - f[t + 1 :]).prod(axis=0)", "f[t] * f[t + 1]", "f[t]", "f[-1]", "f.prod(axis=0)",
            "f[t + 1 :].prod(axis=0) * f[t]", "f[t + 1 :].prod(axis=0) * i[t] * C_tilde[t]", "f[t + 1 :].prod(axis=0) * i[t]", "f[t + 1 :].mean(axis=0)",
            "f[t + 1 :].min(axis=0)", "i[t + 1 :].prod(axis=0)", "f[len(f) - t - 1 :].prod(axis=0)", "f[-t - 1 :].prod(axis=0)",
            "np.exp(np.log(f[t + 1 :]).sum())", "f[1:].prod(axis=0)", "f[:-1].prod(axis=0)", "f[t - 1 :].prod(axis=0)", "f[:t].prod(axis=0)",
            "f[t + 1 :].cumprod(axis=0)[-2]", "0", "f(t + 1)", "prod(f[t + 1 :])",
        ],
        "left * i * C_tilde": ["left * i + C_tilde"],
    },
    "transplanted": {
        "x[t + 1 :]": [
            "x", "x[t:]", "other[t + 1 :]", "x[t + 2 :]", "x[: t + 1]", "x[t]", "x[t + 1]", "x[-t:]", "other", "other[t:]", "x[-1:]", "x[:-t]",
            "x[unit + 1 :]", "x[1:]", "x[t - 1 :]",
        ],
        "h_other[t, unit], C_other[t, unit]": [
            "C_other[t, unit], h_other[t, unit]", "h_other[t], C_other[t]", "h_other[unit], C_other[unit]", "h_other[unit, t], C_other[unit, t]",
            "h_other[-1, unit], C_other[-1, unit]", "h_other[t - 1, unit], C_other[t - 1, unit]", "h_other[t + 1, unit], C_other[t + 1, unit]",
            "h_other[t, unit], C_other[t + 1, unit]", "h_other, C_other", "run(other)", "h_other[t, unit]", "h_other[t, unit], h_other[t, unit]",
            "C_other[t, unit], C_other[t, unit]", "0, 0", "h[t, unit], C[t, unit]", "h_other[t, unit], C_t[unit]", "h_t[unit], C_other[t, unit]",
            "other[t, unit], other[t, unit]", "other[t]", "h_other[:, unit], C_other[:, unit]", "h_other[0, unit], C_other[0, unit]",
            "h_other[t, unit] - h_t[unit], C_other[t, unit] - C_t[unit]", "h_t[unit] + h_other[t, unit], C_t[unit] + C_other[t, unit]",
            "(h_t[unit] + h_other[t, unit]) / 2, (C_t[unit] + C_other[t, unit]) / 2", "h_other[t, unit], 0", "0, C_other[t, unit]",
        ],
        ", h_t, C_t)[0][-1]": [", h_t, C_t)[0]", ", h_t, C_t)[1][-1]", ", C_t, h_t)[0][-1]", ", h_t, C_t)", ", h_t)[0][-1]", ")[0][-1]"],
    },
    "blank_effects": {
        "without[t] = 0": [
            "without[t:] = 0", "without[: t + 1] = 0", "without[:t] = 0", "without[t + 1 :] = 0", "without[:, t] = 0", "without[:, 0] = 0",
            "without[t, 0] = 0", "without[t, -1] = 0", "without = np.delete(x, t, axis=0)", "without = x[:t]", "without = x[t:]", "without[t] = 1",
            "without[t - 1] = 0", "without[t] = x.mean(axis=0)", "without = 0 * x", "without = 0 * x; without[t] = x[t]", "without[t] = np.nan",
            "without[t] *= 0.5", "without[t] == 0",
        ],
        "answer(x) - answer(without)": [
            "answer(without) - answer(x)", "answer(without)", "abs(answer(x) - answer(without))", "(answer(x) - answer(without)) / answer(x)",
            "answer(x) - answer(without) ** 2", "(answer(x) - answer(without)) ** 2", "answer(x) - x[t]", "answer(x) - answer(x[t])",
        ],
        "range(len(x))": ["range(1, len(x))", "range(len(x) - 1)"],
        "np.array(effects)": ["sum(effects)", "np.mean(effects)", "effects[::-1]", "answer(x)", "dict(enumerate(effects))", "np.array(effects, int)"],
        "    return np.array(effects)": [""],
        "x.copy()": ["x", "x[:]"],
        "effects.append": ["return "],
        "def": ["def blank_effects(answer, x):\n    " + body for body in (
            "return answer(x) - answer(0 * x)", "return [answer(x[: t + 1]) - answer(x[:t]) for t in range(len(x))]",
            "return [answer(x) - answer(x * (np.arange(len(x)) != t)) for t in range(len(x))]",
            "return [answer(x) - answer(x[t : t + 1] * 0) for t in range(len(x))]",
            "e, w = [], x.copy()\n    for t in range(len(x)):\n        before, w[t] = answer(w), 0\n        e.append(before - answer(w))\n    return e",
            "e = np.zeros(x.shape)\n    for k in np.ndindex(x.shape):\n        w = x.copy()\n        w[k] = 0\n        e[k] = answer(x) - answer(w)\n    return e.sum(axis=1)",
        )],
    },
}  # fmt: skip
TYPED_RIGHT = {
    "ledger": {
        "f[t + 1 :].prod(axis=0)": [
            "np.prod(f[t + 1 :], axis=0)", "np.multiply.reduce(f[t + 1 :])", "np.cumprod(f[t + 1 :], axis=0)[-1]",
            "np.exp(np.log(f[t + 1 :]).sum(axis=0))", "f[-1:t:-1].prod(axis=0)", "[f[t + 1 :, u].prod() for u in range(f.shape[1])]",
        ],
        "def": ["def ledger(f, i, C_tilde):\n    " + body for body in (
            "left = np.ones_like(f)\n    for t in reversed(range(len(f) - 1)):\n        left[t] = left[t + 1] * f[t + 1]\n    return left * i * C_tilde",
            "put = np.zeros_like(f)\n    for t in range(len(f)):\n        put[:t] *= f[t]\n        put[t] = i[t] * C_tilde[t]\n    return put",
        )],
    },
    "transplanted": {
        "h_other[t, unit], C_other[t, unit]": [
            "h_other[t][unit], C_other[t][unit]", "[a[t, unit] for a in (h_other, C_other)]", "(a[t][unit] for a in run(other))",
            "run(other[: t + 1])[0][-1, unit], run(other[: t + 1])[1][-1, unit]",
        ],
        "h[t].copy(), C[t].copy()": ["h[t], C[t]"],
        "x[t + 1 :]": ["x[t - len(x) + 1 :]", "x[t + 1 : len(x)]", "x[t + 1 :, :]", "np.delete(x, range(t + 1), axis=0)", "list(x[t + 1 :])"],
        ", h_t, C_t)": [", h_0=h_t, C_0=C_t)"],
    },
    "blank_effects": {
        "without[t] = 0": ["without[t, :] = 0", "without *= (np.arange(len(x)) != t)[:, None]", "without[t] -= x[t]"],
        "without = x.copy()": ["without = np.array(x)", "without = 1 * x"],
        "np.array(effects)": ["effects", "np.fromiter(effects, float)"],
        "def": ["def blank_effects(answer, x):\n    full, e = answer(x), []\n    for t in range(len(x)):\n        saved, x[t] = x[t].copy(), 0\n"
                "        e.append(full - answer(x))\n        x[t] = saved\n    return e"],
    },
}  # fmt: skip


def typed(answers, name):
    """(text, function) of each typed answer."""
    for piece, texts in answers[name].items():
        for text in texts:
            solution = exercise(name).solution
            yield text, program(text) if piece == "def" else program(solution, (piece, text))


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


@pytest.mark.parametrize("name", TYPED_WRONG)
def test_typed_answers(name):
    task = exercise(name)
    for text, answer in typed(TYPED_WRONG, name):
        verdict = judge(task, answer)
        assert verdict.state not in (RIGHT, UNFINISHED) and "Traceback" not in verdict.words, text
    for text, answer in typed(TYPED_RIGHT, name):
        assert judge(task, answer).words == task.praise, text
    for mistake in task.mistakes:
        assert mistake.words in judge(task, mistake.wrong).words
