"""A JupyterLab server and a headless Chromium for the browser tests."""

import json
import os
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

import nbformat
from nbformat.sign import NotebookNotary

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
            self.url = self._wait_until_up(timeout=180)
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

    def write(self, *cells):
        """Write a notebook of cells, code as text or nbformat's cells, and return its path from the root."""
        cells = [nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        folder = self.root / f"copy-{next(self._copies)}"
        folder.mkdir()
        path = folder / "tiny é.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), path)
        return path.relative_to(self.root).as_posix()

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
