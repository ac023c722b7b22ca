"""Time series: scaling, closed-loop forecasts and prediction intervals."""

from dataclasses import dataclass

import numpy as np

from lstm_lib.checks import as_floats, check_shape, instance, whole_number
from lstm_lib.learning.network import Network


@dataclass(frozen=True)
class Scaler:
    """x ↦ (x − mean) / std, with mean and std of the training part."""

    mean: float
    std: float

    @classmethod
    def fit(cls, train):
        """The Scaler of a training part; std is 1 for a constant one."""
        train = as_floats("train", train)
        return cls(float(train.mean()), float(train.std()) or 1.0)

    def scale(self, series):
        """(series − mean) / std."""
        return (as_floats("series", series) - self.mean) / self.std

    def unscale(self, series):
        """The inverse of `scale`."""
        return as_floats("series", series) * self.std + self.mean


def closed_loop(network, x, steps):
    """The outputs (steps, B, O) after x (T, B, D) when each output is the next input; O = D."""
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
    """A loss for `fit` that trains the outputs to be `quantiles` (O,) of the target, which is repeated O times.

    The mean, where the mask is set, of q·(target − y) if y is too low and (1 − q)·(y − target) if it is too high
    (Koenker & Bassett 1978). With two quantiles the outputs are an interval.
    """
    q = as_floats("quantiles", quantiles)
    check_shape("quantiles", q, ("O",))
    if (q <= 0).any() or (q >= 1).any():
        raise ValueError(f"quantiles: expected values between 0 and 1, got {q.min():g} to {q.max():g}")

    def loss(y, batch):
        check_shape("y", y, ("T", "B", len(q)), why="(one output per quantile)")
        weight = (batch.mask / batch.mask.sum()).astype(y.dtype)[..., None] / len(q)
        over = y - batch.target.astype(y.dtype, copy=False)
        slope = np.where(over > 0, 1 - q, -q).astype(y.dtype)
        return float((weight * slope * over).sum()), weight * slope

    return loss
