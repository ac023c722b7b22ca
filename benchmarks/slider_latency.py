"""How long a learner waits for the picture after moving a slider, in a real JupyterLab.

Answers to a slider are compared: the least there is (a Label), the usual way (interact with
matplotlib) and the project's explorers. Each is measured on a server with the
project's NoDelayWebsocketConnection and on one without, all in one run and interleaved, so
that whatever else the machine does falls on all of them alike.

    python benchmarks/slider_latency.py [--rounds 3] [--presses 50]
"""

import argparse
import math
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

# name: (what to show, the slider to move)
EXPLORERS = {
    "clamped": ("from lstm_lib.explore import ForgetClamped\nForgetClamped()", "f_t[0]"),
    "cell": ("from lstm_lib.explore import CellExplorer\nCellExplorer()", "f_t"),
    "computed": ("from lstm_lib.explore import ForgetComputed\nForgetComputed()", "W_f[0, 3]"),
}

LABEL = """\
import ipywidgets

slider = ipywidgets.FloatSlider(value=0.5, min=0, max=1, step=0.01, description="label")
label = ipywidgets.Label()
slider.observe(lambda change: setattr(label, "value", f"{change.new:.2f}"), "value")
display(slider, label)
"""

# The usual way, drawing what "clamped" draws: headings, nine bars, their numbers and the equation.
INTERACT = """\
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

slider = ipywidgets.FloatSlider(value=0.5, min=0, max=1, step=0.01, description="interact")


@ipywidgets.interact(f=slider)
def draw(f):
    f_t, C_prev = np.array([f, 0.25, 0.5]), np.array([6.0, 8.0, 9.0])
    units = np.arange(3)
    fig, ax = plt.subplots(figsize=(6.4, 2.9))
    columns = [(0, C_prev / 20, C_prev, "$C_{t-1}$", "k"), (0.8, f_t, f_t, "$f_t$", "#b03a06"),
               (2.3, f_t * C_prev / 20, f_t * C_prev, "$f_t \\odot C_{t-1}$", "k")]
    for left, lengths, values, heading, colour in columns:
        ax.barh(units, lengths, 0.35, left=left, color=colour)
        ax.text(left + 0.3, -0.7, heading, ha="center", size=14)
        for u in units:
            ax.text(left + 0.3, u + 0.4, f"{values[u]:.2f}", ha="center")
    for u in units:
        ax.text(-0.9, u, f"unit {u}")
    ax.text(1.4, 3.2, f"$f_t \\odot C_{{t-1}}$ = {f_t.round(2)} * {C_prev} = {(f_t * C_prev).round(2)}", ha="center")
    ax.set(xlim=(-1, 3.2), ylim=(3.4, -1))
    ax.axis("off")
    plt.show()
"""

# What counts as an answer: a change in the output, but not in the slider itself, which the
# browser moves without asking the kernel. For interact it is a new picture, decoded.
OBSERVE = """
window.lstmObserve = (root, wantsImage, onChange) => {
    const element = node => node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const images = record => [...record.addedNodes].flatMap(node =>
        node.nodeName === 'IMG' ? [node] : [...(node.querySelectorAll?.('img') ?? [])]);
    const observer = new MutationObserver(records => {
        const changes = records.filter(r => !element(r.target)?.closest('.widget-slider'));
        if (!wantsImage) return changes.length && onChange();
        const image = changes.flatMap(images).pop();
        image?.decode().then(onChange, () => {});  // it fails if replaced before it was ready
    });
    observer.observe(root, {
        subtree: true, childList: true, characterData: true, attributes: true });
    return observer;
};
let pressed = null;
document.addEventListener('keydown', event => { pressed = event.timeStamp; }, true);
window.lstmPresses = (root, wantsImage) => {
    const times = window.lstmTimes = [];
    const observer = lstmObserve(root, wantsImage, () => {
        if (pressed === null) return;
        const start = pressed;
        pressed = null;
        const after = new MessageChannel();  // its message comes when the frame has been painted
        after.port1.onmessage = () => times.push(performance.now() - start);
        requestAnimationFrame(() => after.port2.postMessage(null));
    });
    window.lstmStop = () => { observer.disconnect(); return times; };
};
window.lstmFrames = (root, wantsImage) => {
    let changed = false, painted = 0, frames = 0, running = true;
    const start = performance.now();
    const observer = lstmObserve(root, wantsImage, () => { changed = true; });
    const tick = () => {
        if (!running) return;
        frames += 1;
        painted += changed;
        changed = false;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    window.lstmStop = () => {
        running = false;
        observer.disconnect();
        const seconds = (performance.now() - start) / 1000;
        return {painted: painted / seconds, frames: frames / seconds};
    };
};
"""


def press_keys(page, arm, presses):
    """Return the milliseconds from each of ``presses`` arrow keys to the painted answer."""
    slider, output, wants_image = arm
    slider.set(0.5)
    page.settle()
    slider.handle.focus()
    output.evaluate("(root, wantsImage) => { lstmPresses(root, wantsImage); }", wants_image)
    for i in range(presses):
        page.page.keyboard.press("ArrowRight" if i // 10 % 2 == 0 else "ArrowLeft")
        page.wait_for("n => lstmTimes.length >= n", "the output has changed", arg=i + 1)
        page.page.wait_for_timeout(60 + 37 * i % 50)  # no fixed step against the timers
    return page.page.evaluate("() => lstmStop()")


def drag(page, arm, seconds=1.0, every=0.008):
    """Return painted changes and all frames per second while the mouse drags to and fro."""
    slider, output, wants_image = arm
    slider.set(0.5)
    page.settle()
    slider.handle.scroll_into_view_if_needed()
    handle = slider.handle.bounding_box()
    track = slider.root.locator(".noUi-base").bounding_box()
    y = handle["y"] + handle["height"] / 2
    mouse = page.page.mouse
    mouse.move(handle["x"] + handle["width"] / 2, y)
    mouse.down()
    output.evaluate("(root, wantsImage) => { lstmFrames(root, wantsImage); }", wants_image)
    # The public call waits for the page's answer, one frame; a real mouse does not.
    loop, move = mouse._loop, mouse._impl_obj.move
    sent = []
    start = perf_counter()
    while (now := perf_counter() - start) < seconds:
        swing = math.asin(math.sin(4 * math.pi * now)) / math.pi  # -0.5 to 0.5, twice a second
        sent.append(loop.create_task(move(track["x"] + track["width"] * (0.5 + swing * 0.8), y, 1)))
        due = start + len(sent) * every
        page.page.wait_for_timeout(max(0, due - perf_counter()) * 1000)
    result = page.page.evaluate("() => lstmStop()")
    mouse.up()
    page.settle()
    assert all(task.done() and task.exception() is None for task in sent)
    return result | {"moves": len(sent) / seconds}


def measure(rounds, presses):
    """Return {(server, arm): (latencies, drags)} for both servers and all arms."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))
    from lab import Lab, NotebookPage, launch_chromium
    from playwright.sync_api import sync_playwright

    arms = {
        "label": (LABEL, "label", False),
        "interact": (INTERACT, "interact", True),
        **{name: (code, label, False) for name, (code, label) in EXPLORERS.items()},
    }
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [new_code_cell(f"# arm: {name}\n{code}") for name, (code, _, _) in arms.items()]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": spec})
    results = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Lab(nodelay=False) as plain,
        Lab(nodelay=True) as nodelay,
        sync_playwright() as playwright,
    ):
        nbformat.write(notebook, path := Path(folder) / "arms.ipynb")
        browser, pages = launch_chromium(playwright), {}
        for server, lab in {"plain": plain, "nodelay": nodelay}.items():
            page = pages[server] = NotebookPage(lab, browser, lab.stage(path), height=1400)
            page.run_all()
            page.page.evaluate(f"() => {{ {OBSERVE} }}")
        for round_ in range(-1, rounds):  # round -1 warms everything up and is not counted
            for server, page in pages.items():
                page.page.bring_to_front()
                for name, (_, label, wants_image) in arms.items():
                    output = page.output_of(f"# arm: {name}\n")
                    arm = page.slider(label, within=output), output, wants_image
                    times = press_keys(page, arm, presses if round_ >= 0 else 10)
                    frames = drag(page, arm)
                    if round_ >= 0:
                        latencies, drags = results.setdefault((server, name), ([], []))
                        latencies += times
                        drags.append(frames)
            print(f"round {round_ + 1} of {rounds} done", file=sys.stderr)
        for page in pages.values():
            assert not page.console_errors, page.console_errors
            page.close()
        browser.close()
    return results


def report(results):
    """Print the medians, quartiles and ratios."""
    print("                    key to paint, ms                 dragging, per second")
    print("server   arm             q1    median        q3   painted    frames     moves")
    middle, rate = {}, {}
    for (server, arm), (latencies, drags) in results.items():
        low, middle[server, arm], high = quantiles(latencies, n=4)
        painted, frames, moves = (median(d[k] for d in drags) for k in drags[0])
        rate[server, arm] = painted
        row = [low, middle[server, arm], high, painted, frames, moves]
        print(f"{server:8} {arm:8}", *(f"{value:9.1f}" for value in row))
    print(f"\n{'ratio':37} key to paint   painted/s")
    pairs = [("plain", "nodelay", arm, arm) for arm in ("label", "interact", *EXPLORERS)]
    for server in ("plain", "nodelay"):
        pairs += [(server, server, name, "label") for name in EXPLORERS]
        pairs.append((server, server, "interact", "clamped"))
    for server, other_server, arm, other_arm in pairs:
        one, other = (server, arm), (other_server, other_arm)
        name = f"{' '.join(one)} / {' '.join(other)}"
        print(f"{name:37} {middle[one] / middle[other]:12.2f} {rate[one] / rate[other]:11.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--presses", type=int, default=50, help="key presses per arm and round")
    args = parser.parse_args()
    report(measure(args.rounds, args.presses))


if __name__ == "__main__":
    main()
