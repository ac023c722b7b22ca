"""Mutants: explorer.js with a mistake in it, which the tests must catch."""

from pathlib import Path

import lstm_lib.explore

SOURCE = (Path(lstm_lib.explore.__file__).parent / "explorer.js").read_text(encoding="utf-8")

MUTANTS = {
    "a frame shifted by one": [("columns[c][j]]", "columns[c][Math.max(0, j - 1)]]")],
    "a stale film kept": [
        ("function dropFilm() { film = asked = request = null; epoch++; delete root.dataset.film; }", "function dropFilm() {}"),
    ],
    "a patch to the wrong element": [("const node = nodes[i];", "const node = nodes[i + 1] ?? nodes[i];")],
    "a late answer wins": [
        ("if (now.n < latest) return;", ""),
        ("if (now.client !== me || now.seq >= filmed) showNow();", "showNow();"),
    ],
    "a value reported back": [
        ("if (!busy) showValue(now.value);", "if (!busy) showValue(now.value);\n      if (!busy && range.value != now.value) range.oninput();"),
    ],
    "a move lost": [("send({ do: 'move', after, ...move });", "if (move.seq % 7) send({ do: 'move', after: 0, ...move });")],
}  # fmt: skip


def mutated(name):
    """The source with this mistake."""
    source = SOURCE
    for right, wrong in MUTANTS[name]:
        assert source.count(right) == 1, f"explorer.js has changed; update the mutant {name!r}"
        source = source.replace(right, wrong)
    return source


def cell(source):
    """A notebook cell after which new explorers use this JavaScript."""
    return f"from lstm_lib.explore.page import Page\nPage._esm = {source!r}"
