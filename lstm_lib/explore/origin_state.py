"""What MovingOrigin can be set to: its state, and the checks of its arguments."""

from dataclasses import dataclass

from lstm_lib.checks import one_of, quoted, whole_number
from lstm_lib.explore.state import State
from lstm_lib.learning.forecast import BLOCKS

BASELINES = ("persistence", "drift", "mean", "seasonal naive", "AR")
VIEWS = ("raw", "detrended")
"""What the stored networks read: a series as it is, or without the line of its training part."""

AHEAD = ("h steps ahead", "rolled out from the cut")
HORIZON, LAGS, LAGS_SQUARED, WINDOW = 12, 60, 6, 50
NAMES = {"elnino": "El Niño", "co2": "CO₂", "seattle": "Seattle"}


@dataclass(frozen=True, eq=False)
class Origin(State):
    """The series, the cut (0 to 4), what both forecasts are given, and, blind, the guess: "", "A" or "B"."""

    data: str = "trend and sine"
    cut: int = 0
    view: str = "raw"
    ahead: str = AHEAD[0]
    h: int = 1
    baseline: str = "persistence"
    lags: int = 10
    detrended: bool = False
    season: bool = False
    squares: bool = False
    blind: bool = False
    guess: str = ""

    @property
    def steps(self):
        """How many steps ahead; None: from the cut to the end of the block."""
        return self.h if self.ahead == AHEAD[0] else None

    @property
    def help(self):
        """The settings of the baseline, where it has any."""
        fitted = self.baseline in ("AR", "mean")
        lags, squares = (self.lags, self.squares) if self.baseline == "AR" else (1, False)
        return self.baseline, lags, self.detrended and fitted, self.season and fitted, squares


def flag(name, value):
    """`value`, which must be True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"{name}: expected True or False, got {quoted(value)}")
    return value


CHECKS = {
    "cut": lambda name, value: whole_number(name, value, 0, BLOCKS - 1),
    "view": lambda name, value: one_of(name, value, VIEWS),
    "ahead": lambda name, value: one_of(name, value, AHEAD),
    "h": lambda name, value: whole_number(name, value, 1, HORIZON),
    "baseline": lambda name, value: one_of(name, value, BASELINES),
    "lags": lambda name, value: whole_number(name, value, 1, LAGS),
    **dict.fromkeys(("detrended", "season", "squares", "blind"), flag),
}
