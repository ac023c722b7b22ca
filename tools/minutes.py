"""How long a notebook takes a learner: `python tools/minutes.py [notebook …]`, section by section.

Prose and code are read at 200 words per minute, fold-outs included. A question takes 1 minute, a prediction 2, an explorer 3
(with a goal 4), an exercise 4. A section whose heading says *Deeper* is not part of the core.
"""

import ast
import json
import re
import sys
from pathlib import Path

from lstm_lib import explore

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
WORDS_PER_MINUTE, QUESTION, PREDICTION, EXPLORER, GOAL, EXERCISE = 200, 1, 2, 3, 4, 4


def sections(path):
    """[heading, minutes] of each section; headings start with "## "."""
    found = [["Opening", 0.0]]
    for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            found[-1][1] += at_the_screen(source) + words(source) / WORDS_PER_MINUTE
            continue
        for part in re.split(r"^(?=## )", source, flags=re.M):
            if part.startswith("## "):
                found.append([part.splitlines()[0].removeprefix("## "), 0.0])
            found[-1][1] += words(part) / WORDS_PER_MINUTE
    return found


def words(markdown):
    """The words a reader reads: a formula counts as one, a link as its text; tags and table lines count as none."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " formula ", markdown, flags=re.S)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<[^>]*>", " ", text))
    return len(re.findall(r"\w[\w'’.-]*", text))


def at_the_screen(code):
    """Minutes for what the cell asks the learner to do."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    names = [call.func.id for call in calls if isinstance(call.func, ast.Name)]
    if "predict" in names:
        return PREDICTION
    if "choose" in names:
        return QUESTION
    if "check" in names:
        return EXERCISE
    if any(name in explore.__all__ and name[0].isupper() for name in names):
        return GOAL if any(word.arg == "goal" for call in calls for word in call.keywords) else EXPLORER
    return 0


def core(path):
    """Minutes of the core."""
    return sum(minutes for heading, minutes in sections(path) if "deeper" not in heading.lower())


def main(paths):
    """A table for each notebook."""
    for path in paths or sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        print(f"{Path(path).name}: core {core(path):.0f} minutes")
        for heading, minutes in sections(path):
            print(f"  {minutes:5.1f}  {heading}")


if __name__ == "__main__":
    main(sys.argv[1:])
