"""Predict first: commit an answer, then the explorer unlocks and shows what happens."""

from dataclasses import dataclass, replace

from lstm_lib.exercises.choice import options_of
from lstm_lib.explore.controls import Button, Text, choice
from lstm_lib.explore.explorer import Explorer, describe
from lstm_lib.explore.state import State
from lstm_lib.subjects.question import question
from lstm_lib.views.theme import words

SURE = ("a guess", "fairly sure", "certain")
ASKING, SKIPPED, COMMITTED = "asking", "skipped", "committed"


@dataclass(frozen=True, eq=False)
class Predicted(State):
    """An answer as far as it is given, whether it was committed, and the state of the explorer below."""

    inner: State
    option: int = -1
    sure: str = ""
    reason: str = ""
    phase: str = ASKING

    ready = property(lambda self: self.option >= 0 and self.sure != "")


class Prediction(Explorer):
    """A question before an explorer, whose controls come with Commit or Skip.

    Commit moves the explorer to the question's `reveal`, and the prediction stands beside the result with a
    sentence why. Skip reveals nothing.
    """

    def __init__(self, asked, explorer):
        if asked.reveal is None or not asked.because:
            raise ValueError(f"predict: {asked.name!r} is no prediction; use choose({asked.name!r})")
        if not isinstance(explorer, Explorer) or type(explorer).follow is not Explorer.follow:
            raise ValueError(
                f"explorer: expected an explorer without a run of its own, got {type(explorer).__name__}"
            )
        self.question, self.inner, self.title, self.films = asked, explorer, explorer.title, explorer.films
        try:
            explorer.picture(self._revealed())
        except (
            Exception
        ) as error:  # the question sets fields that this explorer's state does not have, or not so
            raise ValueError(f"explorer: {asked.name!r} is not about this one ({describe(error)})") from None
        self.presets = explorer.presets
        super().__init__(Predicted(explorer.start))

    def controls(self, s):
        """The question's, until it is answered or skipped; then the explorer's."""
        if s.phase == ASKING:
            return [
                options_of(self.question, s.option),
                choice("sure", "This is", ("sure",), s.sure, SURE),
                Text("reason", "because", ("reason",), value=s.reason, placeholder="if you like"),
                Button("commit", "Commit", group="presets", primary=True, final=True, disabled=not s.ready),
                Button("skip", "Skip, just unlock", group="presets", final=True),
            ]
        again = [Button("answer", "Answer the question", group="presets", final=True)]
        return again * (s.phase == SKIPPED) + self.inner.controls(s.inner)

    def all_controls(self, s):
        """No presets and no Reset before the explorer's controls are there."""
        return self.controls(s) if s.phase == ASKING else super().all_controls(s)

    def moved(self, s, control, value):
        """The question's own controls; all else is the explorer's."""
        name = control.name
        if name == "commit":
            return s.but(phase=COMMITTED, inner=self._revealed())  # whatever was moved after Skip
        if name in ("skip", "answer"):
            return s.but(phase=SKIPPED if name == "skip" else ASKING, inner=self.inner.start)
        if s.phase == ASKING:
            return super().moved(s, control, value)
        return s.but(inner=self.inner.moved(s.inner, control, value))

    def preset(self, s, name):
        return s.but(inner=self.inner.preset(s.inner, name))

    def reset(self, s):
        """The explorer's first state, or the question's case once it is answered; the answer stays."""
        return s.but(inner=self._revealed() if s.phase == COMMITTED else self.inner.start)

    def picture(self, s, before=None):
        """The explorer's picture; once committed, the prediction beside what happened."""
        compared = before.inner if before else self.inner.start if s.phase == COMMITTED else None
        picture = self.inner.picture(s.inner, compared)
        said = {"ask": f"Predict first. {self.question.ask}"}
        if s.phase == ASKING:
            step = "Commit" if s.ready else "Choose an answer and say how sure you are, then commit"
            said["remark"] = f"{step}: the explorer's controls then come in this place."
        elif s.phase == COMMITTED:
            said |= self._verdict(s)
        return replace(picture, **said)

    def _revealed(self):
        return self.inner.start.but(**self.question.reveal)

    def _verdict(self, s):
        """What was predicted, what happens in the question's case, and why."""
        option = self.question.options[s.option]
        reason = f" You wrote: “{s.reason.strip()}”." if s.reason.strip() else ""
        verdict = "✓ as you said" if option.right else f"✗ {option.feedback}"
        result = self.inner.picture(self._revealed()).summary
        remark = f"You said: {option.say} ({s.sure}).{reason}\nResult: {result} {verdict}\nWhy: {self.question.because}"
        return {"remark": words(remark), "good": option.right}

    def plain(self):
        """The question, and the explorer's starting picture in a line."""
        return f"Predict first. {self.question.as_text}\n\n{self.summary}"

    def above(self):
        return f"Predict first. {self.question.as_text}".splitlines()


def predict(name, explorer):
    """Ask the prediction called `name` before `explorer`, whose controls come with Commit or Skip."""
    return Prediction(question(name), explorer)
