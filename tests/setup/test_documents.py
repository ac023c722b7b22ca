"""Links in the documents, citation data and issue forms are valid."""

import re
import tomllib
from urllib.parse import unquote

import pytest
import yaml
from needs import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))


def loaded(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def prose(path):
    """A document's text without its code."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"`[^`\n]+`", "", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S))


def anchors(path):
    """The anchors of a document's headings on GitHub."""
    heads = re.findall(r"^#+ (.+)$", prose(path), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_to_files_of_the_project_resolve(path):
    links = re.findall(r"\]\(([^)\s]+)\)", prose(path)) + re.findall(
        r"\b(?:src|href)=\"([^\"]+)\"", prose(path)
    )
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.is_relative_to(ROOT) and target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_the_readme_links_every_document():
    links = set(re.findall(r"\]\(([^)\s#]+)", prose(ROOT / "README.md")))
    documents = {path.relative_to(ROOT).as_posix() for path in DOCUMENTS} | {"CITATION.cff"}
    assert documents - links == {"README.md"}


NAMED = re.compile(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:md|toml|yml|cff|lock))`")
"""A name in backquotes with a folder or an ending; `.venv/` and `.uv/` come with make."""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_that_a_document_names_exist(path):
    names = NAMED.findall(path.read_text(encoding="utf-8"))
    for name in names:
        if not name.startswith((".venv", ".uv")):
            assert any((place / name).exists() for place in (ROOT, ROOT / "lstm_lib")), name


def test_citation_data_are_valid_and_agree_with_pyproject():
    """Required by version 1.2.0 of the format: authors, cff-version, message, title."""
    cff, project = (
        loaded(ROOT / "CITATION.cff"),
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"],
    )
    assert set(cff) == {
        "abstract",
        "authors",
        "cff-version",
        "keywords",
        "license",
        "message",
        "title",
        "type",
        "version",
    }
    assert (cff["cff-version"], cff["type"], cff["license"]) == ("1.2.0", "software", "MIT")
    assert cff["authors"] == [{"name": "The lstm_lib authors"}] and cff["message"]
    assert (cff["title"], cff["abstract"]) == (project["name"], project["description"])
    assert str(cff["version"]) == project["version"] and cff["keywords"] == project["keywords"]


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_forms_are_as_github_wants_them(path):
    form = loaded(path)
    assert set(form) <= {"name", "description", "title", "labels", "body"}
    assert all(isinstance(form[key], str) and form[key].strip() for key in ("name", "description"))
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert fields and all(
        field["type"] in ("input", "textarea", "dropdown", "checkboxes") for field in fields
    )
    for values in ([f["id"] for f in fields], [f["attributes"]["label"] for f in fields]):
        assert len(set(values)) == len(values)
    assert all(re.fullmatch(r"[\w-]+", field["id"]) for field in fields)
    for field in fields:
        assert set(field) <= {"type", "id", "attributes", "validations"}
        assert isinstance(field["validations"]["required"], bool)


def test_there_are_three_forms_with_different_names():
    assert len({loaded(path)["name"] for path in FORMS}) == len(FORMS) == 3
    chooser = loaded(ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml")
    assert chooser == {"blank_issues_enabled": True}


def test_the_glossary_s_code_is_the_library_s():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [re.split(r"\s*\|\s*", line)[1:-1] for line in text.splitlines() if line.endswith(" |")]
    rows = [row for row in rows if row[-1].isdigit()]
    assert len(rows) > 50 and all(len(row) == 5 for row in rows), "every row has its five columns"
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row[2])}
    code = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "lstm_lib").rglob("*.py"))
    assert {name for name in named if not re.search(rf"\b{name}\b", code)} == set()
