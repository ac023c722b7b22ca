"""`make proof`: the tests that take too long for every change, part by part.

    python tools/proof.py                       # all parts
    python tools/proof.py walks films           # the parts whose names begin so
    python tools/proof.py walks -k LagReach     # with pytest's options; the result is not kept

A part that fails does not stop the others. docs/proof.md has what each part gave when it last ran.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "proof.md"

WALKS = "tests/browser/test_walks.py"
PARTS = {
    "walks-2": ("random walks in the browser: seed 2, and short ones", [WALKS], "not seed3 and not seed4"),
    "walks-3": ("random walks in the browser: seed 3", [WALKS], "seed3"),
    "walks-4": ("random walks in the browser: seed 4", [WALKS], "seed4"),
    "pages": ("layout, notebooks, films and mutants of the page's script", ["tests/browser"], ""),
    "front-ends": ("Notebook 7 and Voila", ["tests/browser/test_fronts.py"], ""),
    "films": ("every frame of every slider, and pairs of choices", ["tests/explore"], ""),
    "cell-mutants": ("mistakes in the cell, each noticed", ["tests/cell"], ""),
    "trained": ("stored runs, trained anew", ["tests/learning", "tests/explore/test_long_memory.py"], ""),
    "processors": ("kernels of other processors, and disturbed rounding", ["tests/test_processors.py"], ""),
    "rest": ("every wrong argument of every public function, and what else there is", ["tests"], ""),
}
"""{part: (what it shows, files and folders, pytest's -k)}. A test is in the part that names its file or the nearest folder."""

PARALLEL = ["-n", "2", "--dist", "worksteal"]
HEAD = """# The last proof

`make proof` runs the tests that take too long for every change, and writes this file; `make proof ARGS=walks` runs the parts whose names begin with *walks*. Each part should take less than 30 minutes on two cores.

| part | what | tests | passed | failed | minutes | when | cores |
|---|---|--:|--:|--:|--:|---|--:|
"""


def arguments(part):
    """What makes pytest collect the tests of a part."""
    _, own, names = PARTS[part]
    others = {path for _, paths, _ in PARTS.values() for path in paths} - set(own)
    below = sorted(path for path in others if any(Path(path).is_relative_to(mine) for mine in own))
    return ["-m", "proof", "-k", names, *(f"--ignore={path}" for path in below), *own]


def run(part, options):
    """Run a part; how many tests there were, how many passed and failed, and the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        report, start = Path(folder) / "report.xml", time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", *PARALLEL, f"--junitxml={report}", *arguments(part)]
        code = subprocess.run([*command, *options], cwd=ROOT, env=os.environ | {"PROOF": "1"}).returncode
        suites = list(ElementTree.parse(report).iter("testsuite")) if report.exists() else []
        count = {
            name: sum(int(suite.get(name)) for suite in suites)
            for name in ("tests", "failures", "errors", "skipped")
        }
        failed = count["failures"] + count["errors"] or int(
            code != 0
        )  # pytest may have ended without a report
        return count["tests"], count["tests"] - failed - count["skipped"], failed, time.monotonic() - start


def keep(part, line):
    """Put a part's line into the table."""
    old = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    lines = {row.split("|")[1].strip(): row for row in old if row.startswith("| ")} | {part: line}
    TABLE.write_text(HEAD + "".join(f"{lines[p]}\n" for p in PARTS if p in lines), encoding="utf-8")


def main(words):
    """Run parts; 1 if any failed."""
    first = next((k for k, word in enumerate(words) if word.startswith("-")), len(words))
    names, options = words[:first], words[first:]
    for name in names:
        if not any(part.startswith(name) for part in PARTS):
            sys.exit(f"{name}: expected some of {', '.join(PARTS)}")
    said, red = [], 0
    for part in [part for part in PARTS if not names or part.startswith(tuple(names))]:
        what = PARTS[part][0]
        print(f"\n{part}: {what}", flush=True)
        tests, passed, failed, seconds = run(part, options)
        red += failed
        said.append(f"{part}: {tests} tests, {passed} passed, {failed} failed, {seconds:.0f} s")
        print(said[-1], flush=True)
        if not options:
            keep(
                part,
                f"| {part} | {what} | {tests} | {passed} | {failed} | {seconds / 60:.1f} | {date.today()} | {os.cpu_count()} |",
            )
    print("", *said, sep="\n")
    return int(red > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
