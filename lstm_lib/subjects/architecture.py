"""Exercises on the cell as a whole: what flows where, its parameters, and the order of one step."""

import json

import numpy as np

from lstm_lib.cell.activations import sigmoid
from lstm_lib.judge.exercise import exercise

VALUES = {"f_t": 0.75, "kept": -1.5, "i_t": 0.4, "C_tilde": -0.5, "written": -0.2, "C_t": -1.7, "o_t": 0.8, "h_t": -0.75}  # fmt: skip
"""One step of one unit with C_{t-1} = −2, two digits; no other way to name these numbers fits the equations."""


def _grade_flows(answer):
    if not isinstance(answer, dict) or set(answer) != set(VALUES):
        return f"Give a dict with the names {', '.join(VALUES)}, as in the cell."
    try:
        v = {name: round(float(value), 6) for name, value in answer.items()}  # float32 too
    except (TypeError, ValueError):
        return "Each name stands for one of the eight numbers."
    if sorted(v.values()) != sorted(VALUES.values()):
        return "Use each of the eight numbers once."
    for name in ("f_t", "i_t", "o_t"):
        if not 0 <= v[name] <= 1:
            return f"{name} is a gate: it lies between 0 and 1."
    for name in ("C_tilde", "h_t"):
        if abs(v[name]) > 1:
            return f"{name} comes out of a tanh: it lies between −1 and 1."
    if abs(v["f_t"] * -2 - v["kept"]) > 0.006:
        return "What is kept is f_t ⊙ C_{t-1}, and C_{t-1} is −2."
    if abs(v["i_t"] * v["C_tilde"] - v["written"]) > 0.006:
        return "What is written is i_t ⊙ C̃_t."
    return ""  # C_t, o_t and h_t: only one way is left


@exercise(
    """
return VALUES | {"f_t": 0.8} | Use each of the eight numbers once.
return VALUES | {"f_t": -1.5, "kept": 0.75} | f_t is a gate: it lies between 0 and 1.
return VALUES | {"i_t": -0.5, "C_tilde": 0.4} | i_t is a gate: it lies between 0 and 1.
return VALUES | {"o_t": -0.75, "h_t": 0.8} | o_t is a gate: it lies between 0 and 1.
return VALUES | {"C_tilde": -1.5, "kept": -0.5} | C_tilde comes out of a tanh: it lies between −1 and 1.
return VALUES | {"C_t": -0.75, "h_t": -1.7} | h_t comes out of a tanh: it lies between −1 and 1.
return VALUES | {"kept": -1.7, "C_t": -1.5} | What is kept is f_t ⊙ C_{t-1}, and C_{t-1} is −2.
return VALUES | {"written": -0.5, "C_tilde": -0.2} | What is written is i_t ⊙ C̃_t.
""",
    grade=_grade_flows,
    hints=(
        "Three numbers lie between 0 and 1. One of them times −2 is among the eight.",
        "f_t = 0.75 keeps −1.5. Which gate times which candidate gives what is missing to C_t?",
    ),
    shown=json.dumps(VALUES),
    praise="Right: 0.75 × −2 = −1.5 is kept, 0.4 × −0.5 = −0.2 is written, C_t = −1.7, and h_t = 0.8 × tanh(−1.7) = −0.75.",
)
def flows():
    return VALUES


@exercise(
    """
return 4 * H * (H + D) | The biases are missing: that gives 84 for D = 4, H = 3.
4 → 3 | You counted the three gates; the candidate has weights of its own. That gives 72 for D = 4, H = 3.
return H * (H + D) + H | That is one gate: 24 for D = 4, H = 3. There are four such blocks.
return 3 * H * (H + D) | Two things are missing: the candidate's block, and the biases.
return H * (H + D) | That is one block without its biases.
return 4 * (D * (H + D) + D) | H and D are swapped: each block has H rows of H + D weights.
(H + D) → D | The weights on h_{t-1} are missing: each row has H + D weights.
+ H) → + 1) | Each unit of each block has its own bias, so each block has H biases.
+ H) → + 2 * H) | PyTorch stores two biases per block and uses only their sum; the equations have one.
+ H) → + H + D) | You counted a bias for each input. A bias belongs to a unit: H per block.
return 4 * ((H + D) ** 2 + H) | The matrices are not square: each has H rows, one for each unit, of H + D weights.
4 → 5 | You counted five blocks. There are four: three gates and the candidate. The memory C_t has no weights.
""",
    draw=lambda drawn: drawn.sizes(),
    hints=(
        "One block (a gate, say) is a matrix and a bias vector. Which shapes?",
        "H × (H + D) + H numbers per block, and four blocks.",
    ),
    praise="Right: 96 for D = 4, H = 3.",
)
def parameters(D, H):
    return 4 * (H * (H + D) + H)


LINES = "ABCD"
RULES = (  # (first line, a line that must come after it, an order that breaks the rule, feedback)
    ("B", "A", "DCAB", "h_t (A) comes before the gates (B), but it needs o_t. And if old and new h share one name, "
     "the gates would use the new h instead of h_{t-1}."),
    ("D", "C", "BCDA", "C_t (C) needs the candidate C̃_t, so D comes before it."),
    ("B", "C", "DCBA", "C_t (C) needs the gates f_t and i_t, so B comes before it."),
    ("C", "A", "BDAC", "h_t (A) shows the new memory C_t, so C comes before A; otherwise it would show the old one."),
)  # fmt: skip


def _grade_order(answer):
    letters = "".join(letter for letter in str(answer).upper() if letter in LINES)
    if sorted(letters) != sorted(LINES):
        return f"Expected the four letters A, B, C, D, each once, as in “ABCD”; got “{str(answer)[:20]}”."
    broken = (words for first, then, _, words in RULES if letters.index(then) < letters.index(first))
    return next(broken, "")


@exercise(
    "\n".join(f"BDCA → {letters} | {words}" for _, _, letters, words in RULES),
    grade=_grade_order,
    hints=(
        "Which lines need nothing but h_{t-1}, x_t and the weights?",
        "Gates and candidate in any order, then the memory, then what is shown.",
    ),
    shown='check("order", "BDCA")    # or DBCA',
    praise="Right: gates and candidate (in either order), then the memory, then what is shown.",
)
def order():
    return "BDCA"


def _step_of(drawn):
    H, D = drawn.sizes()
    return drawn.cell(H, D), drawn.numbers(D), drawn.numbers(H), drawn.numbers(H)


@exercise(
    """
h_t, C_t → C_t, h_t | The two states are in the other order: h_t comes first, then C_t.
h_t, C_t → h_t | You returned h_t alone. The next step needs C_t too: return h_t, C_t.
h_t, C_t → C_t | You returned C_t alone. What is shown is h_t: return h_t, C_t.
[h_prev, x_t] → [x_t, h_prev] | You joined [x_t; h_prev]. The first columns of each W belong to h.
np.tanh(params → sigmoid(params | The candidate is a tanh, not a gate: with σ nothing negative can be written.
np.tanh(C_t) → C_t | tanh is missing in h_t = o_t ⊙ tanh(C_t).
h_t = o_t → h_t = sigmoid(params.W_o @ np.concatenate([np.tanh(C_t), x_t]) + params.b_o) | The output gate reads the new tanh(C_t). All gates of a step read h_{t-1}.
np.tanh(C_t) → np.tanh(C_prev) | You showed the old memory: h_t = o_t ⊙ tanh(C_t).
i_t * C_tilde → C_tilde | The whole candidate is written. i_t says how much of it should be: i_t ⊙ C̃_t.
f_t * C_prev → C_prev | Nothing is forgotten: C_{t-1} must be multiplied by f_t.
o_t * np.tanh(C_t) → np.tanh(C_t) | The whole memory is shown. o_t says how much of it should be: o_t ⊙ tanh(C_t).
f_t * C_prev + i_t * C_tilde → i_t * C_prev + f_t * C_tilde | f_t and i_t have changed places: f_t keeps the old memory, i_t writes the candidate.
f_t * C_prev + i_t * C_tilde → np.tanh(f_t * C_prev + i_t * C_tilde) ; o_t * np.tanh(C_t) → o_t * C_t | You squashed the memory itself. C_t has no limit; tanh belongs in h_t.
f_t * C_prev + → | The old memory is gone: f_t ⊙ C_{t-1} is missing.
sigmoid(params.W_i @ v + params.b_i) → 1 - f_t | Your input gate is 1 − f_t. Here it has weights of its own, W_i and b_i.
params.W_o @ v + params.b_o → params.W_i @ v + params.b_i | Your output gate has the input gate's weights. It has W_o and b_o of its own.
params.W_i @ v + params.b_i → params.W_f @ v + params.b_f | Your input gate has the forget gate's weights. It has W_i and b_i of its own.
f_t * C_prev + i_t * C_tilde → np.tanh(f_t * C_prev + i_t * C_tilde) | There is no tanh around the new memory: C_t has no limit. It comes when C_t is shown.
+ params.b_f → ; + params.b_i → ; + params.b_o → ; + params.b_C → | The biases are missing.
+ params.b_f → | The forget gate's bias b_f is missing.
+ params.b_i → | The input gate's bias b_i is missing.
+ params.b_o → | The output gate's bias b_o is missing.
+ params.b_C → | The candidate's bias b_C is missing.
""",
    draw=_step_of,
    hints=(
        "The order: gates and candidate, then C_t, then h_t.",
        "i_t, o_t and C_tilde are computed like f_t, with W_i, W_o and W_C; the candidate with np.tanh instead of "
        "sigmoid.",
    ),
    praise="Right: both states agree with the library's.",
)
def step(params, x_t, h_prev, C_prev):
    v = np.concatenate([h_prev, x_t])
    f_t = sigmoid(params.W_f @ v + params.b_f)
    i_t = sigmoid(params.W_i @ v + params.b_i)
    o_t = sigmoid(params.W_o @ v + params.b_o)
    C_tilde = np.tanh(params.W_C @ v + params.b_C)
    C_t = f_t * C_prev + i_t * C_tilde
    h_t = o_t * np.tanh(C_t)
    return h_t, C_t
