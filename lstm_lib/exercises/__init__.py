"""Predictions, multiple choice and checks: the questions a notebook asks, and what it answers."""

from lstm_lib.exercises.check import Checked, Exercise, Mistake, judge
from lstm_lib.exercises.choice import Choose, choose
from lstm_lib.exercises.gates import GATE_EXERCISES
from lstm_lib.exercises.gradients import GRADIENT_EXERCISES
from lstm_lib.exercises.latch import LATCH_EXERCISES, latch_answer, latch_inputs, latch_target
from lstm_lib.exercises.prediction import Prediction, predict
from lstm_lib.exercises.question import question
from lstm_lib.exercises.states import STATE_EXERCISES
from lstm_lib.exercises.structure import STRUCTURE_EXERCISES
from lstm_lib.judge.blank import BlankLeft, ___

__all__ = [
    "BlankLeft",
    "Checked",
    "Choose",
    "Exercise",
    "Mistake",
    "Prediction",
    "___",
    "check",
    "choose",
    "exercise",
    "judge",
    "latch_answer",
    "latch_inputs",
    "latch_target",
    "predict",
    "question",
]

ALL_EXERCISES = GATE_EXERCISES + STRUCTURE_EXERCISES + STATE_EXERCISES + LATCH_EXERCISES + GRADIENT_EXERCISES
_ALL = {e.name: e for e in ALL_EXERCISES}


def exercise(name):
    """The exercise called `name`.

    Raises
    ------
    ValueError
        There is none; the message lists those there are.
    """
    if name not in _ALL:
        raise ValueError(f"exercise: expected one of {sorted(_ALL)}, got {name!r}")
    return _ALL[name]


def check(name, answer):
    """Check `answer` (a function, or a number) for the exercise `name`, and show the verdict."""
    return Checked(exercise(name), judge(exercise(name), answer))
