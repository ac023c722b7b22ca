"""The check of notebook 04's repair says which of the four bugs are gone, whatever else was changed."""

import json
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from lstm_lib import sigmoid
from lstm_lib.exercises import exercise, judge
from lstm_lib.judge.judge import ERROR, RIGHT, WRONG
from lstm_lib.subjects.output_gate import FOUND, PARTS, REPAIRS, STILL, mend

REPAIR = exercise("repair")
BUGS = (1, 2, 3, 4)
NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "04_output_gate.ipynb"
BARE = (  # the output gate returns o_t, and the loop multiplies
    ("def output_gate(x, h, C)", "def output_gate(x, h)"),
    (" * np.tanh(C)", ""),
    ("output_gate(x, h, C)", "output_gate(x, h) * np.tanh(C)"),
)


@pytest.mark.parametrize("bugs", [c for n in range(5) for c in combinations(BUGS, n)], ids=str)
def test_each_combination_of_repairs_is_told(bugs):
    verdict = judge(REPAIR, mend(*bugs))
    if len(bugs) in (0, 4):
        assert verdict.words == (REPAIR.praise if bugs else "None of the four bugs is repaired yet.")
        return
    done, left = verdict.words.split(" Not yet: ")
    assert done.startswith("Repaired: ") and re.findall(r"\d", done) == [str(k) for k in bugs]
    assert verdict.state == WRONG and [words in left for words in STILL] == [k not in bugs for k in BUGS]


@pytest.mark.parametrize(
    ("bugs", "changes"),
    [
        (BUGS, BARE),
        (BUGS, [("W_xf * x", "0.5 * x")]),
        (BUGS, [("sigmoid(W_xf * x + W_hf * h + b_f)", "1 / (1 + np.exp(-(W_xf * x + W_hf * h + b_f)))")]),
        (BUGS, [("return W_hy * h + b_y", "return b_y + h * W_hy")]),
        (BUGS, [("C = C * forget_gate(x, h) + input_gate(x, h)", "kept = forget_gate(x, h) * C\n        written = input_gate(x, h)\n        C = kept + written")]),
        (BUGS, [("def output_gate(x, h, C)", "def output_gate(x, h, memory)"), ("np.tanh(C)", "np.tanh(memory)")]),
    ],
)  # fmt: skip
def test_other_repairs_pass(bugs, changes):
    assert judge(REPAIR, mend(*bugs, changes=changes)).words == REPAIR.praise
    assert judge(REPAIR, tuple(mend(*bugs, changes=changes))).state == RIGHT


@pytest.mark.parametrize(
    ("bugs", "changes", "words"),
    [
        ((1, 4), [(" * np.tanh(C)", ""), ("= output_gate(x, h)", "= output_gate(x, h) * np.tanh(C)")], "Repaired: 1, 3 and 4. Not yet: (2) symptom 2"),
        ((2, 3, 4), [("W_xh, W_hh, b_h = -10.0", "W_xh, W_hh, b_h = 0.5")], "reads W_xh, of another layer"),
        ((1, 3, 4), [("W_hh, b_h = -10.0, 10.0", "W_hh, b_h = -10.0, 0.5")], "reads W_hh, of another layer"),
        ((1, 2, 3), [("sigmoid(W_hy * h + b_y)", "np.tanh(W_hy * h + b_y)")], "symptom 4 is still there"),
        ((1, 2, 3), [("sigmoid(W_hy * h + b_y)", "15 * sigmoid(W_hy * h + b_y)")], "without its sigmoid"),
        (BUGS, [("W_xf * x", "-W_xf * x")], "forget_gate(1, −1) is 0.3775"),
        (BUGS, [("W_oh * h", "0 * h")], "(2) output_gate is not σ"),
        (BUGS, [("    return h, C\n", "    return h\n")], "run has to return h and C"),
        (BUGS, [("    for x in X:\n", "    for x in X[1:]:\n")], "does not follow from the other four"),
    ],
)  # fmt: skip
def test_other_slips_are_named(bugs, changes, words):
    verdict = judge(REPAIR, mend(*bugs, changes=changes))
    assert verdict.state == WRONG and words in verdict.words, verdict.words


def test_a_missing_name_is_an_error_and_the_globals_stay():
    parts = mend(1, 2, 3, changes=[("W_xf, W_hf, b_f = 0.5, 0.5, 0.5", "W_hf, b_f = 0.5, 0.5")])
    verdict = judge(REPAIR, parts)
    assert verdict.state == ERROR and "name 'W_xf' is not defined" in verdict.words
    parts = mend()
    parts[2].__globals__["C"] = 7.0
    judge(REPAIR, [*parts[:4], lambda X: (0.0, 0.0)])
    assert parts[2].__globals__["C"] == 7.0


def test_what_the_course_says_of_the_script():
    """Its results before and after, and what an input of −5 in the first place changes."""
    X, other = [1.0, 5.0, 7.0, 4.0], [-5.0, 5.0, 7.0, 4.0]
    for bugs, h, C, C_other in (
        ((), "0.7355", "0.9408", "0.9408"),
        ((2,), "0.6961", "0.9405", "0.9405"),
        ((1,), "0.9954", "3.0365", "2.7087"),
        (BUGS, "0.9474", "3.0410", "2.7076"),
    ):
        *_, run = mend(*bugs)
        got = [f"{value:.4f}" for value in (*run(X), run(other)[1])]
        assert got == [h, C, C_other], (bugs, got)


def test_the_notebook_runs_this_script_and_hands_it_in():
    cells = [
        c["source"] for c in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if c["cell_type"] == "code"
    ]
    sources = ["".join(lines) for lines in cells]
    (handed_in,) = (s for s in sources if 'check("repair"' in s)
    (numbers,) = (s for s in sources if s.startswith("X, y_hat"))
    assert sum(s in handed_in for s in sources) == 2, "once as found, once to repair"
    for bugs in ((), BUGS):
        source = f"{numbers}\n\n\n{handed_in}"
        for old, new in (change for k in bugs for change in REPAIRS[k - 1]):
            assert old in source
            source = source.replace(old, new)
        asked = []
        exec(source, {"np": np, "sigmoid": sigmoid, "check": lambda *args, asked=asked: asked.extend(args)})
        name, parts = asked
        assert [p.__name__ for p in parts] == list(PARTS)
        assert judge(exercise(name), parts).words == judge(REPAIR, mend(*bugs)).words
    assert FOUND.replace("X = [1.0, 5.0, 7.0, 4.0]", "X, y_hat = [1.0, 5.0, 7.0, 4.0], 15.0").split() == (
        f"{numbers} {handed_in.split('check(')[0]}".split()
    )
