"""Drive notebooks in a real JupyterLab, in a headless Chromium.

``Lab`` is the server, ``launch_chromium`` the browser, ``NotebookPage`` one open notebook and
``Slider`` one slider on it. The fixtures that hand them to tests are in ``conftest.py``.
"""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from itertools import count
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat.sign import NotebookNotary
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
NODELAY_CLASS = "lstm_lib.websocket.NoDelayWebsocketConnection"

BROWSER_ARGS = [
    "--no-sandbox",  # Chromium does not start as root, as in most containers, with its sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_BROWSER = (
    "No Chromium was found: install one (for example `apt install chromium` or "
    "`python -m playwright install chromium`), or give its path in the variable CHROMIUM."
)

# The windowed notebook keeps off-screen cells out of the DOM; the news prompt covers the page.
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
}

# Console errors that say nothing about a notebook: (pattern, why it is harmless).
HARMLESS = [
    # JupyterLab first puts a picture's `attachment:` address on the page and then replaces it.
    (r"ERR_UNKNOWN_URL_SCHEME \(attachment:", "the picture appears all the same"),
]


class Lab:
    """One JupyterLab server with its own settings, data and root folder."""

    def __init__(self, folder=None, nodelay=True):
        self._owned = None if folder else tempfile.TemporaryDirectory(prefix="lstm-lab-")
        self.folder = Path(folder or self._owned.name)
        self.root = self._make("root")
        self.data_dir = self._make("data")
        self.runtime_dir = self._make("runtime")
        self.token = secrets.token_hex(16)
        self._copies = count(1)
        settings = self._make("settings")
        (settings / "overrides.json").write_text(json.dumps(SETTINGS))
        self.log_file = self.folder / "server.log"
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": _free_port(),
            "ServerApp.port_retries": 50,
            "ServerApp.root_dir": self.root,
            "ServerApp.allow_root": True,
            "ServerApp.open_browser": False,
            "LabApp.open_browser": False,
            "LabApp.expose_app_in_browser": True,
            "LabApp.app_settings_dir": settings,
            "LabApp.user_settings_dir": self._make("user-settings"),
            "LabApp.workspaces_dir": self._make("workspaces"),
            "LabApp.news_url": None,
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "LabApp.extension_manager": "readonly",
        }
        if nodelay:
            options["ServerApp.kernel_websocket_connection_class"] = NODELAY_CLASS
        command = [sys.executable, "-m", "jupyterlab"]
        command += [f"--{name}={value}" for name, value in options.items()]
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=self._environment(), cwd=self.root, stdout=log, stderr=log
            )
        try:
            self.url = self._wait_until_up(timeout=60)
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.stop()

    def _make(self, name):
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _environment(self):
        """The environment of server and kernels, without the user's own Jupyter settings."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER_")}
        return env | {
            "JUPYTER_TOKEN": self.token,  # not on the command line, where `ps` shows it
            "JUPYTER_CONFIG_DIR": str(self._make("config")),
            "JUPYTER_DATA_DIR": str(self.data_dir),
            "JUPYTER_RUNTIME_DIR": str(self.runtime_dir),
            "IPYTHONDIR": str(self._make("ipython")),
        }

    def _wait_until_up(self, timeout):
        # The server may have had to take another port: it says which one in this file.
        info_file = self.runtime_dir / f"jpserver-{self.process.pid}.json"
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.url = json.loads(info_file.read_text())["url"].rstrip("/")
                self.request("GET", "/api/status")
                return self.url
            except (OSError, ValueError):
                time.sleep(0.1)
        tail = self.log_file.read_text(errors="replace")[-3000:]
        raise RuntimeError(f"JupyterLab did not start:\n{tail}")

    def request(self, method, path):
        """Send a request to the server's REST API and return its decoded answer."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def stage(self, notebook, trust=False):
        """Copy ``notebook`` under the server's root and return the copy's path from there.

        Each call makes a new copy: autosave rewrites an open notebook. One of the project's
        notebooks comes with its neighbours and the images, so that relative links hold.
        """
        source = find_notebook(notebook)
        folder = self.root / f"copy-{next(self._copies)}"
        if source.is_relative_to(NOTEBOOKS):
            for name in ("notebooks", "images"):
                if (ROOT / name).is_dir():
                    ignore = shutil.ignore_patterns(".ipynb_checkpoints")
                    shutil.copytree(ROOT / name, folder / name, ignore=ignore)
            copy = folder / source.relative_to(ROOT)
        else:
            folder.mkdir()
            copy = Path(shutil.copy(source, folder))
        content = nbformat.read(copy, as_version=4)
        notary = NotebookNotary(data_dir=str(self.data_dir))
        if trust:
            notary.sign(content)
        else:
            # Trust belongs to the content, not to the file: an earlier copy may have got it.
            notary.unsign(content)
        notary.store.close()
        return copy.relative_to(self.root).as_posix()

    def shut_down_kernels(self, path=None):
        """End the kernel of the notebook at ``path``, or all of this server's kernels."""
        for session in self.request("GET", "/api/sessions"):
            if path in (None, session["path"]):
                try:
                    self.request("DELETE", f"/api/sessions/{session['id']}")
                except urllib.error.HTTPError as error:
                    if error.code != 404:  # gone already
                        raise

    def stop(self):
        """Stop the server (which stops its kernels) and remove its folder."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self._owned:
            self._owned.cleanup()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find_notebook(name):
    """Return the path of a notebook given by path, or by name (with or without ``.ipynb``)."""
    for path in (Path(name), NOTEBOOKS / name, NOTEBOOKS / f"{name}.ipynb"):
        if path.is_file():
            return path.resolve()
    raise FileNotFoundError(f"No notebook {name!r}, neither as a path nor in {NOTEBOOKS.name}/")


def find_chromium():
    """Return the path of an installed Chromium or Chrome, or None."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if name and (path := shutil.which(name))), None)


def launch_chromium(playwright):
    """Start a headless Chromium; FileNotFoundError (with advice) if there is none."""
    path = find_chromium() or playwright.chromium.executable_path
    if not Path(path).exists():
        raise FileNotFoundError(NO_BROWSER)
    return playwright.chromium.launch(executable_path=path, args=BROWSER_ARGS)


class NotebookPage:
    """One notebook, open in JupyterLab in a browser context of its own.

    ``page`` is the Playwright page, ``notebook`` the locator of the notebook's cells.
    Wherever there is a ``within``, it is a locator or a CSS selector to stay inside of.
    """

    def __init__(self, lab, browser, path, width=1280, height=900):
        self.lab = lab
        self.path = path
        self.console_errors = []
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._keep_error(f"uncaught: {error}"))
        # A workspace of its own: otherwise JupyterLab reopens what was open before.
        workspace = f"test-{secrets.token_hex(4)}"
        self.page.add_init_script(
            f"""window.lstmPanel = () => [...(window.jupyterapp?.shell.widgets('main') ?? [])]
                .find(panel => panel.context?.path === {json.dumps(path)});"""
        )
        self.page.goto(f"{lab.url}/lab/workspaces/{workspace}/tree/{quote(path)}?token={lab.token}")
        self.notebook = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook")
        self.wait_for(
            """() => {
                const panel = lstmPanel();
                return panel?.context.isReady && panel.content.widgets.length > 0
                    && window.jupyterapp.shell.currentWidget === panel;
            }""",
            "the notebook is open",
        )

    def _on_console(self, message):
        if message.type == "error":
            where = message.location.get("url", "") if message.location else ""
            self._keep_error(f"{message.text} ({where})" if where else message.text)

    def _keep_error(self, text):
        if not any(re.search(pattern, text) for pattern, _ in HARMLESS):
            self.console_errors.append(text)

    def wait_for(self, script, what, arg=None, timeout=60):
        """Wait until the function ``script`` gives true; a failure says ``what`` never happened.

        Not for an async function: its promise already counts as true.
        """
        try:
            return self.page.wait_for_function(script, arg=arg, timeout=timeout * 1000, polling=50)
        except PlaywrightTimeout:
            dialogs = self.page.locator(".jp-Dialog").all_inner_texts()
            note = f"; a dialog is open: {dialogs}" if dialogs else ""
            raise AssertionError(f"Not within {timeout} s: {what}{note}") from None

    def run_all(self, timeout=120):
        """Run every cell, and wait until each has run and every widget has been drawn."""
        self.wait_for_kernel()
        # The promise is kept in the page: waiting for it in `evaluate` would have no time limit.
        self.page.evaluate(
            """() => {
                window.lstmRun = null;
                window.jupyterapp.commands.execute('notebook:run-all-cells').then(
                    () => { window.lstmRun = 'done'; },
                    error => { window.lstmRun = String(error); });
                return null;
            }"""
        )
        self.wait_for("() => window.lstmRun !== null", "all cells have run", timeout=timeout)
        outcome = self.page.evaluate("() => window.lstmRun")
        errors = self.cell_errors()
        assert outcome == "done" and not errors, f"Run All: {outcome}; {errors}"
        self.wait_for(
            """() => lstmPanel().content.widgets.every(cell =>
                cell.model.type !== 'code' || !cell.model.sharedModel.getSource().trim() ||
                cell.model.executionCount > 0)""",
            "every code cell has a number",
            timeout=timeout,
        )
        self.wait_for(
            """() => ![...document.querySelectorAll('.jp-OutputArea-output')].some(
                output => output.textContent.trim().startsWith('Loading widget'))""",
            "all widgets are drawn",
            timeout=timeout,
        )
        self.settle(timeout)

    def wait_for_kernel(self, timeout=60):
        """Wait for a kernel that is connected and idle: 'idle' alone also means 'none yet'."""
        self.wait_for(
            """() => {
                const context = lstmPanel().sessionContext;
                const kernel = context.session?.kernel;
                return context.isReady && kernel?.connectionStatus === 'connected'
                    && kernel.status === 'idle' && context.kernelDisplayName !== 'No Kernel';
            }""",
            "the kernel is ready",
            timeout=timeout,
        )

    def settle(self, timeout=60):
        """Wait until the kernel has answered all that was done so far, and that is painted.

        ipywidgets holds back a slider's newest value while the kernel is at the one before,
        so it takes several empty requests, one after the other, to be behind the last value.
        """
        self.page.evaluate(
            """() => {
                const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
                const kernel = lstmPanel().sessionContext.session.kernel;
                window.lstmSettled = false;
                (async () => {
                    for (let i = 0; i < 3; i++) {
                        const content = {code: '', silent: true, store_history: false};
                        await kernel.requestExecute(content).done;
                        await frame();
                    }
                    await frame();
                    window.lstmSettled = true;
                })().catch(error => console.error('settle', error));
                return null;
            }"""
        )
        self.wait_for("() => window.lstmSettled", "the kernel is idle", timeout=timeout)

    def cell_errors(self):
        """Return the errors of the cells that were not meant to fail."""
        return self.page.evaluate(
            """() => lstmPanel().content.widgets.flatMap((cell, i) => {
                const tags = cell.model.getMetadata('tags') ?? [];
                if (cell.model.type !== 'code' || tags.includes('raises-exception')) return [];
                return cell.model.outputs.toJSON().filter(o => o.output_type === 'error')
                    .map(o => `cell ${i}: ${o.ename}: ${o.evalue}`);
            })"""
        )

    def cell(self, text):
        """Return the first cell whose source contains ``text``."""
        # Asked of the model: the editor keeps only the lines near the window in the DOM.
        index = self.page.evaluate(
            """text => lstmPanel().content.widgets.findIndex(
                cell => cell.model.sharedModel.getSource().includes(text))""",
            text,
        )
        if index < 0:
            raise LookupError(f"No cell contains {text!r}")
        return self.notebook.locator(".jp-Cell").nth(index)

    def output_of(self, text):
        """Return the output area of the first cell whose source contains ``text``."""
        return self.cell(text).locator(".jp-Cell-outputArea")

    def cell_outputs(self):
        """Return the output area of each code cell, in order."""
        return self.notebook.locator(".jp-CodeCell .jp-Cell-outputArea").all()

    def _scope(self, within):
        if within is None:
            return self.notebook
        return self.page.locator(within) if isinstance(within, str) else within

    def slider(self, label, nth=0, within=None):
        """Return the ``nth`` slider labelled ``label``: all of its text, as shown (typeset)."""
        described = self.page.locator(".widget-label", has_text=_exactly(label))
        sliders = self._scope(within).locator(".widget-slider").filter(has=described)
        return Slider(self, sliders.nth(nth))

    def move_every_slider(self, view):
        """Move each slider in sight in `view` to an end, wait until its picture has changed; returns how many."""
        sliders = view.locator(".widget-slider:visible").all()
        for slider in sliders:
            handle = slider.locator("[role=slider]")
            at_start = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin")
            before = view.locator("svg").first.inner_html()
            handle.press("End" if at_start else "Home")
            self.page.wait_for_function(
                "([view, before]) => view.querySelector('svg').innerHTML !== before",
                arg=[view.element_handle(), before],
                timeout=10_000,
            )
        return len(sliders)

    def click_button(self, label, within=None, nth=0):
        """Click the ``nth`` button that shows, or is named, ``label``."""
        name = re.compile(rf"^\W*{re.escape(label)}$")  # an icon before it counts as a letter
        self._scope(within).get_by_role("button", name=name).nth(nth).click()

    def picture_text(self, within):
        """Return the text of the first visible picture (SVG), one line per text element."""
        return self._scope(within).first.evaluate(
            """root => {
                const isVisible = svg => {
                    const box = svg.getBoundingClientRect();
                    const {visibility} = getComputedStyle(svg);
                    return box.width > 0 && box.height > 0 && visibility === 'visible';
                };
                const svg = [...root.querySelectorAll('svg')].find(isVisible);
                if (!svg) throw new Error('no visible picture');
                return [...svg.querySelectorAll('text, foreignObject')]
                    .map(node => node.textContent.replace(/\\s+/g, ' ').trim())
                    .filter(text => text).join('\\n');
            }"""
        )

    def screenshot(self, path):
        """Save what the window shows as ``path``."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(path))

    def close(self):
        """Close the page and end its kernel."""
        try:
            # Without its handlers, JupyterLab asks before it leaves an unsaved notebook.
            self.context.close()
        except PlaywrightError:
            pass  # the browser is gone: the kernel still has to go
        self.lab.shut_down_kernels(self.path)


class Slider:
    """A slider of ipywidgets, handled as a person would: keys, mouse, or its number."""

    def __init__(self, page, root):
        self.root = root
        self._page = page
        self.handle = root.locator("[role=slider]")
        self.readout = root.locator(".widget-readout")

    @property
    def value(self):
        """The slider's value: a float, or the text if that is no number.

        For a log slider it is the exponent, for a selection slider the place in the list.
        """
        # Not aria-valuenow, which is rounded to one decimal.
        text = self.handle.get_attribute("aria-valuetext")
        try:
            return float(text)
        except ValueError:
            return text

    def press(self, key, times=1):
        """Press ``key`` (ArrowRight, PageUp, Home, ...) on the handle."""
        for _ in range(times):
            self.handle.press(key)

    def drag(self, fraction, steps=20):
        """Drag the handle with the mouse to a fraction (0 to 1) of the track."""
        mouse = self._page.page.mouse
        self.handle.scroll_into_view_if_needed()
        start = _centre(self.handle)
        track = self.root.locator(".noUi-base").bounding_box()
        if self.handle.get_attribute("aria-orientation") == "vertical":
            end = start[0], track["y"] + track["height"] * (1 - fraction)
        else:
            end = track["x"] + track["width"] * fraction, start[1]
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=steps)
        mouse.up()

    def set(self, value):
        """Type ``value`` into the slider's number and press Enter."""
        self.readout.fill(str(value))
        self.readout.press("Enter")


def _centre(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _exactly(text):
    return re.compile(rf"^\s*{re.escape(text)}\s*$")
