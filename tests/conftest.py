"""What holds for all tests."""

import os

import pytest

# The workers and their kernels share the machine: with more than one BLAS thread each they spend their
# time waiting for one another, and a training cell of 3 seconds takes a minute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_collection_modifyitems(items):
    """Leave out what only `make proof` runs."""
    if os.environ.get("PROOF") != "1":
        for item in items:
            if item.get_closest_marker("proof"):
                item.add_marker(pytest.mark.skip(reason="runs in `make proof` only"))
