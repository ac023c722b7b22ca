"""No wrong answer is taken for right, or for another mistake, because it happens to agree in the cases that are drawn."""

import warnings
from functools import cache
from itertools import islice

import pytest

from lstm_lib.exercises import all_exercises, exercise
from lstm_lib.judge.call import outcome
from lstm_lib.judge.draw import Draw
from lstm_lib.judge.exercise import program
from lstm_lib.judge.slips import slips


def by_luck(task, heard):
    """What agrees with the solution or a mistake in each case of the judge, but not in a hundred more; and what agrees
    with the solution in one case of the judge, and in next to none of these."""
    cases = [*task.cases, *(tuple(task.draw(Draw(k))) for k in range(1000, 1100))]
    known = {"the solution": task.right} | {mistake.words: mistake.wrong for mistake in task.mistakes}
    wrong = known | {text: program(text, scope=task.right.__globals__) for text in slips(task.solution)}

    @cache
    def of(function, k):
        return outcome(function, cases[k], heard)

    def agree(function, other, numbers):
        return (of(function, k).same(of(other, k), task.tolerance, task.quiet) for k in numbers)

    found = []
    drawn, more = range(task.draws), range(task.draws, len(cases))
    for text, function in list(wrong.items())[1:]:
        for words, other in known.items():
            if all(agree(function, other, drawn)):
                luck = not all(agree(function, other, more))
            else:
                once = other is task.right and any(agree(function, other, drawn))
                luck = once and len([*islice(filter(None, agree(function, other, more)), 4)]) < 4
            if luck:
                found.append(f"as {words}:\n{text}")
    return found


@pytest.mark.parametrize(
    "name", [name for name, task in all_exercises().items() if task.takes and task.draw(Draw(0))]
)
def test_nothing_agrees_by_luck(name):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        found = by_luck(exercise(name), heard)
    assert not found, "\n\n".join([f"{len(found)} by luck", *found])
