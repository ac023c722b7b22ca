"""Answers to the exercises of notebook 09 as readers type them: right ones pass, wrong ones are refused and mostly named."""

import re

import pytest

from lstm_lib.exercises import exercise, judge
from lstm_lib.judge.exercise import program
from lstm_lib.judge.judge import RIGHT

RIGHTS = {
    "peepholes": [
        [("p_f * C_prev", "C_prev * p_f"), ("p_o * C_t", "np.diag(p_o) @ C_t")],
        [("sigmoid(W_f @ v + p_f * C_prev + b_f)", "1 / (1 + np.exp(-(b_f + W_f @ v + p_f * C_prev)))")],
    ],
    "coupled_step": [
        [("f_t * C_prev + i_t * C_tilde", "C_prev + i_t * (C_tilde - C_prev)")],
        [("1 - i_t", "1.0 - np.array(i_t)")],
    ],
    "new_content": [
        [("W_h @ (r_t * h_prev)", "(W_h * r_t) @ h_prev")],
        [("r_t * (W_h @ h_prev + b_hidden)", "np.diag(r_t) @ W_h @ h_prev + r_t * b_hidden")],
    ],
}
WRONGS = {
    "peepholes": [
        ("p_o * C_t", "p_o * C_prev"), ("p_f * C_prev", "p_f * C_t"), ("p_f * C_prev", "p_f @ C_prev"), ("p_o * C_t", "p_o @ C_t"),
        ("p_f * C_prev", "C_prev"), ("p_o * C_t", "C_t"), ("+ p_f * C_prev", ""), ("+ p_o * C_t", ""),
        ("p_f * C_prev", "p_f"), ("p_o * C_t", "p_o"), ("p_f * C_prev", "p_f + C_prev"), ("p_o * C_t", "p_o + C_t"),
        ("p_f * C_prev", "-p_f * C_prev"), ("p_o * C_t", "p_o * np.tanh(C_t)"), ("p_f * C_prev", "p_f * np.tanh(C_prev)"),
        ("p_f * C_prev", "p_f * C_prev.mean()"), ("p_o * C_t", "p_o * (C_prev + C_t)"), ("p_f * C_prev", "p_o * C_prev"),
        ("p_o * C_t", "p_f * C_t"), ("return f_t, o_t", "return o_t, f_t"), ("p_f * C_prev", "p_f * C_prev**2"),
        ("p_o * C_t", "f_t * C_t"),
    ],
    "coupled_step": [
        ("1 - i_t", "i_t"), ("1 - i_t", "i_t - 1"), ("1 - i_t", "1 / i_t"), ("1 - i_t", "-i_t"), ("1 - i_t", "1"),
        ("1 - i_t", "sigmoid(-i_t)"), ("1 - i_t", "1 - sigmoid(i_t)"), ("1 - i_t", "sigmoid(1 - i_t)"), ("1 - i_t", "1 - i_t**2"),
        ("1 - i_t", "1 + i_t"), ("f_t * C_prev", "i_t * C_prev"), ("f_t * C_prev", "C_prev"), ("i_t * C_tilde", "C_tilde"),
        ("i_t * C_tilde", "f_t * C_tilde"), ("f_t * C_prev + i_t * C_tilde", "i_t * C_prev + f_t * C_tilde"),
        ("f_t * C_prev + i_t * C_tilde", "np.tanh(f_t * C_prev + i_t * C_tilde)"), ("+ i_t * C_tilde", "- i_t * C_tilde"),
        ("+ i_t * C_tilde", ""), ("f_t * C_prev + ", ""), ("return f_t, C_t", "return C_t, f_t"), ("return f_t, C_t", "return C_t"),
        ("return f_t, C_t", "return i_t, C_t"),
    ],
    "new_content": [
        ("return before, after", "return after, before"), ("return before, after", "return before, before"),
        ("return before, after", "return after, after"), ("W_h @ (r_t * h_prev)", "W_h @ h_prev"),
        ("W_h @ (r_t * h_prev)", "r_t * (W_h @ h_prev)"), ("W_h @ (r_t * h_prev)", "W_h @ r_t"),
        ("W_h @ (r_t * h_prev)", "W_h.T @ (r_t * h_prev)"), ("W_h @ (r_t * h_prev)", "W_h @ (r_t + h_prev)"),
        ("W_h @ (r_t * h_prev)", "r_t * h_prev"), ("W_h @ (r_t * h_prev)", "W_h @ ((1 - r_t) * h_prev)"),
        ("r_t * (W_h @ h_prev + b_hidden)", "r_t * (W_h @ h_prev) + b_hidden"), ("r_t * (W_h @ h_prev + b_hidden)", "W_h @ h_prev + b_hidden"),
        ("r_t * (W_h @ h_prev + b_hidden)", "W_h @ (r_t * h_prev) + b_hidden"), ("r_t * (W_h @ h_prev + b_hidden)", "r_t * (W_h @ h_prev)"),
        ("r_t * (W_h @ h_prev + b_hidden) + b", "r_t * (W_h @ h_prev + b_hidden + b)"),
        ("r_t * (W_h @ h_prev + b_hidden) + b", "r_t * (W_h @ h_prev + b_hidden)"),
        ("np.tanh(W_x @ x_t + W_h", "(W_x @ x_t + W_h"), ("np.tanh(W_x @ x_t + r_t", "sigmoid(W_x @ x_t + r_t"),
        ("W_x @ x_t + W_h", "r_t * (W_x @ x_t) + W_h"), ("W_x @ x_t + r_t", "W_x @ x_t - r_t"), ("(r_t * h_prev) + b)", "(r_t * h_prev))"),
        ("(r_t * h_prev) + b)", "(r_t * h_prev) + b_hidden)"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "changes"), [(n, c) for n, some in RIGHTS.items() for c in some])
def test_right_is_right(name, changes):
    made = exercise(name)
    assert judge(made, program(made.solution, *changes)).state == RIGHT


@pytest.mark.parametrize(("name", "change"), [(n, c) for n, some in WRONGS.items() for c in some])
def test_wrong_is_refused(name, change):
    made = exercise(name)
    verdict = judge(made, program(made.solution, change))
    assert verdict.state != RIGHT and verdict.words and not re.search(r"Traceback", verdict.words)


@pytest.mark.parametrize("name", WRONGS)
def test_there_are_twenty_and_every_named_mistake_gets_its_words(name):
    made = exercise(name)
    assert len(WRONGS[name]) >= 20
    for mistake in made.mistakes:
        assert mistake.words in judge(made, mistake.wrong).words
