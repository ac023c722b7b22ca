"""Which cases of a test run in `make test`, and which in `make proof` only."""

import os

import pytest

PROOF = os.environ.get("PROOF") == "1"
"""Whether this is `make proof`."""


def quick(cases, some):
    """Cases as parameters of a test; those that are not in `some` run in `make proof` only."""
    return [pytest.param(case, marks=() if case in some else pytest.mark.proof) for case in cases]
