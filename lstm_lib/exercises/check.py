"""Check an answer: the verdict, with hints and the solution behind buttons."""

from dataclasses import dataclass

from lstm_lib.explore.controls import Button
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.judge.judge import judge
from lstm_lib.subjects import exercise
from lstm_lib.views.picture import Picture


@dataclass(frozen=True, eq=False)
class Help(State):
    """Which help is shown: "", a hint or the solution."""

    help: str = ""


class Check(Explorer):
    """A verdict with two hints and the solution behind buttons."""

    title = "A check"
    undoes = False

    def __init__(self, exercise, verdict):
        self.exercise, self.verdict = exercise, verdict
        self.help = {"Hint 1": exercise.hints[0], "Hint 2": exercise.hints[1], "Solution": exercise.solution}
        super().__init__(Help())

    def controls(self, s):
        """The help there is, unless the answer is right."""
        if self.verdict.right:
            return []
        return [Button(name, name, group="help", pressed=name == s.help) for name in self.help]

    def all_controls(self, s):
        return self.controls(s)

    def moved(self, s, control, value):
        """Show that help; pressed again, hide it."""
        return s.but(help="" if s.help == control.name else control.name)

    def picture(self, s, before=None):
        """No picture: the verdict, and the help."""
        shown = f"\n\n{s.help}:\n{self.help[s.help]}" if s.help else ""
        return Picture("", "", self.plain() + shown, self.verdict.right)

    def plain(self):
        return self.verdict.text


def check(name, answer):
    """Check `answer` (a function, or a number) for the exercise `name`, and show the verdict."""
    return Check(exercise(name), judge(exercise(name), answer))
