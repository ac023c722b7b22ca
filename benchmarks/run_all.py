"""Seconds that *Run All* takes, notebook by notebook, and its slowest cell: `python benchmarks/run_all.py [notebook …]`."""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def main(paths):
    """A line for each notebook."""
    for path in map(Path, paths or sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))):
        nb = nbformat.read(path, as_version=4)
        client = NotebookClient(nb, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
        spent = {}
        with client.setup_kernel():
            client.wait_for_reply(client.kc.kernel_info())
            start = time.perf_counter()
            for k, cell in enumerate(nb.cells):
                before = time.perf_counter()
                client.execute_cell(cell, k)
                spent[k] = time.perf_counter() - before
            total = time.perf_counter() - start
        slowest = max(spent, key=spent.get)
        print(f"{path.name:28} {total:5.1f} s, slowest cell [{slowest}] {spent[slowest]:4.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
