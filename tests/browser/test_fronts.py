"""Explorers in Notebook 7 and in Voila."""

import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from lab import Lab
from server import _free_port

CELLS = ("from lstm_lib.explore import CellExplorer, MemoryDecay", "MemoryDecay()", "CellExplorer()")
pytestmark = pytest.mark.proof


def moves(page, url, run=None):
    """Open a page, run it if that is needed, and move a slider and a button in it."""
    page.goto(url)
    if run:
        page.get_by_text(run).first.wait_for(timeout=60_000)
        page.wait_for_timeout(3000)
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")
    decay = page.locator(".lstm").nth(0)
    decay.wait_for(timeout=60_000)
    decay.locator("[data-control=n] input[type=range]").focus()
    page.keyboard.press("End")
    decay.locator(".lstm-summary", has_text="after 100 steps").wait_for(timeout=60_000)
    cell = page.locator(".lstm").nth(1)
    cell.locator("[data-control='count up']").click()
    cell.locator(".lstm-summary", has_text="Clamped: f, i, o, C̃.").wait_for(timeout=60_000)


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@contextmanager
def served(module, lab, options):
    """Another kind of server on the same folder: its address, and its token."""
    port, token = _free_port(), secrets.token_hex(8)
    command = [sys.executable, "-m", module, *(o.format(port=port, token=token) for o in options)]
    process = subprocess.Popen(
        command, cwd=lab.root, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}", token
    finally:
        process.terminate()
        process.wait(60)


def wait_for_port(port):
    """Wait until a server accepts connections. No page is asked for: each request to Voila runs the notebook."""
    for _ in range(240):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"nothing answers at port {port}")


def test_notebook_7(tmp_path, page):
    options = ["--no-browser", "--ip=127.0.0.1", "--port={port}", "--IdentityProvider.token={token}", "--allow-root",
               "--JupyterNotebookApp.expose_app_in_browser=True"]  # fmt: skip
    with Lab(tmp_path) as lab:
        path = lab.write(*CELLS)
        with served("notebook", lab, options) as (url, token):
            moves(page, f"{url}/notebooks/{path}?token={token}", run="MemoryDecay()")


def test_voila(tmp_path, page):
    with Lab(tmp_path) as lab:
        options = [lab.write(*CELLS), "--no-browser", "--port={port}", "--Voila.ip=127.0.0.1", "--token=''"]
        with served("voila", lab, options) as (url, _):
            moves(page, url)
