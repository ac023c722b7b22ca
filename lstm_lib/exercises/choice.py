"""Multiple choice with feedback for every option."""

from dataclasses import dataclass

from lstm_lib.explore.controls import choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.subjects.question import question
from lstm_lib.views.picture import Picture
from lstm_lib.views.theme import words


@dataclass(frozen=True, eq=False)
class Chosen(State):
    """The number of the chosen option, -1 before there is one."""

    option: int = -1


class Choose(Explorer):
    """A question whose every option answers at once; the learner may change their mind."""

    title = "A question"
    undoes = False

    def __init__(self, asked):
        self.question = asked
        super().__init__(Chosen())

    def controls(self, s):
        return [options_of(self.question, s.option)]

    def all_controls(self, s):
        return self.controls(s)

    def picture(self, s, before=None):
        """No picture: the question, and the chosen option's feedback."""
        if s.option < 0:
            return Picture("", "", ask=self.question.ask)
        option = self.question.options[s.option]
        said = f"{'✓' if option.right else '✗'} {words(option.feedback)}"
        return Picture("", "", said, option.right, ask=self.question.ask)

    def plain(self):
        return self.question.as_text


def options_of(asked, chosen):
    """The options of a question as a control."""
    options = {option.say: k for k, option in enumerate(asked.options)}
    return choice("option", "", ("option",), chosen, options, wide=True)


def choose(name):
    """Ask the multiple-choice question called `name`."""
    return Choose(question(name))
