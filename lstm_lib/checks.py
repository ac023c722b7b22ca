"""Checks of arguments. Each raises a ValueError that names the argument, what was expected and what it got."""

from difflib import get_close_matches

import numpy as np

LARGEST = 10**9
"""The largest size or count."""

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
HUGE = float(np.finfo(np.float64).max)


def as_floats(name, value, dtype=None, allow_infinite=False):
    """`value` as a float64 or float32 array: numeric, regular, not empty, without NaN or (unless allowed) infinity.

    Lists, integers and booleans become `dtype` (float64 if None). A float array keeps its type, which must be `dtype`.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: expected numbers in a regular array, got rows of unequal length") from None
    except (RuntimeError, TypeError, AttributeError) as error:  # raised by arrays of other libraries
        raise ValueError(
            f"{name}: expected numbers, got {type(value).__name__}, which NumPy cannot read: {error}"
        ) from None
    if np.ma.is_masked(value):
        raise ValueError(
            f"{name}: expected numbers, got {np.ma.count_masked(value)} that are masked; fill or leave them out"
        )
    array = array.astype(array.dtype.newbyteorder("="), copy=False)  # of a file that another machine wrote
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name}: expected numbers, got {_described(value, array)}")
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one number, got an empty array of shape {array.shape}")
    came_typed = isinstance(value, np.ndarray | np.floating) and array.dtype.kind == "f"
    if came_typed and dtype is not None and array.dtype != dtype:
        raise ValueError(
            f"{name}: expected {np.dtype(dtype)} like the parameters, got {array.dtype}; "
            f"convert one of them with .astype"
        )
    if came_typed and array.dtype not in FLOATS:
        raise ValueError(f"{name}: expected float64 or float32, got {array.dtype}")
    if not came_typed:
        array = array.astype(dtype or np.float64)
    if allow_infinite:
        if np.isnan(array).any():
            raise ValueError(f"{name}: expected numbers, got NaN at {_first(np.isnan(array))}")
    elif not np.isfinite(array).all():
        raise ValueError(
            f"{name}: expected finite numbers, got NaN or infinity at {_first(~np.isfinite(array))}"
        )
    return array


def check_shape(name, array, *shapes, why=""):
    """`array` must have one of `shapes`, where a string stands for any size."""
    for shape in shapes:
        if array.ndim == len(shape) and all(
            isinstance(want, str) or want == have for want, have in zip(shape, array.shape, strict=True)
        ):
            return
    wanted = " or ".join("(" + ", ".join(map(str, s)) + ("," if len(s) == 1 else "") + ")" for s in shapes)
    raise ValueError(f"{name}: expected shape {wanted}{' ' + why if why else ''}, got {array.shape}")


def whole_number(name, value, low=1, high=None):
    """`value` as an int from `low` to `high`; 2.0 and True are not accepted."""
    right = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not right or value < low or value > (LARGEST if high is None else high):
        span = f"of at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name}: expected a whole number {span}, got {quoted(value)}")
    return int(value)


def one_of(name, value, choices):
    """The element of `choices` that equals `value`."""
    for choice in choices:
        if isinstance(value, str | int | float | np.number) and type(value) is not bool and value == choice:
            return choice
    shown = str(list(choices))
    if len(shown) > 200:
        shown = f"{len(choices)}, such as {get_close_matches(str(value), map(str, choices), 3, 0)}"
    raise ValueError(f"{name}: expected one of {shown}, got {quoted(value)}")


def finite_number(name, value, low=-np.inf, high=np.inf):
    """`value` as a float from `low` to `high`."""
    right = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not right or not float(max(low, -HUGE)) <= value <= float(
        min(high, HUGE)
    ):  # as floats, for comparison with any int
        span = "" if np.isinf([low, high]).all() else f" from {low:g} to {high:g}"
        raise ValueError(f"{name}: expected a number{span}, got {quoted(value)}")
    return float(value)


def generator(rng):
    """`rng`, which must be a NumPy random generator."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected np.random.default_rng(a seed), got {type(rng).__name__}")
    return rng


def instance(name, value, kind):
    """`value`, which must be a `kind`."""
    if not isinstance(value, kind):
        raise ValueError(f"{name}: expected a {kind.__name__}, got {type(value).__name__}")
    return value


def function(name, value, arguments):
    """`value`, which must be callable."""
    if not callable(value):
        raise ValueError(f"{name}: expected a function of {arguments}, got {type(value).__name__}")
    return value


def quoted(value):
    """The repr of a value for an error message, shortened to 60 characters."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # an int with thousands of digits, or the object's own repr
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "…"


def _described(value, array):
    if array.dtype.kind in "US":
        return f"text ({str(array.flat[0])[:20]!r})" if array.size else "text"
    if array.dtype.kind == "O":
        return "None" if value is None else f"{type(value).__name__} with elements that are not numbers"
    return f"{array.dtype}"


def _first(mask):
    if mask.ndim == 0:
        return "the only element"
    return "index " + str([int(k) for k in np.argwhere(mask)[0]])
