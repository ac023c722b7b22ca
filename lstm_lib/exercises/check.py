"""Check an answer, and offer hints and the solution."""

from dataclasses import dataclass

from lstm_lib.explore.controls import Button
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.judge.judge import judge
from lstm_lib.subjects import exercise
from lstm_lib.views.picture import Picture


@dataclass(frozen=True, eq=False)
class Help(State):
    """The help that is shown: "", or the name of its button."""

    help: str = ""


class Check(Explorer):
    """A verdict, with buttons for two hints and the solution."""

    title = "A check"
    history_buttons = ()

    def __init__(self, exercise, verdict):
        self.exercise, self.verdict = exercise, verdict
        self.help = {"Hint 1": exercise.hints[0], "Hint 2": exercise.hints[1], "Solution": exercise.solution}
        super().__init__(Help())

    def controls(self, s):
        """A button for each help, unless the answer is right."""
        if self.verdict.right:
            return []
        return [Button(name, name, group="help", pressed=name == s.help) for name in self.help]

    def moved(self, s, control, value):
        """Show this help, or hide it if it is shown."""
        return s.but(help="" if s.help == control.name else control.name)

    def picture(self, s, before=None):
        shown = f"\n\n{s.help}:\n{self.help[s.help]}" if s.help else ""
        return Picture("", "", self.plain() + shown, self.verdict.right)

    def plain(self):
        return self.verdict.text


def check(name, answer):
    """Check `answer`, a function or a number, for the exercise `name`."""
    return Check(exercise(name), judge(exercise(name), answer))
