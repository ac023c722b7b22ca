"""Solutions agree with the library and pass in every form, and notebooks check what their readers write."""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from types import FunctionType

import nbformat
import numpy as np
import pytest

from lstm_lib import Kind, LSTMParams, half_life, logit, lstm_backward, lstm_forward, lstm_step, sigmoid
from lstm_lib.exercises import ___, all_exercises, exercise, judge
from lstm_lib.judge.exercise import Exercise, program
from lstm_lib.judge.judge import UNFINISHED
from lstm_lib.subjects import subjects

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
EXERCISES = all_exercises()

FORMS = {
    "as it is": lambda value: value,
    "lists": lambda value: np.asarray(value).tolist(),
    "a tuple": lambda value: tuple(np.asarray(value).tolist()) if np.ndim(value) else value,
    "an axis more": lambda value: np.asarray(value)[None],
    "columns": lambda value: np.asarray(value)[..., None],
    "float32": lambda value: np.asarray(value, dtype=np.float32),
}


@pytest.mark.parametrize("task", [e for e in EXERCISES.values() if e.takes], ids=lambda e: e.name)
def test_the_solution_passes_in_every_form(task):
    function = program(task.solution)
    for name, form in FORMS.items():
        assert judge(task, lambda *given, form=form: form(function(*given))).words == task.praise, name


def test_there_are_two_hints():
    assert all(len(task.hints) == 2 and all(task.hints) for task in EXERCISES.values())


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


def test_each_notebook_asks_what_stands_in_the_files_of_its_name():
    assert len(subjects()) == len([*NOTEBOOKS.glob("*.ipynb")])
    for file in subjects():
        subject = Path(file.name).stem
        (path,) = NOTEBOOKS.glob(f"??_{subject}.ipynb")
        code = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")
        module = vars(import_module(f"lstm_lib.subjects.{subject}"))
        exercises = [value.name for value in module.values() if isinstance(value, Exercise)]
        asked = [re.findall(rf"\b(?:{how})\(\s*\"(\w+)", code) for how in ("choose|predict", "check")]
        assert {*asked[0]} == {*tomllib.loads(file.read_text("utf-8"))}, subject
        assert {*asked[1]} == {*exercises}, subject
    with pytest.raises(ValueError, match="exercise: expected one of .*half_life"):
        exercise("nonsense")


def test_the_figures_in_the_words_on_long_memories():
    b_f_for = program(exercise("b_f_for").solution)
    assert round(b_f_for(5000), 2) == 8.88 and round(b_f_for(14.3), 1) == 3.0
    f = sigmoid(8.88)
    assert round(f * (1 - f), 5) == 0.00014 and 0.73**60 < 7e-9 and sigmoid(2.0) ** 200 < 2e-11
    time_constant = 1 / (1 - sigmoid(np.log(50.0)))
    assert time_constant == pytest.approx(51) and sigmoid(np.log(50.0)) ** 50 == pytest.approx(
        0.37, abs=0.005
    )


def test_the_course_s_own_dict_is_not_changed():
    before = [dict(case[1]) for case in exercise("indices").cases]
    judge(exercise("indices"), lambda sentence, index: index.clear() or [])
    assert [case[1] for case in exercise("indices").cases] == before


CELLS = [cell.source for path in sorted(NOTEBOOKS.glob("*.ipynb")) for cell in nbformat.read(path, 4).cells
         if cell.cell_type == "code" and "\ncheck(" in f"\n{cell.source}" and 'check("repair"' not in cell.source]  # fmt: skip


@pytest.mark.parametrize("source", CELLS, ids=lambda s: s.split("check(")[1].split(",")[0])
def test_a_notebook_checks_what_its_reader_writes(source):
    """The cell passes its own function to check: unfinished as it is, and right or wrong after it is changed."""
    scope = {"np": np, "sigmoid": sigmoid, "logit": logit, "___": ___, "LSTMParams": LSTMParams, "Kind": Kind}
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
