"""`make proof` runs each test that is marked `proof` once, and goes on after a failure."""

import os
import subprocess
import sys

import pytest
from needs import ROOT

sys.path.append(str(ROOT / "tools"))

import proof  # noqa: E402


def collected(*arguments):
    """The ids of the tests that pytest collects."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *arguments]
    ran = subprocess.run(command, cwd=ROOT, env=os.environ | {"PROOF": "1"}, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return [line for line in ran.stdout.splitlines() if line.startswith("tests/") and "::" in line]


@pytest.mark.proof
def test_each_test_of_make_proof_is_in_one_part():
    parts = {part: collected(*proof.arguments(part)) for part in proof.PARTS}
    assert all(parts.values())
    assert sorted(test for tests in parts.values() for test in tests) == sorted(
        collected("-m", "proof", "tests")
    )


def test_the_parts_files_are_there_and_each_is_named_by_one_part_or_divided_by_names():
    named = [(path, names) for _, paths, names in proof.PARTS.values() for path in paths]
    assert len(set(named)) == len(named) and all((ROOT / path).exists() for path, _ in named)


def test_a_part_that_fails_does_not_stop_the_others(monkeypatch, tmp_path, capsys):
    ran, table = [], tmp_path / "proof.md"
    table.write_text(
        "| films | … | 3 | 3 | 0 | 1.0 | 2020-01-01 | 2 |\n| gone | … | 1 | 1 | 0 | 1.0 | 2020-01-01 | 2 |\n"
    )

    def run(part, options):
        ran.append(part)
        return (4, 3, 1, 61.0) if part == "walks-3" else (2, 2, 0, 90.0)

    monkeypatch.setattr(proof, "run", run)
    monkeypatch.setattr(proof, "TABLE", table)
    assert proof.main(["walks", "pages"]) == 1 and ran == ["walks-2", "walks-3", "walks-4", "pages"]
    assert "walks-3: 4 tests, 3 passed, 1 failed, 61 s\nwalks-4: 2 tests" in capsys.readouterr().out
    rows = [
        line.split(" | ") for line in table.read_text(encoding="utf-8").splitlines() if line[:6] != "| part"
    ]
    rows = {row[0].removeprefix("| "): row[2:6] for row in rows if len(row) == 8}
    assert list(rows) == ["walks-2", "walks-3", "walks-4", "pages", "films"]
    assert rows["walks-3"] == ["4", "3", "1", "1.0"] and rows["films"] == ["3", "3", "0", "1.0"]

    assert proof.main(["rest", "-k", "Batch"]) == 0 and "rest" not in table.read_text(encoding="utf-8")
    assert proof.main([]) == 1 and ran[-len(proof.PARTS) :] == list(proof.PARTS)
    with pytest.raises(SystemExit, match="^walk5: expected some of walks-2, "):
        proof.main(["walk5"])


def test_pytest_s_counts_are_read_and_no_report_is_a_failure(monkeypatch):
    monkeypatch.setitem(proof.PARTS, "some", ("", ["tests/setup/test_documents.py"], ""))
    monkeypatch.setattr(proof, "arguments", lambda part: ["-k", "links_to_files", *proof.PARTS[part][1]])
    monkeypatch.setattr(proof, "PARALLEL", [])
    tests, passed, failed, seconds = proof.run("some", [])
    assert tests == passed > 5 and failed == 0 < seconds
    assert proof.run("some", ["--no-such-option"])[:3] == (0, -1, 1)
