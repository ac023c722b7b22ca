"""Exercises on looking inside: the ledger of a memory, a unit's transplanted state, the effect of blanking each input."""

import numpy as np

from lstm_lib.cell.lstm import LSTMParams, lstm_forward
from lstm_lib.judge.exercise import Listed as Exercise
from lstm_lib.judge.exercise import Mistake, program

_RNG = np.random.default_rng(31)
_CELL = LSTMParams(_RNG.normal(size=(12, 5)), _RNG.normal(size=12))
_V = np.array([7.0, -13.0, 9.0])


def _gates(T, H):
    return tuple(_RNG.uniform(0.2, 0.95, (T, H)).round(2) for _ in "fi") + (
        _RNG.uniform(-1, 1, (T, H)).round(2),
    )


def _run(x, h_0=None, C_0=None):
    trace = lstm_forward(_CELL, np.asarray(x, float), h_0, C_0)
    return trace.h.copy(), trace.C.copy()


def _answer(x):
    return float(_run(x)[0][-1] @ _V)


def _x(T):
    return _RNG.normal(size=(T, 2)).round(1)


LEDGER_SOLUTION = """\
def ledger(f, i, C_tilde):
    left = np.ones_like(f)
    for t in range(len(f) - 1):
        left[t] = f[t + 1 :].prod(axis=0)
    return left * i * C_tilde"""


def _ledger(*changes):
    return program(LEDGER_SOLUTION, *changes)


LEDGER = Exercise(
    name="ledger",
    cases=(_gates(5, 3), _gates(4, 2)),
    mistakes=(
        Mistake(_ledger(("f[t + 1 :]", "f[t:]")), "f[t:] includes f_t, which acts on the memory before step t. What step t "
                "writes is first multiplied at step t + 1."),
        Mistake(_ledger(("f[t + 1 :]", "f[: t + 1]")), "Those are the forget gates up to step t. What step t writes meets only the later ones."),
        Mistake(_ledger(("f[t + 1 :]", "f[:t]")), "Those are the forget gates before step t. What step t writes meets only the later ones."),
        Mistake(_ledger(("f[t + 1 :].prod(axis=0)", "f[t + 1]")), "Only one later step counts. All of them forget: the "
                "gates multiply. If you meant the recursion: left[t + 1] is still 1 when this loop, which runs forwards, reads it."),
        Mistake(_ledger((".prod(axis=0)", ".sum(axis=0)")), "Added. Each later step multiplies what is left by its forget gate, so the gates multiply."),
        Mistake(_ledger((".prod(axis=0)", ".mean(axis=0)")), "That is the mean of the later gates. They act one after the other, so they multiply."),
        Mistake(_ledger((".prod(axis=0)", ".prod()")), "The product runs over the units as well. Every unit has its own gates: multiply along the steps, axis 0."),
        Mistake(_ledger(("f[t + 1 :].prod(axis=0)", "f[-1]")), "Only the last forget gate is used. Every step after t forgets a part."),
        Mistake(_ledger(("f[t + 1 :].prod(axis=0)", "f[t]")), "That is the step's own gate, which acts on the memory before it. All later ones act on the write."),
        Mistake(_ledger(("f[t + 1 :]", "f[t + 2 :]")), "Step t + 1 is left out: it is the first that multiplies what step t writes."),
        Mistake(_ledger(("f[t + 1 :]", "f")), "All gates of the sequence are multiplied. Only the later ones act on what step t writes."),
        Mistake(_ledger(("left[t] = f", "left[t] = i[t] * C_tilde[t] * f")), "The write counts twice: the last line multiplies by it as well. left is only the share."),
        Mistake(lambda f, i, C_tilde: i * C_tilde, "That is what each step wrote, not what is left of it at the end."),
        Mistake(lambda f, i, C_tilde: f * i * C_tilde, "Each write is multiplied by the gate of its own step, which acts on the memory before it."),
        Mistake(_ledger(("left * i * C_tilde", "left * C_tilde")), "The input gate is missing: step t writes i_t ⊙ C̃_t."),
        Mistake(_ledger(("left * i * C_tilde", "left * i")), "The candidate is missing: step t writes i_t ⊙ C̃_t."),
        Mistake(_ledger(("left * i * C_tilde", "left")), "That is the share that is left of each write. Multiply by what was written."),
        Mistake(_ledger(("left * i * C_tilde", "(left * i * C_tilde).sum(axis=0)")), "That is the sum, C_T itself. The ledger has a row for each step."),
        Mistake(_ledger(("left * i * C_tilde", "np.cumsum(left * i * C_tilde, axis=0)")), "These are running sums. The ledger has one entry for each step."),
        Mistake(lambda f, i, C_tilde: np.cumprod(f, axis=0) * i * C_tilde, "np.cumprod from the first row on gives the gates up to step t, "
                "its own included. What step t writes meets only the later ones."),
        Mistake(lambda f, i, C_tilde: np.cumprod(f[::-1], axis=0)[::-1] * i * C_tilde, "Every row has one gate too many, its own f_t: "
                "in the last row the write is multiplied, though no step follows."),
        Mistake(lambda f, i, C_tilde: f.prod(axis=0) * i * C_tilde, "Every write is multiplied by all gates of the sequence. Only later ones act on it."),
    ),
    hints=("What happens to i_t ⊙ C̃_t at step t + 1? And at step t + 2?", "The product of the rows t + 1, t + 2, … of f, for each unit."),
    solution=LEDGER_SOLUTION,
    praise="Right: what is left of each write, and the rows add up to C_T.",
)  # fmt: skip

TRANSPLANTED_SOLUTION = """\
def transplanted(run, x, other, t, unit):
    h, C = run(x)
    h_other, C_other = run(other)
    h_t, C_t = h[t].copy(), C[t].copy()
    h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit]
    return run(x[t + 1 :], h_t, C_t)[0][-1]"""


def _transplanted(*changes):
    return program(TRANSPLANTED_SOLUTION, *changes)


TRANSPLANTED = Exercise(
    name="transplanted",
    cases=((_run, _x(7), _x(7), 2, 1), (_run, _x(4), _x(4), 1, 2)),
    mistakes=(
        Mistake(_transplanted(("h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit]", "h_t[unit] = h_other[t, unit]")),
                "Only h is transplanted. The unit's memory C stays, and from the next step on it speaks."),
        Mistake(_transplanted(("h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit]", "C_t[unit] = C_other[t, unit]")),
                "Only C is transplanted. At the next step the gates still read the old h of this unit."),
        Mistake(_transplanted(("h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit]", "h_t, C_t = h_other[t], C_other[t]")),
                "All units are transplanted. Then the rest is simply the other run's memory; asked is one unit."),
        Mistake(_transplanted(("h_other[t, unit], C_other[t, unit]", "h_other[t], C_other[t]")),
                "Whole vectors are put where one number belongs: take h and C of the unit alone."),
        Mistake(_transplanted(("h_other[t, unit], C_other[t, unit]", "h_other[t, unit], h_other[t, unit]")), "h is put into C as well. C has a value of its own: C_other."),
        Mistake(_transplanted(("x[t + 1 :]", "other")), "The other input is read from its start. Read the rest of x; only the state of a unit comes from there."),
        Mistake(_transplanted(("x[t + 1 :]", "x[t:]")), "Step t is read twice: h[t], C[t] are the states after it. Go on with the step after."),
        Mistake(_transplanted(("x[t + 1 :]", "x")), "The whole input is read again, from the transplanted state on. Only the rest is still to be read."),
        Mistake(_transplanted(("x[t + 1 :]", "other[t + 1 :]")), "The rest is that of the other input. Only the state of a unit comes from there."),
        Mistake(_transplanted(("x[t + 1 :]", "x[t + 2 :]")), "One step of the rest is left out."),
        Mistake(_transplanted((", h_t, C_t)", ")")), "The rest is read from zero states: the transplanted state is not handed to run."),
        Mistake(_transplanted((", h_t, C_t)", ", C_t, h_t)")), "h and C are swapped: run takes (x, h_0, C_0)."),
        Mistake(_transplanted(("h_other[t, unit], C_other[t, unit]", "C_other[t, unit], h_other[t, unit]")), "h and C of the other run are swapped."),
        Mistake(_transplanted(("h_other[t, unit], C_other[t, unit]", "h_other[t - 1, unit], C_other[t - 1, unit]")),
                "The other run's state is that of one step before. Take it after the same step t."),
        Mistake(_transplanted(("h_other[t, unit], C_other[t, unit]", "h_other[-1, unit], C_other[-1, unit]")),
                "The other run's state is its last one. Take it after the same step t."),
        Mistake(_transplanted(("[0][-1]", "[1][-1]")), "That is C at the end. Asked is h, which the readout reads."),
        Mistake(_transplanted(("[0][-1]", "[0]")), "These are the states after every step of the rest. Asked is the last one."),
        Mistake(_transplanted(("[0][-1]", "[0][0]")), "That is the state one step after the transplant. Asked is the last one."),
        Mistake(lambda run, x, other, t, unit: run(x)[0][-1], "That is the untouched run: nothing is transplanted."),
        Mistake(lambda run, x, other, t, unit: run(other)[0][-1], "That is the other run as it is."),
        Mistake(_transplanted(("h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit]", "h_t[unit], C_t[unit] = 0, 0")),
                "The unit is set to 0, which is switching it off. Its state should come from the other run."),
        Mistake(_transplanted(("run(x[t + 1 :], h_t, C_t)[0][-1]", "h_t")), "That is the state right after the transplant. The rest of x is still to be read."),
        Mistake(_transplanted(("h[t].copy(), C[t].copy()", "h_other[t].copy(), C_other[t].copy()"), ("= h_other[t, unit], C_other[t, unit]", "= h[t, unit], C[t, unit]")),
                "Turned round: the chosen unit is kept, and all the others are transplanted."),
        Mistake(lambda run, x, other, t, unit: np.where(np.arange(run(x)[0].shape[1]) == unit, run(other)[0][-1], run(x)[0][-1]),
                "The unit is swapped at the end, so no later step has read the transplanted state."),
    ),
    hints=("Change one number in h after step t, and one in C. Then read the rest of x from there.",
           "run(the rest, h_0, C_0) returns h and C of every step of the rest."),
    solution=TRANSPLANTED_SOLUTION,
    praise="Right: one unit's short-term and long-term memory come from the other run; all else is as it was.",
)  # fmt: skip

BLANK_SOLUTION = """\
def blank_effects(answer, x):
    effects = []
    for t in range(len(x)):
        without = x.copy()
        without[t] = 0
        effects.append(answer(x) - answer(without))
    return np.array(effects)"""


def _blank(*changes):
    return program(BLANK_SOLUTION, *changes)


BLANK_EFFECTS = Exercise(
    name="blank_effects",
    cases=((_answer, _x(4)), (_answer, _x(3))),
    mistakes=(
        Mistake(_blank(("answer(x) - answer(without)", "answer(without) - answer(x)")), "The sign is turned round: with the step minus without it, "
                "so that a step that raises the answer has a positive effect."),
        Mistake(_blank(("answer(x) - answer(without)", "answer(without)")), "Those are the answers without each step. The effect is the difference from the untouched answer."),
        Mistake(_blank(("answer(x) - answer(without)", "abs(answer(x) - answer(without))")), "The sign is lost: does the step raise or lower the answer?"),
        Mistake(_blank(("without[t] = 0", "without[: t + 1] = 0")), "All steps up to t are blanked. Asked is one at a time, each in a fresh copy of x."),
        Mistake(_blank(("without[t] = 0", "without[t:] = 0")), "All steps from t on are blanked. Asked is one at a time."),
        Mistake(_blank(("without[t] = 0", "without = np.delete(x, t, axis=0)")), "The step is cut out, so all later steps come one step earlier. "
                "Blanked means: the step is there, and its input is 0."),
        Mistake(_blank(("without[t] = 0", "without[t, 0] = 0")), "Only the first number of x_t is set to 0. Blank the whole input of the step."),
        Mistake(_blank(("without[t] = 0", "without[:, 0] = 0")), "One input is set to 0 at every step. Blank all inputs of one step."),
        Mistake(_blank(("without[t] = 0", "without[:] = 0\n        without[t] = x[t]")), "Turned round: everything but step t is blanked."),
        Mistake(_blank(("without[t] = 0", "without[t] = x.mean(axis=0)")), "The step is replaced by the mean input. Blanked means 0 here."),
        Mistake(_blank(("without[t] = 0", "without[t] *= -1")), "The sign of the input is turned round. Blanked means 0."),
        Mistake(_blank(("without[t] = 0", "without[t] = 1")), "The input is set to 1. Blanked means 0."),
        Mistake(_blank(("without[t] = 0", "without[t] == 0")), "Every effect is 0, so nothing was blanked. == compares; = sets."),
        Mistake(_blank(("effects.append", "return ")), "Only the first step is blanked: a return inside the loop ends it."),
        Mistake(_blank(("(len(x))", "(1, len(x))")), "The first step is left out: range begins at 0 if nothing else is said."),
        Mistake(_blank(("without = x.copy()", "before = answer(x)\n        x = without = x.copy()"), ("answer(x) - ", "before - ")),
                "Each step is blanked on top of those before it. Blank each in a fresh copy of the whole x."),
        Mistake(_blank(("(len(x))", "(len(x) - 1)")), "The last step is left out: one effect for each step."),
        Mistake(_blank(("np.array(effects)", "np.array(effects) / answer(x)")), "Divided by the answer: that is a share, and not defined for an answer of 0."),
        Mistake(_blank(("np.array(effects)", "np.sum(effects)")), "That is the sum. Asked is the effect of each step."),
        Mistake(_blank(("np.array(effects)", "np.cumsum(effects)")), "These are running sums. Asked is one effect for each step."),
    ),
    hints=("Copy x, set one row to 0, ask again, and compare with the untouched answer.",
           "For each t: answer(x) − answer(the copy in which row t is 0)."),
    solution=BLANK_SOLUTION,
    praise="Right: one intervention for each step, and nothing else is changed.",
)  # fmt: skip
