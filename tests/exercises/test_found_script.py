"""The script of notebook 04 is what the course says of it, and the check of its repair leaves it as it is."""

import json
from pathlib import Path

import numpy as np

from lstm_lib import sigmoid
from lstm_lib.exercises import exercise, judge
from lstm_lib.subjects.found_script import FOUND, PARTS, REPAIRS, mend

REPAIR = exercise("repair")
BUGS = (1, 2, 3, 4)
NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "04_output_gate.ipynb"


def test_the_globals_of_the_script_stay():
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
