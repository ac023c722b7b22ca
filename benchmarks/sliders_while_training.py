"""Whether sliders stay alive while a panel trains beside them, in a real JupyterLab.

    python benchmarks/sliders_while_training.py [--rounds 3] [--presses 30]

Key to painted picture of another explorer (ForgetClamped), with the panel at rest and while it trains
with 8 and with 32 units, in turns within one run; and how often the panel's own picture changes meanwhile.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from slider_latency import OBSERVE, press_keys

CELLS = (
    "from lstm_lib.explore import ForgetClamped, TrainingPanel",
    'TrainingPanel("delayed recall", 10_000)',
    'TrainingPanel("delayed recall", 10_000, hidden_size=32)',
    "ForgetClamped()",
)
ARMS = {"at rest": None, "training, H = 8": CELLS[1], "training, H = 32": CELLS[2]}
COUNT = """root => {
    window.lstmRedraws = 0;
    window.lstmCounter?.disconnect();
    window.lstmCounter = new MutationObserver(records => {
        if (records.some(r => [...r.addedNodes].some(n => n.nodeName === 'svg' || n.querySelector?.('svg'))))
            window.lstmRedraws += 1;
    });
    window.lstmCounter.observe(root, {subtree: true, childList: true});
    window.lstmSince = performance.now();
}"""


def measure(rounds, presses):
    """{arm: (latencies in ms, redraws of the panel a second)}"""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))
    from lab import Lab, NotebookPage, launch_chromium
    from playwright.sync_api import sync_playwright

    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[new_code_cell(c) for c in CELLS], metadata={"kernelspec": spec})
    results = {name: ([], []) for name in ARMS}
    with tempfile.TemporaryDirectory() as folder, Lab() as lab, sync_playwright() as playwright:
        nbformat.write(notebook, path := Path(folder) / "arms.ipynb")
        browser = launch_chromium(playwright)
        page = NotebookPage(lab, browser, lab.stage(path), height=1400)
        page.run_all()
        page.page.evaluate(f"() => {{ {OBSERVE} }}")
        output = page.output_of(CELLS[3])
        arm = page.slider("f_t[0]", within=output), output, False
        for round_ in range(-1, rounds):
            for name, cell in ARMS.items():
                if cell is not None:
                    panel = page.output_of(cell)
                    page.click_button("Start", within=panel)
                    page.page.wait_for_timeout(300)
                    panel.evaluate(COUNT)
                times = press_keys(page, arm, presses if round_ >= 0 else 5)
                if cell is not None:
                    redraws = page.page.evaluate("() => 1000 * lstmRedraws / (performance.now() - lstmSince)")
                    assert "running" in panel.locator(".lstm-says").inner_text(), "the run ended too early"
                    page.click_button("Reset", within=panel)
                    page.settle()
                if round_ >= 0:
                    results[name][0].extend(times)
                    results[name][1].append(redraws if cell is not None else 0.0)
        assert not page.console_errors, page.console_errors
        page.close()
        browser.close()
    return results


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--presses", type=int, default=30)
    args = parser.parse_args()
    results = measure(args.rounds, args.presses)
    rest = median(results["at rest"][0])
    print("the panel          key to paint of another slider, ms        its own redraws")
    print("                      q1    median        q3   / at rest           a second")
    for name, (latencies, redraws) in results.items():
        low, middle, high = quantiles(latencies, n=4)
        print(f"{name:18} {low:5.1f} {middle:9.1f} {high:9.1f} {middle / rest:10.2f} {median(redraws):18.1f}")


if __name__ == "__main__":
    main()
