"""Whether sliders stay responsive while a panel trains, in a real JupyterLab.

    python benchmarks/sliders_while_training.py [--rounds 3] [--presses 20]

Time from key to painted picture of another explorer, without and with films, while the panel is idle and while it
trains with 8 and with 32 units, in turn within one run; and the number of pictures per second that the panel paints.
"""

import argparse
from statistics import median, quantiles

from arms import Arm
from slider_latency import Bench, opened

PANEL = "from lstm_lib.explore import TrainingPanel\nTrainingPanel('delayed recall', 10_000, hidden_size={})"
OTHER = (
    "from lstm_lib.explore import ForgetClamped\nexplorer = ForgetClamped()\nexplorer.films = {}\nexplorer"
)
SLIDER = '[data-control="f_t"] input[type=range]'
PANELS = {"at rest": None, "trains, H = 8": Arm(PANEL.format(8)), "trains, H = 32": Arm(PANEL.format(32))}
OTHERS = {
    "no film": Arm(OTHER.format(False), SLIDER, python=True),
    "film": Arm(OTHER.format(True), SLIDER, python=True, film=True),
}

COUNT = """root => {
    const view = root.querySelector('.lstm-view');
    window.benchRedraws = 0;
    window.benchSince = performance.now();
    window.benchCounter?.disconnect();
    window.benchCounter = new MutationObserver(() => { window.benchRedraws += 1; });
    window.benchCounter.observe(view, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
REDRAWS = "() => 1000 * benchRedraws / (performance.now() - benchSince)"


def start(page, name):
    """Start training; returns a function that resets the panel and returns its redraws per second."""
    panel = page.output_of(f"# arm: {name}\n")
    panel.locator('[data-control="start"]').click()
    page.page.wait_for_timeout(500)
    panel.evaluate(COUNT)

    def stop():
        rate = page.page.evaluate(REDRAWS)
        assert "running" in panel.locator(".lstm-summary").inner_text(), "the run ended too early"
        panel.locator('[data-control="Reset"]').click()
        page.settle()
        return rate

    return stop


def measure(rounds, presses):
    """{(panel, other): (milliseconds, redraws of the panel per second)}"""
    results = {(panel, other): ([], []) for panel in PANELS for other in OTHERS}
    arms = {name: arm for name, arm in (PANELS | OTHERS).items() if arm}
    with opened([f"# arm: {name}\n{arm.code}" for name, arm in arms.items()]) as pages:
        for round_ in range(-1, rounds):  # round -1 warms everything up and is not counted
            for panel, other in results:
                bench = Bench(pages[0], other, OTHERS[other])
                stop = start(pages[0], panel) if PANELS[panel] else lambda: 0.0
                times, rate = bench.keys(presses if round_ >= 0 else 5), stop()
                if round_ >= 0:
                    results[panel, other][0].extend(times)
                    results[panel, other][1].append(rate)
    return results


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--presses", type=int, default=20)
    args = parser.parse_args()
    results = measure(args.rounds, args.presses)
    print("the panel       other      key to paint of the other, ms    the panel's own")
    print("                explorer     median      p90   / at rest    pictures/s")
    for (panel, other), (times, redraws) in results.items():
        rest = median(results["at rest", other][0])
        print(f"{panel:15} {other:10} {median(times):8.1f} {quantiles(times, n=10)[-1]:8.1f} "
              f"{median(times) / rest:11.2f} {median(redraws):13.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
