"""Mistakes are put into the cell, one at a time; the other tests of this folder must notice each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ALIVE = {
    "activations": {
        "sigmoid_of: return (np.where(z >«= → » 0, 1.0, e) / (1.0 + e)).astype(z.dtype)": "e is 1 at 0",
    },
    "gates": {
        "Gate.but: changes['sees'] = (*«self.sees, *also → also, *self.sees»)": "what a gate sees has no order",
    },
    "initial": {
        "orthogonal: return Q «* → /» np.sign(np.diag(R))": "a sign is its own inverse",
    },
    "lstm_fast": {
        "backward: W_hT = «np.ascontiguousarray(params.W[:, :H].T) → params.W[:, :H].T»": "for speed",
    },
    "resting": {
        ": POINTS, HALVINGS, STEP = (120«2 → 3», 28, 1e-05)": "a finer grid",
        ": POINTS, HALVINGS, STEP = (1202, 2«8 → 9», 1e-05)": "a digit more than is kept",
        "next_memory.after: column = C.reshape(-«1 → 2», 1)": "NumPy takes any negative number",
        "resting_places: a, b = (grid[k], grid[k + «1 → 2»])": "a wider bracket, of the same place",
        "resting_places: before = (after(C) >«= → » C) == up[k]": "from a place itself, either half has it at an end",
    },
    "rnn": {
        "OrthogonalRNN.random: def random(self, D, H, rng, forget_bias=«1. → »0):": "no gate of it keeps anything",
        "OrthogonalRNN.random: def random(self, D, H, rng, forget_bias=«1.0 → 2»):": "no gate of it keeps anything",
    },
}
"""Mutants that nothing can notice, with the reason why each computes the same. First see whether the code is needed."""

CELL = Path(__file__).parents[2] / "lstm_lib" / "cell"
FILES = sorted(
    {path.stem for path in CELL.glob("*.py")} - {"__init__", "kinds", "params", "layouts", "differences"}
)


@pytest.mark.proof
@pytest.mark.skipif(not hasattr(os, "fork"), reason="each mutant is a fork")
@pytest.mark.parametrize("file", FILES)
def test_every_mutant_is_noticed(file):
    script = Path(__file__).with_name("cell_mutants.py")
    ran = subprocess.run([sys.executable, script, file], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    alive = {line[4:] for line in ran.stdout.splitlines() if line.startswith("*** ")}
    known = set(ALIVE.get(file, ()))
    assert not (alive - known), "not noticed; a test is missing, or code that nobody needs"
    assert not (known - alive), "noticed, or gone; take it off the list"
