"""Goals for a learner: what to reach, and whether a trace reaches it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_lib.cell.passes import SequenceTrace
from lstm_lib.checks import check_shape, finite_number, instance, whole_number
from lstm_lib.explore.bounds import GREATEST, numbers
from lstm_lib.learning.run import Snapshot
from lstm_lib.views.theme import amount, beside, exact, number, percent


@dataclass(frozen=True)
class Goal:
    """What to reach, in `words`; measure(seen) → (whether it is met, the current result in words).

    of : the type of `seen`: SequenceTrace, or the Snapshot of a run
    """

    words: str
    measure: Callable
    of: type = object


def goal_fields(goal, seen):
    """The fields `goal` and `met` of a Picture, or none without a goal; ValueError if the goal is not for `seen`."""
    if goal is None:
        return {}
    instance("goal", goal, Goal)
    if not isinstance(seen, goal.of):
        raise ValueError(f"goal: expected one for this explorer, got {goal.words!r}")
    met, result = goal.measure(seen)
    return {"goal": f"{'Goal met' if met else 'Goal'}: {goal.words}. Now: {result}.", "met": bool(met)}


def keep_until(step):
    """The first unit keeps at least 99 % of C_0 up to `step` (counted from 1), and less than 0.1 % after the next step."""
    step, least, most = whole_number("step", step), 0.99, 0.001

    def measure(trace):
        if step >= len(trace.C):
            return False, f"the sequence has no step {step + 1}"
        if not trace.C_0[0]:
            return False, "C_0 is 0"
        left, after = (trace.C[step - 1 : step + 1, 0] / trace.C_0[0]).tolist()
        now = f"{percent(left, least)} after step {step}, {percent(after, most)} after step {step + 1}"
        return left >= least and abs(after) < most, now

    words = f"keep at least {_all(least)} of C_0 up to step {step}, and less than {_all(most)} after step {step + 1}"
    return Goal(words, measure, SequenceTrace)


def end_with(shares):
    """End with at least 50 % of C_0 in the units where `shares` is 1, and at most 1 % where it is 0."""
    wanted = numbers("shares", shares)
    check_shape("shares", wanted, ("H",))
    if not np.isin(wanted, (0, 1)).all():
        raise ValueError(f"shares: expected 1 (to keep) or 0 (to lose) for each unit, got {wanted.tolist()}")
    least, most = 0.5, 0.01

    def measure(trace):
        if len(wanted) != trace.C.shape[1]:
            raise ValueError(f"goal: expected {trace.C.shape[1]} units, like the cell, got {len(wanted)}")
        results = [_ends(*unit) for unit in zip(wanted, trace.C[-1], trace.C_0, strict=True)]
        now = (f"unit {u} {words} {'✓' if met else '✗'}" for u, (met, words) in enumerate(results))
        return all(met for met, _ in results), ", ".join(now)

    def _ends(keep, C, C_0):
        if not C_0:
            return False, "has C_0 = 0"
        left, bound = C / C_0, least if keep else most
        return (left >= bound if keep else abs(left) <= bound), percent(left, bound)

    asked = ((f"at least {_all(least)}", wanted == 1), (f"at most {_all(most)}", wanted == 0))
    words = ", ".join(f"{bound} in {_units(np.flatnonzero(which))}" for bound, which in asked if which.any())
    return Goal(f"end with {words.replace(' %', ' % of C_0', 1)}", measure, SequenceTrace)


def _all(share):
    return f"{exact(100 * share, 0)} %"


def _units(units):
    return f"unit{'s' if len(units) > 1 else ''} {' and '.join(map(str, units))}"


def answer(target, scale=1.0):
    """At every step, h_t / scale of the first unit differs from target (T,) by at most 0.1."""
    target = numbers("target", target)
    check_shape("target", target, ("T",))
    if finite_number("scale", scale) == 0:
        raise ValueError("scale: expected a number other than 0, got 0")

    def measure(trace):
        if len(target) != len(trace.h):
            return False, f"the sequence has {len(trace.h)} steps, the goal {len(target)}"
        error = np.abs(trace.h[:, 0] / scale - target)
        right, asked = error <= 0.1, target != 0
        now = f"right at {right[asked].sum()} of {asked.sum()} queries and at {right[~asked].sum()} of {(~asked).sum()} other steps"
        return right.all(), now

    return Goal("answer right at every query and 0 elsewhere, each within 0.1", measure, SequenceTrace)


def hold_at_end(value):
    """The first unit starts with C_0 = 0 and ends with a C_T that differs from `value` by at most 0.05."""
    value = finite_number("value", value, -GREATEST, GREATEST)

    def measure(trace):
        C_0, C_T = float(trace.C_0[0]), float(trace.C[-1, 0])
        low, high = value - 0.05, value + 0.05
        bound = low if value > C_T else high
        now = f"C_0 = {exact(C_0, 0)} and C_{len(trace.C)} = {beside(C_T, bound, show=number, shown=exact(bound))}"
        return low <= C_T <= high and not C_0, now

    return Goal(f"from C_0 = 0, end with C within 0.05 of {exact(value)}", measure, SequenceTrace)


def loss_below(value, within=None):
    """The held-out loss of a training run falls below `value`, in the first `within` updates if that is given."""
    value = finite_number("value", value, 0)
    within = None if within is None else whole_number("within", within)

    def measure(seen):
        reached = [at for at, loss in zip(seen.held_out_at, seen.held_out, strict=True) if loss < value]
        now = f"{amount(seen.held_out[-1])} at update {seen.held_out_at[-1]}"
        return bool(reached) and (within is None or reached[0] <= within), now

    limit = "" if within is None else f" within {within} updates"
    return Goal(f"reach a held-out loss below {exact(value, 0)}{limit}", measure, Snapshot)
