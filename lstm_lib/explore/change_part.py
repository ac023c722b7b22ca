"""Change one part of a trained network's run: a unit's state from another input, an input blanked, a gate clamped."""

from difflib import SequenceMatcher

import numpy as np

from lstm_lib.cell.kinds import GATES
from lstm_lib.cell.lstm import lstm_forward
from lstm_lib.checks import finite_number, instance, one_of, whole_number
from lstm_lib.explore.bounds import bounds_for
from lstm_lib.explore.controls import Text, choice, slider
from lstm_lib.explore.push_state import LooksInside
from lstm_lib.learning.inside import go_on, joined, ledger, with_gate, without_each
from lstm_lib.views.inside_svg import Bars
from lstm_lib.views.theme import number, plain

EDITS = {"transplant (h, C)": "transplant", "blank a step": "blank", "clamp a gate": "gate"}
SHOWN = {"C_t of the changed run": "C", "the ledger": "ledger"}
CLAMPED = {GATES[key].letter: key for key in "fio"}


class ChangePart(LooksInside):
    """Change a part of a trained network's run, and compare with the untouched run.

    edit : "transplant", "blank" or "gate";  step : after which a state is transplanted, or which is blanked
    unit : or `every` unit;  other : the input from which the state comes;  gate, value : what is clamped
    """

    title = "Change a part"
    presets = {
        "a twin's state": {"edit": "transplant", "every": True},
        "switch a unit off": {"edit": "gate", "gate": "o", "value": 0.0, "every": False},
    }

    def __init__(self, subject="film reviews (06)", text=None, network=None, edit="transplant", step=None, unit=0,
                 every=False, other=None, gate="o", value=0.0):  # fmt: skip
        more = {} if step is None else {"step": whole_number("step", step)}
        more |= {} if other is None else {"other": instance("other", other, str)}
        super().__init__(
            subject, text, network, edit=one_of("edit", edit, tuple(EDITS.values())), unit=whole_number("unit", unit, 0),
            every=bool(every), gate=one_of("gate", gate, tuple(CLAMPED.values())), value=finite_number("value", value, 0, 1), **more,
        )  # fmt: skip

    def controls(self, s):
        rows = [*super().controls(s), choice(s, "edit", EDITS, "change"), choice(s, "shown", SHOWN, "show")]
        H = s.subject.params.hidden_size
        if s.edit == "blank":
            return [*rows, self.step_slider(s, "blank step")]
        if s.edit == "transplant":
            rows.append(Text("other", "from", ("other",), value=s.other))
        else:
            rows.append(choice(s, "gate", CLAMPED))
        if H > 1:
            rows.append(choice(s, "every", {"one unit": False, "all units": True}, "in"))
        if not s.every:
            rows += self.unit_slider(s)
        if s.edit == "transplant":
            return [*rows, self.step_slider(s)]
        return [*rows, slider(s, "value", GATES[s.gate].symbol, ("value",), (0.0, 1.0), 0.05)]

    def donor(self, s, tokens):
        """The state (2H,) of another input, as many steps before its end."""
        at = len(tokens) - len(s.rest)
        if at <= 0:
            return np.zeros(2 * s.subject.params.hidden_size)
        last = lstm_forward(s.subject.params, s.subject.encoded("other input", tokens[:at])).last
        return joined(last["h"], last["C"])

    def twin(self, s):
        """The input whose state is the control: as the other one, with a filler in place of every step that differs."""
        tokens, other = s.sequence[0], s.subject.tokens(s.other)
        found = []
        for kind, _, _, a, b in SequenceMatcher(None, tokens, other, autojunk=False).get_opcodes():
            found += other[a:b] if kind == "equal" else [s.subject.filler] * (b - a)
        return found

    def masks(self, s):
        """(H + 1, 2H): the numbers of each unit, and of all."""
        H = s.subject.params.hidden_size
        return np.vstack([np.tile(np.eye(H, dtype=bool), 2), np.ones((1, 2 * H), bool)])

    def chosen(self, s):
        """The row of the chosen unit, or of all."""
        H = s.subject.params.hidden_size
        return H if s.every and H > 1 else s.unit

    def changed(self, s):
        """h and C (T, H) of the changed run."""
        subject, (_, x), t = s.subject, s.sequence, s.step
        if s.edit == "gate":
            trace = self.gated(s, self.chosen(s))
            return trace.h, trace.C
        if s.edit == "blank":
            trace = lstm_forward(subject.params, without_each(x)[:, t - 1])
            return trace.h, trace.C
        now = np.where(
            self.masks(s)[self.chosen(s)], self.donor(s, subject.read("other input", s.other)[0]), s.state
        )
        return s.gone_on(now)

    def gated(self, s, unit):
        """The trace with the gate clamped in a unit, or in all."""
        subject, x = s.subject, s.sequence[1]
        if unit == subject.params.hidden_size:
            return lstm_forward(subject.params, x, clamp={s.gate: s.value})
        return lstm_forward(with_gate(subject.params, s.gate, unit, s.value), x)

    def bars(self, s):
        """The Bars of every change like the chosen one."""
        subject, x, H = s.subject, s.sequence[1], s.subject.params.hidden_size
        untouched, control, words = float(subject.answer(s.trace.h[-1])), None, ""
        labels, now = [*map(str, range(H)), "all"], self.chosen(s)
        if s.edit == "transplant":
            heading = "answer at the end, by transplanted unit"
            states = [self.donor(s, tokens) for tokens in (subject.tokens(s.other), self.twin(s))]
            moved = [np.where(self.masks(s), state, s.state) for state in states]
            ends = subject.answer(go_on(subject.params, s.rest, np.concatenate(moved)).h[-1])
            ends, control = ends[: H + 1], ends[H + 1 :]
            words = f"from “{' '.join(self.twin(s))}”"
        elif s.edit == "blank":
            heading = "answer at the end, by blanked step"
            labels, now = [*map(str, range(1, len(x) + 1))], s.step - 1
            ends = subject.answer(lstm_forward(subject.params, without_each(x)).h[-1])
        else:
            heading = f"answer at the end, by unit in which {GATES[s.gate].letter} is clamped"
            ends = [subject.answer(self.gated(s, unit).h[-1]) for unit in range(H + 1)]
        control = [None] * len(labels) if control is None else map(float, control)
        rows = list(zip(labels, map(float, ends), control, strict=True))
        if H == 1 and s.edit != "blank":
            rows = rows[:1]
        return Bars(heading, rows, now, untouched, words)

    def picture(self, s, before=None):
        h, C = self.changed(s)
        bars, H = self.bars(s), s.subject.params.hidden_size
        where = "all units" if self.chosen(s) == H and H > 1 else f"unit {s.unit}"
        done = {
            "transplant": f"(h, C) of {where} after step {s.step} from “{s.other}”",
            "blank": f"step {s.step} (“{s.sequence[0][s.step - 1]}”) blanked",
            "gate": f"{GATES[s.gate].symbol} clamped at {plain(s.value)} in {where}",
        }[s.edit]
        values = [value for _, value, _ in bars.rows]
        far = int(np.abs(np.array(values) - bars.untouched).argmax())
        label = bars.rows[far][0]
        largest = "all units" if label == "all" else f"{'step' if s.edit == 'blank' else 'unit'} {label}"
        turned = sum((value > s.subject.middle) != (bars.untouched > s.subject.middle) for value in values)
        of = "steps" if s.edit == "blank" else "changes (each unit, and all)" if H > 1 else "change"
        summary = f"“{' '.join(s.sequence[0])}”, {done}."
        if s.subject.verdicts:
            summary += f" Of {len(values)} {of}, {turned} turn{'s' * (turned == 1)} the verdict."
        summary += f" The largest effect is that of {largest} ({number(values[far])})."
        if bars.control:
            summary += f" The control ({bars.control}) gives {number(bars.rows[bars.now][2])}."
        maps = []
        if s.shown == "ledger":
            put = ledger(s.trace)
            maps.append(("untouched run: what each step put into C_T", put, bounds_for(1, put), None))
        return self.drawn(s, h, C, bars, summary, maps, self.rest_differs(s))

    def rest_differs(self, s):
        """A remark if a transplant is of more than one word, as the inputs differ after the step too."""
        rest, theirs = (tokens[-len(s.rest) :] for tokens in (s.sequence[0], s.subject.tokens(s.other)))
        if s.edit != "transplant" or rest == theirs:
            return ""
        both = " and ".join(f"“{' '.join(part)}”" for part in (rest, theirs))
        return f"From here on the two inputs differ ({both}), so more than one {s.subject.called[:-1]} is transplanted. "
