"""What the cases of an exercise are drawn from."""

import numpy as np

from lstm_lib.cell.lstm import LSTMParams


class Draw:
    """Draw number `k` of an exercise: numbers with which no two slips give the same result.

    There is no 0, 1 or ½ among them, none comes twice where there are enough, and they are neither symmetric nor
    sorted. They have one digit after the point while there are enough of these, then two.
    """

    def __init__(self, k, seed=0):
        self.k, self.rng, self.used = k, np.random.default_rng((seed, k)), {50, 100}

    def of(self, *options):
        """Each of the options in turn."""
        return options[self.k % len(options)]

    def sizes(self, count=2):
        """Different sizes from 1 to 4, such as H and D."""
        return [int(n) + 1 for n in self.rng.permutation(4)[:count]]

    def numbers(self, *shape, high=1.5):
        """Numbers of both signs, from 0.2 to below `high` in size; without a shape a float."""
        signs = np.resize(self.rng.permutation([-1, 1]), int(np.prod(shape)))
        return self._fresh(20, round(100 * high), self.rng.permutation(signs), shape)

    def gates(self, *shape):
        """Numbers from 0.1 to 0.94; 1 minus these is not among the next."""
        drawn = self._fresh(10, 95, 1, shape)
        self.used |= {round(100 - 100 * f) for f in np.ravel(drawn)}
        return drawn

    def cell(self, H, D):
        """Parameters of an LSTM."""
        return LSTMParams(self.numbers(4 * H, H + D, high=1.0), self.numbers(4 * H))

    def _fresh(self, low, high, signs, shape):
        size = int(np.prod(shape))
        for step, used in ((10, self.used), (1, self.used), (1, {50, 100})):
            fresh = [n for n in range(low, high, step) if n not in used]
            if len(fresh) >= size:
                break
        while True:
            drawn = self.rng.choice(fresh, size, replace=size > len(fresh))
            if size < 3 or len({*np.sign(np.diff(signs * drawn))}) > 1:
                break
        self.used |= {int(n) for n in drawn}
        drawn = signs * drawn / 100
        return drawn.reshape(shape) if shape else float(drawn[0])
