"""A copy of `tools/bootstrap.sh`, with only the programs on PATH that a test puts there."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="make and sh are not Windows's own")

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "bootstrap.sh"

# A Python of another version, or one without a module; -m venv runs a line of sh.
FAKE_PYTHON = """#!/bin/sh
if [ "$1" = -m ]; then {venv}; exit; fi
exec {real} -c 'import sys; {change}; exec(sys.argv[2])' "$@"
"""

# Records its arguments and makes an environment.
FAKE_UV = """#!/bin/sh
if [ "$1" = --version ]; then exit 0; fi
echo "$*" >> calls
[ -e .venv ] && echo "found $(ls .venv)" >> calls
mkdir -p .venv/bin
ln -sf {real} .venv/bin/python
[ ! -e break ] || kill -9 $$
"""


class Machine:
    """A copy of the project's set-up on a machine with given programs."""

    def __init__(self, folder):
        self.project = folder / "project"
        self.bin = folder / "bin"
        (self.project / "tools").mkdir(parents=True)
        shutil.copy(SCRIPT, self.project / "tools")
        self.write("pyproject.toml", "[project]")
        self.write("uv.lock", "version = 1")
        self.bin.mkdir()
        for name in ("sh", "cat", "cksum", "dirname", "ln", "ls", "mkdir", "rm"):
            (self.bin / name).symlink_to(shutil.which(name))

    def write(self, name, text):
        (self.project / name).write_text(text)

    def add(self, name, script):
        path = self.bin / name
        path.write_text(script)
        path.chmod(0o755)

    def add_python(self, name="python3", change="pass", venv="false"):
        real = shlex.quote(sys.executable)
        self.add(name, FAKE_PYTHON.format(real=real, change=change, venv=venv))

    def add_uv(self, name="uv"):
        self.add(name, FAKE_UV.format(real=shlex.quote(sys.executable)))

    def bootstrap(self):
        """Run the script as `make` does; return exit code and output."""
        result = subprocess.run(
            [self.bin / "sh", "tools/bootstrap.sh"],
            cwd=self.project,
            env={"PATH": str(self.bin)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return result.returncode, result.stdout

    def uv_calls(self):
        """The arguments of uv since the last call of this."""
        calls = self.project / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_no_python(machine):
    assert machine.bootstrap() == (1, "Python 3.11 or newer is needed; found: none.\n")


def test_old_pythons(machine):
    machine.add_python("python3", "sys.version_info = (3, 9, 18)")
    machine.add_python("python", "sys.version_info = (2, 7, 18)")
    machine.add("python3.12", "#!/bin/sh\nexit 127\n")  # a stub, as pyenv leaves them
    assert machine.bootstrap() == (
        1,
        "Python 3.11 or newer is needed; found: python3 3.9, python 2.7.\n",
    )


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_missing_venv_module(machine, module):
    machine.add_python(change=f'sys.version_info = (3, 11, 2); sys.modules["{module}"] = None')
    assert machine.bootstrap() == (
        1,
        "Python 3.11 lacks its venv module: install it (on Debian and Ubuntu: "
        "sudo apt install python3.11-venv), then try again.\n",
    )


def test_venv_module_that_fails(machine):
    venv = 'echo "$*: the disk is full"; exit 1'
    machine.add_python(change="sys.version_info = (3, 11, 2)", venv=venv)
    code, said = machine.bootstrap()
    assert code == 1
    assert "Traceback" not in said
    assert "sudo apt install python3.11-venv" in said
    assert said.endswith("-m venv .uv: the disk is full\n")


def test_uv_is_installed_also_over_an_unfinished_one(machine):
    half_made = machine.project / ".uv" / "bin"
    half_made.mkdir(parents=True)
    (half_made / "uv").write_text("")
    # The fake Python of the new environment always installs uv.
    machine.add_uv("new-uv")
    machine.add("pip", f"#!/bin/sh\nln -s {shlex.quote(str(machine.bin / 'new-uv'))} .uv/bin/uv\n")
    pip = shlex.quote(str(machine.bin / "pip"))
    machine.add_python(venv=f"mkdir .uv .uv/bin && ln -s {pip} .uv/bin/python")
    assert machine.bootstrap() == (0, "Installing uv into .uv/\n")
    assert machine.uv_calls() == [f"sync --frozen --python {machine.bin / 'python3'}"]
    assert machine.bootstrap() == (0, "")


def test_a_later_python_is_used_if_the_first_is_too_old(machine):
    machine.add_python("python3", "sys.version_info = (3, 9, 18)")
    machine.add_python("python3.12", "sys.version_info = (3, 12, 1)")
    machine.add_uv()
    assert machine.bootstrap() == (0, "")
    assert machine.uv_calls() == [f"sync --frozen --python {machine.bin / 'python3.12'}"]


def test_with_uv_no_python_and_no_venv_module_are_needed(machine):
    machine.add_uv()
    assert machine.bootstrap() == (0, "")
    assert machine.uv_calls() == ["sync --frozen"]


def test_nothing_is_done_twice(machine):
    machine.add_uv()
    machine.bootstrap()
    machine.uv_calls()
    assert machine.bootstrap() == (0, "")
    assert machine.uv_calls() == []


@pytest.mark.parametrize("name", ["pyproject.toml", "uv.lock"])
def test_a_change_updates_the_environment(machine, name):
    machine.add_uv()
    machine.bootstrap()
    machine.uv_calls()
    machine.write(name, "changed")
    machine.bootstrap()
    assert machine.uv_calls() == ["sync --frozen", "found bin"]


def test_an_unfinished_environment_is_made_again(machine):
    machine.add_uv()
    machine.write("break", "")
    assert machine.bootstrap()[0] != 0
    machine.uv_calls()
    (machine.project / "break").unlink()
    assert machine.bootstrap() == (0, "")
    assert machine.uv_calls() == ["sync --frozen"]


def test_a_moved_environment_is_made_again(machine):
    machine.add_uv()
    machine.bootstrap()
    machine.uv_calls()
    machine.project = machine.project.rename(machine.project.with_name("moved"))
    machine.bootstrap()
    assert machine.uv_calls() == ["sync --frozen"]


def test_an_environment_without_python_is_made_again(machine):
    machine.add_uv()
    machine.bootstrap()
    machine.uv_calls()
    python = machine.project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("gone")
    machine.bootstrap()
    assert machine.uv_calls() == ["sync --frozen"]


def test_an_environment_made_by_hand_is_kept(machine):
    machine.add_uv()
    bin_ = machine.project / ".venv" / "bin"
    bin_.mkdir(parents=True)
    (bin_ / "python").symlink_to(sys.executable)
    machine.bootstrap()
    assert machine.uv_calls() == ["sync --frozen", "found bin"]
