"""What the set-up tests need."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def skip_unless_ci(reason):
    """Skip, but fail on CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def uv():
    """The uv on PATH, or the one that make has put into .uv/."""
    found = shutil.which("uv") or shutil.which("uv", path=ROOT / ".uv" / "bin")
    if found is None:
        skip_unless_ci("uv is neither on PATH nor in .uv/")
    return found
