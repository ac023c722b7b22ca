"""Solutions pass in every form, each named mistake gets its own feedback, and other wrong answers are refused."""

import ast
from itertools import permutations
from pathlib import Path
from types import FunctionType

import nbformat
import numpy as np
import pytest

from lstm_lib import LSTMParams, half_life, logit, lstm_backward, lstm_forward, lstm_step, sigmoid
from lstm_lib.exercises import ___, all_exercises, exercise, judge
from lstm_lib.judge.exercise import program
from lstm_lib.judge.judge import RIGHT, UNFINISHED
from lstm_lib.subjects import subjects
from lstm_lib.subjects.architecture import VALUES
from lstm_lib.subjects.found_script import mend

EXERCISES = all_exercises()
FUNCTIONS = [e for e in EXERCISES.values() if e.takes]
V = "np.concatenate([h_prev, x_t])"
SLOPE_C = "(1 - np.tanh(C_t) ** 2)"
LATCH = EXERCISES["latch"].solution
ORDERS = set(map("".join, permutations("ABCD")))

# Expressions in the arguments' names; plain values where a value is asked for.
WRONG = {
    "parameters": ["4 * H * D", "H * D", "4 * (H + D)", "4 * (H * (H + D) + D)", "96", "4 * (H * (H + D) + H) + 1"],
    "flows": [7, None, "abc", {}, {"f_t": 0.75}, dict.fromkeys(VALUES, 0.75), dict.fromkeys(VALUES, "x"), [*VALUES.values()],
              VALUES | {"f_t": 0.8, "o_t": 0.75}, VALUES | {"i_t": 0.8, "o_t": 0.4}, VALUES | {"C_t": -1.7001},
              VALUES | {"C_tilde": -0.75, "h_t": -0.5}],
    "order": [*ORDERS - {"BDCA", "DBCA"}, "", "ABC", "ABCDA", "BDC", 7, None, ["B", "D"], b"B"],
    "step": ["(h_prev, C_prev)", "np.zeros((2, 3))", "sigmoid(params.W_f @ C_prev)", "params", "(h_prev, C_prev, x_t)"],
    "forget_gate": [f"sigmoid(W_f @ {V} + b_f) > 0.5", f"np.clip(sigmoid(W_f @ {V} + b_f), 0.1, 0.9)",
                    f"sigmoid(W_f @ {V} + b_f)[:2]", f"[sigmoid(W_f @ {V} + b_f)] * 2", f"sigmoid(W_f @ {V} + b_f).mean()"],
    "half_life": ["10", "round(np.log(0.5) / np.log(f), 2)", "{0.5: 1, 0.9: 6.5788, 0.99: 68.97}[f]", "f * np.log(0.5)"],
    "stable_sigmoid": ["np.tanh(z)", "(1 + np.tanh(z)) / 2", "1 / (1 + np.exp(-np.clip(z, -20, 20)))", "(z > 0) * 1.0",
                       "np.clip(z / 4 + 0.5, 0, 1)", "np.exp(z) / (1 + np.exp(z))", "sigmoid(z)", "z / (1 + abs(z))",
                       "np.where(z > -700, 1 / (1 + np.exp(-z)), 0)", "np.nan * z", "np.errstate and 1 / (1 + np.exp(-z))"],
    "z_keep": [3.2, 3.4, 2.94, 0.036, 1e300, float("nan"), "3.3", [3.3, 3.3], None, {}, True, 1j],
    "latch": [3, "latch", {}, None, lambda: (1, 2), LSTMParams.from_gates(W_f=np.zeros((2, 5))),
              program(LATCH, ("12", "1")), program(LATCH, ("24", "2"), ("12", "1")), lambda x: x],
    "stored": ["np.arctanh(o_t / h_t)", "np.arctanh(h_t - o_t)", "1 / np.tanh(h_t)", "h_t * o_t", "np.arctanh(h_t / (1 - o_t))",
               "np.arctanh(h_t) - np.arctanh(o_t)", "-np.arctanh(h_t / o_t)", "np.arcsinh(h_t / o_t)", "np.exp(h_t / o_t)",
               "np.arctanh(h_t / o_t) / 2", "np.round(np.arctanh(h_t / o_t), 1)"],
    "repair": [3, "repair", None, [], {}, mend(), mend(1), mend(2, 3), mend()[:4], [1, 2, 3, 4, 5], lambda: 0.9474],
    "bias_for": ["(C_wanted - f_t * C_prev) / i_t / (W_C @ v)", "np.zeros(3)", "C_wanted - W_C @ v",
                 "np.arctanh((C_wanted - f_t * C_prev) / i_t) - v @ W_C.T * 2", "np.arctanh(C_wanted - C_prev) - W_C @ v",
                 "np.arctanh((C_wanted + f_t * C_prev) / i_t) - W_C @ v", "np.arctanh(((C_wanted - f_t * C_prev) / i_t)[0]) - W_C @ v",
                 "np.tanh(W_C @ v)", "W_C @ v - np.arctanh((C_wanted - f_t * C_prev) / i_t)",
                 "logit((C_wanted - f_t * C_prev) / i_t / 2 + 0.5) - W_C @ v"],
    "repaired_write": ["(sigmoid(cell.W_i @ v), C_prev)", "sigmoid(cell.W_i @ v + cell.b_i)", "(cell.W_i @ v + cell.b_i, C_prev)",
                       "C_prev + sigmoid(cell.W_i @ v + cell.b_i) * np.tanh(cell.W_C @ v + cell.b_C)",
                       "(abs(sigmoid(cell.W_i @ v + cell.b_i) * np.tanh(cell.W_C @ v + cell.b_C)), C_prev)",
                       "(sigmoid(cell.W_i @ v + cell.b_i), C_prev + sigmoid(cell.W_i @ v + cell.b_i) * np.tanh(cell.W_C @ v))",
                       "(sigmoid(cell.W_i @ v + cell.b_i).mean(), C_prev)", "(1 - sigmoid(cell.W_i @ v + cell.b_i), C_prev)"],
    "reached": [f"dC + o_t * {SLOPE_C}", f"dh + dC * o_t * {SLOPE_C}", f"dC - dh * o_t * {SLOPE_C}", "dC",
                f"(dC + dh) * o_t * {SLOPE_C}", "dC + dh * o_t * (1 - np.tanh(C_t**2))", "dC + dh * o_t * (1 + np.tanh(C_t)**2)"],
    "forget_back": ["[dC * C_prev * f_t * (1 - f_t)]", "dC * f_t", "[dC * C_prev * f_t * (1 - f_t), dC / f_t]",
                    "[dC * C_prev * f_t * (1 - f_t), dC * f_t * (1 - f_t)]", "np.concatenate([dC * C_prev * f_t * (1 - f_t), dC * f_t])",
                    "[dC * C_prev * f_t * (1 + f_t), dC * f_t]"],
    "new_state": ["h + c", "f * (h + c)", "f * h + 1 - f", "f * h + (1 - f * c)", "f * h + (1 - f) * c.mean()", "np.zeros(3)",
                  "c", "h", "f * (h - c)", "f * h + (1 + f) * c", "(f * h + (1 - f) * c)[:2]", "np.tanh(f * h + (1 - f) * c)"],
    "step_back": ["[dh, dC, dh, dC, dC * f]", "np.zeros((5, 2))", "dC * f"],
    "slope": ["12", "(loss(w + step) - loss(w)) / (2 * step)", "(loss(w + step) + loss(w - step)) / (2 * step)", "loss(w) / step",
              "(8 * (loss(w + step) - loss(w - step)) - loss(w + 2 * step) + loss(w - 2 * step)) / (12 * step)",
              "abs(loss(w + step) - loss(w - step)) / (2 * step)"],
    "persistence": ["series[cut - 1 : -2]", "series[cut + 1 :]", "series[:cut]", "series[cut:] - series[cut - 1 : -1]", "np.diff(series)[cut - 1 :]",
                    "series[cut - 1 : -1][::-1]", "list(series[cut - 1 :])", "series[-1]", "series", "series[1:]", "np.roll(series, 1)[cut - 1 :]",
                    "(series[cut - 1 : -1] + series[cut:]) / 2", "(series[cut - 1 : -1] + series[cut - 2 : -2]) / 2", "2 * series[cut - 1 : -1] - series[cut - 2 : -2]",
                    "np.repeat(series[cut], len(series) - cut)", "0 * series[cut:]", "series[cut - 1 : len(series)]", "np.round(series[cut - 1 : -1])",
                    "np.sort(series)[cut - 1 : -1]", "series[: -1][: len(series) - cut]", "'series[cut - 1 : -1]'", "len(series) - cut"],
    "moves": [*(f"forecast(np.concatenate([series[:t], {end}]), t) != forecast(series, t)" for end in (
                  "series[t:]", "0 * series[t:1]", "np.sort(series[t:])", "series[t:].mean() + 0 * series[t:]", "np.abs(series[t:])", "np.roll(series[t:], 1)",
                  "[-9.0] * 1", "1.0 * series[t:]", "[series[t], *(-1e3 + 0 * series[t + 1 :])]")),
              "forecast(-series, t) != forecast(series, t)", "forecast(series + 1, t) != forecast(series, t)", "forecast(series, t) != forecast(series, t)",
              "forecast(series, t + 1) != forecast(series, t)", "forecast(series[: t + 1], t) != forecast(series, t)", "forecast(series, t) - series[t]",
              "forecast(series, t)", "series[t:]", "forecast", "abs(forecast(series, t) - series[t - 1]) > 0", "t > 3", "None", "'moved'",
              "[forecast(series, t), forecast(series, t)]", "forecast(series[::-1], t) != forecast(series, t)"],
    "without_line": ["series", "series - series.mean()", "(series - series[:cut].mean()) / series[:cut].std()", "series - np.arange(len(series))", "np.zeros(len(series))",
                     "series - np.linspace(series[0], series[-1], len(series))", "series - series[0]", "series - np.polyval(np.polyfit(np.arange(cut), series[:cut], 2), np.arange(len(series)))",
                     "series - np.polyval(np.polyfit(np.arange(cut), series[:cut], 0), np.arange(len(series)))", "np.polyfit(np.arange(cut), series[:cut], 1)",
                     "series / np.polyval(np.polyfit(np.arange(cut), series[:cut], 1), np.arange(len(series)))", "np.gradient(series)", "series - np.roll(series, 1)",
                     "series - np.polyval(np.polyfit(np.arange(cut + 1), series[: cut + 1], 1), np.arange(len(series)))",
                     "series - np.polyval(np.polyfit(np.arange(cut - 1), series[: cut - 1], 1), np.arange(len(series)))",
                     "series - np.polyval(np.polyfit(np.arange(cut), series[:cut], 1), np.arange(1, len(series) + 1))", "np.cumsum(series)", "series[:cut] - series[:cut].mean()",
                     "np.abs(series - np.polyval(np.polyfit(np.arange(cut), series[:cut], 1), np.arange(len(series))))", "'series'", "None", "cut"],
    "something_left": ["np.corrcoef(errors[:-1], errors[1:])", "abs(np.corrcoef(errors[:-1], errors[1:])[0, 1])", "errors", "True", "False", "None",
                       "abs(np.corrcoef(errors[:-1], errors[1:])[0, 1]) > 0.8", "abs(np.corrcoef(errors[:-1], errors[1:])[0, 1]) > 4 / np.sqrt(len(errors))",
                       "abs(np.corrcoef(errors[:-1], np.abs(errors[1:]))[0, 1]) > 2 / np.sqrt(len(errors))", "errors.std() > 1", "abs(errors[1:] - errors[:-1]).mean() < 1",
                       "(np.sign(errors[:-1]) == np.sign(errors[1:])).mean() > 0.7", "abs(np.polyfit(np.arange(len(errors)), errors, 1)[0]) > 0.1",
                       "abs(np.corrcoef(errors[:-1], errors[::-1][1:])[0, 1]) > 2 / np.sqrt(len(errors))", "abs(np.cov(errors[:-1], errors[1:])[0, 1]) > 2 / np.sqrt(len(errors))",
                       "abs(np.corrcoef(np.arange(len(errors)), errors)[0, 1]) > 2 / np.sqrt(len(errors))", "'noise'", "len(errors) > 7",
                       "abs(np.corrcoef(errors[:-3], errors[3:])[0, 1]) > 2 / np.sqrt(len(errors))", "np.corrcoef(errors[:-1], errors[1:])[0, 1] ** 2 > 2 / np.sqrt(len(errors))",
                       "abs(np.corrcoef(errors)) > 2 / np.sqrt(len(errors))", "abs(np.corrcoef(errors[:-1], errors[1:])[0, 1]) > 2 * np.sqrt(len(errors))",
                       "(errors[:-1] * errors[1:]).mean() > 0"],
    "clip": ["gradient * limit / np.linalg.norm(gradient) if abs(gradient).sum() > limit else gradient",
             "gradient * limit / np.linalg.norm(gradient) if (gradient > limit).any() else gradient",
             "gradient * limit / np.linalg.norm(gradient) if np.linalg.norm(gradient) > 1 else gradient",
             "limit * np.tanh(gradient)", "gradient * limit"],
    "indices": ["[index[word] for word in sentence.lower().split()][:2]", "[index.get(word, 0) for word in sentence]", "[]", "index",
                "[index.get(word, 0) for word in reversed(sentence.lower().split())]", "len(sentence.split())", "sentence.lower().split()",
                "[index.get(word, 0) + 1 for word in sentence.lower().split()]", "[hash(word) % 7 for word in sentence.split()]",
                "{word: index.get(word, 0) for word in sentence.lower().split()}", "[index.get(word) for word in sentence.lower().split()]",
                "[float('nan')] * len(sentence.split())"],
    "final_states": ["h[:, -1]", "mask[-1]", "h[int(mask.sum()) - 1]", "h.sum(axis=0)", "h[mask.sum(axis=0).astype(int) % len(h), range(h.shape[1])]",
                     "h[len(h) // 2]", "h[[0] * h.shape[1], range(h.shape[1])]", "h[mask.sum(axis=0) - 1, range(h.shape[1])]", "h * mask[..., None]",
                     "h[mask.argmax(axis=0), range(h.shape[1])]", "h[mask > 0]", "h.min(axis=0)"],
    "accuracy": ["p.mean()", "good.mean()", "((p > 0.5) == good).sum()", "1.0", "abs(p - good).mean()", "(np.round(p) != good).mean()",
                 "((p > 0.5) & (good == 1)).mean()", "np.where(p == 0.5, 0.5, (p < 0.5) == (good == 1)).mean() + 0.1",
                 "[(p > 0.5) == (good == 1)]", "np.corrcoef(p, good)[0, 1]", "((p - 0.5) * (good - 0.5) >= 0).mean()", "max(good.mean(), 1 - good.mean())"],
    "three_tests": [3, None, [], "the film was good", lambda: 1, [1, 2, 3], [("a", "b")] * 3, [("a", "b", "stays")] * 3,
                    [("the film was good", "the film was not not good", "flips")] * 3, [("it was zorgly", "it was not zorgly", "flips")] * 3,
                    [("the film was good", "the film was not good", "flips")] * 3,
                    [("the film was good", "the film was not good", "flips"), ("it was dull", "so it was really very very very very good", "stays"), ("anna", "tom", "stays")],
                    [("the film was good", "the film was not good", True)] * 3, [["the film was good", "", "flips"]] * 3],
}  # fmt: skip

OTHER_RIGHT = {
    "indices": ["[index[w] if w in index else 0 for w in sentence.lower().split()]", "list(map(lambda w: index.get(w, 0), sentence.casefold().split()))"],
    "final_states": ["[h[int(n) - 1, b] for b, n in enumerate(mask.sum(axis=0))]", "np.take_along_axis(h, mask.sum(axis=0).astype(int)[None, :, None] - 1, 0)[0]"],
    "accuracy": ["(np.sign(p - 0.5) * (2 * good - 1) / 2 + 0.5).mean()", "np.mean([0.5 if a == 0.5 else (a > 0.5) == b for a, b in zip(p, good)])"],
    "three_tests": [[("a film that is Good", "a film that isn't good", "flips"), ["dull", "we saw it and it was dull", "stays"], ("Li is fun", "Bo is fun", "stays")]],
    "parameters": ["4 * H * (H + D + 1)", "sum(H * (H + D + 1) for _ in range(4))", "float(4 * H * (H + D + 1))"],
    "flows": [VALUES, {name: np.float64(value) for name, value in VALUES.items()}],
    "order": ["BDCA", "DBCA", "b, d, c, a", list("BDCA")],
    "forget_gate": [f"1 / (1 + np.exp(-(W_f @ {V} + b_f)))", "sigmoid(W_f[:, :3] @ h_prev + W_f[:, 3:] @ x_t + b_f)",
                    f"sigmoid({V} @ W_f.T + b_f)", f"[sigmoid(w @ {V} + b) for w, b in zip(W_f, b_f)]",
                    "sigmoid(W_f @ np.vstack([h_prev[:, None], x_t[:, None]]) + b_f[:, None])",
                    f"(1 + np.tanh((W_f @ {V} + b_f) / 2)) / 2"],
    "half_life": ["-1 / np.log2(f)", "np.log(2) / -np.log(f)"],
    "stable_sigmoid": ["0.5 * (1 + np.tanh(z / 2))", "1 / (1 + np.exp(-np.clip(z, -500, 500)))", "np.exp(-np.logaddexp(0, -z))"],
    "z_keep": [3.3, np.float32(3.29), [3.293], np.array([[3.29]]), lambda: logit(0.5 ** (1 / 19))],
    "latch": [program(LATCH)(), program(LATCH, ("24", "40"), ("12", "20")), program(LATCH, ("[[", "np.array([["), ("]]", "]])"))],
    "stored": ["np.log((o_t + h_t) / (o_t - h_t)) / 2", "np.arctanh(h_t * (1 / o_t))"],
    "repair": [mend(1, 2, 3, 4), tuple(mend(1, 2, 3, 4)), lambda: mend(1, 2, 3, 4)],
    "bias_for": ["0.5 * np.log((i_t + C_wanted - f_t * C_prev) / (i_t - C_wanted + f_t * C_prev)) - v @ W_C.T",
                 "[np.arctanh((c - f * old) / i) - w @ v for c, old, f, i, w in zip(C_wanted, C_prev, f_t, i_t, W_C)]"],
    "repaired_write": ["np.array([sigmoid(cell.W_i @ v + cell.b_i), sigmoid(cell.W_i @ v + cell.b_i) * np.tanh(cell.W_C @ v + cell.b_C) + C_prev])",
                       "[1 / (1 + np.exp(-cell.W_i @ v - cell.b_i)), C_prev + sigmoid(cell.b_i + cell.W_i @ v) * np.tanh(cell.W_C @ v + cell.b_C)]"],
    "reached": ["dC + dh * o_t / np.cosh(C_t) ** 2"],
    "forget_back": ["(dC * C_prev * f_t * (1 - f_t), dC * f_t)", "np.array([C_prev * (f_t - f_t**2), f_t]) * dC"],
    "new_state": ["c + f * (h - c)", "(1 - f) * c + h * f", "h + (1 - f) * (c - h)"],
    "slope": ["(loss(w + step) - loss(w - step)) / step / 2"],
    "persistence": ["np.roll(series, 1)[cut:]", "[series[t - 1] for t in range(cut, len(series))]"],
    "moves": ["bool(forecast(np.concatenate([series[:t], np.full(len(series) - t, np.nan)]), t) != forecast(series, t))",
              "abs(forecast(np.concatenate([series[:t], 77 + np.arange(len(series) - t)]), t) - forecast(series, t)) > 1e-9"],
    "without_line": ["series - np.polyval(np.polyfit(np.arange(cut), series[:cut], 1), np.arange(len(series)))"],
    "something_left": ["np.corrcoef(errors[:-1], errors[1:])[0, 1] ** 2 > 4 / len(errors)", "abs(np.corrcoef(np.roll(errors, 1)[1:], errors[1:])[1, 0]) >= 2 / len(errors) ** 0.5",
                       "abs(((e := errors - errors.mean())[1:] * e[:-1]).sum() / (e * e).sum()) > 2 / np.sqrt(len(errors))",
                       "len(errors) ** 0.5 * abs(np.corrcoef(errors[:-1], errors[1:])[0, 1]) > 1.96"],
    "clip": ["gradient / max(1, np.linalg.norm(gradient) / limit)",
             "gradient if (gradient @ gradient) ** 0.5 < limit else gradient * limit / (gradient @ gradient) ** 0.5"],
}  # fmt: skip


def answer_to(task, text):
    """An expression as a function of the exercise's arguments; values are returned unchanged."""
    scope = {"np": np, "sigmoid": sigmoid, "logit": logit}
    return eval(f"lambda {', '.join(task.takes)}: {text}", scope) if task.takes else text


def given(table):
    """Parameters with numbered names: the repr of a function contains an address."""
    return [
        pytest.param(EXERCISES[name], answer, id=f"{name}-{k}")
        for name in table
        for k, answer in enumerate(table[name])
    ]


@pytest.mark.parametrize(("task", "text"), given(WRONG))
def test_wrong_answers_are_refused(task, text):
    verdict = judge(task, answer_to(task, text))
    assert verdict.state not in (RIGHT, UNFINISHED) and 0 < len(verdict.words) < 600


@pytest.mark.parametrize(("task", "text"), given(OTHER_RIGHT))
def test_other_right_answers_pass(task, text):
    assert judge(task, answer_to(task, text)).words == task.praise


FORMS = {
    "as it is": lambda value: value,
    "lists": lambda value: np.asarray(value).tolist(),
    "a tuple": lambda value: tuple(np.asarray(value).tolist()) if np.ndim(value) else value,
    "an axis more": lambda value: np.asarray(value)[None],
    "columns": lambda value: np.asarray(value)[..., None],
    "float32": lambda value: np.asarray(value, dtype=np.float32),
}


@pytest.mark.parametrize("task", FUNCTIONS, ids=lambda e: e.name)
@pytest.mark.parametrize("form", FORMS)
def test_the_solution_passes_in_every_form(task, form):
    function = program(task.solution)
    assert judge(task, lambda *given: FORMS[form](function(*given))).words == task.praise


@pytest.mark.parametrize("task", EXERCISES.values(), ids=lambda e: e.name)
def test_each_mistake_gets_its_own_feedback(task):
    texts = [m.words for m in task.mistakes]
    assert len(set(texts)) == len(texts) and len(texts) + len(WRONG.get(task.name, ())) >= 10
    for mistake in task.mistakes:
        verdict = judge(task, mistake.wrong)
        assert [w for w in texts if w in verdict.words] == [mistake.words] and verdict.state not in (
            RIGHT,
            UNFINISHED,
        )
    assert len(task.hints) == 2 and all(task.hints)


def test_mistakes_in_other_code_are_named():
    """Feedback on mistakes that are written in other ways."""
    for name, text, words in (
        ("forget_gate", "sigmoid(W_f @ np.concatenate(h_prev, x_t) + b_f)", "with the square brackets"),
        ("forget_gate", f"sigmoid({V} + b_f)", "turns 7 numbers into 3"),
        ("half_life", "round(np.log(0.5) / np.log(f), 1)", "right but rounded"),
        ("clip", "np.minimum(np.maximum(gradient, -limit), limit)", "each element by itself"),
        ("stable_sigmoid", "sigmoid(z)", "That is the library's"),
        ("stable_sigmoid", "np.seterr(all='ignore') and 1 / (1 + np.exp(-z))", "That silences the warning"),
        ("slope", WRONG["slope"][4], "it returned 12, expected 12.01"),
        ("forget_back", WRONG["forget_back"][3], "number 2 of 2 is [0.045, −0.16]"),
        ("z_keep", 3.2, "keeps 46.8 % over 19 gates"),
        ("z_keep", 1e300, "keeps 100 %"),
        ("stored", "np.log(h_t / (o_t - h_t))", "inverse of the sigmoid"),
        ("repair", mend(1, 2), "Repaired: 1 and 2."),
        ("order", "ABCD", "the gates would use the new h"),
        ("order", 7, "each once"),
        ("flows", VALUES | {"i_t": 0.8, "o_t": 0.4}, "What is written"),
        ("flows", VALUES | {"f_t": 0.8, "o_t": 0.75}, "What is kept"),
        ("latch", 3, "got int"),
        ("persistence", "list(series[cut - 1 :])", "One forecast too many"),
        ("moves", WRONG["moves"][8], "from t + 1 on"),
        ("without_line", "series - series.mean()", "it returned ["),
    ):  # fmt: skip
        verdict = judge(exercise(name), answer_to(exercise(name), text))
        assert words in verdict.words, (name, text, verdict.words)


def test_solutions_agree_with_the_library():
    solve = {name: program(EXERCISES[name].solution) for name in (
        "forget_gate", "bias_for", "repaired_write", "stored", "step", "reached", "forget_back", "step_back", "parameters")}  # fmt: skip
    rng = np.random.default_rng(0)
    p = LSTMParams(rng.normal(size=(12, 7)), rng.normal(size=12))
    x, h, C, dh, dC = (rng.normal(size=n) for n in (4, 3, 3, 3, 3))
    t = lstm_step(p, x, h, C)
    np.testing.assert_allclose(solve["forget_gate"](h, x, p.W_f, p.b_f), t.f_t)
    v, clamp = np.concatenate([h, x]), {"f": [0.9, 0.5, 0.7], "i": [0.5, 0.8, 0.6]}
    kept_and_written = lstm_step(p, x, h, C, clamp)
    np.testing.assert_allclose(
        solve["bias_for"](kept_and_written.C_t, C, *map(np.array, clamp.values()), p.W_C, v), p.b_C
    )
    np.testing.assert_allclose(solve["repaired_write"](p, v, C), (t.i_t, C + t.written))
    np.testing.assert_allclose(solve["stored"](t.h_t, t.o_t), t.C_t)
    np.testing.assert_allclose(solve["step"](p, x, h, C), (t.h_t, t.C_t))
    assert solve["parameters"](4, 3) == p.W.size + p.b.size
    gradients = lstm_backward(p, lstm_forward(p, x[None], h, C), dh[None], dC)
    *dz, dC_prev = solve["step_back"](dh, dC, t.f_t, t.i_t, t.o_t, t.C_tilde, C, t.C_t)
    np.testing.assert_allclose(np.concatenate(dz), gradients.b)
    np.testing.assert_allclose(dC_prev, gradients.C_0)
    back = solve["forget_back"](solve["reached"](dh, dC, t.o_t, t.C_t), t.f_t, C)
    np.testing.assert_allclose(back, (dz[0], dC_prev))
    assert program(EXERCISES["half_life"].solution)(0.9) == pytest.approx(half_life(0.9))


def test_each_subject_has_questions_and_exercises_and_imports_no_widgets():
    for file in subjects():
        module = Path(str(file)).with_suffix(".py")
        names = [
            n.module for n in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(n, ast.ImportFrom)
        ]
        ours = {name.split(".")[1] for name in names if name.startswith("lstm_lib.")}
        assert ours <= {"cell", "learning", "judge", "subjects"}
        assert "Exercise(" in module.read_text("utf-8")
    with pytest.raises(ValueError, match="exercise: expected one of .*half_life"):
        exercise("nonsense")


NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CELLS = [cell.source for path in sorted(NOTEBOOKS.glob("*.ipynb")) for cell in nbformat.read(path, 4).cells
         if cell.cell_type == "code" and "\ncheck(" in f"\n{cell.source}" and 'check("repair"' not in cell.source]  # fmt: skip


@pytest.mark.parametrize("source", CELLS, ids=lambda s: s.split("check(")[1].split(",")[0])
def test_a_notebook_checks_what_its_reader_writes(source):
    """The cell passes its own function to check: unfinished as it is, and right or wrong after it is changed."""
    scope = {"np": np, "sigmoid": sigmoid, "logit": logit, "___": ___, "LSTMParams": LSTMParams}
    exec(source, scope | {"check": lambda *asked: scope.update(asked=asked)})
    name, answer = scope["asked"]
    assert judge(exercise(name), answer).state == UNFINISHED
    if isinstance(answer, FunctionType):
        assert list(answer.__code__.co_varnames[: answer.__code__.co_argcount]) == exercise(name).takes
        head = source[source.index("def ") : source.index("):") + 2]
        body = exercise(name).solution.split(":\n", 1)[1]
        for slip, state in (("", "✓"), ("    return 0 + np.zeros(9)\n", "✗")):
            exec(f"{head}\n{slip}{body}\ncheck({source.split('check(')[1]}",
                 scope | {"check": lambda *asked: scope.update(asked=asked)})  # fmt: skip
            assert judge(exercise(name), scope["asked"][1]).state == state
