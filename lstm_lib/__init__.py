"""LSTM cells and other recurrent cells, with gradients and training.

Pictures are in `lstm_lib.views`, explorers in `lstm_lib.explore`, exercises in `lstm_lib.exercises`. This package
imports none of them, only NumPy. Wrong arguments raise a ValueError that names the argument.
"""

from lstm_lib.cell.activations import logit, sigmoid
from lstm_lib.cell.differences import central_differences
from lstm_lib.cell.initial import chrono_bias, orthogonal
from lstm_lib.cell.kind import Kind
from lstm_lib.cell.kinds import GATES, KINDS
from lstm_lib.cell.lstm import LSTMParams, lstm_backward, lstm_forward, lstm_step
from lstm_lib.cell.memory import half_life, retained
from lstm_lib.cell.params import Params
from lstm_lib.cell.passes import SequenceTrace, StepTrace, backward, forward, step
from lstm_lib.cell.reach import jacobian, lstm_jacobian
from lstm_lib.cell.rnn import RNNParams
from lstm_lib.learning.network import Network, fraction_unexplained
from lstm_lib.learning.optimisers import SGD, Adam, clip_by_global_norm
from lstm_lib.learning.run import Run, run_for
from lstm_lib.learning.stored import study
from lstm_lib.learning.tasks import TASKS, Batch, Task
from lstm_lib.learning.train import Record, cross_entropy, fit, loss_and_gradient, squared_error, train_step

__all__ = [
    "Adam",
    "backward",
    "Batch",
    "central_differences",
    "chrono_bias",
    "clip_by_global_norm",
    "cross_entropy",
    "fit",
    "forward",
    "fraction_unexplained",
    "GATES",
    "half_life",
    "jacobian",
    "Kind",
    "KINDS",
    "logit",
    "loss_and_gradient",
    "lstm_backward",
    "lstm_forward",
    "lstm_jacobian",
    "lstm_step",
    "LSTMParams",
    "Network",
    "orthogonal",
    "Params",
    "Record",
    "retained",
    "RNNParams",
    "Run",
    "run_for",
    "SequenceTrace",
    "SGD",
    "sigmoid",
    "squared_error",
    "step",
    "StepTrace",
    "study",
    "Task",
    "TASKS",
    "train_step",
]
