"""One training step of every kind of cell, relative to the LSTM's in the same run, on one thread.

python benchmarks/kinds.py [--repeats 15]
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse  # noqa: E402
from statistics import median  # noqa: E402
from time import perf_counter  # noqa: E402

import numpy as np  # noqa: E402

from lstm_lib import KINDS, Adam, Batch, Network, train_step  # noqa: E402

SIZES = [(50, 32, 2, 8), (100, 32, 2, 24), (100, 64, 32, 128)]


def arm(name, T, B, D, H):
    """A function that makes one training step of a kind."""
    rng = np.random.default_rng(0)
    network, adam = Network(D, H, 1, rng, name), Adam(1e-3)
    batch = Batch(rng.normal(size=(T, B, D)), rng.normal(size=(T, B, 1)), np.ones((T, B)))
    return lambda: train_step(network, batch, adam, max_norm=1.0)


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    found = {name: [] for name in KINDS}
    for sizes in SIZES:
        arms, times = {name: arm(name, *sizes) for name in KINDS}, {name: [] for name in KINDS}
        for k in range(repeats + 2):  # the first two warm up
            for name in KINDS:
                start = perf_counter()
                arms[name]()
                if k >= 2:
                    times[name].append(perf_counter() - start)
        for name in KINDS:
            found[name].append(median(times[name]) / median(times["LSTM"]))
    print(f"{'(T, B, D, H)':18}", *(f"{str(sizes):>18}" for sizes in SIZES))
    for name, ratios in found.items():
        print(f"{name:18}", *(f"{ratio:18.2f}" for ratio in ratios))


if __name__ == "__main__":
    main()
