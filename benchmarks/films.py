"""Size and drawing time of films by slider, and the time from *Run All* of notebook 02 to its last explorer.

    python benchmarks/films.py [--notebook 02_forget_gate.ipynb]

Films are drawn in plain Python, as in a kernel; sizes are those of their messages as JSON. The notebook is opened in
a real JupyterLab, without and with a round trip of 100 ms.
"""

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests" / folder) for folder in ("browser", "explore")]

from delay import Far  # noqa: E402
from explorers import MADE  # noqa: E402
from lab import Lab, NotebookPage, launch_chromium  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from lstm_lib.explore.controls import Range  # noqa: E402
from lstm_lib.explore.frames import film_parts  # noqa: E402


def films():
    """Yields (explorer, slider, frames, kB, ms) for every slider that is visible at the start."""
    for name, make in MADE.items():
        explorer = make()
        for control in explorer.all_controls(explorer.state) if explorer.films else ():
            if isinstance(control, Range):
                start = perf_counter()
                views = {
                    v: explorer.look(explorer.after(explorer.now, control.name, v)) for v in control.stops
                }
                parts = film_parts(views, explorer.view)
                spent = perf_counter() - start
                yield name, control.name, len(views), len(json.dumps(parts).encode()) / 1000, 1000 * spent


def visible(notebook):
    """Yields (delay, seconds from *Run All* until the last explorer of the notebook has its picture)."""
    with Lab() as lab, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        for delay in (0.0, 0.1, 0.0, 0.1):
            page = NotebookPage(Far(lab, delay) if delay else lab, browser, lab.stage(notebook))
            start = perf_counter()
            page.run_all()
            page.wait_for_explorers()
            yield delay, perf_counter() - start
            page.close()


def main():
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebook", default="02_forget_gate.ipynb")
    print(f"{'explorer':36}{'slider':16}{'frames':>7}{'kB':>8}{'ms':>8}")
    for name, slider, frames, size, spent in films():
        print(f"{name:36}{slider:16}{frames:7}{size:8.1f}{spent:8.0f}")
    for delay, spent in visible(parser.parse_args().notebook):
        print(f"run all to the last explorer, {1000 * delay:3.0f} ms delay: {spent:.1f} s")


if __name__ == "__main__":
    main()
