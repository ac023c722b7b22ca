"""Questions as data, from the TOML files beside this module."""

import tomllib
from dataclasses import dataclass
from functools import cache

from lstm_lib.subjects import subjects
from lstm_lib.views.theme import words as symbols


@dataclass(frozen=True)
class Option:
    """An answer, whether it is right, and the feedback on it."""

    say: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question and its options; for predictions also the reason, and the fields of the state that shows the result."""

    name: str
    ask: str
    options: tuple[Option, ...]
    because: str = ""
    reveal: dict | None = None

    @property
    def right(self):
        return next(option for option in self.options if option.right)

    @property
    def as_text(self):
        """The question and its lettered options, without the answer."""
        lines = [f"  {letter}) {o.say}" for letter, o in zip("ABCDEF", self.options, strict=False)]
        return symbols("\n".join([self.ask, *lines]))

    @property
    def answer(self):
        """The feedback on each option, line by line, and why."""
        options = zip("ABCDEF", self.options, strict=False)
        lines = [f"{'✓' if o.right else '✗'} {letter}) {o.feedback}" for letter, o in options]
        return "\n".join([*lines, self.because])


@cache
def all_questions():
    """Every question by name."""
    found = {}
    for file in subjects():
        for name, q in tomllib.loads(file.read_text(encoding="utf-8")).items():
            options = tuple(Option(**option) for option in q.pop("options"))
            right = sum(option.right for option in options)
            if name in found or right != 1 or not all(option.feedback for option in options):
                raise ValueError(
                    f"{file.name}: {name} needs a name of its own, one right option and feedback for all"
                )
            found[name] = Question(name, options=options, **q)
    return found


def question(name):
    """The question called `name`, or a ValueError that lists all names."""
    if name not in all_questions():
        raise ValueError(f"question: expected one of {sorted(all_questions())}, got {name!r}")
    return all_questions()[name]
