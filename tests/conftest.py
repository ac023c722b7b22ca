"""What holds for all tests."""

import os

import pytest
from hypothesis import settings

# The workers and their kernels share the machine: with more than one BLAS thread each they spend their
# time waiting for one another, and a training cell of 3 seconds takes a minute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How long an example takes says more of the machine's load than of the code.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


def pytest_addoption(parser):
    parser.addoption(
        "--write-answers", action="store_true", help="write what is said of the answers on record"
    )


def pytest_collection_modifyitems(items):
    """Leave out what only `make proof` runs."""
    if os.environ.get("PROOF") != "1":
        for item in items:
            if item.get_closest_marker("proof"):
                item.add_marker(pytest.mark.skip(reason="runs in `make proof` only"))
