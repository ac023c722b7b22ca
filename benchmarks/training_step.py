"""A training step, and a forward and a backward pass: the LSTM beside torch.nn.LSTM, and every kind beside the LSTM.

    python benchmarks/training_step.py [--repeats 15]

On one thread. A step: a cell, a linear readout at every step, a mean squared error, gradients, clipping by global norm
and Adam. A pair: the cell forward and back, with the gradients w.r.t. all parameters and x. "floor" is the time of only
the matrix products, exp and tanh. Torch is not a dependency of the project: install it for the first table.
"""

import argparse
from importlib.util import find_spec

from side_by_side import medians  # before NumPy

import numpy as np  # isort: skip

from lstm_lib import KINDS, Adam, Batch, Network, backward, forward, train_step  # isort: skip

SIZES = [(50, 32, 2, 8), (50, 32, 2, 12), (100, 32, 2, 28), (100, 64, 8, 32), (100, 64, 8, 96), (100, 64, 32, 128)]  # fmt: skip
OF_KINDS = [SIZES[0], SIZES[2], SIZES[-1]]
OUTPUTS = 2


def ours(T, B, D, H, dtype=np.float64, cell="LSTM"):
    """Functions that make one training step and one pair of passes of lstm_lib."""
    rng = np.random.default_rng(0)
    network, adam = Network(D, H, OUTPUTS, rng, cell, dtype=dtype), Adam(1e-3)
    x, y, dh = (rng.normal(size=(T, B, n)).astype(dtype) for n in (D, OUTPUTS, H))
    batch, params = Batch(x, y, np.ones((T, B), dtype)), network.params
    return {
        "step": lambda: train_step(network, batch, adam, max_norm=1.0),
        "pair": lambda: backward(params, forward(params, x), dh),
    }


def torchs(T, B, D, H, dtype):
    """The same with torch."""
    import torch

    torch.set_num_threads(1)
    kind = {np.float32: torch.float32, np.float64: torch.float64}[dtype]
    lstm, readout = torch.nn.LSTM(D, H).to(kind), torch.nn.Linear(H, OUTPUTS).to(kind)
    parameters = [*lstm.parameters(), *readout.parameters()]
    adam = torch.optim.Adam(parameters, lr=1e-3)
    x, y, dh = (torch.randn(T, B, n, dtype=kind) for n in (D, OUTPUTS, H))
    x_too = x.clone().requires_grad_()

    def step():
        adam.zero_grad()
        torch.nn.functional.mse_loss(readout(lstm(x)[0]), y).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()

    return {"torch's step": step, "torch's pair": lambda: lstm(x_too)[0].backward(dh)}


def floor(T, B, D, H, dtype):
    """The operations that any NumPy implementation needs: products, exp and tanh of these sizes."""
    rng = np.random.default_rng(0)
    W_x, W_h = rng.normal(size=(4 * H, D)).astype(dtype), rng.normal(size=(4 * H, H)).astype(dtype)
    x, h = rng.normal(size=(T, D, B)).astype(dtype), rng.normal(size=(H, B)).astype(dtype)
    z, out = np.empty((T, 4 * H, B), dtype), np.empty((4 * H, B), dtype)
    W_hT, back, flat = (
        np.ascontiguousarray(W_h.T),
        np.empty((H, B), dtype),
        np.full((4 * H, T * B), 0.5, dtype),
    )
    inputs = np.ones((T * B, H + D), dtype)

    def step():
        np.matmul(W_x, x, out=z)
        for _ in range(T):
            np.matmul(W_h, h, out=out)
            for squash in (np.exp, np.exp, np.exp, np.tanh, np.tanh):
                squash(h, out=back)
            np.matmul(W_hT, out, out=back)
        flat @ inputs

    return {"floor": step}


def beside_torch(repeats):
    """Print ratios to torch, above 1 where lstm_lib is faster."""
    print("(T, B, D, H)            dtype     step, ms   torch/ours   floor/ours   torch/ours, pair")
    for sizes in SIZES:
        for dtype in (np.float32, np.float64):
            ms = medians(ours(*sizes, dtype) | torchs(*sizes, dtype) | floor(*sizes, dtype), repeats)
            step, pair, their_step, their_pair, least = ms.values()
            print(f"{str(sizes):22}  {np.dtype(dtype).name:8} {step:9.2f} {their_step / step:12.2f} {least / step:12.2f}"
                  f"{their_pair / pair:19.2f}")  # fmt: skip


def beside_the_lstm(repeats):
    """Print the time of a kind's step relative to the LSTM's."""
    found = [
        medians({name: ours(*sizes, cell=name)["step"] for name in KINDS}, repeats) for sizes in OF_KINDS
    ]
    print(f"\n{'step / that of the LSTM':24}", *(f"{str(sizes):>18}" for sizes in OF_KINDS))
    for name in KINDS:
        print(f"{name:24}", *(f"{ms[name] / ms['LSTM']:18.2f}" for ms in found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    if find_spec("torch"):
        beside_torch(repeats)
    beside_the_lstm(repeats)
