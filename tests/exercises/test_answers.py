"""Every answer ever tried on an exercise, and what is said of it.

A transcript, `answers/<exercise>.txt`, is the cell of a notebook that ends with its check, and then an answer a line.
An answer stands in place of the cell's ___, or changes the cell's text: `old → new ; old → new`. ⏎ begins a new line.
After "  # " stands the verdict: right, unfinished, error, the words, or “a case” where the first case that differs is shown.

`pytest tests/exercises/test_answers.py --write-answers` writes anew what is said. It never makes a wrong answer right, or
a right one wrong: that is done by hand, and so is “right”, “wrong” or “unfinished” after a new answer.
"""

import re
from difflib import unified_diff
from pathlib import Path

import numpy as np
import pytest

from lstm_lib import LSTMParams, logit, sigmoid
from lstm_lib.exercises import ___, all_exercises, exercise, judge
from lstm_lib.judge.call import outcomes
from lstm_lib.judge.judge import ERROR, RIGHT, UNFINISHED

ANSWERS = Path(__file__).parent / "answers"
SCOPE = {"np": np, "sigmoid": sigmoid, "logit": logit, "LSTMParams": LSTMParams, "___": ___}


def read(name):
    """The cell, and its answers with what is said of each."""
    cell, answers = re.fullmatch(r"(.*?^check\(.*?\n)\n(.*)\n", (ANSWERS / f"{name}.txt").read_text("utf-8"), re.DOTALL | re.MULTILINE).groups()  # fmt: skip
    return cell, [tuple(line.split("  # ", 1)) for line in answers.split("\n")]


def verdict(cell, answer):
    """The judge's verdict on what the cell, with this answer in it, hands to check."""
    for change in answer.split(" ; ") if " → " in answer else [f"___ → {answer}"]:
        old, new = change.split(" → ")
        assert old in cell, f"{old!r} is not in the cell"
        cell = cell.replace(old, new.replace(" ⏎ ", "\n    "))
    verdicts = []
    exec(cell, SCOPE | {"check": lambda name, given: verdicts.append(judge(exercise(name), given))})
    return verdicts[0]


def said(name, found):
    """A verdict as it stands in a transcript: without the digits of a case."""
    if found.state in (RIGHT, UNFINISHED):
        return "right" if found.state == RIGHT else "unfinished"
    if found.words in [mistake.words for mistake in exercise(name).mistakes]:
        return found.words
    if found.state == ERROR:
        return "error"
    case = re.fullmatch("For .*?: (.*)", found.words, re.DOTALL)
    if case:
        return "a case" if ", expected " in case[1] else f"a case: {case[1]}"
    return found.words


def kind(words):
    return words if words in ("right", "unfinished") else "wrong"


@pytest.mark.parametrize("name", all_exercises())
def test_what_is_said_of_every_answer(name, request):
    cell, answers = read(name)
    now = [(answer, said(name, verdict(cell, answer))) for answer, _ in answers]
    if request.config.getoption("--write-answers"):
        kept = [new if kind(new[1]) == kind(old[1]) else old for old, new in zip(answers, now, strict=True)]
        text = "".join(f"{answer}  # {words}\n" for answer, words in kept)
        (ANSWERS / f"{name}.txt").write_text(f"{cell}\n{text}", "utf-8")
        answers = kept
    before, after = (["  # ".join(line) for line in lines] for lines in (answers, now))
    if before != after:
        diff = "\n".join(unified_diff(before, after, "on record", "today", lineterm="", n=0))
        pytest.fail(f"{name}:\n{diff}", pytrace=False)


def test_every_exercise_has_answers_of_each_kind():
    assert sorted(path.stem for path in ANSWERS.iterdir()) == sorted(all_exercises())
    for name in all_exercises():
        answers = read(name)[1]
        kinds = [kind(words) for _, words in answers]
        assert len({answer for answer, _ in answers}) == len(answers), name
        assert {"right", "unfinished"} < {*kinds}, name
        assert kinds.count("wrong") + len(exercise(name).mistakes) >= 20, name


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", all_exercises())
def test_each_mistake_gets_its_own_words(name):
    words = [mistake.words for mistake in exercise(name).mistakes]
    for mistake in exercise(name).mistakes:
        found = judge(exercise(name), mistake.wrong)
        assert (
            "NameError"
            not in f"{[given.problem for given in outcomes(mistake.wrong, exercise(name).cases, [])]}"
        )
        assert [own for own in words if own in found.words] == [mistake.words]
        assert kind(said(name, found)) == "wrong"
