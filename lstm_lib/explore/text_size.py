"""The one setting that enlarges everything on the page, for a room."""

from dataclasses import dataclass

from lstm_lib.checks import one_of
from lstm_lib.explore.controls import choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.views.picture import Picture

SIZES = {"laptop": 1.0, "classroom": 1.4, "lecture hall": 1.8}


@dataclass(frozen=True, eq=False)
class Size(State):
    """The chosen size's name."""

    size: str


class text_size(Explorer):  # noqa: N801  it reads as a setting, not as an object
    """A switch that enlarges every picture and control of the page at once.

    size : "laptop", "classroom" or "lecture hall", the one to start with
    """

    title = "Text size"
    undoes = False

    def __init__(self, size="laptop"):
        super().__init__(Size(one_of("size", size, tuple(SIZES))))

    def controls(self, s):
        """The sizes."""
        return [choice("size", "text size", ("size",), s.size, list(SIZES))]

    def all_controls(self, s):
        """The sizes alone: a size is its own Reset."""
        return self.controls(s)

    def picture(self, s, before=None):
        """Nothing but the page's scale."""
        return Picture("", "", scale=SIZES[s.size])

    def plain(self):
        """The sizes there are."""
        return "Text size: " + " · ".join(SIZES) + " (a switch, where a kernel runs)"
