"""One training step (forward, backward, clip, Adam), and a forward and a backward pass, beside torch.nn.LSTM on one thread.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/training_step.py [--repeats 15]

Both do the same. A step: an LSTM, a linear readout at every step, a mean squared error, gradients, clipping by global
norm and Adam. A pair: `lstm_forward` and `lstm_backward`, with the gradients w.r.t. all parameters and x. They are measured in turn within one run, so that other load on the machine affects both. torch is not a
dependency of the project: install it to run this. "floor" is the time of only the matrix products, exp and tanh.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse  # noqa: E402
from statistics import median  # noqa: E402
from time import perf_counter  # noqa: E402

import numpy as np  # noqa: E402

from lstm_lib import Adam, Batch, LSTMParams, Network, lstm_backward, lstm_forward, train_step  # noqa: E402

SIZES = [
    (50, 32, 2, 8),
    (50, 32, 2, 12),
    (100, 32, 2, 28),
    (100, 64, 8, 32),
    (100, 64, 8, 96),
    (100, 64, 32, 128),
]
OUTPUTS = 2


def ours(T, B, D, H, dtype):
    """A function that makes one training step of lstm_lib."""
    rng = np.random.default_rng(0)
    network, adam = Network(D, H, OUTPUTS, rng, dtype=dtype), Adam(1e-3)
    x, y = rng.normal(size=(T, B, D)).astype(dtype), rng.normal(size=(T, B, OUTPUTS)).astype(dtype)
    batch = Batch(x, y, np.ones((T, B), dtype))
    return lambda: train_step(network, batch, adam, max_norm=1.0)


def theirs(T, B, D, H, dtype):
    """The same with torch."""
    import torch

    torch.set_num_threads(1)
    kind = {np.float32: torch.float32, np.float64: torch.float64}[dtype]
    lstm, readout = torch.nn.LSTM(D, H).to(kind), torch.nn.Linear(H, OUTPUTS).to(kind)
    parameters = [*lstm.parameters(), *readout.parameters()]
    adam = torch.optim.Adam(parameters, lr=1e-3)
    x, y = torch.randn(T, B, D, dtype=kind), torch.randn(T, B, OUTPUTS, dtype=kind)

    def step():
        adam.zero_grad()
        loss = torch.nn.functional.mse_loss(readout(lstm(x)[0]), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()

    return step


def our_pair(T, B, D, H, dtype):
    """A function that makes one forward and one backward pass of lstm_lib."""
    rng = np.random.default_rng(0)
    start = LSTMParams.random(D, H, rng)
    params = LSTMParams(start.W.astype(dtype), start.b.astype(dtype))
    x, dh = rng.normal(size=(T, B, D)).astype(dtype), rng.normal(size=(T, B, H)).astype(dtype)
    return lambda: lstm_backward(params, lstm_forward(params, x), dh)


def their_pair(T, B, D, H, dtype):
    """The same with torch."""
    import torch

    torch.set_num_threads(1)
    kind = {np.float32: torch.float32, np.float64: torch.float64}[dtype]
    lstm, dh = torch.nn.LSTM(D, H).to(kind), torch.randn(T, B, H, dtype=kind)
    x = torch.randn(T, B, D, dtype=kind, requires_grad=True)
    return lambda: lstm(x)[0].backward(dh)


def floor(T, B, D, H, dtype):
    """The operations that any NumPy implementation needs: products, exp and tanh of these sizes."""
    rng = np.random.default_rng(0)
    W_x, W_h = rng.normal(size=(4 * H, D)).astype(dtype), rng.normal(size=(4 * H, H)).astype(dtype)
    x, h = rng.normal(size=(T, D, B)).astype(dtype), rng.normal(size=(H, B)).astype(dtype)
    z, out = np.empty((T, 4 * H, B), dtype), np.empty((4 * H, B), dtype)
    W_hT, back, flat = np.ascontiguousarray(W_h.T), np.empty((H, B), dtype), np.empty((4 * H, T * B), dtype)
    flat[:], inputs = 0.5, np.ones((T * B, H + D), dtype)

    def step():
        np.matmul(W_x, x, out=z)
        for _ in range(T):
            np.matmul(W_h, h, out=out)
            np.exp(h, out=back)
            np.exp(h, out=back)
            np.exp(h, out=back)
            np.tanh(h, out=back)
            np.tanh(h, out=back)
            np.matmul(W_hT, out, out=back)
        flat @ inputs

    return step


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    print("(T, B, D, H)            dtype      ours ms  torch ms   torch/ours   floor/ours   torch/ours, pair")
    for sizes in SIZES:
        for dtype in (np.float32, np.float64):
            arms = [make(*sizes, dtype) for make in (ours, theirs, floor, our_pair, their_pair)]
            times = [[] for _ in arms]
            for k in range(repeats + 3):  # the first three warm up
                for arm, spent in zip(arms, times, strict=True):
                    start = perf_counter()
                    arm()
                    if k >= 3:
                        spent.append(1000 * (perf_counter() - start))
            mine, other, least, pair, others = map(median, times)
            print(
                f"{str(sizes):22}  {np.dtype(dtype).name:8} {mine:9.2f} {other:9.2f} {other / mine:12.2f} {least / mine:12.2f}"
                f"{others / pair:19.2f}"
            )


if __name__ == "__main__":
    main()
