"""A setting that enlarges all explorers on the page, for a classroom."""

from dataclasses import dataclass

from lstm_lib.checks import one_of
from lstm_lib.explore.controls import choice
from lstm_lib.explore.explorer import Explorer
from lstm_lib.explore.state import State
from lstm_lib.views.picture import Picture

SIZES = {"laptop": 1.0, "classroom": 1.4, "lecture hall": 1.8}


@dataclass(frozen=True, eq=False)
class Size(State):
    """The name of the chosen text size, a key of SIZES."""

    size: str


class text_size(Explorer):  # noqa: N801  used as a setting: text_size("classroom")
    """Enlarge every picture and control on the page.

    size : "laptop", "classroom" or "lecture hall", the size at the start
    """

    title = "Text size"
    history_buttons = ()

    def __init__(self, size="laptop"):
        super().__init__(Size(one_of("size", size, tuple(SIZES))))

    def controls(self, s):
        return [choice(s, "size", SIZES.keys(), "text size")]

    def picture(self, s, before=None):
        return Picture("", "", scale=SIZES[s.size])

    def plain(self):
        return "Text size: " + " · ".join(SIZES) + " (a choice, with a running kernel)"
