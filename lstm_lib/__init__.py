"""The LSTM, to see, to move and to prove: the numbers, the cell and the cell through time.

Pictures live in `lstm_lib.views`, explorers in `lstm_lib.explore`, exercises in
`lstm_lib.exercises`; importing this package loads none of them, so it costs little more than numpy.
"""

from lstm_lib.activations import logit, sigmoid
from lstm_lib.backprop import LSTMGradients, RNNGradients, lstm_backward, rnn_backward
from lstm_lib.cell import StepTrace, lstm_step
from lstm_lib.memory import half_life, retained
from lstm_lib.params import GATES, LSTMParams
from lstm_lib.rnn import RNNParams, RNNSequenceTrace, RNNStepTrace, rnn_forward, rnn_step
from lstm_lib.sequence import SequenceTrace, lstm_forward

__all__ = [
    "GATES",
    "LSTMGradients",
    "RNNGradients",
    "lstm_backward",
    "rnn_backward",
    "LSTMParams",
    "RNNParams",
    "RNNSequenceTrace",
    "RNNStepTrace",
    "SequenceTrace",
    "StepTrace",
    "half_life",
    "logit",
    "lstm_forward",
    "lstm_step",
    "retained",
    "rnn_forward",
    "rnn_step",
    "sigmoid",
]
