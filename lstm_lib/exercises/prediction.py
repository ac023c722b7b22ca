"""Predictions: the learner commits an answer, and then the explorer is unlocked and shows the result."""

from dataclasses import dataclass, replace

from lstm_lib.exercises.choice import options_of
from lstm_lib.explore.controls import Button, Text, choice
from lstm_lib.explore.explorer import Explorer, describe
from lstm_lib.explore.state import State
from lstm_lib.subjects.question import question
from lstm_lib.views.picture import as_image, fold_out, paragraphs
from lstm_lib.views.theme import words

SURE = ("a guess", "fairly sure", "certain")
ASKING, SKIPPED, COMMITTED = "asking", "skipped", "committed"


@dataclass(frozen=True, eq=False)
class Predicted(State):
    """The answer so far, whether it was committed, and the state of the explorer."""

    inner: State
    option: int = -1
    sure: str = ""
    reason: str = ""
    phase: str = ASKING

    ready = property(lambda self: self.option >= 0 and self.sure != "")


class Prediction(Explorer):
    """A question about an explorer, whose controls appear after Commit or Skip.

    Commit sets the explorer to the question's `reveal`, and shows prediction, result and reason. Skip reveals nothing.
    """

    def __init__(self, asked, explorer):
        if asked.reveal is None or not asked.because:
            raise ValueError(f"predict: {asked.name!r} is not a prediction; use choose({asked.name!r})")
        if not isinstance(explorer, Explorer) or type(explorer).follow is not Explorer.follow:
            raise ValueError(f"explorer: expected one that trains nothing, got {type(explorer).__name__}")
        self.question, self.inner, self.title, self.films = asked, explorer, explorer.title, explorer.films
        try:
            explorer.picture(self._revealed())
        except Exception as error:  # this state has no such fields, or other shapes
            raise ValueError(
                f"explorer: {asked.name!r} is not about this explorer ({describe(error)})"
            ) from None
        self.presets = explorer.presets
        super().__init__(Predicted(explorer.start))

    def controls(self, s):
        """The question's controls until Commit or Skip, then the explorer's."""
        if s.phase == ASKING:
            return [
                options_of(self.question, s),
                choice(s, "sure", SURE, "This is"),
                Text("reason", "because", ("reason",), value=s.reason, placeholder="optional"),
                Button("commit", "Commit", group="presets", primary=True, final=True, disabled=not s.ready),
                Button("skip", "Skip the question", group="presets", final=True),
            ]
        again = [Button("answer", "Answer the question", group="presets", final=True)]
        return again * (s.phase == SKIPPED) + self.inner.controls(s.inner)

    def all_controls(self, s):
        """No presets and no Reset before Commit or Skip."""
        return self.controls(s) if s.phase == ASKING else super().all_controls(s)

    def moved(self, s, control, value):
        """Moves of the question's controls; all others are moves of the explorer."""
        name = control.name
        if name == "commit":
            return s.but(phase=COMMITTED, inner=self._revealed())  # also undoes what was moved after Skip
        if name in ("skip", "answer"):
            return s.but(phase=SKIPPED if name == "skip" else ASKING, inner=self.inner.start)
        if s.phase == ASKING:
            return super().moved(s, control, value)
        return s.but(inner=self.inner.moved(s.inner, control, value))

    def preset(self, s, name):
        return s.but(inner=self.inner.preset(s.inner, name))

    def reset(self, s):
        """The explorer's first state, or after Commit the revealed one; the answer stays."""
        return s.but(inner=self._revealed() if s.phase == COMMITTED else self.inner.start)

    def picture(self, s, before=None):
        """The explorer's picture; after Commit, with the prediction and the result."""
        compared = before.inner if before else self.inner.start if s.phase == COMMITTED else None
        picture = self.inner.picture(s.inner, compared)
        texts = {"ask": f"Predict first. {self.question.ask}"}
        if s.phase == ASKING:
            step = "Commit" if s.ready else "Choose an answer and say how sure you are, then commit"
            texts["remark"] = f"{step}. The explorer's controls then replace these."
        elif s.phase == COMMITTED:
            texts |= self._verdict(s)
        return replace(picture, **texts)

    def _revealed(self):
        return self.inner.start.but(**self.question.reveal)

    def _verdict(self, s):
        """The prediction, the result, and the reason."""
        option = self.question.options[s.option]
        reason = f" Your reason: “{s.reason.strip()}”." if s.reason.strip() else ""
        verdict = "✓ as you predicted" if option.right else f"✗ {option.feedback}"
        result = self.inner.picture(self._revealed()).summary
        remark = f"Your prediction: {option.say} ({s.sure}).{reason}\nResult: {result} {verdict}\nWhy: {self.question.because}"
        return {"remark": words(remark), "good": option.right}

    def plain(self):
        return f"Predict first. {self.question.as_text}\n\n{self.summary}"

    def html(self):
        asked = paragraphs(f"Predict first. {self.question.as_text}")
        result = self.inner.picture(self._revealed()).summary
        return (
            asked
            + as_image(self.svg, self.summary)
            + fold_out("Answer", paragraphs(f"{result}\n{self.question.answer}"))
        )


def predict(name, explorer):
    """Ask the prediction `name` about `explorer`, whose controls appear after Commit or Skip."""
    return Prediction(question(name), explorer)
