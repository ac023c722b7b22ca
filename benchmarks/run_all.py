"""Seconds that *Run All* takes, notebook by notebook, and its slowest cell: `python benchmarks/run_all.py [notebook …]`.

With `--lab`, in a real JupyterLab until the last explorer has its picture, without and with a round trip of 100 ms.
"""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent


def in_a_kernel(path):
    """Run the cells; what it took, in words."""
    nb, spent = nbformat.read(path, as_version=4), {}
    client = NotebookClient(nb, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
    with client.setup_kernel():
        client.wait_for_reply(client.kc.kernel_info())
        for k, cell in enumerate(nb.cells):
            start = time.perf_counter()
            client.execute_cell(cell, k)
            spent[k] = time.perf_counter() - start
    slowest = max(spent, key=spent.get)
    return f"{sum(spent.values()):5.1f} s, slowest cell [{slowest}] {spent[slowest]:4.1f} s"


def in_jupyterlab(path):
    """Open and run it; what it took, in words."""
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from delay import Far
    from lab import Lab, NotebookPage, launch_chromium
    from playwright.sync_api import sync_playwright

    found = {0.0: [], 0.1: []}
    with Lab() as lab, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        for delay in (*found, *found):
            page = NotebookPage(Far(lab, delay) if delay else lab, browser, lab.stage(path.name))
            start = time.perf_counter()
            page.run_all()
            page.wait_for_explorers()
            found[delay].append(f"{time.perf_counter() - start:.1f}")
            page.close()
    return "; ".join(f"{1000 * delay:3.0f} ms: {' and '.join(spent)} s" for delay, spent in found.items())


if __name__ == "__main__":
    names = [name for name in sys.argv[1:] if name != "--lab"]
    measure = in_jupyterlab if "--lab" in sys.argv else in_a_kernel
    for path in map(Path, names or sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))):
        print(f"{path.name:28} {measure(path)}", flush=True)
