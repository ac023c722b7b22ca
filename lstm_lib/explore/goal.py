"""Goals for a learner: what is to be reached, and how far a trace is from it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_lib.checks import as_floats, check_shape, finite_number, whole_number
from lstm_lib.views.theme import amount, number, percent, plain


@dataclass(frozen=True)
class Goal:
    """`words` say what is to be reached; look(trace) → (whether it is met, how it stands in words)."""

    words: str
    look: Callable

    def told(self, trace):
        """The goal and how it stands, as fields of a Picture."""
        met, stands = self.look(trace)
        return {"goal": f"{'Goal met' if met else 'Goal'}: {self.words}. Now: {stands}.", "met": bool(met)}


def keep_until(step, share=0.99, then_below=0.001, unit=0):
    """Keep at least `share` of C_0 up to `step` (counted from 1), and less than `then_below` of it after the next one."""
    step, unit = whole_number("step", step), whole_number("unit", unit, 0)
    share, then_below = finite_number("share", share, 0, 1), finite_number("then_below", then_below, 0, 1)

    def look(trace):
        if step >= len(trace.C):
            return False, f"the sequence has no step {step + 1}"
        left = trace.C[:, unit] / trace.C_0[unit] if trace.C_0[unit] else np.zeros(len(trace.C))
        now = f"{percent(left[step - 1])} after step {step}, {percent(left[step])} after step {step + 1}"
        return left[step - 1] >= share and abs(left[step]) < then_below, now

    words = f"keep at least {percent(share)} of C_0 up to step {step}, and less than {percent(then_below)} after step {step + 1}"
    return Goal(words, look)


def end_with(shares, least=0.5, most=0.01):
    """End with at least `least` of C_0 in the units where `shares` is 1, and at most `most` where it is 0."""
    wanted = as_floats("shares", shares)

    def look(trace):
        if len(wanted) != trace.C.shape[1]:
            return False, f"there are {trace.C.shape[1]} units, and {len(wanted)} are spoken of"
        left = trace.C[-1] / np.where(trace.C_0 == 0, np.inf, trace.C_0)
        met = np.where(wanted == 1, left >= least, left <= most)
        return met.all(), ", ".join(
            f"unit {u} {percent(v)} {'✓' if m else '✗'}"
            for u, (v, m) in enumerate(zip(left, met, strict=True))
        )

    keep = [f"{u}" for u, w in enumerate(wanted) if w == 1]
    lose = [f"{u}" for u, w in enumerate(wanted) if w == 0]
    words = f"end with at least {percent(least)} of C_0 in {_units(keep)}, at most {percent(most)} in {_units(lose)}"
    return Goal(words, look)


def _units(numbers):
    return f"unit{'s' if len(numbers) > 1 else ''} {' and '.join(numbers)}"


def answer(target, scale=1.0, within=0.1):
    """h_t / scale of the first unit is within `within` of target (T,) at every step."""
    target = as_floats("target", target)
    check_shape("target", target, ("T",))

    def look(trace):
        if len(target) != len(trace.h):
            return False, f"the sequence has {len(trace.h)} steps, the goal {len(target)}"
        error = np.abs(trace.h[:, 0] / scale - target)
        right, asked = error <= within, target != 0
        now = f"queries answered {right[asked].sum()} of {asked.sum()}, silent steps {right[~asked].sum()} of {(~asked).sum()}"
        return right.all(), now

    return Goal(
        f"answer right at every query and stay silent elsewhere, each within {number(within, 1)}", look
    )


def hold_at_end(value, within=0.05):
    """The first unit starts with C_0 = 0 and ends with C_T within `within` of `value`."""
    value, within = finite_number("value", value), finite_number("within", within, 0)

    def look(trace):
        met = abs(trace.C[-1, 0] - value) <= within and not trace.C_0[0]
        return met, f"C_0 = {plain(trace.C_0[0])} and C_{len(trace.C)} = {number(trace.C[-1, 0])}"

    return Goal(f"from C_0 = 0, end with C within {number(within)} of {number(value)}", look)


def loss_below(value, within=None):
    """A training run whose loss on held-out sequences falls below `value`, within so many updates if that is said."""
    value = finite_number("value", value, 0)
    within = None if within is None else whole_number("within", within)

    def look(seen):
        reached = [at for at, loss in zip(seen.held_out_at, seen.held_out, strict=True) if loss < value]
        now = f"{amount(seen.held_out[-1])} at update {seen.held_out_at[-1]}"
        return bool(reached) and (within is None or reached[0] <= within), now

    limit = "" if within is None else f" within {within} updates"
    return Goal(f"reach a held-out loss below {plain(value, 3)}{limit}", look)
