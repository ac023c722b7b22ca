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
    "nodes": {
        "Nodes.lower: wanted = wanted« or self.names.get(tree, '') → »": "a value without a name is computed when a trace is asked for it",
        "Nodes.lower: if any((sign >« → =» 0 and _is_dot(term) for sign, term in terms(tree))):": "a sign is 1 or −1",
        "Nodes._row: wanted = ''« if stem(wanted) in self.equations.states else wanted → »": "the same as of names above",
        "Nodes.__init__: «self.rows = dict(sorted(self.rows.items(), key=lambda item: item[1].place())) → pass»": "the order of rows is for speed",
        "Nodes._row: if operand not in self.nodes and (not operand.endswith('«_prev → x_t»')):": "a copy is the same",
        "Nodes.operands: return [(«tuple((f.format(**names) for f in rule) → (f.format(**names) for f in rule»), part) for rule, part in zip(slopes, parts, strict=True)]": "it is read once",
        "Row.place: return (place(block), «raised → block» == 'hidden')": "the order of rows is for speed",
    },
    "equations": {
        "Equations._near: near = get_close_matches(stem(name).lower(), letters, «1 → 2»)": "the first is the same",
    },
    "run": {
        "Pass.__init__: p = {name: self.part(name)[:, None] for name in params.kind.«compute → sai»d.vectors}": "both lines have the same parameters",
        "Pass.__init__: i}_{j}': a[name][:, i * H:j * H] for j in range(len(rows) + «1 → 2») for i in range(j)}": "more than is read",
    },
    "generate": {
        "Program._forward: if «node not in don → Tru»e:": "it is computed again",
        "_product: if «k → True»:": "memory that is not used",
    },
    "grammar": {
        "read: if len(found) < 2 or found[0][0] != 'name' or found[1][«1 → 2»] != '=':": "= has one spelling",
        "Reader.factor: return «-tree if isinstance(tree, float) else  → »('sub', 0.0, tree)": "0 − 2 is −2",
    },
    "kind": {
        "Kind.__init__: self.logs = «dict(logs) → logs»": "nobody changes it",
        "Kind.without: left in (field, *(name for name in names(values[field]) if n«ame in values and (not stem(name) → ot stem(name»))):": "a parameter has no line",
        "Kind.without.lines: tten(0.0 if t is None else t)}' for n, t in trees.items()], «bool(wires) → wires»)": "read as true or false",
    },
    "params": {
        ": layout = lru_cache(«maxsize=256 → »)(Layout)": "for speed",
        "Params.__init__: H = array.shape[0] // rows if array.ndim == 2 else «0 → 1»": "refused by its shape as well",
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
