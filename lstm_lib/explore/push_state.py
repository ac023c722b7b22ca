"""Push the state of a trained network in a direction, and see what becomes of its answer."""

import numpy as np

from lstm_lib.checks import finite_number, instance, one_of, whole_number
from lstm_lib.explore.bounds import bounds_for
from lstm_lib.explore.controls import Text, Whole, choice, slider
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.inside_state import DRAWS, KINDS_OF_SUBJECTS, Inside, stored_subject
from lstm_lib.learning.inside import as_long_as, go_on
from lstm_lib.views.inside_svg import Answer, Curves, inside_svg
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import MARK, number, percent, plain
from lstm_lib.views.twins_svg import Column

STRONGEST = 4.0
STRENGTHS = np.linspace(-STRONGEST, STRONGEST, 17)
DIRECTIONS = {"difference of class means": "means", "probe": "probe", "one unit": "unit", "random": "random"}


class LooksInside(Explorer):
    """What the explorers of a trained network's inside have in common: its choice, its input, and the two runs.

    subject : "film reviews (06)", "running sum (02)" or "latch (04)";  text : the input, by default an example
    network : one of your own, trained on the same task
    """

    def __init__(self, subject="film reviews (06)", text=None, network=None, **more):
        one_of("subject", subject, tuple(KINDS_OF_SUBJECTS))
        self.subjects = {name: stored_subject(name) for name in KINDS_OF_SUBJECTS}
        if network is not None:
            self.subjects[subject] = KINDS_OF_SUBJECTS[subject][0](network)
        chosen = self.subjects[subject]
        text = chosen.text if text is None else instance("text", text, str)
        start = Inside(chosen, text, **{"step": chosen.step, "other": chosen.other} | more)
        super().__init__(start.checked())

    def controls(self, s):
        return [
            choice(s, "subject", self.subjects, "network"),
            Text("text", "input", ("text",), value=s.text),
        ]

    def moved(self, s, control, value):
        if control.name == "subject":
            return s.with_subject(value).checked()
        return super().moved(s, control, value).checked()

    def preset(self, s, name):
        return self.start.with_subject(self.subjects["film reviews (06)"]).but(**self.presets[name]).checked()

    def step_slider(self, s, label="change after step"):
        return Whole("step", label, ("step",), value=s.step, low=1, high=len(s.sequence[0]) - 1)

    def unit_slider(self, s):
        H = s.subject.params.hidden_size
        return [Whole("unit", "unit", ("unit",), value=s.unit, high=H - 1)] if H > 1 else []

    def drawn(self, s, h, C, panel, summary, maps=(), remark=""):
        """The Picture of a changed run, whose states are h and C (T, H)."""
        subject, trace = s.subject, s.trace
        columns = [Column(token, subject.known(token)) for token in s.sequence[0]]
        gap = np.abs(C - trace.C)
        runs = subject.answer(trace.h), subject.answer(h)
        low, high = subject.low, subject.high
        if max(map(np.max, runs)) > high or min(map(np.min, runs)) < low:
            low, high = bounds_for(high, *runs)
        maps = [
            *(maps or [("C_t of the changed run", C, bounds_for(1, C), None)]),
            ("|ΔC|: how far it is from the untouched run", gap, (0.0, bounds_for(1, gap)[1]), MARK),
        ]
        answer = Answer(subject.heading, runs, low, high, subject.middle)
        summary = f"{summary} {self.told(s, *(float(run[-1]) for run in runs))}"
        unknown = [token for token in s.sequence[0] if not subject.known(token)]
        remark += f"Unknown words, all read as one: {', '.join(unknown)}." if unknown else ""
        svg = inside_svg(columns, maps, s.unit, s.step, answer, panel, self.title, summary)
        return Picture(svg, summary, remark)

    @staticmethod
    def told(s, before, after):
        """Both answers at the end in words."""
        names, middle = s.subject.verdicts, s.subject.middle
        show = percent if names else number
        turned = "turns" if (before > middle) != (after > middle) else "stays"
        verdict = f"; the verdict {turned} ({names[int(after > middle)]})" if names else ""
        return f"Answer at the end: {show(before)} untouched, {show(after)} changed{verdict}."


class PushState(LooksInside):
    """After a step, (h, C) of a trained network is moved in a direction, and the rest of the input is read from there.

    step : after which;  direction : "means", "probe", "unit" or "random";  strength : from −4 to 4, in units of the
    difference of the class means;  unit : for the direction "unit"
    """

    title = "Push the state"
    presets = {
        "not": {"text": "the film was not good last week", "step": 4, "direction": "means", "strength": -1.0},
        "far from the end": {"text": "the film was good we saw it last week with friends in town after dinner",
                             "step": 4, "direction": "means", "strength": 1.0},
    }  # fmt: skip

    def __init__(self, subject="film reviews (06)", text=None, network=None, step=None, direction="unit", strength=0.0,
                 unit=0):  # fmt: skip
        more = {} if step is None else {"step": whole_number("step", step)}
        super().__init__(
            subject, text, network, direction=one_of("direction", direction, tuple(DIRECTIONS.values())),
            strength=finite_number("strength", strength, -STRONGEST, STRONGEST), unit=whole_number("unit", unit, 0), **more,
        )  # fmt: skip

    def controls(self, s):
        rows = [*super().controls(s), choice(s, "direction", DIRECTIONS), self.step_slider(s)]
        if s.direction == "unit":
            rows += self.unit_slider(s)
        if s.direction == "random":
            rows.append(Whole("draw", "random direction", ("draw",), value=s.draw, high=DRAWS - 1))
        return [*rows, slider(s, "strength", "strength", ("strength",), (-STRONGEST, STRONGEST), 0.25)]

    def direction(self, s):
        """The chosen direction (2H,), as long as the difference of the class means."""
        subject, H = s.subject, s.subject.params.hidden_size
        only = np.zeros(2 * H)
        only[[s.unit, H + s.unit]] = subject.means[[s.unit, H + s.unit]]
        chosen = {
            "means": subject.means, "probe": subject.probe.weights, "unit": only, "random": subject.random[s.draw],
        }[s.direction]  # fmt: skip
        return as_long_as(chosen, np.linalg.norm(subject.means))

    def picture(self, s, before=None):
        subject, length = s.subject, np.linalg.norm(s.subject.means)
        ways = np.array([self.direction(s), *(as_long_as(d, length) for d in subject.random)])
        strengths = np.unique([*STRENGTHS, s.strength])
        pushed = s.state + strengths[:, None] * ways[:, None]  # (1 + DRAWS, K, 2H)
        flat = pushed.reshape(-1, pushed.shape[-1])
        ends = subject.answer(go_on(subject.params, s.rest, flat).h[-1]).reshape(pushed.shape[:2])
        now = s.state + s.strength * ways[0]
        panel = Curves(strengths, ends, subject.probe.read(pushed), s.strength, subject.reads)
        called = {
            "means": "the difference of class means", "probe": "the probe's weights", "unit": f"unit {s.unit}",
            "random": f"random direction {s.draw}",
        }[s.direction]  # fmt: skip
        read = [percent(subject.probe.read(state)) for state in (s.state, now)]
        as_far = ends[1:, strengths.tolist().index(s.strength)]
        turned = ((as_far > subject.middle) != (subject.answer(s.trace.h[-1]) > subject.middle)).sum()
        control = (
            f"{turned} of {DRAWS} random directions turn the verdict"
            if subject.verdicts
            else f"{DRAWS} random directions end from {number(as_far.min())} to {number(as_far.max())}"
        )
        summary = (
            f"“{' '.join(s.sequence[0])}”, pushed after step {s.step} by {plain(s.strength)} along {called}. "
            f"The probe reads “{subject.reads}”: {read[0]} before, {read[1]} after. "
            f"Pushed as far, {control}."
        )
        return self.drawn(s, *s.gone_on(now), panel, summary)
