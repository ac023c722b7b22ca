"""The kernel's share of one slider move, and whether moves leak memory. No browser.

python benchmarks/kernel_update.py [--moves 2000]
"""

import argparse
import gc
from statistics import quantiles
from time import perf_counter

import comm
import psutil
from comm.base_comm import BaseComm
from ipywidgets.widgets import widget as widget_registry
from jupyter_client.session import json_packer
from slider_latency import EXPLORERS


class PackingComm(BaseComm):
    """A comm that packs its messages as a kernel does, but has nobody to send them to."""

    messages = size = 0

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        PackingComm.messages += 1
        PackingComm.size += len(json_packer({"type": msg_type, "data": data, "keys": keys}))


def build(code, label):
    """Run ``code`` as a notebook cell would be, and return its slider labelled ``label``."""
    known = set(widget_registry._instances)
    exec(code, {"display": lambda *objects: None})
    # Every live widget is registered here, however the explorer arranges its own.
    sliders = [
        widget
        for key, widget in list(widget_registry._instances.items())
        if key not in known and getattr(widget, "description", None) == label and hasattr(widget, "step")
    ]
    assert len(sliders) == 1, f"{len(sliders)} sliders are labelled {label!r}"
    return sliders[0]


def resident():
    """Return the process's resident memory in MiB, without what is merely uncollected."""
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20


def measure(slider, warm_up, moves):
    """Return the milliseconds of each move, and the memory before and after them."""
    steps = round((slider.max - slider.min) / slider.step)

    def move(i):
        value = slider.min + slider.step * (i * 7 % (steps + 1))  # never the one before it
        start = perf_counter()
        slider.value = value
        return 1000 * (perf_counter() - start)

    for i in range(warm_up):
        move(i)
    before = resident()
    PackingComm.messages = PackingComm.size = 0
    times = [move(i) for i in range(warm_up, warm_up + moves)]
    assert PackingComm.messages > moves, "the picture did not follow the slider"
    return times, before, resident()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=2000)
    parser.add_argument("--warm-up", type=int, default=200)
    args = parser.parse_args()
    comm.create_comm = PackingComm
    for name, (code, label) in EXPLORERS.items():
        times, before, after = measure(build(code, label), args.warm_up, args.moves)
        low, middle, high = quantiles(times, n=4)
        messages, size = PackingComm.messages / args.moves, PackingComm.size / args.moves / 1024
        print(f"{name}: {label}")
        print(f"  one update: median {middle:.3f} ms (quartiles {low:.3f} to {high:.3f})")
        print(f"  one update: {messages:.1f} messages, {size:.1f} KiB")
        print(f"  memory over {args.moves} moves: {before:.1f} to {after:.1f} MiB", end="")
        print(f", {after - before:+.2f}")


if __name__ == "__main__":
    main()
