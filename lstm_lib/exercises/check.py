"""Check an answer, and offer hints and the solution."""

from dataclasses import dataclass
from html import escape

from lstm_lib.explore.controls import Button
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.judge.judge import judge
from lstm_lib.subjects import exercise
from lstm_lib.views.picture import Picture, fold_out, paragraphs


@dataclass(frozen=True, eq=False)
class Help(State):
    """The help that is shown, "" or the name of its button, and how many were opened."""

    help: str = ""
    opened: int = 0


class Check(Explorer):
    """A verdict, with buttons for two hints and then the solution."""

    title = "A check"
    history_buttons = ()

    def __init__(self, exercise, verdict):
        self.exercise, self.verdict = exercise, verdict
        self.help = {
            "Hint 1 of 2": exercise.hints[0],
            "Hint 2 of 2": exercise.hints[1],
            "Solution": exercise.solution,
        }
        super().__init__(Help())

    def controls(self, s):
        """A button for each help that was opened and for the next; after a right answer for the solution."""
        names = list(self.help)
        names = names[-1:] if self.verdict.right else names[: s.opened + 1]
        return [Button(name, name, group="help", pressed=name == s.help) for name in names]

    def moved(self, s, control, value):
        """Show this help, or hide it if it is shown."""
        name = control.name
        opened = max(s.opened, list(self.help).index(name) + 1)
        return s.but(help="" if s.help == name else name, opened=opened)

    def picture(self, s, before=None):
        shown = f"\n\n{s.help}:\n{self.help[s.help]}" if s.help else ""
        return Picture("", "", self.plain() + shown, self.verdict.right)

    def plain(self):
        return self.verdict.text

    def html(self):
        hints = "".join(fold_out(name, paragraphs(self.help[name])) for name in list(self.help)[:-1])
        solution = fold_out("Solution", f"<pre>{escape(self.exercise.solution)}</pre>")
        return paragraphs(self.plain()) + hints + solution


def check(name, answer):
    """Check `answer`, a function or a number, for the exercise `name`."""
    return Check(exercise(name), judge(exercise(name), answer))
