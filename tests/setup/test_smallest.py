"""The packages of environment.yml are enough to run the notebooks' tests, and what else is installed or set changes nothing."""

import json
import os
import re
import subprocess
import sys
from importlib import metadata

import pytest
import yaml
from needs import ROOT, skip_unless_ci, uv
from packaging.requirements import Requirement

NOTEBOOK = "notebooks/01_architecture.ipynb"


@pytest.fixture(scope="module")
def wanted():
    """The lines of environment.yml that name packages: conda's, then pip's."""
    lines = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = [line for line in lines if isinstance(line, str) and not line.startswith("python=")]
    (pip,) = (line["pip"] for line in lines if isinstance(line, dict))
    return conda, pip


def run(*command, **more):
    """Run a command in the project's folder; only what `more` says comes from these tests' own settings."""
    ours = ("PYTEST_", "PYTHONPATH", "VIRTUAL_ENV", "PROOF")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(command, cwd=ROOT, env=env | more, capture_output=True, text=True)


def test_pytest_s_settings_need_no_other_plugin(wanted):
    names = {Requirement(line).name for line in wanted[0]} - {"pip"}
    plugins = [
        p.value for name in names for p in metadata.distribution(name).entry_points.select(group="pytest11")
    ]
    assert plugins == ["nbval.plugin"]
    load = [f"-p{plugin}" for plugin in plugins]
    result = run(
        sys.executable, "-m", "pytest", *load, "--collect-only", "-qq", "-pno:cacheprovider", NOTEBOOK,
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


def test_its_packages_alone_run_a_notebook_s_tests(wanted, tmp_path):
    place = tmp_path / "small"
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # The versions of this environment; another job tests the newest.
    versions = tmp_path / "versions.txt"
    versions.write_text("".join(f"{d.name}=={d.version}\n" for d in metadata.distributions()))
    made = run(uv(), "venv", "--quiet", "--python", sys.executable, place)
    assert made.returncode == 0, made.stderr
    conda, pip = wanted
    words = [word for line in pip for word in line.split()]
    made = run(uv(), "pip", "install", "--quiet", "--python", python, "-c", versions, *conda, *words)
    if made.returncode:
        skip_unless_ci(made.stderr)
    listed = run(uv(), "pip", "list", "--python", python)
    assert "pytest" in listed.stdout and "xdist" not in listed.stdout
    result = run(python, "-m", "pytest", "--nbval", "-pno:cacheprovider", NOTEBOOK)
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"\b[1-9]\d* passed", result.stdout)


def test_a_plugin_that_shuffles_leaves_cells_in_order(tmp_path):
    """Installed as pytest-randomly is: pytest finds it by its entry point."""
    (tmp_path / "shuffling.py").write_text("def pytest_collection_modifyitems(items):\n    items.reverse()\n")
    about = tmp_path / "shuffling-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: shuffling\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[pytest11]\nrandomly = shuffling\n")
    listed = run(
        sys.executable, "-m", "pytest", "--collect-only", "-q", "-pno:cacheprovider", NOTEBOOK,
        PYTHONPATH=str(tmp_path),
    )  # fmt: skip
    cells = [int(cell) for cell in re.findall(r"::Cell (\d+)$", listed.stdout, flags=re.M)]
    assert len(cells) > 20 and cells == sorted(cells), listed.stdout + listed.stderr


@pytest.mark.proof
def test_figures_appear_whatever_backend_a_shell_sets(tmp_path):
    """nbval says nothing of this: it asks for inline figures itself."""
    source = "notebooks/02_forget_gate.ipynb"
    made = run(
        sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", tmp_path, source,
        MPLBACKEND="Agg",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr

    def figures(path):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        data = [o.get("data", {}) for cell in cells for o in cell.get("outputs", [])]
        return sum("image/png" in d and "image/svg+xml" not in d for d in data)

    assert figures(tmp_path / "02_forget_gate.ipynb") == figures(ROOT / source) == 4


def test_the_workflow_runs_tests_in_parallel_as_make_does():
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    (parallel,) = re.findall(r"^PARALLEL = (.+)$", make, flags=re.M)
    assert "pytest $(PARALLEL) $(ARGS)" in make
    workflow = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    assert workflow["env"]["PARALLEL"] == parallel
    steps = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    tests = [step for step in steps if re.search(r"\bpytest\b|\bmake test\b", step)]
    assert len(tests) == 4
    assert all(step == "make test" or "pytest ${{ env.PARALLEL }}" in step for step in tests)
