"""What is no cell: the line, the word, and what would be right; nothing that is typed is ever run."""

import random
import re

import numpy as np
import pytest
from cells import GOOD, OWN, Case, H, f, i, memory, new, shown

from lstm_lib import Kind

G, H_LINE = "f_t = σ(W_f · x_t)", "h_t = f_t ⊙ h_{t-1} + tanh(W_h · x_t)"
WRONG = [
    ((), "equations: expected 1 to 30 lines, got 0"),
    (("h_t = W · x_t + h_{t-1}",) * 31, "equations: expected 1 to 30 lines, got 31"),
    (("",), "line 1: expected one name, =, and how it is computed, got ''"),
    (("σ(W · x_t)",), "line 1: expected one name, =, and…"),
    (("3 = W · x_t + h_{t-1}",), "line 1: expected one name, =, and…"),
    (("f_t + i_t = 1",), "line 1: expected one name, =, and…"),
    ((3,), "line 1: expected text such as 'f_t = σ(W_f · x_t + b_f)', got int"),
    ((["h_t = h_{t-1}"],), "line 1: expected text such as 'f_t = σ(W_f · x_t + b_f)', got list"),
    ((f"h_t = h_{{t-1}}{' + h_{t-1}' * 40}",), "line 1: it has 413 signs, at most 300 are read"),
    ((f"h_t = {'(' * 30}h_{{t-1}}{')' * 30}",), "line 1: expected at most 20 brackets in one another"),
    ((f"h_t = {'−' * 60}h_{{t-1}}",), "line 1: expected at most 20 signs or brackets in one another"),
    ((f"h_t = {'W · ' * 30}x_t",), "line 1: expected at most 20 signs or brackets in one another"),
    # names
    ((f, i, new, memory), "line 1: h_{t-1} is read, but no line sets h_t; expected h_t = …"),
    ((f, new, memory, shown), "line 3: i_t is read, but no line sets it; expected i_t = …"),
    ((f, i, new, "C_t = f_t ⊙ c_prev + i_t ⊙ C̃_t", shown), "line 4: c_{t-1} is read, but no line sets c_t; did you mean C_t?"),
    ((f, i, new, "C_t = F_t ⊙ C_prev + i_t ⊙ C̃_t", shown), "line 4: F_t is read, but no line sets it; did you mean f_t?"),
    (("forget_t = σ(W · x_t)", "h_t = froget_t ⊙ h_{t-1}"), "line 2: froget_t is read, but no line sets it; did you mean forget_t?"),
    ((G, "h_t = f ⊙ h_{t-1}"), "line 2: f has no time; expected f_t or f_{t-1}"),
    (("h_t = σ(W · x) ⊙ h_{t-1}",), "line 1: x has no time; expected x_t"),
    (("h_t = W · [h_{t-2}; x_t]",), "line 1: 'h_{t-2}': only the step before can be read, as h_{t-1}"),
    (("h_t = W · [h_{t+1}; x_t]",), "line 1: 'h_{t+1}': only the step before can be read, as h_{t-1}"),
    (("h_t = W · x_{t-1} + h_{t-1}",), "line 1: x_{t-1} is not kept; carry it on as a state, such as s_t = W_s · x_t"),
    (("x_t = W · h_{t-1}", "h_t = x_t"), "line 1: x_t is the input; a line cannot set it"),
    (("h_{t-1} = W · x_t",), "line 1: h_{t-1} is what the step before left; a line sets h_t"),
    (("h_t = V · [h_{t-1}; x_t]",), "line 1: the letter of V is taken: the readout's weights; expected another"),
    (("h_t = W · [h_{t-1}; x_t] + kind",), "line 1: the letter of kind is taken; expected another"),
    (("h_t = W · [h_{t-1}; x_t] + x_1",), "line 1: the letter of x_1 is taken; expected another"),
    (("h_t = W · [h_{t-1}; x_t] + held_f",), "line 1: the letter of held_f is taken; expected another"),
    (("kept_t = W · x_t", "h_t = kept_t ⊙ h_{t-1}"), "line 1: the name kept_t is taken; expected another"),
    (("h_t = W · x_t + h_0 ⊙ h_{t-1}",), "line 1: the letter of h_0 is that of the state h_t; expected another"),
    (("ｆ_t = σ(W · x_t)", H_LINE), "line 1: 'ｆ_t' is no name; expected Latin or Greek letters, such as f_t or W_f"),
    (("h_t = W_{f,g} · x_t + h_{t-1}",), "line 1: 'W_{f,g}' is no name; expected a name such as f_t, h_{t-1} or W_f"),
    (("h_t = h_{t-1}^2 + W · x_t",), "line 1: 'h_{t-1}^2': only weights are raised, to ^h or ^x; expected a product such as f_t ⊙ f_t for a power"),
    (("h_t = W^T · x_t + h_{t-1}",), "line 1: 'W^T': only weights are raised, to ^h or ^x…"),
    (("C̃_2 = W · x_t", "h_t = C̃_2 + h_{t-1}"), "line 1: 'C̃_2': expected C̃_t or C̃_{t-1}"),
    # order
    ((new, i, memory, f, shown), "line 3: f_t is used before its line: move line 4 above it"),
    ((f, f, H_LINE), "line 2: f_t is set a second time; line 1 sets it already"),
    (("a_t = e_t ⊙ W · x_t", "e_t = a_t", "h_t = e_t + h_{t-1}"), "line 1: e_t is used before its line: a circle, as e_t needs a_t; one of them has to read the step before, as e_{t-1}"),
    (("h_t = tanh(W · x_t) + h_{t-1} / 0",), "line 1: nothing can be divided by 0"),
    (("h_t = tanh(b_f · x_t) + h_{t-1}",), "line 1: b_f is a bias; expected another letter before ·, such as W"),
    (("f_t = σ(W_f · x_t + z_f)", "h_t = f_t ⊙ h_{t-1}"), "line 1: z_f is the pre-activation of f_t; expected another name"),
    (("z_f = U · x_t", "f_t = σ(W_f · x_t)", "h_t = f_t ⊙ h_{t-1} + z_f"), "line 1: z_f is the pre-activation of f_t; expected another name"),
    (("a = W · x_t", "h_t = A_{t-1} + h_{t-1} + a"), "line 2: A_{t-1} is read, but no line sets A_t; expected A_t = …"),
    (("fog = W · x_t", "h_t = fgo_t + h_{t-1} + fog"), "line 2: fgo_t is read, but no line sets it; did you mean fog?"),
    (("a_t = e_t ⊙ W · x_t", "g_t = a_t", "e_t = g_t", "h_t = e_t + h_{t-1}"), "line 1: e_t is used before its line: a circle, as e_t needs a_t…"),
    (("c_t = W · x_t", "h_t = c_t + h_{t-1}"), "line 1: c_t is set, but no line reads c_{t-1}: it carries nothing on"),
    (("h_t = tanh() + W · x_t + h_{t-1}",), "line 1: there is nothing between '(' and ')'"),
    (("h_t = tanh(W · x_t + clamp^h) + h_{t-1}",), "line 1: the letter of clamp^h is taken; expected another"),
    (("h_t = W · [h_t; x_t]",), "line 1: h_t is on both sides: a circle; of the step before it is h_{t-1}"),
    (("h_t = W · x_t + h_t-1",), "line 1: h_t is on both sides: a circle; of the step before it is h_{t-1}"),
    (("v = v + W · x_t", "h_t = v + h_{t-1}"), "line 1: v is on both sides: a circle; of the step before it is a state"),
    ((f, i, new, "C_t = f_t ⊙ i_t ⊙ C̃_t", "h_t = tanh(C_t)"), "line 4: C_t is set, but no line reads C_{t-1}: it carries nothing on"),
    ((*GOOD, "g_t = tanh(C_t)"), "line 7: g_t never reaches h_t: no later line uses it"),
    (("h_t = tanh(W · x_t + b)",), "line 1: nothing is remembered: no line reads the step before, such as h_{t-1} or C_{t-1}"),
    (("f_t = σ(b)", "h_t = f_t ⊙ h_{t-1}"), "line 2: no line reads the input x_t"),
    (("C_t = C_{t-1} + W · x_t",), "line 1: no line sets h_t, which is what the cell shows; expected h_t = … as the last"),
    # shapes
    (("f_t = σ(W_f ⊙ [h_{t-1}; x_t] + b_f)", H_LINE), "line 1: [h_{t-1}; x_t] joins vectors for weights; expected it after ·, as in W · [h_{t-1}; x_t]"),
    (("f_t = σ(W_f ⊙ x_t)", H_LINE), "line 1: x_t has one number per input, the cell one per unit; expected weights, as in W · x_t, in W_f ⊙ x_t"),
    (("h_t = tanh(x_t) + h_{t-1}",), "line 1: x_t has one number per input, the cell one per unit…"),
    ((G, "h_t = f_t · h_{t-1}"), "line 2: · multiplies weights by a vector; f_t is not a name of weights: expected W_… · or, unit by unit, ⊙"),
    (("h_t = (W + U) · x_t + h_{t-1}",), "line 1: · multiplies weights by a vector; W + U is not a name of weights…"),
    (("h_t = W · 3 + h_{t-1} + U · x_t",), "line 1: W · acts on x_t, states and values; 3 is none"),
    (("h_t = W · [b; x_t] + b ⊙ h_{t-1}",), "line 1: W · acts on x_t, states and values; b is none"),
    (("h_t = tanh(W · x_t) + W · h_{t-1}",), "line 1: W acts on h_{t-1} here and on something else before: its shape would differ"),
    (("h_t = tanh(W · x_t) + W ⊙ h_{t-1}",), "line 1: W is a matrix elsewhere; expected W · and a vector"),
    (("h_t = W ⊙ h_{t-1} + W · x_t",), "line 1: W is a vector elsewhere; expected W ⊙, or another letter"),
    (("h_t = tanh(W_h ⊙ h_{t-1} + W_x · x_t)",), "line 1: W_h is a vector, W_x is not; expected another letter, or · after weights"),
    (("f_t = σ(W · x_t)", H_LINE), "line 2: W stands with and without an index; expected an index on each, such as W_f"),
    ((G, "h_t = W · [h_{t-1}; f_t]"), "line 2: W stands with and without an index; expected an index on each, such as W_f"),
    ((G, "h_t = tanh(W_h · [h_{t-1}; f_t ⊙ h_{t-1}; x_t])"), "line 2: W_h acts on h_{t-1} a second time; expected a letter of its own for it"),
    (("h_t = tanh(W_h^h · h_{t-1} + W_h · [h_{t-1}; x_t])",), "line 1: W_h acts on h_{t-1} a second time…"),
    (("h_t = 3",), "line 1: h_t must have one number per unit: expected weights, as in W · x_t"),
    # signs, brackets, functions
    (("f_t = sgima(W_f · x_t)", H_LINE), "line 1: 'sgima' is no function; expected one of σ, tanh, exp, ln, relu, softplus, abs, max, min, or · or ⊙ before the bracket"),
    (("h_t = tanh W · [h_{t-1}; x_t]",), "line 1: tanh is a function: expected tanh(…)"),
    (("h_t = max(h_{t-1}) + W · x_t",), "line 1: max takes 2, got 1"),
    (("h_t = tanh(h_{t-1}, x_t)",), "line 1: tanh takes 1, got 2"),
    (("h_t = W · (h_{t-1}; x_t)",), "line 1: a bracket takes 1, got 2: a list of vectors stands in [ ; ]"),
    (("f_t = σ(W_f · [h_{t-1}; x_t] + b_f", H_LINE), "line 1: a bracket ( is not closed"),
    (("f_t = σ(W_f · [h_{t-1}; x_t + b_f)", H_LINE), "line 1: a bracket [ is not closed"),
    (("h_t = h_{t-1}) + W · x_t",), "line 1: ')' after 'h_{t-1}' closes a bracket that is not open"),
    (("h_t = W [h_{t-1}; x_t]",), "line 1: after 'W' an operation is missing before '[': · for weights times a vector, ⊙ for unit by unit, ; in [ ]"),
    (("h_t = W · [h_{t-1} x_t]",), "line 1: after 'h_{t-1}' an operation is missing before 'x_t'…"),
    (("h_t = h_{t-1} + * x_t",), "line 1: '*' after '+' is not expected"),
    (("h_t = (⊙ h_{t-1}) + W · x_t",), "line 1: '⊙' after '(' is not expected"),
    (("h_t = h_{t-1} ⊙ ⊙ x_t",), "line 1: '⊙' after '⊙' is not expected"),
    (("h_t = h_{t-1} ** 2 + W · x_t",), "line 1: ** is no operation: there are no powers; expected a product, such as f_t ⊙ f_t"),
    (("h_t = 2 (h_{t-1}) + W · x_t",), "line 1: after '2' an operation is missing before '('…"),
    (("h_t =",), "line 1: it ends after '='; expected a name, a number or a bracket there"),
    (("h_t = h_{t-1} +",), "line 1: it ends after '+'; expected a name, a number or a bracket there"),
    (("h_t = h_{t-1} = x_t",), "line 1: '=' after 'h_{t-1}' is not expected: a line has one =; is a comma missing between two lines?"),
    (("h_t = W × x_t",), "line 1: the sign '×' has no meaning here; expected ⊙, or · after weights"),
    ((f"{f}\n{i}",), "line 1: it has several lines; expected a text for each, with commas between them"),
    (("h_t = np.tanh(W · x_t)",), "line 1: the sign '.' has no meaning here; expected · after weights; functions have no dot: tanh, not np.tanh"),
    (("h_t = W.x_t",), "line 1: the sign '.' has no meaning here; expected · after weights; functions have no dot: tanh, not np.tanh"),
    ((r"h_t = \sigma(W · x_t)",), r"line 1: the sign '\\' has no meaning here; expected sigma, not \sigma"),
    (("h_t = ~C_t",), "line 1: the sign '~' has no meaning here; expected C_tilde, not ~C"),
    (("h_t = h_(t-1)",), "line 1: the sign '_' has no meaning here; expected an index, such as f_t, h_{t-1} or W_f"),
    (("h_t = h_{t-1}!",), "line 1: the sign '!' has no meaning here; expected a letter, a number, or one of + − ⊙ · / ( ) [ ; ] ="),
    (("h_t = 1e999 ⊙ h_{t-1} + W · x_t",), "line 1: the number 1e999 is larger than a computer's numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "words"), WRONG)
def test_a_wrong_cell_is_answered(lines, words):
    with pytest.raises(ValueError) as error:
        Kind("mine", *lines)
    assert str(error.value) == words or words.endswith("…") and str(error.value).startswith(words[:-1])


@pytest.mark.parametrize(
    ("most", "lines"),
    [(300, lambda k: ["h_t = h_{t-1} + W · x_t".ljust(k)]), (20, lambda k: [f"h_t = {'(' * k}h_{{t-1}}{')' * k} + W · x_t"]),
     (20, lambda k: [f"h_t = {'−' * k}h_{{t-1}} + W · x_t"]), (20, lambda k: ["h_t = h_{t-1} + " + " · ".join(f"W_{n}" for n in range(k)) + " · x_t"]),
     (30, lambda k: ["v1 = W · x_t", *(f"v{n} = v{n - 1}" for n in range(2, k)), f"h_t = v{k - 1} + h_{{t-1}}"])],
)  # fmt: skip
def test_how_much_is_read(most, lines):
    Kind("mine", *lines(most))
    with pytest.raises(ValueError, match=rf"at most {most}|to {most} lines"):
        Kind("mine", *lines(most + 1))


TAKEN = """V c theta dtype kind names params clamped last kept written hidden input tilde prev held self sizes run
    batched every about file clamp shapes parts predict save load forward backward inputs""".split()


@pytest.mark.parametrize("word", TAKEN)
def test_a_name_that_stands_for_something_else_is_taken(word):
    for name in (word, f"{word}_f"):
        for lines in (
            ("h_t = W · [h_{t-1}; x_t] + " + name,),
            (f"{name} = W · [h_{{t-1}}; x_t]", f"h_t = {name}"),
        ):
            with pytest.raises(ValueError, match=r"^line 1: .*(is taken|is no name)"):
                Kind("mine", *lines)
    if word not in ("V", "c", "theta"):
        with pytest.raises(ValueError, match="^line 1: the name .* is taken; expected another"):
            Kind("mine", f"{word}_t = W · [h_{{t-1}}; x_t]", f"h_t = {word}_t")


def test_names_that_look_taken_and_are_not():
    Kind("mine", "c_t = c_{t-1} + bias · x_t", "V_t = c_t", "theta_t = V_t", "h_t = theta_t")


def test_only_weights_on_h_can_start_orthogonal():
    for line in ("h_t = U_h · [h_{t-1}; x_t]", "h_t = h_{t-1} + W_h · x_t", "h_t = W ⊙ h_{t-1} + U · x_t"):
        with pytest.raises(ValueError, match="^orthogonal: expected a line with weights W_… on h_{t-1}"):
            Kind("mine", line, orthogonal=True)


@pytest.mark.parametrize("name", [None, 3, "", " ", "a" * 41, ["a"]])
def test_a_kind_has_a_name(name):
    assert Kind("a" * 40, *GOOD).name == "a" * 40
    with pytest.raises(ValueError, match="^name: expected a text of 1 to 40 letters, got"):
        Kind(name, *GOOD)


# --- three hundred lines that nobody should trust -----------------------------------------------------------

HOSTILE = [
    "h_t = __import__('os').system('touch owned')", "h_t = x_t.__class__", "h_t = ().__class__.__base__", "__class__ = 3",
    "h_t = h_{t-1} + W · x_t; import os", "h_t = h_{t-1} + W · x_t\nimport os", "h_t = h_{t-1} + W · x_t # comment", "h_t = eval(h_{t-1})",
    "h_t = exec ⊙ h_{t-1} + W · x_t", "h_t = open(h_{t-1}) + W · x_t", "h_t = lambda ⊙ h_{t-1} + W · x_t", "h_t = f'{h_{t-1}}'", 'h_t = """W"""',
    "h_t = W_{x); import os; (} · x_t + h_{t-1}", "h_t = W_{\n} · x_t + h_{t-1}", "h_t = b_{']} + W · x_t + h_{t-1}", "h_t = {h_{t-1}}",
    "h_t = h_{t-1} + W · x_t\x00", "h_t = h_{t-1}\u200b + W · x_t", "h_t = h\u200d_{t-1} + W · x_t", "h_t = ｈ_{t-1} + W · x_t", "ℎ_t = h_{t-1} + W · x_t",
    "h_t = b_{ﬁ} ⊙ b_{fi} + W · x_t + h_{t-1}", "h_t = b_{²} + W · x_t + h_{t-1}", "h_t = b１ ⊙ b1 + W · x_t + h_{t-1}", "h_t = µ ⊙ μ ⊙ h_{t-1} + W · x_t",
    "h_t = ſ ⊙ s ⊙ h_{t-1} + W · x_t", "h_t = İ ⊙ h_{t-1} + W · x_t", "h_t = é_t + h_{t-1}", "h_t = Ω ⊙ Ω ⊙ h_{t-1} + W · x_t", "h_t = b_΢ + W · x_t + h_{t-1}",
    "h_t = ٣ ⊙ h_{t-1} + W · x_t", "h_t = ½ ⊙ h_{t-1} + W · x_t", "h_t = 1_000 ⊙ h_{t-1} + W · x_t", "h_t = 0x10 ⊙ h_{t-1} + W · x_t", "h_t = 1e-999 ⊙ h_{t-1} + W · x_t",
    "h_t = 1j ⊙ h_{t-1} + W · x_t", "h_t = inf ⊙ h_{t-1} + W · x_t", "h_t = nan ⊙ h_{t-1} + W · x_t", "h_t = None ⊙ h_{t-1} + W · x_t",
    "\u202eh_t = h_{t-1} + W · x_t", "h_t = h_{t-1} + W · x_t" * 2, "h_t = " + "(" * 5000, "h_t = " + "−" * 250 + "W · x_t", "=" * 200, "[" * 299, "h_t = " + "tanh(" * 50, "h_t=" + "+h_{t-1}" * 30,
    "h_t = W · " * 25 + "x_t", "h_t = h_{t-1} ⊙ " * 15 + "tanh(W · x_t)", "h_t = %s ⊙ h_{t-1}", "h_t = {0} ⊙ W · x_t", "h_t = h_{t-1} + W · x_t \\", "h_t \\\n= h_{t-1} + W · x_t",
]  # fmt: skip
OURS = """M M_T a p w d n k c v g np s_v s__v a_f_t d_f_t k_h n0 n1 n2 n3 t1 t2 rows values states more head held held_f empty sigma_2
    self kind names params sizes dtype input hidden last run every batched clamped kept written rest tanh_C z_f z_h x_t h_prev h_0
    W b theta b_hidden W_h_input hidden_size input_size prev tilde copy row add sub mul dot cat if None class""".split()
"""Names that meet those of the code, unless it keeps them apart."""

TEMPLATES = ("h_t = {0} ⊙ tanh(W · x_t) ⊙ h_{{t-1}} + σ({0})", "{0} = tanh(W · x_t)\nh_t = {0} ⊙ h_{{t-1}} + {0}", "{0}_t = tanh(W · x_t)\nh_t = {0}_t ⊙ h_{{t-1}} + {0}_{{t-1}}")  # fmt: skip
SIGNS = [
    *"()[];=+-*/·⊙_^{}t1 .,'\\\"\n\x00é∂ｆ²1eσ",
    "h_t",
    "x_t",
    "C_{t-1}",
    "tanh(",
    "W_f",
    "__",
    "exp",
    "NaN",
    "\u0303",
    "\u200b",
]


def mutated(rng):
    """A good cell's lines with one to three signs put in, taken out or turned."""
    lines = [list(line) for line in rng.choice([GOOD, *OWN.values()])]
    for _ in range(rng.randint(1, 3)):
        line = rng.choice(lines)
        at = rng.randrange(len(line))
        line[at : at + rng.randint(0, 2)] = rng.choice([[rng.choice(SIGNS)], [], line[at : at + 1] * 2])
        if rng.random() < 0.1:
            rng.shuffle(lines)
    return ["".join(line) for line in lines]


def cells():
    rng = random.Random(0)
    yield from ([line] for line in HOSTILE)
    yield from (template.format(name).split("\n") for name in OURS for template in TEMPLATES)
    yield from (mutated(rng) for _ in range(300))


def test_a_hostile_cell_is_refused_by_its_line_or_runs_as_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = runs = 0
    for lines in cells():
        try:
            kind = Kind("mine", *lines)
        except ValueError as error:
            assert re.match(rf"line [1-{len(lines)}]: .", str(error)), lines
            assert len(str(error)) < 400, error
            told += 1
            continue
        runs += 1
        assert Kind("again", *kind.equations).said.lines == kind.said.lines
        with np.errstate(all="ignore"):
            case = Case(kind, T=3)
            assert case.trace().h.shape == (3, H)
            if np.isfinite(case.loss(case.arrays)):
                case.check_along()
    assert told > 300 and runs > 100 and not list(tmp_path.iterdir())
