"""Questions and exercises: a `.toml` file of questions and a `.py` file of exercises for each notebook, and named as it."""

from functools import cache
from importlib import import_module
from importlib.resources import files

from lstm_lib.judge.exercise import Exercise


def subjects():
    """The TOML files of questions, in order of their names."""
    listed = files("lstm_lib.subjects").iterdir()
    return sorted((file for file in listed if file.name.endswith(".toml")), key=lambda file: file.name)


@cache
def all_exercises():
    """Every exercise by name."""
    modules = [import_module(f"lstm_lib.subjects.{file.name.removesuffix('.toml')}") for file in subjects()]
    found = [e for module in modules for e in vars(module).values() if isinstance(e, Exercise)]
    return {e.name: e for e in found}


def exercise(name):
    """The exercise called `name`, or a ValueError that lists all names."""
    if name not in all_exercises():
        raise ValueError(f"exercise: expected one of {sorted(all_exercises())}, got {name!r}")
    return all_exercises()[name]
