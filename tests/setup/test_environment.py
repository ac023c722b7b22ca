"""The ways to install agree, and no file names a path of a machine."""

import importlib
import os
import re
import subprocess
import tomllib

import pytest
import yaml
from jupyter_server.services.kernels.connection.base import BaseKernelWebsocketConnection
from needs import ROOT, skip_unless_ci, uv
from packaging.requirements import Requirement


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def requirements(lines):
    """The lines as {name: SpecifierSet}; conda's ``python=3.12`` is no such line."""
    parsed = [Requirement(line) for line in lines]
    return {req.name.lower(): req.specifier for req in parsed}


@pytest.fixture(scope="module")
def pyproject():
    return tomllib.loads(read("pyproject.toml"))


@pytest.fixture(scope="module")
def conda():
    return yaml.safe_load(read("environment.yml"))


@pytest.fixture(scope="module")
def conda_packages(conda):
    lines = [line for line in conda["dependencies"] if isinstance(line, str)]
    return requirements(line for line in lines if not line.startswith("python="))


def test_conda_environment_works_on_binder(conda):
    assert conda["name"] == "lstm"
    assert conda["channels"] == ["conda-forge"]
    # Binder matches this text to choose its base environment: a range would not do.
    assert [line for line in conda["dependencies"] if str(line).startswith("python")] == ["python=3.12"]
    assert {"pip": ["-e ."]} in conda["dependencies"]
    assert "pip" in conda["dependencies"]


def test_conda_environment_agrees_with_pyproject(pyproject, conda_packages):
    run_time = requirements(pyproject["project"]["dependencies"])
    dev = requirements(pyproject["dependency-groups"]["dev"])
    tests = {name: dev[name] for name in ("nbval", "pytest")}
    others = {name: bound for name, bound in conda_packages.items() if name != "pip"}
    assert others == run_time | tests


def test_conda_python_satisfies_pyproject(pyproject):
    assert "3.12" in Requirement("python" + pyproject["project"]["requires-python"]).specifier


def test_lock_satisfies_pyproject(pyproject):
    locked = {}
    for package in tomllib.loads(read("uv.lock"))["package"]:
        locked.setdefault(package["name"], []).append(package.get("version"))
    wanted = pyproject["project"]["dependencies"] + pyproject["dependency-groups"]["dev"]
    for name, bound in requirements(wanted).items():
        assert locked.get(name), f"{name} is not in uv.lock"
        assert all(version in bound for version in locked[name]), (name, locked[name], bound)


def test_lock_names_no_host_but_pypi():
    lock = read("uv.lock")
    # Any scheme counts, so that a file:// would show; a path in a source has none.
    assert set(re.findall(r"[\w+.-]+://[^/\"]*", lock)) == {
        "https://pypi.org",
        "https://files.pythonhosted.org",
    }
    sources = [package["source"] for package in tomllib.loads(lock)["package"]]
    assert [source for source in sources if "registry" not in source] == [{"editable": "."}]


def test_lock_is_up_to_date():
    # The lock must not depend on a machine's package index.
    env = {name: value for name, value in os.environ.items() if "INDEX" not in name}
    result = subprocess.run(
        [uv(), "lock", "--locked", "--offline"],  # --check by its older name
        cwd=ROOT,
        env=env | {"UV_NO_CONFIG": "1"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


# Not after a letter, a dot or a tilde: https://example.org/work/ and ~/work/ are no machine's.
MACHINE_PATH = re.compile(
    r"(?<![\w.~-])/(?:work|root)/|(?<![\w.~-])/(?:home|Users)/\w[\w.-]*/|\b[A-Z]:\\+Users\\+\w"
)


@pytest.mark.parametrize("folder", ["work", "root", "home/ada", "Users/ada"])
def test_a_path_of_a_machine_is_recognised(folder):
    assert MACHINE_PATH.search(f'see "/{folder}/x.py"')
    assert MACHINE_PATH.search(f"file:///{folder}/x.py")
    assert not MACHINE_PATH.search(f"https://example.org/{folder}/x")
    assert not MACHINE_PATH.search(f"~/{folder}/x")


def test_no_tracked_file_names_a_path_of_a_machine():
    # git refuses checkouts of other users unless they are declared safe.
    git = ["git", "-c", f"safe.directory={ROOT.as_posix()}", "ls-files", "-z"]
    try:
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        skip_unless_ci("this is not a git checkout, or there is no git")
    names = [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]
    if not names:
        skip_unless_ci("git tracks no file yet")
    found = []
    for name in names:
        data = (ROOT / name).read_bytes()
        if b"\0" in data:
            continue  # a picture, or another binary file
        lines = data.decode("utf-8", "replace").splitlines()
        found += [f"{name}:{n}" for n, line in enumerate(lines, 1) if MACHINE_PATH.search(line)]
    assert not found


def test_make_lab_names_a_class_that_exists():
    names = re.findall(r"kernel_websocket_connection_class=(\S+)", read("Makefile"))
    assert names == ["lstm_lib.websocket.NoDelayWebsocketConnection"]
    module, name = names[0].rsplit(".", 1)
    assert issubclass(getattr(importlib.import_module(module), name), BaseKernelWebsocketConnection)
