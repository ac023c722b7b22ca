"""Multiple-choice questions with feedback on every option."""

from dataclasses import dataclass

from lstm_lib.explore.controls import choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.subjects.question import question
from lstm_lib.views.picture import Picture, fold_out, paragraphs
from lstm_lib.views.theme import words


@dataclass(frozen=True, eq=False)
class Chosen(State):
    """The number of the chosen option; -1: none yet."""

    option: int = -1


class Choose(Explorer):
    """A question that gives feedback on the chosen option at once; any option can be chosen next."""

    title = "A question"
    history_buttons = ()

    def __init__(self, asked):
        self.question = asked
        super().__init__(Chosen())

    def controls(self, s):
        return [options_of(self.question, s)]

    def picture(self, s, before=None):
        if s.option < 0:
            return Picture("", "", ask=self.question.ask)
        option = self.question.options[s.option]
        feedback = f"{'✓' if option.right else '✗'} {words(option.feedback)}"
        return Picture("", "", feedback, option.right, ask=self.question.ask)

    def plain(self):
        return self.question.as_text

    def html(self):
        return paragraphs(self.question.as_text) + fold_out("Answer", paragraphs(self.question.answer))


def options_of(question, state):
    """The options of a question as a control of the state's field `option`."""
    options = {option.say: k for k, option in enumerate(question.options)}
    return choice(state, "option", options, label="", wide=True)


def choose(name):
    """Ask the multiple-choice question called `name`."""
    return Choose(question(name))
