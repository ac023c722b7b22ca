"""The kernel's time for a move and for a film, for every explorer in its initial state. No browser.

    python benchmarks/kernel_update.py [--moves 200] [--only Cell]

A film is timed in CPU time, to its first part and in total; sizes are those of the messages as JSON. There are fewer
frames than stops if drawing took too long, or if some stops have other controls.
"""

import argparse
import sys
from pathlib import Path
from statistics import median
from time import process_time

import comm
from comm.base_comm import BaseComm
from jupyter_client.session import json_packer

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "explore"))

from made import EXPLORERS  # noqa: E402


class PackingComm(BaseComm):
    """A comm that serialises its messages as a kernel does, and records (CPU time, KiB, content)."""

    sent = []

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        size = len(json_packer({"data": data})) / 1024
        PackingComm.sent.append((process_time(), size, (data or {}).get("content") or {}))


def answer(page, **message):
    """Send a page's message to its explorer; (messages it sent, CPU time in seconds)."""
    PackingComm.sent, began = [], process_time()
    page._received(None, {"client": "bench", "epoch": 0} | message, [])
    return PackingComm.sent, process_time() - began


def one_move(explorer, control, moves):
    """The median (milliseconds, KiB) of a slider's moves."""
    stops = control.stops
    found = [
        answer(explorer.widget, do="move", seq=k + 1, control=control.name, value=stops[7 * k % len(stops)])
        for k in range(moves)
    ]
    return 1000 * median(took for _, took in found), median(
        sum(size for _, size, _ in sent) for sent, _ in found
    )


def main():
    """Print a table with a line for each slider."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--only", default="", help="only explorers whose name contains this")
    args = parser.parse_args()
    comm.create_comm = PackingComm
    print(
        "                                                      a move, kernel    its film             CPU, ms           KiB,"
    )
    print(
        "explorer                               slider             ms      KiB   stops frames   first part     whole     raw"
    )
    for name, make in EXPLORERS.items():
        if args.only not in name:
            continue
        first = make()
        for control in first.controls(first.state):
            if control.kind != "range" or control.disabled:
                continue
            explorer = make()  # as it starts
            explorer.widget  # noqa: B018  makes the page, which is no part of a film
            began = process_time()
            sent, whole = answer(explorer.widget, do="film", control=control.name)
            frames, size = sum(len(film["at"]) for *_, film in sent), sum(size for _, size, _ in sent)
            head = 1000 * (sent[0][0] - began) if sent else 0
            ms, kib = one_move(explorer, control, args.moves)
            print(f"{name:38} {control.name:14} {ms:6.2f} {kib:8.1f} {len(control.stops):7} {frames:6} "
                  f"{head:12.0f} {1000 * whole:9.0f} {size:7.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
