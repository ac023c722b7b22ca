"""Learning: a loss, one update (forward, back through time, clip, optimise), and a record of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lstm_lib.checks import check_shape, whole_number
from lstm_lib.learning.optimisers import clip_by_global_norm, norm_of
from lstm_lib.learning.tasks import Batch

__all__ = ["Record", "cross_entropy", "fit", "measure", "squared_error", "train_step"]


@dataclass(frozen=True, eq=False)
class Record:
    """One update: its number, the loss before it, the gradient's norm before and after clipping, and
    |∂loss/∂h_t| for every t (T,). `finite` is False where the loss or the norm no longer is a number."""

    step: int
    loss: float
    norm: float
    clipped: float
    reach: np.ndarray
    finite: bool = True


def squared_error(y, batch):
    """Mean over the wanted answers of the squared error, and its gradient by y (T, B, O)."""
    weight = _weight(y, batch) / y.shape[-1]
    error = y - batch.target.astype(y.dtype, copy=False)
    weighted = weight * error
    return float((weighted * error).sum()), 2 * weighted


def cross_entropy(y, batch):
    """Mean over the wanted answers of −Σ target · log softmax(y), and its gradient by y (T, B, O).

    The targets of a step are shares of O ≥ 2 classes that add up to 1, as a rule one 1 among zeros; if
    they do not, this is no gradient, and a ValueError says so.
    """
    weight, target = _weight(y, batch), batch.target.astype(y.dtype, copy=False)
    wanted = target[batch.mask > 0]
    if y.shape[-1] < 2 or (wanted < 0).any() or np.abs(wanted.sum(axis=-1) - 1).max() > 1e-4:
        raise ValueError(
            "target: cross_entropy expects shares of 2 classes or more that add up to 1 at each step"
        )
    shifted = y - y.max(axis=-1, keepdims=True)  # softmax does not mind, and exp cannot overflow
    log_share = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return float(-(weight * target * log_share).sum()), weight * (np.exp(log_share) - target)


def _weight(y, batch):
    return (batch.mask / batch.mask.sum()).astype(y.dtype)[..., None]


def measure(network, batch, step=0, loss=squared_error):
    """Forward, loss and back through time: fills `network.gradient` and returns the Record of it.

    Where the loss or its gradient is not finite, so says the Record, and `network.gradient` is NaN.

    loss : `squared_error`, `cross_entropy`, or a function (y, batch) → (number, ∂loss/∂y)

    Raises
    ------
    ValueError
        A batch of other sizes than the network's.
    """
    if not isinstance(batch, Batch):
        raise ValueError(f"batch: expected a Batch, got {type(batch).__name__}")
    D, O = network.input_size, network.output_size  # noqa: E741
    check_shape("batch.x", batch.x, ("T", "B", D), why=f"(input_size={D})")
    check_shape("batch.target", batch.target, ("T", "B", O), why=f"(output_size={O})")
    x = batch.x.astype(network.theta.dtype, copy=False)
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging run is told by its record
        h = network.states(x)
        y = np.swapaxes(np.matmul(network.V, h) + network.c[:, None], 1, 2)
        value, dy = loss(y, batch)
        check_shape("loss's second value, ∂loss/∂y", dy, y.shape, why="(like y)")
        if not np.isfinite(value) or not np.isfinite(dy).all():
            network.gradient[:] = np.nan
            return Record(step, value, np.inf, np.inf, np.full(len(x), np.inf), finite=False)
        dy = np.swapaxes(dy, 1, 2)
        network.gradients["V"][:] = np.matmul(dy, np.swapaxes(h, 1, 2)).sum(axis=0)
        network.gradients["c"][:] = dy.sum(axis=(0, 2))
        reach = network.backward(dy)
        norms = np.sqrt(np.einsum("thb,thb->t", reach, reach)).astype(float)
        if not np.isfinite(norms).all():
            norms = np.array([norm_of(reach_t) for reach_t in reach])
        norm = norm_of(network.gradient)
    return Record(step, value, norm, norm, norms, finite=bool(np.isfinite(norm)))


def train_step(network, batch, optimiser, clip=None, step=0, loss=squared_error):
    """One update: `measure`, clip to the norm `clip` (if it is not None), optimise. Returns its Record.

    Nothing is changed where the loss or the gradient is not finite.
    """
    if isinstance(optimiser, type) or not callable(getattr(optimiser, "update", None)):
        raise ValueError(
            f"optimiser: expected one with update(theta, gradient), as Adam(), got {optimiser!r}"
        )
    record = measure(network, batch, step, loss)
    if record.finite:
        if clip is not None:
            record = replace(record, clipped=clip_by_global_norm(network.gradient, clip))
        optimiser.update(network.theta, network.gradient)
    return record


def fit(network, draw, optimiser, steps, clip=None, loss=squared_error):
    """Train on `draw()` → Batch for at most `steps` updates; yields each Record. A run that diverges ends."""
    steps = whole_number("steps", steps)
    for step in range(1, steps + 1):
        record = train_step(network, draw(), optimiser, clip, step, loss)
        yield record
        if not record.finite:
            return
