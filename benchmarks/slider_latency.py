"""The time from moving a slider to the picture, in a real JupyterLab, without and with network delay.

    python benchmarks/slider_latency.py [--rounds 5] [--presses 20] [--arms cell] [--delays 0 100]

All arms are measured in turn within one run, so that other load on the machine affects them equally: a slider in
the page that writes a number, `interact` with matplotlib, and two explorers, each with a film but no Python, with
Python but no film, and with both. Delays are of a round trip, in milliseconds.
"""

import argparse
import math
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import nbformat
from arms import ARMS, HERE, notebook_of

sys.path.insert(0, str(HERE.parent / "tests" / "browser"))


@contextmanager
def opened(cells, delays=(0,), slow=1, height=1400):
    """{delay: page} of one notebook with these cells, run in one browser on one JupyterLab."""
    from delay import Far
    from lab import Lab, NotebookPage, launch_chromium
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, Lab() as lab, sync_playwright() as playwright:
        nbformat.write(notebook_of(cells), path := Path(folder) / "bench.ipynb")
        browser, pages = launch_chromium(playwright), {}
        for delay in delays:
            near_or_far = Far(lab, delay / 1000) if delay else lab
            page = pages[delay] = NotebookPage(near_or_far, browser, lab.stage(path), height=height)
            page.run_all()
            page.page.evaluate((HERE / "probes.js").read_text() + "0")
            if slow > 1:
                cdp = page.context.new_cdp_session(page.page)
                cdp.send("Emulation.setCPUThrottlingRate", {"rate": slow})
        yield pages
        for page in pages.values():
            assert not page.console_errors, page.console_errors
            page.close()
        browser.close()


KINDS = ("grab", "keys", "drag")


class Bench:
    """One arm on one page."""

    def __init__(self, page, name, arm):
        self.page, self.tab, self.arm = page, page.page, arm
        self.output = page.output_of(f"# arm: {name}\n")
        self.slider = self.output.locator(arm.slider).first

    def probe(self, what):
        """Start a probe of probes.js."""
        self.output.evaluate(f"(root, shows) => {{ bench.{what}(root, shows); }}", self.arm.shows)

    def settle(self):
        """Wait until the kernel is idle; ipywidgets sends a slider's newest value only after the answer to the previous one."""
        for _ in range(3):
            self.page.settle()

    def reset(self):
        """Press Reset."""
        self.output.locator('[data-control="Reset"]').evaluate("button => button.click()")

    def ready(self):
        """Reset, focus the slider, move it to its left end, and wait until the kernel is idle and the film complete."""
        if self.arm.python:
            self.reset()
            self.settle()
        self.slider.press("Home")
        self.settle()
        before = None
        while self.arm.film and (film := self.film()) != before:
            before = film
            self.tab.wait_for_timeout(400)
            self.settle()

    def film(self):
        """The state of the explorer's film."""
        return self.output.locator(".lstm").first.get_attribute("data-film")

    def keys(self, presses):
        """Milliseconds from each of `presses` arrow keys to the painted picture."""
        self.ready()
        self.probe("keys")
        for i in range(presses):
            self.tab.keyboard.press("ArrowRight" if i // 10 % 2 == 0 else "ArrowLeft")
            self.page.wait_for("n => bench.times.length >= n", "the picture has changed", arg=i + 1)
            self.tab.wait_for_timeout(60 + 37 * i % 50)  # not in phase with timers
        return self.tab.evaluate("() => { bench.stop(); return bench.times; }")

    def place(self):
        """The position of the thumb and the ends of its track: {x, y, left, right}."""
        self.slider.scroll_into_view_if_needed()
        if self.arm.slider == ".noUi-handle":
            thumb = self.slider.bounding_box()
            track = self.output.locator(".noUi-base").first.bounding_box()
            x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
            return {"x": x, "y": y, "left": track["x"], "right": track["x"] + track["width"]}
        return self.slider.evaluate("range => bench.thumb(range)")

    def drag(self, seconds=2.0, every=0.008):
        """Painted pictures per second while the mouse drags the slider back and forth, twice per second."""
        self.ready()
        at, mouse = self.place(), self.tab.mouse
        mouse.move(at["x"], at["y"])
        mouse.down()
        self.tab.wait_for_timeout(300)
        self.probe("drag")
        # The public call waits one frame for the page's answer; a real mouse does not, and a busy browser merges
        # several moves into one. Here at most four moves are pending, and further ones are dropped.
        loop, move, moves, start = mouse._loop, mouse._impl_obj.move, [], perf_counter()
        while (now := perf_counter() - start) < seconds:
            share = 0.5 - math.asin(math.cos(4 * math.pi * now)) / math.pi
            x = at["left"] + (at["right"] - at["left"]) * share
            if sum(not task.done() for task in moves[-8:]) < 4:
                moves.append(loop.create_task(move(x, at["y"], 1)))
            self.tab.wait_for_timeout(1000 * every)
        rate = self.tab.evaluate("() => 1000 * bench.count.painted / (performance.now() - bench.count.from)")
        mouse.up()
        self.tab.evaluate("() => bench.stop()")
        self.settle()
        assert all(task.done() and task.exception() is None for task in moves)
        return rate

    def grab(self):
        """Milliseconds from pointer down on a slider without a film to the first part of its film."""
        self.reset()
        other = self.output.locator('[data-control="C_prev"] input[type=range]')
        other.focus()  # its film replaces the slider's
        self.settle()
        self.tab.wait_for_timeout(300)
        at = self.place()
        self.tab.mouse.move(at["x"], at["y"])
        self.probe("grab")
        self.tab.mouse.down()
        self.page.wait_for("() => bench.grabbed !== null", "the film has come")
        self.tab.mouse.up()
        return self.tab.evaluate("() => bench.grabbed")


def measure(arms, delays, rounds, presses, slow=1, only=KINDS):
    """{(delay, arm): {"grab": [ms, …], "keys": [ms, …], "drag": [pictures a second, …]}}"""
    results = {(d, name): {kind: [] for kind in KINDS} for d in delays for name in arms}
    with opened([f"# arm: {name}\n{arm.code}" for name, arm in arms.items()], delays, slow) as pages:
        for round_ in range(
            -1, rounds
        ):  # round -1 warms everything up; only its grabs count: they are the first
            for delay, page in pages.items():
                page.page.bring_to_front()
                for name, arm in arms.items():
                    bench, found = Bench(page, name, arm), results[delay, name]
                    if arm.film and "grab" in only:
                        found["grab"].append(bench.grab())
                    keys = bench.keys(presses if round_ >= 0 else 5) if "keys" in only else []
                    drags = [bench.drag()] if "drag" in only else []
                    if round_ >= 0:
                        found["keys"] += keys
                        found["drag"] += drags
            print(f"round {round_ + 1} of {rounds} done", file=sys.stderr)
    return results


def report(results):
    """Print a table, and films compared with the same picture without Python."""
    print("                          key to paint, ms   in a drag,   grab to film, ms")
    print("delay  arm                  median     p90   pictures/s     first  median")
    for (delay, name), found in results.items():
        line = f"{delay:5}  {name:20}"
        line += (
            f" {median(found['keys']):6.1f} {quantiles(found['keys'], n=10)[-1]:7.1f}"
            if found["keys"]
            else 15 * " "
        )
        line += f" {median(found['drag']):12.1f}" if found["drag"] else 13 * " "
        line += f" {found['grab'][0]:9.0f} {median(found['grab']):7.0f}" if found["grab"] else ""
        print(line)
    print("\nfilm beside page only (targets: key to paint at most + 10 ms, pictures/s at least × 0.90)")
    for (delay, name), one in results.items():
        two = results.get((delay, name.replace(", film", ", page only")))
        if two and name.endswith(", film"):
            line = f"{delay:5}  {name:20}"
            if one["keys"]:
                line += f" {median(one['keys']) - median(two['keys']):+6.1f} ms"
            if one["drag"]:
                line += f"  × {median(one['drag']) / median(two['drag']):.2f}"
            print(line)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--presses", type=int, default=20, help="key presses per arm and round")
    parser.add_argument("--arms", default="", help="only arms whose name contains this")
    parser.add_argument("--delays", type=int, nargs="+", default=[0, 100], help="round trips, ms")
    parser.add_argument("--slow", type=int, default=1, help="how much slower the page's processor is made")
    parser.add_argument("--only", nargs="+", default=KINDS, choices=KINDS)
    args = parser.parse_args()
    arms = {name: arm for name, arm in ARMS.items() if args.arms in name}
    report(measure(arms, args.delays, args.rounds, args.presses, args.slow, args.only))


if __name__ == "__main__":
    main()
