"""Old memory times forget gate, f_t ⊙ C_{t-1}: a row for each unit."""

from lstm_lib.views.layout import WIDTH, Box
from lstm_lib.views.svg import bar, document, gate_bar, rect, text
from lstm_lib.views.theme import (
    MARK,
    MARK_TINT,
    MUTED,
    ROLES,
    beside,
    equals,
    exact,
    gate_number,
    gate_vector,
    number,
    read,
)

TOP, ROW = 62, 52
COLUMNS = {"C_prev": Box(72, 0, 176, 40), "f_t": Box(286, 0, 116, 40), "kept": Box(440, 0, 176, 40)}


def rows(hidden_size):
    """[{column: box}, …]: the boxes of each unit's row."""
    tops = [TOP + ROW * u for u in range(hidden_size)]
    return [{name: Box(c.x, y, c.w, c.h) for name, c in COLUMNS.items()} for y in tops]


def memory_svg(trace, unit=0, limit=10.0):
    """The step's old memory, forget gate and what is kept, as SVG text.

    trace : StepTrace of one vector;  unit : the selected row;  limit : value of a full bar
    """
    H = len(trace.f_t)
    forget, cell = ROLES["f"], ROLES["C"]
    out = []
    heads = [("C_prev", "C_{t-1}", "old memory", cell.ink), ("f_t", "f_t", "forget gate", forget.ink)]
    heads.append(("kept", "f_t ⊙ C_{t-1}", "what is kept", cell.ink))
    for name, sign, words, ink in heads:
        out.append(text(COLUMNS[name].cx, 24, sign, size=17, weight="bold", fill=ink, markup=True))
        out.append(text(COLUMNS[name].cx, 44, words, size=12, fill=MUTED))
    for u, boxes in enumerate(rows(H)):
        y = boxes["f_t"].y
        if u == unit and H > 1:
            out.append(rect(Box(6, y - 7, WIDTH - 12, ROW - 4), fill=MARK_TINT, stroke=MARK, radius=6))
        out.append(text(14, y + 13, f"unit {u}", size=13, anchor="start", fill=MUTED))
        out.append(bar(boxes["C_prev"], trace.C_prev[u], limit, cell.ink))
        out.append(text(267, y + 15, "⊙", size=20))
        out.append(gate_bar(boxes["f_t"], trace.f_t[u], forget))
        out.append(text(421, y + 14, "=", size=20))
        kept, old = trace.kept[u], trace.C_prev[u]
        words = beside(kept, old, show=number)
        out.append(bar(boxes["kept"], kept, limit, cell.ink, ghost=old, weight="bold", words=words))
    y = TOP + ROW * H + 16
    f, C, kept = gate_number(trace.f_t[unit]), _old(trace)[unit], _kept(trace)[unit]
    vectors = f"{gate_vector(trace.f_t)} ⊙ {_listed(_old(trace))} = {_listed(_kept(trace))}"
    out.append(text(WIDTH / 2, y, "f_t ⊙ C_{t-1} = " + vectors, size=15, markup=True))
    one = f"unit {unit}: {f} × {C} {equals(kept, read(f) * read(C))} {kept}"
    out.append(text(WIDTH / 2, y + 24, one, size=14, fill=MARK))
    return document(y + 38, out, "Old memory times forget gate", kept_summary(trace))


def kept_summary(trace):
    """The picture in one sentence."""
    return (
        f"Forget gate {gate_vector(trace.f_t)} times old memory {_listed(_old(trace))} "
        f"keeps {_listed(_kept(trace))}."
    )


def _old(trace):
    return [exact(C, 0) for C in trace.C_prev]


def _kept(trace):
    """What is kept of each unit, with enough digits to differ from the old memory."""
    return [beside(k, C, shown=exact(C, 0)) for k, C in zip(trace.kept, trace.C_prev, strict=True)]


def _listed(texts):
    return f"[{', '.join(texts)}]"
