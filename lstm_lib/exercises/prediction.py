"""Predict first: commit an answer, then the explorer unlocks and shows what happens."""

from __future__ import annotations

import ipywidgets as widgets

from lstm_lib.exercises.panel import Panel, asked, boxed, options_of
from lstm_lib.exercises.question import question
from lstm_lib.views.theme import words as symbols

__all__ = ["Prediction", "predict"]

SURE = ("a guess", "fairly sure", "certain")


class Prediction(Panel):
    """A question over a locked explorer; Commit or Skip unlocks it.

    On Commit the explorer moves to the question's `reveal` state, and the prediction stands beside
    the result with a sentence why. Skip unlocks and reveals nothing.
    """

    def __init__(self, asks, explorer):
        if asks.reveal is None or not asks.because:
            raise ValueError(
                f"predict: {asks.name!r} is a choice, not a prediction; use choose({asks.name!r})"
            )
        self.question, self.explorer = asks, explorer
        self.options = options_of(asks)
        self.sure = widgets.ToggleButtons(
            options=SURE, value=None, description="This is", style={"description_width": "auto"}
        )
        self.reason = widgets.Text(
            placeholder="because … (if you like)", layout={"width": "calc(100% - 6px)"}
        )
        self.commit = widgets.Button(description="Commit", button_style="primary", icon="lock")
        self.skip = widgets.Button(description="Skip, just unlock")
        self.answer = widgets.HTML()
        explorer.lock()
        self.commit.on_click(lambda _: self._commit())
        self.skip.on_click(lambda _: self._skip())
        buttons = widgets.Box([self.commit, self.skip]).add_class("lstm-row")
        ask = asked("Predict first. " + asks.ask)
        super().__init__([ask, self.options, self.sure, self.reason, buttons, self.answer, explorer])

    def _commit(self):
        if self.options.value is None or self.sure.value is None:
            missing = "an answer" if self.options.value is None else "how sure you are"
            self.answer.value = boxed(f"Choose {missing} first; then the sliders unlock.")
            return
        option = self.question.options[self.options.value]
        for widget in (self.options, self.sure, self.reason, self.commit, self.skip):
            widget.disabled = True
        self.explorer.lock(False)
        self.explorer.apply("Reset")  # whatever was moved after Skip, the result is that of the question
        self.explorer.move(lambda state: state.update(self.question.reveal_for(state)))
        wrote = f" You wrote: “{self.reason.value.strip()}”." if self.reason.value.strip() else ""
        verdict = "✓ as you said" if option.right else f"✗ {option.feedback}"
        said = f"You said: {symbols(option.say)} ({self.sure.value}).{wrote}\n"
        told = f"Result: {self.explorer.summary} {verdict}\nWhy: {self.question.because}"
        self.answer.value = boxed(said + symbols(told), option.right)

    def _skip(self):
        self.explorer.lock(False)
        self.skip.disabled = True
        self.answer.value = boxed("Unlocked. You can still commit an answer.")

    def plain(self):
        """The question, and the explorer's starting picture in a line."""
        return f"Predict first. {self.question.as_text}\n\n{symbols(self.explorer.summary)}"

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["image/svg+xml"] = self.explorer.svg
        return bundle


def predict(name, explorer):
    """Ask the prediction called `name` over `explorer`, which is locked until Commit or Skip."""
    return Prediction(question(name), explorer)
