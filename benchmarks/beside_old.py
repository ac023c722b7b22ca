"""Memory after many moves, and seconds from Run All to the explorers, compared with an older commit.

    python benchmarks/beside_old.py [--old b65d426] [--moves 1000] [--rounds 3] [--only memory | visible]

Memory: a CellExplorer and a ForgetComputed in one notebook, with `moves` arrow keys on the sliders of each, twice. Run All: the notebook 02 of each commit, outputs removed.
"""

import argparse
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import nbformat
import psutil
from arms import HERE, notebook_of

ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

PID = "import os\nimport lstm_lib\nprint(lstm_lib.__file__, os.getpid())"
EXPLORERS = (
    "from lstm_lib.explore import CellExplorer\nCellExplorer()",
    "from lstm_lib.explore import ForgetComputed\nForgetComputed()",
)
HANDLES = ".lstm input[type=range], .noUi-handle"
KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
COLLECT = f"async () => {{ await {KERNEL}.requestExecute({{code: 'import gc; gc.collect()', silent: true}}).done; }}"

# [seconds from Run All until every cell with an explorer shows a picture, number of these cells]
RUN = """() => {
    const make = /\\b(ForgetClamped|ForgetComputed|MemoryDecay|GateOverTime)\\(/;
    const cells = jupyterapp.shell.currentWidget.content.widgets.filter(cell =>
        cell.model.type === 'code' && make.test(cell.model.sharedModel.getSource()));
    const shown = cell => [...cell.node.querySelectorAll('svg.lstm-picture')].some(svg =>
        svg.getBoundingClientRect().height > 50);
    const start = performance.now();
    window.benchShown = null;
    const look = () => {
        if (cells.every(shown)) window.benchShown = [(performance.now() - start) / 1000, cells.length];
        else requestAnimationFrame(look);
    };
    jupyterapp.commands.execute('notebook:run-all-cells');
    look();
}"""


@contextmanager
def versions(old):
    """{name: folder} of the older commit, unpacked, and of the checkout."""
    with tempfile.TemporaryDirectory(prefix="lstm-old-") as folder:
        packed = subprocess.run(["git", "archive", old], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield {old: Path(folder), "now": ROOT}


@contextmanager
def page_of(version, notebook, browser):
    """A notebook, open in a JupyterLab that uses the library of a version."""
    from lab import Lab, NotebookPage

    os.environ["PYTHONPATH"] = str(version)
    with tempfile.TemporaryDirectory() as folder, Lab() as lab:
        nbformat.write(notebook, path := Path(folder) / "bench.ipynb")
        page = NotebookPage(lab, browser, lab.stage(path), height=1600)
        yield page
        page.close()


def sizes(page, cdp):
    """MiB of the kernel and of the page's JavaScript, and the number of page nodes, after garbage collection."""
    page.page.wait_for_timeout(1500)
    page.settle()
    page.page.evaluate(COLLECT)
    kernel = psutil.Process(int(page.output_of(PID).inner_text().split()[-1])).memory_info().rss / 2**20
    cdp.send("HeapProfiler.collectGarbage")
    found = {m["name"]: m["value"] for m in cdp.send("Performance.getMetrics")["metrics"]}
    return kernel, found["JSHeapUsedSize"] / 2**20, found["Nodes"]


def press(page, cell, moves, pause, turn=50):
    """Press an arrow key every `pause` ms on the visible sliders of a cell, `turn` times on each in turn."""
    handles = page.output_of(cell).locator(HANDLES).locator("visible=true")
    for k in range(moves):
        if k % turn == 0:
            handles.nth(k // turn % handles.count()).focus()
        page.page.keyboard.press("ArrowRight" if k // 5 % 2 == 0 else "ArrowLeft")
        page.page.wait_for_timeout(pause)


def memory(folders, browser, moves, pause):
    """Print the sizes of each version before any move and after each of two rounds."""
    notebook, last = notebook_of((PID, *EXPLORERS)), {}
    print("version      moves   kernel, MiB   page heap, MiB   page nodes")
    for name, folder in folders.items():
        with page_of(folder, notebook, browser) as page:
            page.run_all()
            cdp = page.context.new_cdp_session(page.page)
            cdp.send("Performance.enable")
            for made in (0, moves, 2 * moves):
                for cell in EXPLORERS if made else ():
                    press(page, cell, moves, pause)
                kernel, heap, nodes = last[name] = sizes(page, cdp)
                print(f"{name:10} {2 * made:7} {kernel:13.1f} {heap:16.1f} {nodes:12.0f}", flush=True)
    (kernel, heap, _), (kernel_now, heap_now, _) = last.values()
    print(f"now / {next(iter(last))}: kernel × {kernel_now / kernel:.2f}, page heap × {heap_now / heap:.2f}")


def visible(folders, browser, rounds):
    """Print the seconds from Run All until all explorers of notebook 02 are visible, for each version."""
    found = {name: [] for name in folders}
    for _ in range(rounds):
        for name, folder in folders.items():
            notebook = nbformat.read(folder / "notebooks" / "02_forget_gate.ipynb", as_version=4)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
            with page_of(folder, notebook, browser) as page:
                page.wait_for_kernel()
                page.page.evaluate(RUN)
                page.wait_for("() => window.benchShown", "every explorer shows its picture")
                seconds, count = page.page.evaluate("() => benchShown")
                found[name].append(seconds)
    for name, seconds in found.items():
        said = ", ".join(f"{s:.1f}" for s in seconds)
        print(f"{name:10} Run All of 02 to {count} explorers: median {median(seconds):.1f} s ({said})")


def main():
    """Measure and print."""
    from lab import launch_chromium
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--old", default="b65d426", help="the commit to compare with")
    parser.add_argument("--moves", type=int, default=1000)
    parser.add_argument("--pause", type=int, default=20, help="ms between two keys")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("memory", "visible"))
    args = parser.parse_args()
    with versions(args.old) as folders, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        if args.only != "memory":
            visible(folders, browser, args.rounds)
        if args.only != "visible":
            memory(folders, browser, args.moves, args.pause)
        browser.close()


if __name__ == "__main__":
    main()
