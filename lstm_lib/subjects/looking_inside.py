"""Exercises on looking inside: the ledger of a memory, a unit's transplanted state, the effect of blanking each input."""

import numpy as np

from lstm_lib.judge.exercise import exercise


def _gates(drawn):
    T, H = drawn.sizes()
    return drawn.gates(T, H), drawn.gates(T, H), drawn.numbers(T, H, high=0.95)


@exercise(
    """
f[t + 1 :] → f[t:] | f[t:] includes f_t, which acts on the memory before step t. What step t writes is first multiplied at step t + 1.
f[t + 1 :] → f[: t + 1] | Those are the forget gates up to step t. What step t writes meets only the later ones.
f[t + 1 :] → f[:t] | Those are the forget gates before step t. What step t writes meets only the later ones.
f[t + 1 :].prod(axis=0) → f[t + 1] | Only one later step counts. All of them forget: the gates multiply. If you meant the recursion: left[t + 1] is still 1 when this loop, which runs forwards, reads it.
.prod → .sum | Added. Each later step multiplies what is left by its forget gate, so the gates multiply.
.prod → .mean | That is the mean of the later gates. They act one after the other, so they multiply.
axis=0 → | The product runs over the units as well. Every unit has its own gates: multiply along the steps, axis 0.
f[t + 1 :].prod(axis=0) → f[-1] | Only the last forget gate is used. Every step after t forgets a part.
f[t + 1 :].prod(axis=0) → f[t] | That is the step's own gate, which acts on the memory before it. All later ones act on the write.
f[t + 1 :] → f[t + 2 :] | Step t + 1 is left out: it is the first that multiplies what step t writes.
f[t + 1 :] → f[t + 1 : -1] | The last forget gate is left out: -1 as an end excludes the last row. Write f[t + 1 :].
axis=0 → axis=1 | With axis=1 the product runs over the units. Multiply along the steps: axis=0.
f[t + 1 :].prod(axis=0) → f[t] ** (len(f) - 1 - t) | The step's own gate is used for every later step. Each step has gates of its own: multiply f[t + 1], f[t + 2], …
f[t + 1 :] → f | All gates of the sequence are multiplied. Only the later ones act on what step t writes.
left[t] = → left[t] = i[t] * C_tilde[t] * | The write counts twice: the last line multiplies by it as well. left is only the share.
left * → | That is what each step wrote, not what is left of it at the end.
left * → f * | Each write is multiplied by the gate of its own step, which acts on the memory before it.
left * i * → left * | The input gate is missing: step t writes i_t ⊙ C̃_t.
i * C_tilde → i | The candidate is missing: step t writes i_t ⊙ C̃_t.
left * i * C_tilde → left | That is the share that is left of each write. Multiply by what was written.
left * i * C_tilde → (left * i * C_tilde).sum(axis=0) | That is the sum, C_T itself. The ledger has a row for each step.
left * i * C_tilde → np.cumsum(left * i * C_tilde, axis=0) | These are running sums. The ledger has one entry for each step.
left * → np.cumprod(f, axis=0) * | np.cumprod from the first row on gives the gates up to step t, its own included. What step t writes meets only the later ones.
left * → np.cumprod(f[::-1], axis=0)[::-1] * | Every row has one gate too many, its own f_t: in the last row the write is multiplied, though no step follows.
left * → f.prod(axis=0) * | Every write is multiplied by all gates of the sequence. Only later ones act on it.
""",
    draw=_gates,
    hints=(
        "What happens to i_t ⊙ C̃_t at step t + 1? And at step t + 2?",
        "The product of the rows t + 1, t + 2, … of f, for each unit.",
    ),
    praise="Right: what is left of each write, and the rows add up to C_T.",
)
def ledger(f, i, C_tilde):
    left = np.ones_like(f)
    for t in range(len(f) - 1):
        left[t] = f[t + 1 :].prod(axis=0)
    return left * i * C_tilde


def _two_runs(drawn):
    """A run of three units that read one another, simple enough to follow."""
    (T, T_other), f = drawn.of((4, 5), (5, 4), (4, 6), (5, 5)), drawn.gates(3)

    def run(x, h_0=None, C_0=None):
        h, C = (np.zeros(3) if state is None else state for state in (h_0, C_0))
        after = np.empty((2, len(x), 3))
        for t, x_t in enumerate(x):
            C = f * C + x_t - np.roll(h, 1)
            h = np.tanh(C)
            after[:, t] = h, C
        return after

    run.__doc__ = f"a run with C_t = [{', '.join(map(str, f))}] ⊙ C_{{t−1}} + x_t − np.roll(h_{{t−1}}, 1), h_t = tanh(C_t)"
    return run, drawn.numbers(T, 1), drawn.numbers(T_other, 1), drawn.of(1, 1, 2), drawn.of(0, 2, 1, 0, 1)


@exercise(
    """
h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit] → h_t[unit] = h_other[t, unit] | Only h is transplanted. The unit's memory C stays, and from the next step on it speaks.
h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit] → C_t[unit] = C_other[t, unit] | Only C is transplanted. At the next step the gates still read the old h of this unit.
h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit] → h_t, C_t = h_other[t], C_other[t] | All units are transplanted. Then the rest is simply the other run's memory; asked is one unit.
h_other[t, unit], C_other[t, unit] → h_other[t], C_other[t] | Whole vectors are put where one number belongs: take h and C of the unit alone.
C_other[t, unit] → h_other[t, unit] | h is put into C as well. C has a value of its own: C_other.
x[t + 1 :] → other | The other input is read from its start. Read the rest of x; only the state of a unit comes from there.
x[t + 1 :] → x[t:] | Step t is read twice: h[t], C[t] are the states after it. Go on with the step after.
x[t + 1 :] → x | The whole input is read again, from the transplanted state on. Only the rest is still to be read.
x[t + 1 :] → other[t + 1 :] | The rest is that of the other input. Only the state of a unit comes from there.
x[t + 1 :] → x[t + 2 :] | One step of the rest is left out.
, h_t, C_t)[0] → )[0] | The rest is read from zero states: the transplanted state is not handed to run.
h_t, C_t)[0] → C_t, h_t)[0] | h and C are swapped: run takes (x, h_0, C_0).
h_other[t, unit], C_other[t, unit] → C_other[t, unit], h_other[t, unit] | h and C of the other run are swapped.
other[t, unit] → other[t - 1, unit] | The other run's state is that of one step before. Take it after the same step t.
other[t, unit] → other[-1, unit] | The other run's state is its last one. Take it after the same step t.
other[t, unit] → other[t + len(other) - len(x), unit] | The other run's state is taken as many steps before its end as step t is before that of x. Take it after the same step t.
other[t, unit] → other[unit, t] | The index is turned round: the rows are steps, the columns units, so [t, unit].
h_other[t, unit], C_other → C_other[t, unit], C_other | C is put into h as well. h has a value of its own: h_other.
x[t + 1 :] → x[: t + 1] | The steps up to t are read again. Only the rest, x[t + 1 :], is still to be read.
[0][-1] → [1][-1] | That is C at the end. Asked is h, which the readout reads.
[0][-1] → [0] | These are the states after every step of the rest. Asked is the last one.
[0][-1] → [0][0] | That is the state one step after the transplant. Asked is the last one.
run(x[t + 1 :], h_t, C_t)[0][-1] → h[-1] | That is the untouched run: nothing is transplanted.
run(x[t + 1 :], h_t, C_t)[0][-1] → h_other[-1] | That is the other run as it is.
h_other[t, unit], C_other[t, unit] → 0, 0 | The unit is set to 0, which is switching it off. Its state should come from the other run.
run(x[t + 1 :], h_t, C_t)[0][-1] → h_t | That is the state right after the transplant. The rest of x is still to be read.
h[t].copy(), C[t].copy() → h_other[t].copy(), C_other[t].copy() ; = h_other[t, unit], C_other[t, unit] → = h[t, unit], C[t, unit] | Turned round: the chosen unit is kept, and all the others are transplanted.
run(x[t + 1 :], h_t, C_t)[0][-1] → np.where(np.arange(len(h_t)) == unit, h_other[-1], h[-1]) | The unit is swapped at the end, so no later step has read the transplanted state.
""",
    draw=_two_runs,
    seed=1,
    hints=(
        "Change one number in h after step t, and one in C. Then read the rest of x from there.",
        "run(the rest, h_0, C_0) returns h and C of every step of the rest.",
    ),
    praise="Right: one unit's short-term and long-term memory come from the other run; all else is as it was.",
)
def transplanted(run, x, other, t, unit):
    h, C = run(x)
    h_other, C_other = run(other)
    h_t, C_t = h[t].copy(), C[t].copy()
    h_t[unit], C_t[unit] = h_other[t, unit], C_other[t, unit]
    return run(x[t + 1 :], h_t, C_t)[0][-1]


def _answer(drawn):
    keep = drawn.gates()

    def answer(x):
        C = 0.0
        for x_t in x:
            C = keep * C + x_t[0] - 2 * x_t[1]
        return C**2

    answer.__doc__ = f"answer(x) = C² after the last step, where C = {keep} · C + x_t[0] − 2 · x_t[1] in each"
    return answer, drawn.numbers(drawn.of(2, 3, 4), 2)


@exercise(
    """
answer(x) - answer(without) → answer(without) - answer(x) | The sign is turned round: with the step minus without it, so that a step that raises the answer has a positive effect.
answer(x) - → | Those are the answers without each step. The effect is the difference from the untouched answer.
answer(x) - answer(without) → abs(answer(x) - answer(without)) | The sign is lost: does the step raise or lower the answer?
without[t] → without[: t + 1] | All steps up to t are blanked. Asked is one at a time, each in a fresh copy of x.
without[t] → without[t:] | All steps from t on are blanked. Asked is one at a time.
without[t] = 0 → without = np.delete(x, t, axis=0) | The step is cut out, so all later steps come one step earlier. Blanked means: the step is there, and its input is 0.
without[t] → without[t, 0] | Only the first number of x_t is set to 0. Blank the whole input of the step.
without[t] → without[:, 0] | One input is set to 0 at every step. Blank all inputs of one step.
(len(x)) → (x.shape[1]) ; without[t] → without[:, t] | One input after the other is set to 0, at every step. Blank one step after the other: a row of x.
answer(x) - answer(without) → answer(x[: t + 1]) - answer(x[:t]) | That is how step t changes the answer up to then. Blank the step in the whole x, with all later steps.
answer(x) - answer(without) → answer(x[t : t + 1]) | That is the answer to each step alone. The effect is the difference that blanking it makes to the whole answer.
without[t] = 0 → without[:] = 0; without[t] = x[t] | Turned round: everything but step t is blanked.
without[t] = 0 → without[t] = x.mean(axis=0) | The step is replaced by the mean input. Blanked means 0 here.
without[t] = 0 → without[t] *= -1 | The sign of the input is turned round. Blanked means 0.
without[t] = 0 → without[t] = 1 | The input is set to 1. Blanked means 0.
without[t] = 0 → without[t] == 0 | Every effect is 0, so nothing was blanked. == compares; = sets.
effects.append → return | Only the first step is blanked: a return inside the loop ends it.
(len(x)) → (1, len(x)) | The first step is left out: range begins at 0 if nothing else is said.
without = x.copy() → before = answer(x); x = without = x.copy() ; answer(x) - → before - | Each step is blanked on top of those before it. Blank each in a fresh copy of the whole x.
(len(x)) → (len(x) - 1) | The last step is left out: one effect for each step.
np.array(effects) → np.array(effects) / answer(x) | Divided by the answer: that is a share, and not defined for an answer of 0.
np.array → np.sum | That is the sum. Asked is the effect of each step.
np.array → np.cumsum | These are running sums. Asked is one effect for each step.
""",
    draw=_answer,
    hints=(
        "Copy x, set one row to 0, ask again, and compare with the untouched answer.",
        "For each t: answer(x) − answer(the copy in which row t is 0).",
    ),
    praise="Right: one intervention for each step, and nothing else is changed.",
)
def blank_effects(answer, x):
    effects = []
    for t in range(len(x)):
        without = x.copy()
        without[t] = 0
        effects.append(answer(x) - answer(without))
    return np.array(effects)
