"""Random walks: each move on a page is repeated on a twin explorer in this process."""

import random
import time
from dataclasses import dataclass, field

from explorer_page import PATIENCE, REST
from playwright.sync_api import Error as PlaywrightError

KEYS = ("Home", "End", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "PageUp", "PageDown")
LINES = "1 -1 1|1 0 -1 2 0.5|0.5, 0.25|6 6 6 6 -6|a b|1||1,2|700 1|<img src=x onerror=alert(1)>".split("|")
NOT_PRESSED = ("pause", "stop")  # they are there for as long as a run takes, which no twin can know


@dataclass
class Walk:
    """Moves on an explorer of a page and on its twin. `make` makes one, `check` compares.

    kept : what stays in a text field though it was refused;  seconds : how long an answer may take
    """

    page: object
    twin: object
    kept: dict = field(default_factory=dict)
    seconds: float = PATIENCE

    def thought_of(self, rng):
        """A random move of what the page shows: (the method of the page, the control's name, how, whether others wait for it)."""
        there = [c for c in self.page.controls() if not c["disabled"] and c["name"] not in NOT_PRESSED]
        plays = {c["name"] for c in self.twin.view.controls if c["kind"] == "play"}
        kinds = {}
        for c in there:
            kinds.setdefault("play" if c["name"] in plays else c["kind"], []).append(c)
        chances = {"range": 55, "button": 20, "choice": 15, "text": 5, "play": 0.7}
        kind = rng.choices(list(kinds), [chances[kind] for kind in kinds])[0]
        c, roll = rng.choice(kinds[kind]), rng.random()
        if roll < 0.05:
            return "escape", c["name"], (), True
        waits = kind in ("text", "play") or hasattr(self.twin, "run") or rng.random() < 0.7
        if kind == "range":
            if roll < 0.55 or not c["typed"] and roll < 0.75:
                return "key", c["name"], (rng.choice(KEYS), rng.choice((1, 1, 2, 5))), waits
            if roll < 0.75:
                width = 0.05 * (c["high"] - c["low"])
                text = f"{rng.uniform(c['low'] - width, c['high'] + width):.{rng.choice((0, 1, 2, 4))}f}"
                return "type_number", c["name"], (rng.choice((text, text, text, text, "")),), waits
            places = tuple(round(rng.uniform(-0.05, 1.05), 3) for _ in range(rng.randint(1, 6)))
            return "drag", c["name"], places, waits
        if kind == "choice":
            return "choose", c["name"], (rng.randrange(c["options"]),), waits
        if kind == "text":
            return "type_text", c["name"], (rng.choice(LINES),), waits
        return "play" if kind == "play" else "press", c["name"], (), waits

    def make(self, move):
        """Make a move on the page, and on the twin all moves that this caused."""
        do, name, how, _ = move
        try:
            self._play(name) if do == "play" else getattr(self.page, do)(name, *how)
        except LookupError:  # an answer to the moves before has taken it away
            pass
        except PlaywrightError as error:  # or has done so just now
            if "not attached" not in str(error):
                raise
        made = [m for m in self.page.moves_made() if m[0] != "play"]
        dragged = do in ("drag", "key")  # of a slider's moves in a row the last is enough
        last = {name: k for k, (name, _) in enumerate(made) if dragged}
        for k, (name, value) in enumerate(made):
            if last.get(name, k) == k:
                self._twin(name, value)
                if (
                    dragged and self.twin.note
                ):  # refused, but some of the moves before it may have been made on the page
                    self.make(("key", name, ("Home", 1), True))
                    self.make(("key", name, ("ArrowRight", 1), True))

    def _twin(self, name, value):
        if isinstance(value, str) and self._lines().get(name) == value:
            return  # typed again unchanged
        before = self._lines()
        self.twin.move(name, value)
        if getattr(self.twin, "run", None) is not None:
            assert self.twin.run.join(60)
        after = self._lines()
        self.kept = {n: text for n, text in self.kept.items() if after.get(n) == before.get(n)}
        if isinstance(value, str) and name in before and after.get(name) == before[name]:
            self.kept[name] = value  # it was refused, and stays to be mended

    def _lines(self):
        return {c["name"]: c["value"] for c in self.twin.view.controls if c["kind"] == "text"}

    def _play(self, name):
        """Let it play for a few steps, pause it, and see how far it came."""
        moves = next(c["moves"] for c in self.twin.view.controls if c["name"] == name)
        before = self.page.value(moves)
        high = next(c["high"] for c in self.page.controls() if c["name"] == moves)
        self.page.press(name)
        self.page.tab.wait_for_timeout(1300)  # a step at once, another after 900 ms
        if self.page.value(moves) < high:
            self.page.press(name)
        self.page.stands_still(name)
        if (value := self.page.value(moves)) != before:
            self._twin(moves, int(value))

    def check(self, stays=False):
        """What is wrong on the page, in lines; `stays` looks again after a while."""
        found = self.page.differences(self.twin, self.kept, self.seconds)
        if not found and stays:
            self.page.tab.wait_for_timeout(1000 * REST)
            found = ["later: " + line for line in self.page.differences(self.twin, self.kept, 0)]
            if not self.page.announced(self.seconds):
                found.append(f"a screen reader announced {self.page.words('aloud')!r}")
        return found


def walk(fresh, seed, count, shorten=True):
    """Make `count` random moves on fresh() → Walk; an AssertionError shows a shortest list of moves that fails."""
    rng, here, moves = random.Random(seed), fresh(), []
    found = here.check()
    for k in range(count):
        if found:
            break
        moves.append(here.thought_of(rng))
        here.make(moves[-1])
        if moves[-1][-1] or k == count - 1:
            found = here.check(stays=rng.random() < 0.015 or k == count - 1)
    if found:
        shorter = shortest(fresh, moves) if shorten else moves
        where = f"walk with seed {seed} failed at move {len(moves)}:"
        lines = [where, *found, "The shortest way there:", *map(str, shorter)]
        raise AssertionError("\n".join(lines))


def fails(fresh, moves):
    """Whether the same moves fail again from the start; moves of controls that do not exist are left out."""
    here = fresh()
    here.seconds = 3.0
    for move in moves:
        there = {c["name"]: not c["disabled"] for c in here.page.controls()}
        if there.get(move[1]):
            here.make(move)
            if move[-1] and here.check():
                return True
    return bool(here.check(stays=True))


def shortest(fresh, moves, seconds=60):
    """A shortest list of the last moves that still fails, as far as the time allows."""
    end = time.monotonic() + seconds
    for n in [2**k for k in range(10) if 2**k < len(moves)]:
        if time.monotonic() < end and fails(fresh, moves[-n:]):
            moves = moves[-n:]
            break
    for k in reversed(range(len(moves))):
        fewer = moves[:k] + moves[k + 1 :]
        if fewer and time.monotonic() < end and fails(fresh, fewer):
            moves = fewer
    return moves
