"""Predictions, multiple-choice questions and checks of exercises."""

from lstm_lib.exercises.check import Check, check
from lstm_lib.exercises.choice import Choose, choose
from lstm_lib.exercises.prediction import Prediction, predict
from lstm_lib.judge.blank import BlankLeft, ___
from lstm_lib.judge.exercise import Exercise
from lstm_lib.judge.judge import judge
from lstm_lib.learning.tasks import latch_target
from lstm_lib.subjects import all_exercises, exercise
from lstm_lib.subjects.latch import latch_inputs
from lstm_lib.subjects.question import all_questions, question

__all__ = ["BlankLeft", "Check", "Choose", "Exercise", "Prediction", "___", "all_exercises", "all_questions",
           "check", "choose", "exercise", "judge", "latch_inputs", "latch_target", "predict", "question"]  # fmt: skip
