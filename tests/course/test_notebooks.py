"""What every notebook must contain, read from the committed file."""

import base64
import json
import re
import statistics
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from png import fingerprint, made_from  # noqa: E402

BOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
ITEMS = tomllib.loads((Path(__file__).parent / "items.toml").read_text(encoding="utf-8"))
each = pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)


def cells(path, kind=None):
    nb = json.loads(path.read_text(encoding="utf-8"))
    return [c for c in nb["cells"] if kind in (None, c["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def outputs(path):
    return [o for c in cells(path, "code") for o in c["outputs"]]


def test_there_are_notebooks():
    assert BOOKS


@each
def test_every_item_is_taught_in_a_tagged_cell(path):
    tags = {}
    for cell in cells(path):
        for tag in cell["metadata"].get("tags", []):
            tags.setdefault(tag, []).append(cell)
    here = {item for item, books in ITEMS.items() if path.name[:2] in books}
    assert here, "items.toml knows no item for this notebook"
    assert not here - set(tags), "items without a tagged cell"
    items = {tag for tag in tags if re.fullmatch(r"S\d\.\d+", tag)}
    assert not items - here, "tags of items that belong elsewhere"
    for item in here:
        cell = tags[item][0]
        if cell["cell_type"] == "code":
            assert cell["outputs"] or any(o in source(cell) for o in ("def ", "=", "import")), (
                f"{item}: no output"
            )
        else:
            assert len(source(cell)) > 200, f"{item}: a bare mention"


@each
def test_code_cells_are_short_and_were_run_in_order(path):
    code = cells(path, "code")
    sizes = [len([line for line in source(c).splitlines() if line.strip()]) for c in code]
    assert statistics.median(sizes) <= 4 and max(sizes) <= 20
    assert sizes[0] <= 8 and "import" in source(code[0])
    assert [c["execution_count"] for c in code] == list(range(1, len(code) + 1))


@each
def test_setup_sentence_and_imports(path):
    """The sentence is the same in all notebooks, and imports have one form."""
    said, imports = cells(path)[1:3]
    assert source(said) == source(cells(BOOKS[0])[1]) and "`No module named 'lstm_lib'`" in source(said)
    first, gap, *rest = source(imports).splitlines()
    assert (first, gap) == ("import numpy as np", "") and rest
    assert all(re.match(r"from lstm_lib(\.\w+)? import |import lstm_lib as lib$", line) for line in rest)


@each
def test_nothing_breaks_nbval_or_depends_on_the_machine(path):
    for cell in cells(path, "code"):
        assert not re.search(
            r"\binteract(ive)?\s*\(|\bOutput\s*\(|interactive_output|!pip|%pip", source(cell)
        )
    for output in outputs(path):
        assert output["output_type"] != "error"
        assert output.get("name") != "stderr", output
    raw = path.read_text(encoding="utf-8")
    assert "model_id" not in raw and "widget-state" not in raw
    assert not re.search(r"/(work|tmp|root|home|Users)/[\w.-]", raw), "a path of some machine"


@each
def test_pictures_have_descriptions(path):
    for cell in cells(path, "markdown"):
        assert not re.search(r"!\[\s*\]\(", source(cell)), "a picture without alt text"
    for output in outputs(path):
        data = output.get("data", {})
        if svg := "".join(data.get("image/svg+xml", "")):
            root = ET.fromstring(svg)
            assert root.find("{http://www.w3.org/2000/svg}desc").text
            assert len("".join(data["text/plain"])) > 30


@each
def test_pngs_beside_svgs_are_fresh(path):
    for output in outputs(path):
        data = output.get("data", {})
        if svg := "".join(data.get("image/svg+xml", "")):
            png = base64.b64decode("".join(data["image/png"]))
            assert made_from(png) == fingerprint(svg), "stale: run `make refresh`"


@each
def test_attached_pictures_are_those_of_images(path):
    for cell in cells(path, "markdown"):
        names = re.findall(r"\(attachment:([\w.-]+)\)", source(cell))
        assert sorted(names) == sorted(cell.get("attachments", {}))
        for name in names:
            png = base64.b64decode(cell["attachments"][name]["image/png"])
            assert png == (ROOT / "images" / name).read_bytes(), "stale: run `make refresh`"


@each
def test_only_matplotlib_pictures_are_not_compared(path):
    for cell in cells(path, "code"):
        if "nbval-ignore-output" in cell["metadata"].get("tags", []):
            kinds = {k for o in cell["outputs"] for k in o.get("data", [o["output_type"]])}
            assert kinds <= {"image/png", "text/plain"}, "only a matplotlib picture may go unchecked"


@each
def test_numbers_are_rounded(path):
    for output in outputs(path):
        text = "".join(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
        assert not re.search(r"\d\.\d{6,}", text), text


@each
def test_the_opening_and_the_summary(path):
    """The opening: title, one bold question, objectives, minutes; the end: a summary."""
    first, prose = source(cells(path)[0]), "\n".join(source(c) for c in cells(path, "markdown"))
    assert re.match(rf"# {path.name[:2]} · ", first)
    assert re.search(r"\*\*[^*]+\?\*\*", first) and "minutes" in first and "you can" in first
    assert "## Summary" in prose and "comes next" in prose
    assert "deeper" in prose.lower()
