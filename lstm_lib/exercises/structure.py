"""Exercises on the cell as a whole: its parameters, and the order of one step."""

from __future__ import annotations

from itertools import permutations

from lstm_lib.exercises.check import Exercise, Mistake

__all__ = ["STRUCTURE_EXERCISES"]

COUNT = Exercise(
    name="parameters",
    takes="D, H",
    right=lambda D, H: 4 * (H * (H + D) + H),
    cases=((4, 3), (2, 5), (1, 1)),
    mistakes=(
        Mistake(lambda D, H: 4 * H * (H + D), "The biases are missing: that gives 84 for D = 4, H = 3."),
        Mistake(lambda D, H: 3 * (H * (H + D) + H), "You counted the three gates; the candidate has weights of its own. "
                "That gives 72 for D = 4, H = 3."),
        Mistake(lambda D, H: H * (H + D) + H, "That is one gate: 24 for D = 4, H = 3. There are four such blocks."),
        Mistake(lambda D, H: 3 * H * (H + D), "Two things are missing: the candidate's block, and the biases."),
        Mistake(lambda D, H: H * (H + D), "That is one block without its biases."),
        Mistake(lambda D, H: 4 * (D * (H + D) + D), "H and D have changed places: there are H rows a block, and each "
                "meets H + D numbers."),
        Mistake(lambda D, H: 4 * (H * D + H), "The weights on h_{t-1} are missing: each row meets H + D numbers."),
        Mistake(lambda D, H: 4 * (H * (H + D) + 1), "Each unit of each block has its own bias, so H of them a block."),
        Mistake(lambda D, H: 4 * (H * (H + D) + 2 * H), "PyTorch stores two biases a block, which are only ever added "
                "up; the equations have one."),
    ),
    hints=("One block (a gate, say) is a matrix and a bias vector. Which shapes?",
           "H × (H + D) + H numbers a block, and four blocks."),
    solution="def parameters(D, H):\n    return 4 * (H * (H + D) + H)",
    praise="Right: 96 for D = 4, H = 3.",
)  # fmt: skip

LINES = {
    "A": "h_t = o_t * np.tanh(C_t)",
    "B": "f_t, i_t, o_t = the three gates of [h_prev; x_t]",
    "C": "C_t = f_t * C_prev + i_t * C_tilde",
    "D": "C_tilde = np.tanh(W_C @ [h_prev; x_t] + b_C)",
}


def _order(answer):
    letters = "".join(letter for letter in str(answer).upper() if letter in LINES)
    if sorted(letters) != sorted(LINES):
        return f"Hand in the four letters A, B, C, D, each once, as in “ABCD”; this was “{str(answer)[:20]}”."
    at = {letter: k for k, letter in enumerate(letters)}
    if at["A"] < at["B"]:
        return (
            "You have h_t (A) before the gates (B): o_t is not there yet. And where old and new h share "
            "one name, the gates would use the new h; they read h_{t-1}."
        )
    if at["C"] < at["D"]:
        return "C_t (C) adds the candidate, so C̃_t (D) has to be there first."
    if at["C"] < at["B"]:
        return "C_t (C) needs the gates f_t and i_t, so B comes before it."
    if at["A"] < at["C"]:
        return "h_t (A) shows the new memory C_t, so C comes before A; else it would show a stale one."
    return ""


ORDER = Exercise(
    name="order",
    takes="letters",
    right=lambda: "BDCA",
    cases=(),
    mistakes=(),
    hints=("Which lines need nothing but h_{t-1}, x_t and the weights?",
           "Gates and candidate in any order, then the memory, then what is shown."),
    solution='check("order", "BDCA")    # or DBCA',
    praise="Right: gates and candidate (in either order), then the memory, then what is shown.",
    grade=_order,
)  # fmt: skip

RIGHT_ORDERS = [order for p in permutations(LINES) if not _order(order := "".join(p))]
"""B and D commute; all else is fixed."""

STRUCTURE_EXERCISES = (COUNT, ORDER)
