"""Mistakes are put into the cell, one at a time; the other tests of this folder must notice each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ALIVE = {
    "initial": {
        "orthogonal: return Q «* → /» np.sign(np.diag(R))": "a sign is its own inverse",
    },
    "structure": {
        "Gate: keeps: int = «0 → 1»": "said of every gate once the lanes are known",
        "Structure._lane: parts = {before in «factors(term) → term»: term for sign, term in terms(tree) if sign == 1}": "three factors have no lane either way",
    },
    "run": {
        "Pass.__init__: p = {name: self.part(name)[:, None] for name in params.kind.«compute → sai»d.vectors}": "both lines have the same parameters",
        "Pass.__init__: alue.T for key, value in clamp.items()}, layout(params.kind.«sai → compute»d, *params.sizes).where)": "the same",
        "Pass.back: M_T = «np.ascontiguousarray(self.M[:, :known].T) → self.M[:, :known].T»": "for speed",
        "Pass.back: W_x = «np.ascontiguousarray(self.M[:, self.columns['x_t']].T) → self.M[:, self.columns['x_t']].T»": "for speed",
    },
    "operations": {
        "sigma: if «np.result_type(z) == np.float32 → False»:": "slower, and as accurate",
    },
    "grammar": {
        "Reader.sum: op = 'add' if self.take()[«1 → 2»] == '+' else 'sub'": "+ has one spelling",
    },
    "kind": {
        "Kind._mean: if self.orthogonal and [*layout(said, «1 → 2», 1).slots.get('W', ()), ''][0] != 'h_prev':": "the names are those of any size",
        "Kind._mean: if self.orthogonal and [*layout(said, 1, «1 → 2»).slots.get('W', ()), ''][0] != 'h_prev':": "the same",
    },
    "params": {
        ": layout = «lru_cache(Layout) → Layout»": "for speed",
    },
    "resting": {
        ": POINTS, HALVINGS, STEP = (120«2 → 3», 28, 1e-05)": "a grid as fine",
        ": POINTS, HALVINGS, STEP = (1202, 2«8 → 9», 1e-05)": "once more than needed",
        "resting_places: before = (after(C) >«= → » C) == up[k]": "either half ends at the place",
        "next_memory.after: column = C.reshape(-«1 → 2», 1)": "any number below 0 stands for the rest",
    },
}
"""Mutants that nothing can notice, with the reason why each computes the same. First see whether the code is needed."""

CELL = Path(__file__).parents[2] / "lstm_lib" / "cell"
FILES = sorted({path.stem for path in CELL.glob("*.py")} - {"__init__", "kinds", "layouts", "differences"})


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
