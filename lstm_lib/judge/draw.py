"""What the cases of an exercise are drawn from."""

import numpy as np

from lstm_lib.cell.lstm import LSTMParams


class Draw:
    """Draw number `k` of an exercise: numbers with which no two slips give the same result.

    There is no 0, 1 or ½ among them, none comes twice where there are enough, and they are neither symmetric nor sorted.
    """

    def __init__(self, k, seed=0):
        self.k, self.rng = k, np.random.default_rng((seed, k))

    def of(self, *options):
        """Each of the options in turn."""
        return options[self.k % len(options)]

    def sizes(self, count=2):
        """Different sizes from 1 to 4, such as H and D."""
        return [int(n) + 1 for n in self.rng.permutation(4)[:count]]

    def numbers(self, *shape, high=1.5, digits=1):
        """Numbers of both signs from 0.2 to below `high` in size; without a shape a float."""
        size = int(np.prod(shape))
        signs = self.rng.permutation(np.resize(self.rng.permutation([-1, 1]), size))
        return self._unsorted(np.arange(0.2 * 10**digits, high * 10**digits) / 10**digits, signs, shape)

    def gates(self, *shape):
        """Numbers between 0 and 1."""
        return self._unsorted(np.arange(6, 95) / 100, 1, shape)

    def cell(self, H, D):
        """Parameters of an LSTM."""
        return LSTMParams(self.numbers(4 * H, H + D, high=1.0, digits=2), self.numbers(4 * H, high=1.0))

    def _unsorted(self, grid, signs, shape):
        grid = grid[(grid != 1) & (grid != 0.5)]
        size = int(np.prod(shape))
        while True:
            drawn = signs * self.rng.choice(grid, size, replace=size > len(grid))
            if size < 3 or len({*np.sign(np.diff(drawn))}) > 1:
                return drawn.reshape(shape) if shape else float(drawn[0])
