"""Series in time: splitting, scaling, windows, forecasts that feed on themselves, and intervals."""

from dataclasses import dataclass

import numpy as np

from lstm_lib.checks import as_floats, check_shape, finite_number, instance, whole_number
from lstm_lib.learning.network import Network
from lstm_lib.learning.tasks import Batch


def split_by_time(series, *fractions):
    """Parts of a series (T, …), in order and without shuffling: of `fractions` of its length, and the rest."""
    series = as_floats("series", series)
    check_shape("series", series, ("T",), ("T", "D"))
    fractions = [finite_number("fractions", f, 0, 1) for f in fractions]
    ends = np.round(np.cumsum(fractions) * len(series)).astype(int)
    parts = np.split(series, ends)
    if any(len(part) == 0 for part in parts):
        raise ValueError(
            f"fractions: expected parts of at least one value, got lengths {[len(p) for p in parts]}"
        )
    return parts


@dataclass(frozen=True)
class Scaler:
    """x ↦ (x − mean) / spread, learnt from the training part and applied to all parts."""

    mean: float
    spread: float

    @classmethod
    def learn(cls, train):
        """From the training part alone; a constant part has no spread to divide by, so it is 1."""
        train = as_floats("train", train)
        return cls(float(train.mean()), float(train.std()) or 1.0)

    def scale(self, series):
        """In units of the spread."""
        return (as_floats("series", series) - self.mean) / self.spread

    def unscale(self, series):
        """Back in the series' own units."""
        return as_floats("series", series) * self.spread + self.mean


def windows(series, length, horizon=1):
    """A Batch of every window of `length` values of a series (T,), each with the value `horizon` steps after it.

    x (length, B, 1), the target at its last step alone; window k sees series[k : k + length].
    """
    series = as_floats("series", series)
    check_shape("series", series, ("T",))
    whole_number("length", length), whole_number("horizon", horizon)
    B = len(series) - length - horizon + 1
    if B < 1:
        raise ValueError(
            f"series: expected at least {length + horizon} values for one window, got {len(series)}"
        )
    x = np.lib.stride_tricks.sliding_window_view(series, length)[:B].T[:, :, None]
    target, mask = np.zeros((length, B, 1)), np.zeros((length, B))
    target[-1, :, 0], mask[-1] = series[length + horizon - 1 :], 1
    return Batch(x, target, mask)


def closed_loop(network, x, steps):
    """What a network goes on with when its own answers are its next inputs: (steps, B, O), O = D.

    x : (T, B, D), what it sees first
    """
    if instance("network", network, Network).input_size != network.output_size:
        raise ValueError(
            f"network: expected as many outputs as inputs, got {network.output_size} and {network.input_size}"
        )
    trace, found = network.forward(network.inputs(x)), []
    for _ in range(whole_number("steps", steps)):
        found.append(trace.y[-1])
        trace = network.forward(found[-1][None], trace.cell.last)
    return np.stack(found)


def pinball(quantiles):
    """A loss for `fit` whose outputs become the `quantiles` (O,) of the target, which is repeated for each.

    Mean over the wanted answers of q·(target − y) where y is too low and (1 − q)·(y − target) where it is too high
    (Koenker & Bassett 1978); with two quantiles the outputs are an interval.
    """
    q = as_floats("quantiles", quantiles)
    check_shape("quantiles", q, ("O",))
    if (q <= 0).any() or (q >= 1).any():
        raise ValueError(f"quantiles: expected values between 0 and 1, got {q.min():g} to {q.max():g}")

    def loss(y, batch):
        check_shape("y", y, ("T", "B", len(q)), why="(one output a quantile)")
        weight = (batch.mask / batch.mask.sum()).astype(y.dtype)[..., None] / len(q)
        over = y - batch.target.astype(y.dtype, copy=False)
        slope = np.where(over > 0, 1 - q, -q).astype(y.dtype)
        return float((weight * slope * over).sum()), weight * slope

    return loss
