"""Trees of equations: what is in one, and how its names are written."""

from lstm_lib.cell.grammar import read
from lstm_lib.cell.trees import code, names, slot, subtrees, symbol, symbols, terms


def test_what_is_in_a_tree():
    _, tree = read("h_t = −a_t + (b_t − W · [h_{t-1} ⊙ u ⊙ v; tanh(x)] − (2 − 0 / u) + 0)", 1)
    reset, new = ("mul", ("mul", "h_prev", "u"), "v"), ("tanh", "x")
    product, quotient = ("dot", "W", ("cat", reset, new)), ("div", 0.0, "u")
    assert terms(tree) == [(-1, "a_t"), (1, "b_t"), (-1, product), (-1, 2.0), (1, quotient)]
    assert names(tree) == ["a_t", "b_t", "W", "h_prev", "u", "v", "x", "u"]
    assert [*subtrees(product)] == [product, "W", product[2], reset, reset[1], "h_prev", "u", "v", new, "x"]
    assert [slot(piece) for piece in (reset, new, "x_t", "h_prev")] == ["h_prev", new, "x_t", "h_prev"]
    assert [code(piece) for piece in (reset, new, "h_prev")] == ["h_prev * u * v", "tanh(x)", "h_prev"]


def test_names_of_code_as_an_equation_writes_them():
    assert symbols("r_t * h_prev, C_tilde_prev, W_h_input") == "r_t ⊙ h_{t-1}, C̃_{t-1}, W_h^x"
    assert [symbol(name) for name in ("hidden", "tilde", "b_hidden")] == ["hidden", "tilde", "b^h"]
