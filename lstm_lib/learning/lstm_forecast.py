"""An LSTM as a forecasting method: it reads the last `window` values, and is trained to give the next one."""

import numpy as np

from lstm_lib.checks import as_floats, check_shape, generator, instance, whole_number
from lstm_lib.learning.network import Network
from lstm_lib.learning.optimisers import Adam
from lstm_lib.learning.run import Run
from lstm_lib.learning.series import Scaler, closed_loop
from lstm_lib.learning.tasks import Batch

WARM_UP = 5
"""The first steps of a window have no target: the network has seen too little."""

WINDOWS = 32
"""Windows in a batch."""


def fitting_window(train, window):
    """`window`, or as much of it as a training part (T,) has room for; ValueError if that is too little."""
    check_shape("train", as_floats("train", train), ("T",))
    fitting = min(whole_number("window", window, WARM_UP + 1), len(train) - 2)
    if fitting <= WARM_UP:
        raise ValueError(f"train: expected at least {WARM_UP + 3} values, got {len(train)}")
    return fitting


def windows_from(train, window, rng, outputs=1):
    """A function () → Batch of random windows of a training part (T,), scaled; the target at each step is the value after it.

    outputs : how often each target is repeated, as for the quantiles of `pinball`
    """
    window, scaled = fitting_window(train, window), Scaler.fit(train).scale(train)
    generator(rng), whole_number("outputs", outputs)

    def draw():
        starts = rng.integers(0, len(scaled) - window, WINDOWS)
        part = scaled[np.arange(window + 1)[:, None] + starts][..., None]
        mask = np.ones((window, WINDOWS))
        mask[:WARM_UP] = 0
        return Batch(part[:-1], np.repeat(part[1:], outputs, axis=-1), mask)

    return draw


def lstm_run(train, seed=0, cell="LSTM", watch=None, window=50, hidden_size=8, steps=400, learning_rate=0.01):
    """A Run, not yet started, that trains a network on windows of `train`; `seed` sets initial weights and windows.

    The last third of the updates has a fifth of the learning rate. (The run's held-out windows are of the training
    part as well: a forecast is judged on what comes after it.)
    """
    network = Network(1, hidden_size, 1, np.random.default_rng(whole_number("seed", seed, 0)), cell)
    draw, optimiser = windows_from(train, window, np.random.default_rng(seed + 50)), Adam(learning_rate)
    slower = iter(range(steps))

    def drawn():
        if next(slower, 0) == 2 * steps // 3:
            optimiser.learning_rate /= 5
        return draw()

    return Run(
        network,
        drawn,
        windows_from(train, window, np.random.default_rng(seed + 51))(),
        optimiser,
        steps,
        1.0,
        watch,
    )


def network_forecast(network, train, window=50):
    """The forecast (as in `lstm_lib.learning.forecast`) of a network that was trained on `train`."""
    instance("network", network, Network)
    window, scaler = fitting_window(train, window), Scaler.fit(train)

    def forecast(series, at, steps):
        x = scaler.scale(series)[at + np.arange(-window, 0)[:, None]][..., None]
        return scaler.unscale(closed_loop(network, x, steps)[..., 0].T)

    return forecast


def lstm(seed=0, window=50, **settings):
    """A method: an LSTM trained on the training part; settings as in `lstm_run`."""

    def method(train):
        run = lstm_run(train, seed, window=window, **settings)
        for _ in run:
            pass
        return network_forecast(run.network, train, window)

    return method
