"""The picture of docs/design.md: the layers of lstm_lib, each of which imports only from lower ones."""

from lstm_lib.views.layout import Box
from lstm_lib.views.svg import arrow, document, rect, text
from lstm_lib.views.theme import GRID, MUTED, WIRE

LAYERS = (
    {"checks": ("checks of the arguments", "of public functions")},
    {"cell": ("parameters, one step, sequences, gradients,", "all kinds of cell")},
    {"learning": ("tasks, network, optimisers, training,", "a run that can be stopped")},
    {"views": ("pictures: trace → SVG text", "theme, charts, plots"), "judge": ("verdicts on answers:", "right, unfinished, wrong")},
    {"subjects": ("questions and exercises by subject,", "with their named mistakes")},
    {"explore": ("state, controls, picture, films; the page's", "JavaScript; one file per explorer")},
    {"exercises": ("check, choose, predict, and their", "widgets")},
)  # fmt: skip
"""{module or folder: two lines of text} of each layer, the lowest first."""

HEIGHT, GAP, LEFT, RIGHT, TOP = 58, 18, 84, 536, 64


def rooms_svg():
    """The layers from top to bottom, with the notebooks above them."""
    out = [
        rect(Box(LEFT, 14, RIGHT - LEFT, 32), radius=8, stroke=WIRE, dash="5 3"),
        text((LEFT + RIGHT) / 2, 35, "notebooks/", fill=MUTED),
    ]
    for k, rooms in enumerate(reversed(LAYERS)):
        y = TOP + k * (HEIGHT + GAP)
        width = (RIGHT - LEFT - GAP * (len(rooms) - 1)) / len(rooms)
        level = str(len(LAYERS) - 1 - k)
        out.append(text(LEFT - 14, y + HEIGHT / 2 + 5, level, size=16, anchor="end", fill=MUTED))
        for n, (name, lines) in enumerate(rooms.items()):
            box = Box(LEFT + n * (width + GAP), y, width, HEIGHT)
            out.append(rect(box, GRID, WIRE, width=1.5, radius=8))
            whole = len(rooms) == 1
            across, start = (box.x + 14, "start") if whole else (box.cx, "middle")
            down = y + HEIGHT / 2 + 6 if whole else y + 19
            out.append(text(across, down, name, size=17 if whole else 15, weight="bold", anchor=start))
            for row, line in enumerate(lines):
                where = (box.x + 130, y + 25 + 19 * row) if whole else (box.cx, y + 36 + 15 * row)
                out.append(text(*where, line, size=13 if whole else 12, anchor=start))
    last = TOP + len(LAYERS) * (HEIGHT + GAP) - GAP
    out.append(arrow(RIGHT + 26, TOP, RIGHT + 26, last, stroke=WIRE, width=2))
    for row, word in enumerate(("imports", "point", "down")):
        y = (TOP + last) / 2 - 12 + 19 * row
        out.append(text(RIGHT + 40, y, word, size=13, anchor="start", fill=MUTED))
    names = "; ".join(" and ".join(rooms) for rooms in LAYERS)
    desc = (
        f"The layers of lstm_lib from the lowest: {names}. Each imports only from itself and from lower ones."
    )
    return document(last + 16, out, "The layers of lstm_lib", desc)
