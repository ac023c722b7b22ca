"""The script of notebook 04 is what the course says of it, and the check of its repair leaves it as it is."""

import pytest
from found_script import CELLS, HANDED_IN, mend
from test_luck import by_luck

from lstm_lib.exercises import exercise, judge
from lstm_lib.subjects.output_gate import PARTS

REPAIR = exercise("repair")


def test_the_globals_of_the_script_stay():
    parts = mend()
    parts[2].__globals__["C"] = 7.0
    judge(REPAIR, [*parts[:4], lambda X: (0.0, 0.0)])
    assert parts[2].__globals__["C"] == 7.0


def test_what_the_course_says_of_the_script():
    """Its results before and after, and what an input of −5 in the first place changes."""
    X, other = [1.0, 5.0, 7.0, 4.0], [-5.0, 5.0, 7.0, 4.0]
    for bugs, h, C, C_other in (
        ((), "0.7355", "0.9408", "0.9408"),
        ((2,), "0.6961", "0.9405", "0.9405"),
        ((1,), "0.9954", "3.0365", "2.7087"),
        ((1, 2, 3, 4), "0.9474", "3.0410", "2.7076"),
    ):
        *_, run = mend(*bugs)
        got = [f"{value:.4f}" for value in (*run(X), run(other)[1])]
        assert got == [h, C, C_other], (bugs, got)


def test_the_notebook_shows_it_as_found_and_to_repair():
    assert sum(source in HANDED_IN for source in CELLS) == 2
    assert [part.__name__ for part in mend()] == [part.name for part in PARTS]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("k", range(5), ids=[part.name for part in PARTS])
def test_each_mistake_in_a_part_gets_its_own_words(k):
    for mistake in PARTS[k].mistakes:
        parts = REPAIR.right()
        parts[k] = mistake.wrong
        assert mistake.words in judge(REPAIR, parts).words
    assert not by_luck(PARTS[k], heard=[])
