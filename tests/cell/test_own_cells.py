"""Cells of a learner's own: any that the grammar allows is stepped and differentiated as its lines say."""

import pickle
import re
import weakref

import numpy as np
import pytest
from cells import CELLS, GOOD, KINDS, OWN, Case, D, H, f, i, new, o
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lstm_lib import Kind, backward, step
from lstm_lib.cell.operations import _SPARE, OPERATIONS, UFUNCS, empty

OWN_CELLS = pytest.mark.parametrize("name", OWN)


def test_every_operation_occurs():
    text = " ".join(line for lines in OWN.values() for line in lines)
    assert all((op.sign or f"{name}(") in text for name, op in OPERATIONS.items())


@OWN_CELLS
def test_gradients_free_and_with_each_gate_clamped(name):
    for batch in ((), (2,)):
        Case(name, 1, batch).check(1e-6)
    for gate in CELLS[name].gates:
        Case(name, 1, (2,), clamp={gate.key: 0.4}).check(1e-6)


@OWN_CELLS
def test_what_is_shown_is_what_runs(name):
    for seed in range(5):
        assert Case(name, seed).check_text() or seed


def test_gates_of_own_cells():
    wanted = {"every operation": "a", "separate matrices": "f h", "matrix on a value of the step": "a C h",
              "peephole from a product": "f C o", "shared weights": "f", "signs": "C_tilde", "no gate": "h", "a state later": "C d",
              "values without a time": "", "a copied state": "C", "matrices on matrices": "h", "parameters and numbers alone": "h k"}  # fmt: skip
    for name, keys in wanted.items():
        assert sorted(g.key for g in CELLS[name].gates) == sorted(keys.split()), name


X = "f_t = σ(W_f · x_t)"


@pytest.mark.parametrize(
    ("lines", "gates"),
    [((X, "C_t = f_t ⊙ C_{t-1} + f_t", "a_t = exp(p ⊙ C_t)", "h_t = a_t ⊙ tanh(q ⊙ C_t)"), {"f": "f x_t", "a": "a C_t"}),
     ((X, "C_t = f_t ⊙ C_{t-1} + f_t", "h_t = tanh(q ⊙ C_t)"), {"f": "f x_t"}),
     ((X, "C_t = p ⊙ C_{t-1} + W_f · x_t", "h_t = f_t ⊙ tanh(C_t)"), {"f": "f x_t"}),
     ((X, "n_t = σ(p ⊙ n_{t-1})", "h_t = f_t ⊙ n_t"), {"f": "f x_t", "n": "n n_prev"}),
     ((X, "v = f_t + b_v", "e_t = tanh(v)", "h_t = e_t + h_{t-1}"), {"f": "f x_t", "e": "v f_t"}),
     (("C̃_t = W · x_t + U · [x_t; h_{t-1}]", "h_t = C̃_t"), {"C_tilde": "C x_t h_prev"}),
     (("r_t = σ(W_r · x_t)", "a_t = tanh(r_t ⊙ (W_a · h_{t-1} + 1))", "e_t = tanh((1 − r_t) ⊙ (W_e · h_{t-1}))", "g_t = tanh(p ⊙ (W_g · h_{t-1}))",
       "k_t = tanh(r_t ⊙ (W_k · [h_{t-1}; x_t]))", "h_t = a_t + e_t + g_t + k_t"),
      {"r": "r x_t", "a": "a r_t_*_(W_h_prev)", "e": "e r_t h_prev", "g": "g h_prev", "k": "k r_t h_prev x_t"}),
     (("a_t = tanh(W_e · [h_{t-1} ⊙ b; tanh(S · x_t)])", "h_t = a_t"), {"a": "e h_prev_*_b tanh(S_·_x_t)"})],
)  # fmt: skip
def test_what_is_a_gate_and_what_it_sees(lines, gates):
    found = {g.key: " ".join([g.block, *(name.replace(" ", "_") for name in g.sees)]) for g in Kind("mine", *lines).gates}  # fmt: skip
    assert found == gates


@pytest.mark.parametrize(
    ("right", "wire", "left_over"),
    [("σ(h_{t-1} − W_f · x_t)", "h_prev", "σ(−W_f · x_t)"), ("σ(h_{t-1} − W_f · x_t)", "x_t", "σ(h_{t-1})"),
     ("σ(W_f · x_t − p ⊙ h_{t-1} + b)", "h_prev", "σ(W_f · x_t + b)"), ("W_f · [h_{t-1}; x_t]", "h_prev", "W_f · x_t"),
     ("σ(tanh(p ⊙ h_{t-1}) ⊙ q + W_f · x_t)", "h_prev", "σ(W_f · x_t)")],
)  # fmt: skip
def test_a_line_without_a_wire(right, wire, left_over):
    rest = "h_t = f_t ⊙ h_{t-1} + W_h · x_t"
    assert Kind("mine", f"f_t = {right}", rest).without(("f", wire)).equations == (f"f_t = {left_over}", rest)


F = "C_t = f_t ⊙ C_{t-1} + "


@pytest.mark.parametrize(
    ("memory", "shows", "lane", "shown"),
    [(F + "i_t ⊙ C̃_t", "C_t", ("f", "i", "C_tilde"), ("C", "", "o")),
     (F + "C̃_t", "i_t ⊙ relu(C_t)", ("f", "1 i", "C_tilde"), ("C", "relu", "i")),
     ("C_t = (1 − f_t) ⊙ C_{t-1} + f_t ⊙ C̃_t", "i_t ⊙ C_t", ("rest", "f", "C_tilde"), ("C", "", "i")),
     (F + "i_t ⊙ C̃_t ⊙ f_t", "C_t", None, ("C", "", "o")), (F + "i_t ⊙ C̃_t + C̃_t", "C_t", None, ("C", "", "o")),
     ("C_t = f_t ⊙ C_{t-1} − i_t ⊙ C̃_t", "abs(C_t)", None, ("C", "abs", "o")), ("C_t = f_t ⊙ i_t ⊙ C_{t-1} + C̃_t", "C_t", None, ("C", "", "o")),
     (F + "i_t ⊙ C̃_t ⊙ C_{t-1}", "C_t", None, ("C", "", "o")), (F + "C̃_t ⊙ C̃_t ", "i_t ⊙ C_t", None, ("C", "", "i")),
     ("C_t = tanh(f_t) ⊙ C_{t-1} + i_t ⊙ C̃_t", "C_t", ("rest", "i", "C_tilde"), ("C", "", "o")),
     ("g_t = W_g · C̃_t, " + F + "i_t ⊙ g_t", "C_t", ("f", "i", "g"), ("C", "", "o")), (F + "tanh(C_{t-1}) ⊙ C̃_t", "i_t ⊙ C_t", None, ("C", "", "i")),
     ("C_t = (f_t + i_t) ⊙ C_{t-1} + C̃_t", "C_t", None, ("C", "", "o")), (F + "f_t ⊙ C̃_t", "i_t ⊙ C_t", ("f", "f_", "C_tilde"), ("C", "", "i")),
     ("C_t = (1 − f_t) ⊙ C_{t-1} + (1 − i_t) ⊙ C̃_t", "C_t", ("rest", "rest_", "C_tilde"), ("C", "", "o")),
     ("C_t = (1 − f_t) ⊙ C_{t-1} + (1 − f_t) ⊙ C̃_t", "i_t ⊙ C_t", ("rest", "rest_", "C_tilde"), ("C", "", "i")),
     ("r_t = tanh(f_t), C_t = r_t ⊙ C_{t-1} + 0.5 ⊙ C̃_t", "i_t ⊙ C_t", ("r", "rest", "C_tilde"), ("C", "", "i")),
     ("C_t = C_{t-1} + i_t ⊙ C̃_t", "f_t ⊙ C_t", ("1 f", "i", "C_tilde"), ("C", "", "f")),
     (F + "i_t ⊙ C̃_t", "0.5 ⊙ C_t", ("f", "i", "C_tilde"), ("C", "", "rest")),
     ("o_t = σ(W_o · x_t + i_t), " + F + "o_t ⊙ C̃_t", "C_t", ("f", "o", "C_tilde"), ("C", "", "1 o")),
     (F + "i_t ⊙ C̃_t", "f_t ⊙ i_t ⊙ C_t", ("f", "i", "C_tilde"), None), (F + "i_t ⊙ C̃_t", "C_t ⊙ C_t", ("f", "i", "C_tilde"), None)],
)  # fmt: skip
def test_how_a_memory_is_kept_written_and_shown(memory, shows, lane, shown):
    kind = Kind("mine", f, i, new, *memory.split(", "), f"h_t = {shows}")
    assert kind.lanes == {"C": lane} and kind.shown == shown
    keeps = (
        -1
        if "(1 − f_t) ⊙ C_{t-1}" in memory
        else 0
        if re.search(r"i_t ⊙ C_{t-1} \+|= C_{t-1}", memory)
        else 1
    )
    assert kind.of("f").keeps == keeps


@pytest.mark.parametrize(
    ("memory", "coupled"),
    [(F + "f_t ⊙ C̃_t", "f_ f f_t f_t"), (F + "i_t ⊙ C̃_t", ""), ("C_t = 0.5 ⊙ C_{t-1} + 2 ⊙ C̃_t", "rest  0.5 , rest_  2 "),
     ("C_t = (1 − f_t) ⊙ C_{t-1} + (1 − i_t) ⊙ C̃_t", "rest f 1 − f_t rest, rest_ i 1 − i_t rest_"),
     ("C_t = (1 − f_t) ⊙ C_{t-1} + (1 − f_t) ⊙ C̃_t", "rest f 1 − f_t rest, rest_ f 1 − f_t rest"),
     ("C_t = (1 − f_t) ⊙ C_{t-1} + C̃_t, n_t = (1 − f_t) ⊙ n_{t-1} + i_t", "rest f 1 − f_t rest"),
     ("v = 1 − f_t, C_t = v ⊙ C_{t-1} + C̃_t", "v f 1 − f_t v"),
     ("C_t = (1 − f_t) ⊙ C_{t-1} + σ(rest) ⊙ C̃_t", "rest_ f 1 − f_t rest_, rest__  σ(rest) rest__"),
     ("rest_t = tanh(f_t), C_t = rest_t ⊙ C_{t-1} + (1 − i_t) ⊙ C̃_t", "rest f tanh(f_t) rest_t, rest_ i 1 − i_t rest_")],
)  # fmt: skip
def test_what_follows_from_a_gate_is_coupled_to_it(memory, coupled):
    kind = Kind(
        "mine", f, i, new, *memory.split(", "), "h_t = C_t + f_t + i_t" + " + n_t" * ("n_t" in memory)
    )
    found = {key: " ".join([key, *of]) for key, of in kind.coupled.items()}
    assert ", ".join(found.values()) == coupled
    trace = Case(kind).trace()[0]
    for key, of in kind.coupled.items():
        assert not of.field or np.isfinite(getattr(trace, of.field)).all(), key


def test_memories_of_few_and_of_several_lanes():
    kind = Kind(
        "mine", X, "C_t = f_t ⊙ C_{t-1} + σ(−f_t)", "n_t = (1 − f_t) ⊙ n_{t-1} + f_t", "h_t = C_t ⊙ n_t"
    )
    assert kind.lanes == {"C": ("f", "rest", ""), "n": ("rest_", "f", "")}
    trace = Case(kind).trace()[0]
    np.testing.assert_array_equal(trace.kept, trace.f_t * trace.C_prev)


def test_gates_stand_in_one_order_and_are_called_after_their_letters_if_they_do_what_these_say():
    words = {"f": "forget gate", "i": "input gate", "o": "output gate", "C_tilde": "candidate", "u": "update gate",
             "r": "reset gate", "h": "hidden state", "a": "gate", "e": "value"}  # fmt: skip
    lines = [f"{key.replace('_tilde', '̃')}_t = σ(W_{key[0]} · [h_{{t-1}}; x_t])" for key in reversed(words) if key not in "eh"]  # fmt: skip
    for keep, write, other in (("f", "i", {}), ("i", "f", {"f": "gate", "i": "gate"}),
                               ("o", "i", {"f": "gate", "o": "gate"}), ("(1 − i_t)", "i", {"f": "gate"})):  # fmt: skip
        memory = f"C_t = {keep if 't' in keep else keep + '_t'} ⊙ C_{{t-1}} + {write}_t ⊙ C̃_t"
        shown = "h_t = W_h · x_t + a_t ⊙ e_t ⊙ f_t ⊙ i_t ⊙ o_t ⊙ u_t ⊙ r_t ⊙ C_t"
        kind = Kind("mine", "e_t = W_e · x_t", *lines, memory, shown)
        assert {gate.key: gate.name for gate in kind.gates} == words | other, keep
        assert [gate.key for gate in kind.gates][:-2] == [*words][:-2]
    assert kind.of("e").letter == "e"


# --- forty cells that nobody wrote -----------------------------------------------------------------------

FUNCTIONS = ["σ", "tanh", "exp", "ln", "relu", "softplus", "abs", "−", "max", "min", "+", "−", "⊙", "⊙", "/"]


@st.composite
def cells(draw):
    """Lines of a cell: values in order, of which some are carried on, weights old and new."""
    count = draw(st.integers(1, 4))
    lefts = [draw(st.sampled_from([f"{k}_t", k])) for k in "aegm"[:count]] + ["h_t"]
    matrices, vectors, lines = {}, [], []

    def word(options):
        return draw(st.sampled_from(options))

    def expression(depth, known):
        kind = word(["leaf", "dot", "function", "function"]) if depth else word(["leaf", "dot"])
        if kind == "leaf":
            leaf = word([*known, *known, "number", "p", "old p"])
            if leaf == "number":
                return word(["0.5", "2", "−1", "1e-2"])
            if leaf == "p" or leaf == "old p" and not vectors:
                vectors.append(f"p_{len(vectors)}")
            return word(vectors) if leaf == "old p" else vectors[-1] if leaf == "p" else leaf
        if kind == "dot":
            pieces = draw(st.lists(st.sampled_from([*known, "x_t"]), min_size=1, max_size=3, unique=True))
            if depth and draw(st.booleans()):
                pieces = [p for p in pieces if p == "x_t" or p == pieces[0]]
                pieces[0] = f"(tanh({expression(0, known)}) ⊙ {pieces[0]})" if pieces[0] != "x_t" else "x_t"
            if matrices and draw(st.booleans()):
                name = word(list(matrices))
                if set(matrices[name][1]) <= {*known, "x_t"}:
                    return matrices[name][0]
            name = f"W_{len(matrices)}"
            matrices[name] = (
                f"{name} · " + (pieces[0] if len(pieces) == 1 else "[" + "; ".join(pieces) + "]"),
                pieces,
            )
            return matrices[name][0]
        op, a = word(FUNCTIONS), expression(depth - 1, known)
        if op in "+−⊙/max min" and op != "−" or op == "−" and draw(st.booleans()):
            b = expression(depth - 1, known)
            return f"{op}({a}, {b})" if op in ("max", "min") else f"(({a}) {op} ({b}))"
        return f"−({a})" if op == "−" else f"{op}({a})"

    states = [f"{k[0]}_{{t-1}}" for k in lefts if k.endswith("_t") and draw(st.booleans())] or ["h_{t-1}"]
    for left in lefts:
        known = [*states, *[name for name, _ in lines]]
        right = expression(draw(st.integers(1, 3)), known)
        if left != "h_t" and not re.search(r"_|\b[aegm]\b", right):  # numbers alone
            right = f"σ({right}) ⊙ {known[0]}"
        lines.append((left, right))
    rest = " + ".join(name for name, _ in lines[:-1])
    lines[-1] = "h_t", f"tanh({lines[-1][1]}) + {rest} + U · [{states[0]}; x_t]"
    return [f"{left} = {right}" for left, right in lines], draw(st.integers(0, 99))


@settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cells())
def test_a_random_cell(cell):
    lines, seed = cell
    kind = Kind("random", *lines)
    assert Kind("again", *kind.equations).said.lines == kind.said.lines
    case = Case(kind, seed, T=3)
    assume(case.check_text() and case.check_along())
    for gate in kind.gates:
        value = max(0.5, gate.low)
        held = Case(kind, seed, (), {gate.key: value}, T=3)
        assert (getattr(held.trace()[1], gate.field) == value).all()
        held.check_along()


# --- the notation ------------------------------------------------------------------------------------------

LINE = "C̃_t = tanh(W_C · [h_{t-1}; x_t] + b_C)"


@pytest.mark.parametrize(
    "written",
    ["C_tilde = tanh(W_C @ [h_prev, x_t] + b_C)", "C_tilde_t=tanh(W_{C}·[h_{t−1};x_t]+b_{C})", "C̃ = tanh(W_C · ([h_{t-1}; x_t]) + b_C)", "C_{tilde} = tanh((W_C · [h_{t - 1}; (x_t)]) + b_C)",
     "  C\u0303_t =  tanh ( W_C · [ h_prev ; x_{t} ] + b_C ) "],
)  # fmt: skip
def test_a_line_can_be_written_in_several_ways(written):
    lines = [written if line == LINE else line for line in GOOD]
    assert Kind("LSTM", *lines).equations == KINDS["LSTM"].equations
    turned = [
        line.replace("⊙", "*").replace("σ", "sigma").replace("C̃_t", "C_tilde").replace("_{t-1}", "_prev")
        for line in lines
    ]
    assert Kind("LSTM", *turned).equations == KINDS["LSTM"].equations
    assert repr(Kind("LSTM", *turned)) == repr(KINDS["LSTM"])


def test_names_of_one_s_own():
    kind = Kind("α", "α_t = σ(W_α · [φ12_{t-1}; x_t] + β_{12})", "φ12_t = α_t ∘ φ12_prev − (1 − α_t)*tanh(W_{2b} @ x_t)", "h_t = sigmoid(Ω) ⊙ φ12_t + ReLU(k) / log(3.5e0)")  # fmt: skip
    assert kind.equations == ("α_t = σ(W_α · [φ12_{t-1}; x_t] + β_12)", "φ12_t = α_t ⊙ φ12_{t-1} − (1 − α_t) ⊙ tanh(W_2b · x_t)",
                              "h_t = σ(Ω) ⊙ φ12_t + relu(k) / ln(3.5)")  # fmt: skip
    assert (
        Kind("m", "C_tilde_t = tanh(W · x_t)", "h_t = C_tilde_prev + C_{tilde_prev}").equations[1]
        == "h_t = C̃_{t-1} + C̃_{t-1}"
    )
    assert kind.states == ["h", "φ12"] and [gate.key for gate in kind.gates] == ["α", "φ12"]
    assert list(kind.shapes(2, 3).items()) == [("W", (6, 5)), ("β", (3,)), ("Ω", (3,)), ("k", (3,))]
    Case(kind).check()
    names = Kind("ours", "M_t = tanh(W · x_t + a)", "np_t = M_t ⊙ n1 + n2", "s_t = np_t ⊙ p + d", "v = s_t ⊙ n0",
                 "lambda_t = tanh(v ⊙ w) − n", "h_t = lambda_t ⊙ h_{t-1} + exec ⊙ g + t1 ⊙ more + z_Q ⊙ rest")  # fmt: skip
    assert Case(names).check_text() and Case(names).check_along()
    twice = Kind("twice", "tanh_C = σ(W_1 · x_t)", "C_t = C_{t-1} + tanh_C", o, "h_t = o_t ⊙ tanh(C_t)")
    assert Case(twice).check_text() and Case(twice).check_along()


@pytest.mark.parametrize(
    "right",
    ["a_t / (b_t / h_{t-1})", "a_t / (b_t ⊙ h_{t-1})", "a_t / b_t ⊙ h_{t-1}", "a_t − (b_t − h_{t-1})", "a_t − (b_t + h_{t-1})",
     "a_t − b_t − h_{t-1}", "(−(a_t ⊙ b_t)) ⊙ h_{t-1}", "(−a_t) ⊙ b_t − h_{t-1}", "a_t ⊙ (b_t / h_{t-1})", "a_t − (−b_t) + h_{t-1}",
     "(a_t + b_t) ⊙ h_{t-1}", "U · (a_t ⊙ b_t) + h_{t-1}", "U · (a_t − b_t) ⊙ h_{t-1}", "U · tanh(a_t + b_t) / h_{t-1}", "a_t ⊙ (b_t + h_{t-1})",
     "−U · a_t + b_t + h_{t-1}", "max(a_t + b_t, −h_{t-1} − 1e−12)", "a_t ⊙ 0 + b_t − h_{t-1}", "(a_t − 1.25e+30) / (b_t − h_{t-1})"],
)  # fmt: skip
def test_brackets_are_kept_where_they_matter_and_nowhere_else(right):
    lines = "a_t = W_a · x_t", "b_t = W_b · x_t"
    kind = Kind("mine", *lines, f"h_t = (({right}))")
    assert kind.equations == (*lines, f"h_t = {right}")
    Case(kind, T=2).check_text()


def test_what_is_computed_when_it_is_asked_for_may_overflow():
    kind = Kind("mine", "C̃_t = 1000 + W · x_t", "C_t = C_{t-1} + C̃_t", "h_t = exp(C_t)")
    with np.errstate(all="raise"):
        trace = Case(kind).trace()
        assert np.isinf(trace.exp_C).all() and np.isinf(trace.h).all()


def test_what_occurs_twice_is_computed_once():
    kind = Kind(
        "twice",
        "a_t = tanh(W · x_t + b)",
        "h_t = tanh(W · x_t + b) ⊙ h_{t-1} + exp(a_t) ⊙ exp(tanh(W · x_t + b))",
    )
    nodes = [op for op, *_ in kind.program().nodes.values()]
    assert sorted(nodes) == ["add", "exp", "mul", "mul", "row", "tanh"]
    assert kind.program() is kind.program()


WORK = {"LSTM": (8, 32, 9, 1), "LSTM f": (8, 27, 8, 1), "CIFG": (14, 37, 12, 2), "NOAF": (15, 31, 15, 0), "GRU": (9, 30, 8, 1),
        "no gate": (3, 4, 2, 0), "signs": (8, 20, 7, 3), "peephole from a product": (14, 48, 14, 5),
        "matrix on a value of the step": (12, 24, 14, 0), "CIFG i": (11, 24, 9, 1)}  # fmt: skip
"""Of a cell, or with a gate clamped: operations of a step, lines before the loop back, operations of a step back, new arrays."""


@pytest.mark.parametrize("name", WORK)
def test_no_more_is_computed_than_needed(name):
    cell, *clamped = name.rsplit(" ", name.endswith((" f", " i")))
    forward, back = CELLS[cell].program(tuple(clamped)).source.split("def back")
    head, loop = back.split("    for (")
    counts = forward.count("out="), head.count("\n"), loop.count("out="), head.count("empty(")
    assert counts == WORK[name]


def test_gates_of_one_function_are_computed_at_once_under_their_names():
    source = Kind("mine", f, new, "C_t = f_t ⊙ C_{t-1} + C̃_t", o, i, "h_t = o_t ⊙ i_t ⊙ tanh(C_t)").source
    assert source.count("sigma(") == 1
    for line in ("np.tanh(s_z_C, out=s_C_tilde)", "np.multiply(s_f_t, s_C_prev, out=s_kept)"):
        assert line in source
    turned = Kind("turned", f.replace("σ", "tanh"), i, o, "h_t = f_t ⊙ i_t ⊙ o_t")
    assert turned.source.count("sigma(") == 1 and Case(turned).check_text()
    assert "np.subtract(1, a_f_t, out=c)" in source and "c[...] = sigma(-a_z_f)" in KINDS["sLSTM"].source


def test_values_used_twice_again_and_again_are_differentiated_once():
    lines = [f"v{k + 1} = v{k} ⊙ v{k}" for k in range(12)]
    kind = Kind("mine", "v0 = tanh(W · [h_{t-1}; x_t])", *lines, "h_t = v12")
    assert kind.source.count("\n") < 200


def test_the_source_has_an_equation_above_its_lines():
    for name in ("LSTM", "every operation"):
        source, kind = CELLS[name].source, CELLS[name]
        assert all(source.count(f"# {line}\n") == 1 for line in kind.equations)
        compile(source, "source", "exec")


# --- copies, memory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["LSTM", "sLSTM", "every operation"])
def test_kinds_parameters_and_traces_can_be_stored(name):
    case = Case(name, batch=(2,))
    case.trace()
    kind, params, trace = pickle.loads(pickle.dumps((case.kind, case.params, case.trace())))
    assert repr(kind) == repr(case.kind) and kind.gates == case.kind.gates
    np.testing.assert_array_equal(trace.h, case.trace().h)
    np.testing.assert_array_equal(
        backward(params, trace, case.dh).x, backward(case.params, case.trace(), case.dh).x
    )


@pytest.mark.parametrize("name", KINDS)
def test_a_long_sequence_keeps_each_value_at_most_once(name):
    case = Case(name, T=2000)
    owners = {id(a): a for a in map(owner, case.trace().run.a.values())}
    values = (
        13 if name == "LSTM" else len(case.kind.program().nodes)
    )  # of lstm_step: z, gates, kept, written, tanh_C, h, C
    assert sum(a.nbytes for a in owners.values()) <= 8 * 2001 * (H * values + D + 1)


def test_memory_is_used_again_when_nothing_refers_to_it():
    _SPARE.clear()
    first = weakref.ref(empty((7, 2), float))
    assert empty((7, 2), float) is first()
    held = empty((7, 2), float)
    assert empty((7, 2), float) is not held
    sizes = [len(_SPARE) for n in range(25) if empty(n, float) is not None]
    assert sizes == [*range(2, 25), 0, 1], "of few shapes"


@pytest.mark.parametrize(
    "name", [name for name, op in OPERATIONS.items() if not op.sign and len(op.slopes) == 1]
)
def test_a_function_has_its_range(name):
    with np.errstate(all="ignore"):
        values = UFUNCS[name](np.linspace(-60, 60, 1001))
    for end, found in (
        (OPERATIONS[name].low, np.nanmin(values)),
        (-OPERATIONS[name].high, -np.nanmax(values)),
    ):
        assert abs(end - found) < 1e-9 if np.isfinite(end) else found < -4


def owner(array):
    """The array whose memory it is."""
    return array if array.base is None else owner(array.base)


@pytest.mark.parametrize(("gate", "share"), [("f_t = σ({})", "f_t"), ("f_t = 1 − σ({})", "f_t"), ("f_t = σ({})", "(1 − f_t)"), ("f_t = 1 − σ({})", "(1 − f_t)"),
                                             ("f_t = σ(1 − ({}))", "f_t")])  # fmt: skip
def test_a_forget_bias_opens_what_keeps_the_memory(gate, share):
    line = gate.format("W_f · [h_{t-1}; x_t] + b_f")
    other = "f_t" if "−" in share else "(1 − f_t)"
    kind = Kind("mine", line, new, f"C_t = {share} ⊙ C_{{t-1}} + {other} ⊙ C̃_t", "h_t = tanh(C_t)")
    params = kind.random(D, H, np.random.default_rng(0), forget_bias=6.0)
    kept = step(params, np.zeros(D), h_prev=np.zeros(H), C_prev=np.ones(H)).C_t
    assert (kept > 0.9).all()


@pytest.mark.parametrize(("memory", "keeps"), [("f_t ⊙ C_{t-1} + n_t", 1), ("n_t − f_t ⊙ C_{t-1}", 0)])
def test_what_a_gate_and_its_bias_do(memory, keeps):
    lines = "f_t = σ(W_f · x_t + (b_f − p_f))", "n_t = tanh(W_n · x_t)", f"C_t = {memory}", "h_t = C_t"
    f, n = Kind("mine", *lines).gates
    assert (f.keeps, f.biased, f.new) == (keeps, keeps, False)
    assert (n.name, n.keeps, n.biased, n.new) == (
        ("candidate", 0, 0, True) if keeps else ("value", 0, 0, False)
    )


def test_a_constant_in_a_lane_is_that_of_every_unit():
    kind = Kind("ours", "C̃_t = tanh(W · x_t)", "C_t = 0.5 ⊙ C_{t-1} + σ(2) ⊙ C̃_t", "h_t = tanh(C_t)")
    for clamp in ({}, {"C_tilde": 0.5}):
        trace = Case(kind, clamp=clamp).trace()
        for coupled in kind.coupled.values():
            if coupled.field:
                assert getattr(trace[0], coupled.field).shape == trace[0].h_t.shape
    rest = Kind("ours", "f_t = σ(W_f · x_t + rest)", "C̃_t = tanh(W_C · x_t)", "C_t = f_t ⊙ C_{t-1} + (1 − f_t) ⊙ C̃_t", "h_t = tanh(C_t)")  # fmt: skip
    trace, (coupled,) = Case(rest).trace(), rest.coupled.values()
    np.testing.assert_allclose(getattr(trace[0], coupled.field), 1 - trace[0].f_t)
