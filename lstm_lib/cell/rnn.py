"""The plain recurrent network (Elman 1990): h_t = tanh(W · [h_{t-1}; x_t] + b)."""

from lstm_lib.cell.kinds import RNN
from lstm_lib.cell.params import Params


class RNNParams(Params):
    """W : (H, H+D), acts on [h_{t-1}; x_t];  b : (H,). Both are copied and read-only."""

    def __init__(self, W, b):
        super().__init__(RNN, W=W, b=b)

    @classmethod
    def random(cls, input_size, hidden_size, rng):
        """Weights uniform in ±1/√H from the generator `rng`; b zero."""
        start = RNN.random(input_size, hidden_size, rng)
        return cls(start.W, start.b)
