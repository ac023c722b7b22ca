"""Training: losses, one update (forward, backward, clip, optimise), and loops over updates."""

from dataclasses import dataclass, replace

import numpy as np

from lstm_lib.checks import check_shape, instance, quoted, whole_number
from lstm_lib.learning.network import Network
from lstm_lib.learning.optimisers import clip_by_global_norm, norm_of
from lstm_lib.learning.tasks import Batch


@dataclass(frozen=True, eq=False)
class Record:
    """A loss and its gradient, and the update made with it, if any.

    step : number of the update;  loss : before the update;  gradient : ∂loss/∂θ, flat, None after an update
    norm, clipped : the gradient's norm before and after clipping;  reach : |∂loss/∂h_t| of every step (T,)
    last : the cell's final states;  finite : False if the loss or the norm is not finite; the gradient is then NaN
    """

    step: int
    loss: float
    gradient: np.ndarray
    norm: float
    clipped: float
    reach: np.ndarray
    last: dict
    finite: bool = True


def squared_error(y, batch):
    """The mean squared error where the mask is set, and its gradient w.r.t. y (T, B, O)."""
    weight = _weight(y, batch) / y.shape[-1]
    error = y - batch.target.astype(y.dtype, copy=False)
    weighted = weight * error
    return float((weighted * error).sum()), 2 * weighted


def cross_entropy(y, batch):
    """The mean of −Σ target · log softmax(y) where the mask is set, and its gradient w.r.t. y (T, B, O).

    The targets of a step are probabilities of O ≥ 2 classes, usually one-hot, and must add up to 1.
    """
    weight, target = _weight(y, batch), batch.target.astype(y.dtype, copy=False)
    wanted = target[batch.mask > 0]
    if y.shape[-1] < 2 or (wanted < 0).any() or np.abs(wanted.sum(axis=-1) - 1).max() > 1e-4:
        raise ValueError(
            "target: cross_entropy expects probabilities of 2 classes or more that add up to 1 at each step"
        )
    shifted = y - y.max(axis=-1, keepdims=True)  # same softmax, and exp cannot overflow
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return float(-(weight * target * log_p).sum()), weight * (np.exp(log_p) - target)


def _weight(y, batch):
    return (batch.mask / batch.mask.sum()).astype(y.dtype)[..., None]


def loss_and_gradient(network, batch, step=0, loss=squared_error, before=None):
    """The Record of a loss and its gradient w.r.t. all parameters; nothing is changed.

    loss : `squared_error`, `cross_entropy`, or a function (y, batch) → (number, ∂loss/∂y)
    before : initial states, such as `last` of the previous chunk (truncated BPTT); zero when left out
    """
    instance("network", network, Network), instance("batch", batch, Batch)
    x = network.inputs(batch.x, "batch.x")
    check_shape("batch.target", batch.target, (*x.shape[:2], network.output_size), why="(T, B, output_size)")
    with np.errstate(over="ignore", invalid="ignore"):  # the record reports a diverging run
        if not np.isfinite(network.theta).all():
            return diverged(network, step, np.nan, len(x))
        trace = network.forward(x, before)
        value, dy = loss(trace.y, batch)
        check_shape("loss's second value, ∂loss/∂y", dy, trace.y.shape, why="(like y)")
        if not np.isfinite(value) or not np.isfinite(dy).all():
            return diverged(network, step, value, len(x))
        gradient, reached = network.backward(trace, dy)
        reach = np.sqrt(np.einsum("tbh,tbh->t", reached, reached)).astype(float)
        if not np.isfinite(reach).all():
            reach = np.array([norm_of(reached_t) for reached_t in reached])
        norm = norm_of(gradient)
    if not np.isfinite(norm):
        gradient[:] = np.nan
    # Copies, since views would keep the whole trace in memory.
    last = {state: value.copy() for state, value in trace.cell.last.items()}
    return Record(step, value, gradient, norm, norm, reach, last, finite=bool(np.isfinite(norm)))


def diverged(network, step, loss, T):
    """The Record of a loss without a finite gradient."""
    gradient = np.full_like(network.theta, np.nan)
    return Record(step, loss, gradient, np.inf, np.inf, np.full(T, np.inf), {}, finite=False)


def train_step(network, batch, optimiser, max_norm=None, step=0, loss=squared_error, before=None):
    """One update: `loss_and_gradient`, clip to `max_norm` (unless None), optimise. Returns its Record.

    If the loss or the gradient is not finite, nothing is changed.
    """
    if isinstance(optimiser, type | dict) or not callable(getattr(optimiser, "update", None)):
        wanted = "an object with update(theta, gradient), such as Adam()"
        raise ValueError(f"optimiser: expected {wanted}, got {quoted(optimiser)}")
    record = loss_and_gradient(network, batch, step, loss, before)
    if record.finite:
        if max_norm is not None:
            record = replace(record, clipped=clip_by_global_norm(record.gradient, max_norm))
        optimiser.update(network.theta, record.gradient)
    return replace(record, gradient=None)


def fit(network, draw, optimiser, steps, max_norm=None, loss=squared_error):
    """Train on `draw()` → Batch for at most `steps` updates; yields each Record. Stops if a loss is not finite."""
    steps = whole_number("steps", steps)
    for step in range(1, steps + 1):
        record = train_step(network, draw(), optimiser, max_norm, step, loss)
        yield record
        if not record.finite:
            return


def train_in_chunks(network, batch, optimiser, length, max_norm=None, loss=squared_error):
    """Truncated back-propagation through time: one update per `length` steps of the batch; yields each Record.

    States are passed from chunk to chunk, gradients are not. A chunk without targets makes no update.
    """
    whole_number("length", length)
    before = None
    for start in range(0, len(batch.x), length):
        x, target, mask = (a[start : start + length] for a in (batch.x, batch.target, batch.mask))
        if not mask.any():
            before = network.forward(network.inputs(x), before).cell.last
            continue
        record = train_step(network, Batch(x, target, mask), optimiser, max_norm, start, loss, before)
        yield record
        if not record.finite:
            return
        before = record.last
