"""Drive a notebook in a real JupyterLab: `NotebookPage` is one that is open in a browser.

The server and the browser are in server.py, one explorer on a page in explorer_page.py, the fixtures in conftest.py.
"""

import json
import re
import secrets
from pathlib import Path
from urllib.parse import quote

from explorer_page import ExplorerPage
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from server import NOTEBOOKS, ROOT, Lab, launch_chromium

__all__ = ["NOTEBOOKS", "ROOT", "Lab", "NotebookPage", "launch_chromium"]

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")

# Console errors that say nothing about a notebook: (pattern, why it is harmless).
HARMLESS = [
    # JupyterLab first puts a picture's `attachment:` address on the page and then replaces it.
    (r"ERR_UNKNOWN_URL_SCHEME \(attachment:", "the picture appears all the same")
]


class NotebookPage:
    """One notebook, open in JupyterLab in a browser context of its own.

    `page` is the Playwright page, `notebook` the locator of the notebook's cells. `console_errors` are kept as they
    come. `url` is another address of the same server, optional.
    """

    def __init__(self, lab, browser, path, width=1280, height=900):
        self.lab, self.path, self.console_errors = lab, path, []
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = self.tab = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._keep_error(f"uncaught: {error}"))
        self.page.add_init_script(PROBE)
        self.page.add_init_script(
            f"""window.lstmPanel = () => [...(window.jupyterapp?.shell.widgets('main') ?? [])]
                .find(panel => panel.context?.path === {json.dumps(path)});"""
        )
        # A workspace of its own: otherwise JupyterLab reopens what was open before.
        workspace = f"test-{secrets.token_hex(4)}"
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

    # --- waiting ----------------------------------------------------------------------------------------

    def wait_for(self, script, what, arg=None, timeout=60):
        """Wait until the function `script` gives true; a failure says `what` never happened.

        Not for an async function: its promise already counts as true.
        """
        try:
            return self.page.wait_for_function(script, arg=arg, timeout=timeout * 1000, polling=50)
        except PlaywrightTimeout:
            dialogs = self.page.locator(".jp-Dialog").all_inner_texts()
            note = f"; a dialog is open: {dialogs}" if dialogs else ""
            raise AssertionError(f"Not within {timeout} s: {what}{note}") from None

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

    def wait_for_explorers(self, timeout=60):
        """Wait until every output that has a widget shows it."""
        script = "() => probe.missing(lstmPanel()).length === 0"
        self.wait_for(script, "every widget is on the page", timeout=timeout)

    def settle(self, timeout=60):
        """Wait until the kernel has run what it was given so far, and that is painted.

        Moves of explorers may go another way (a subshell): what they do is waited for on the page.
        """
        self.start(
            """async () => {
                const kernel = lstmPanel().sessionContext.session.kernel;
                await kernel.requestExecute({code: '', silent: true, store_history: false}).done;
                await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            }"""
        )
        self.finished("the kernel is idle", timeout)

    def start(self, script, arg=None):
        """Call an async function in the page without waiting for it; `finished` waits."""
        # The promise is kept in the page: waiting for it in `evaluate` would have no time limit.
        self.page.evaluate(
            f"""arg => {{
                window.lstmDone = null;
                ({script})(arg).then(() => {{ window.lstmDone = 'done'; }},
                                     error => {{ window.lstmDone = String(error); }});
            }}""",
            arg,
        )

    def finished(self, what, timeout=60):
        """Wait for the end of what `start` started."""
        self.wait_for("() => window.lstmDone !== null", what, timeout=timeout)
        outcome = self.page.evaluate("() => window.lstmDone")
        assert outcome == "done", f"{what}: {outcome}"

    # --- running ----------------------------------------------------------------------------------------

    def command(self, name, args=None, timeout=60):
        """Let JupyterLab execute one of its commands, and wait for its end."""
        self.start("([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, args or {}])
        self.finished(name, timeout)

    def run_all(self, timeout=120):
        """Run every cell, and wait until each has run and every widget has been drawn."""
        self.wait_for_kernel()
        self.command("notebook:run-all-cells", timeout=timeout)
        errors = self.cell_errors()
        assert not errors, f"Run All: {errors}"
        self.wait_for(
            """() => lstmPanel().content.widgets.every(cell =>
                cell.model.type !== 'code' || !cell.model.sharedModel.getSource().trim() ||
                cell.model.executionCount > 0)""",
            "every code cell has a number",
            timeout=timeout,
        )
        self.wait_for_explorers(timeout)
        self.settle(timeout)

    def run(self, text, source=None, wait=True, timeout=60):
        """Run the first cell that contains `text`, with another `source` if one is given."""
        self.page.evaluate(
            """([text, source]) => {
                const notebook = lstmPanel().content;
                const k = notebook.widgets.findIndex(c => c.model.sharedModel.getSource().includes(text));
                if (source !== null) notebook.widgets[k].model.sharedModel.setSource(source);
                notebook.deselectAll();
                notebook.activeCellIndex = k;
            }""",
            [text, source],
        )
        if wait:
            self.command("notebook:run-cell", timeout=timeout)
            self.wait_for_explorers()
        else:
            self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell'); }")

    def ask(self, expression):
        """What the kernel gives for a Python expression that is JSON; it is asked beside the notebook's cells."""
        self.start(
            """async code => {
                window.lstmAnswer = '';
                const request = lstmPanel().sessionContext.session.kernel.requestExecute({code, store_history: false});
                request.onIOPub = message => { window.lstmAnswer += message.content.text ?? message.content.evalue ?? ''; };
                await request.done;
            }""",
            f"import json as _json; print(_json.dumps({expression}))",
        )
        self.finished(expression)
        return json.loads(self.page.evaluate("() => window.lstmAnswer"))

    def cell_errors(self):
        """The errors of the cells that were not meant to fail."""
        return self.page.evaluate(
            """() => lstmPanel().content.widgets.flatMap((cell, i) => {
                const tags = cell.model.getMetadata('tags') ?? [];
                if (cell.model.type !== 'code' || tags.includes('raises-exception')) return [];
                return cell.model.outputs.toJSON().filter(o => o.output_type === 'error')
                    .map(o => `cell ${i}: ${o.ename}: ${o.evalue}`);
            })"""
        )

    # --- finding ----------------------------------------------------------------------------------------

    def cell(self, text):
        """The first cell whose source contains `text`."""
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
        """The output area of the first cell whose source contains `text`."""
        return self.cell(text).locator(".jp-Cell-outputArea")

    def explorer(self, text, nth=0):
        """The ExplorerPage in the output of the first cell whose source contains `text`."""
        return ExplorerPage(self, self.output_of(text).locator("div.lstm").nth(nth))

    def explorers(self):
        """All of them, in the order of the page."""
        return [ExplorerPage(self, section) for section in self.notebook.locator("div.lstm").all()]

    def close(self):
        """Close the page and end its kernel."""
        try:
            # Without its handlers, JupyterLab asks before it leaves an unsaved notebook.
            self.context.close()
        except PlaywrightError:
            pass  # the browser is gone: the kernel still has to go
        self.lab.shut_down_kernels(self.path)
