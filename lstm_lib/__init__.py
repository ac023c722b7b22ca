"""The LSTM, to see, to move and to prove: the numbers, the cell, the cell through time, and learning.

Pictures live in `lstm_lib.views`, explorers in `lstm_lib.explore`, exercises in
`lstm_lib.exercises`; importing this package loads none of them, so it costs little more than numpy.
"""

from lstm_lib.cell.activations import logit, sigmoid
from lstm_lib.cell.backprop import LSTMGradients, RNNGradients, lstm_backward, rnn_backward
from lstm_lib.cell.differences import central_differences
from lstm_lib.cell.lstm import StepTrace, lstm_step
from lstm_lib.cell.memory import half_life, retained
from lstm_lib.cell.params import GATES, LSTMParams
from lstm_lib.cell.reach import lstm_jacobian, rnn_jacobian
from lstm_lib.cell.rnn import RNNParams, RNNSequenceTrace, RNNStepTrace, rnn_forward, rnn_step
from lstm_lib.cell.sequence import SequenceTrace, lstm_forward
from lstm_lib.learning.network import Network, chrono_bias, orthogonal, unexplained
from lstm_lib.learning.optimisers import SGD, Adam, clip_by_global_norm
from lstm_lib.learning.tasks import TASKS, Batch, Task
from lstm_lib.learning.train import Record, cross_entropy, fit, measure, squared_error, train_step

__all__ = [
    "Adam",
    "Batch",
    "GATES",
    "LSTMGradients",
    "LSTMParams",
    "Network",
    "RNNGradients",
    "RNNParams",
    "RNNSequenceTrace",
    "RNNStepTrace",
    "Record",
    "SGD",
    "SequenceTrace",
    "StepTrace",
    "TASKS",
    "Task",
    "central_differences",
    "chrono_bias",
    "clip_by_global_norm",
    "cross_entropy",
    "fit",
    "half_life",
    "logit",
    "lstm_backward",
    "lstm_forward",
    "lstm_jacobian",
    "lstm_step",
    "measure",
    "orthogonal",
    "retained",
    "rnn_backward",
    "rnn_forward",
    "rnn_jacobian",
    "rnn_step",
    "sigmoid",
    "squared_error",
    "train_step",
    "unexplained",
]
