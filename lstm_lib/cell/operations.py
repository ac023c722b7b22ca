"""The operations of which a cell may be made, each with its derivative: the one table behind steps and chain rules."""

import sys
from typing import NamedTuple

import numpy as np

_SPARE = {}


def empty(shape, dtype):
    """np.empty that reuses arrays of earlier passes without other references, since new memory is slow at first use."""
    spare = _SPARE.setdefault((shape, dtype), [])
    for array in spare:
        if sys.getrefcount(array) == 3:  # references: the list, this name, the argument
            return array
    if len(_SPARE) > 24:
        _SPARE.clear()
    spare.append(np.empty(shape, dtype))
    return spare[-1]


class Operation(NamedTuple):
    """An operation y of a, or of a and b, unit by unit.

    code : the ufunc that computes it;  slopes : for each operand, the factors whose product is ∂y/∂ that operand
    low, high : the range of its values;  sign : as it is written, if not `name(a)`
    """

    code: str
    slopes: tuple
    low: float = -np.inf
    high: float = np.inf
    sign: str = ""


ONE_MINUS, ONE_MINUS_SQUARE = "1 - {y}", "1 - {y} * {y}"
OPERATIONS = {
    "add": Operation("np.add", ((), ()), sign="+"),
    "sub": Operation("np.subtract", ((), ("-1",)), sign="−"),
    "mul": Operation("np.multiply", (("{b}",), ("{a}",)), sign="⊙"),
    "div": Operation("np.divide", (("1 / {b}",), ("-1 / {b}", "{y}")), sign="/"),
    "σ": Operation("sigma", (("{y}", ONE_MINUS),), 0.0, 1.0),
    "tanh": Operation("np.tanh", ((ONE_MINUS_SQUARE,),), -1.0, 1.0),
    "exp": Operation("np.exp", (("{y}",),), 0.0),
    "ln": Operation("np.log", (("1 / {a}",),)),
    "relu": Operation("relu", (("{a} > 0",),), 0.0),
    "softplus": Operation("softplus", (("sigma({a})",),), 0.0),
    "abs": Operation("np.abs", (("np.sign({a})",),), 0.0),
    "max": Operation("np.maximum", (("{a} > {b}",), ("{a} <= {b}",))),
    "min": Operation("np.minimum", (("{a} < {b}",), ("{a} >= {b}",))),
}
SPELLINGS = {"sigma": "σ", "sigmoid": "σ", "log": "ln", "ReLU": "relu"}
"""Other names of functions."""


def sigma(z, out=None):
    """σ(z) without overflow; in float32 as ½ + ½ tanh(z/2), accurate to 6e−8."""
    if np.result_type(z) == np.float32:
        out = np.tanh(np.multiply(z, 0.5, out=out), out=out)
        return np.add(np.multiply(out, 0.5, out=out), 0.5, out=out)
    out = np.exp(np.negative(z, out=out), out=out)  # ∞ for a large −z gives the right 0
    return np.reciprocal(np.add(out, 1, out=out), out=out)


def relu(z, out=None):
    """The positive part of z."""
    return np.maximum(z, 0, out=out)


def softplus(z, out=None):
    """ln(1 + exp(z)) without overflow."""
    return np.logaddexp(z, 0, out=out)


def log_sigma(z, out=None):
    """ln σ(z), accurate where σ(z) rounds to 0."""
    return np.negative(np.logaddexp(np.negative(z), 0, out=out), out=out)


SCOPE = {"empty": empty, "log_sigma": log_sigma, "np": np, "sigma": sigma, "relu": relu, "softplus": softplus}
"""All that generated code can call."""

UFUNCS = {name: eval(op.code, SCOPE) for name, op in OPERATIONS.items()}
"""{operation: the function that computes it}."""
