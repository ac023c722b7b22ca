"""Where training starts, for every kind."""

import numpy as np
import pytest
from cells import CELLS

from lstm_lib import KINDS, chrono_bias, orthogonal

KEEPS = {"f": 1, "u": 1} | {("minGRU", "u"): -1, ("CIFG", "i"): -1}
"""Where an open gate keeps the memory, and where it replaces it."""


@pytest.mark.parametrize("name", KINDS)
def test_a_start_has_small_weights_and_remembers(name):
    kind, (D, H) = KINDS[name], (5, 40)
    bias = np.linspace(1, 2, H)
    start, same = (kind.random(D, H, np.random.default_rng(0), forget_bias=bias) for _ in range(2))
    for array in start.names:
        np.testing.assert_array_equal(getattr(start, array), getattr(same, array))
        if array != "b":
            bound = H**-0.5 * (1 if array == "W" else 0.1)
            values = getattr(start, array)[:, H:] if name == "orthogonal RNN" else getattr(start, array)
            assert 0.9 * bound < values.max() <= bound and -bound <= values.min() < -0.9 * bound
    for gate in kind.gates:
        keeps = KEEPS.get((name, gate.key), KEEPS.get(gate.key, 0))
        np.testing.assert_array_equal(getattr(start, f"b_{gate.block}"), keeps * bias)
    plain = kind.random(D, H, np.random.default_rng(0))
    np.testing.assert_array_equal(plain.b.reshape(-1, H).T, [[gate.keeps for gate in kind.gates]] * H)


def test_only_gates_that_keep_start_with_a_bias():
    for kind in CELLS.values():
        start, keeps = (
            kind.random(2, 3, np.random.default_rng(0), 2.0),
            {f"b_{g.block}": g.keeps for g in kind.gates},
        )
        for name in [name for name in kind.said.vectors if name.startswith("b_") and name != "b_hidden"]:
            assert (getattr(start, name) == 2 * keeps.get(name, 0)).all(), (kind, name)


def test_the_orthogonal_rnn_starts_with_a_matrix_that_keeps_lengths():
    start = KINDS["orthogonal RNN"].random(2, 6, np.random.default_rng(0))
    np.testing.assert_allclose(start.W[:, :6] @ start.W[:, :6].T, np.eye(6), atol=1e-12)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"D": 0}, "input_size: "), ({"H": 0}, "hidden_size: "), ({"rng": 0}, "rng: "), ({"forget_bias": "a"}, "forget_bias: .* text"),
     ({"forget_bias": [1.0, 2.0]}, r"forget_bias: expected shape \(\) or \(3,\) \(one, or one per unit\)")],
)  # fmt: skip
def test_a_start_that_cannot_be_is_named(wrong, words):
    for name in ("GRU", "orthogonal RNN"):
        with pytest.raises(ValueError, match=f"^{words}"):
            KINDS[name].random(**{"D": 2, "H": 3, "rng": np.random.default_rng(0)} | wrong)


def test_orthogonal_and_chrono():
    Q = orthogonal(np.random.default_rng(0), 6)
    np.testing.assert_allclose(Q @ Q.T, np.eye(6), atol=1e-12)
    firsts = [orthogonal(np.random.default_rng(seed), 2)[0, 0] for seed in range(400)]
    assert abs(np.mean(firsts)) < 0.1, "all directions alike"
    b_f, b_i = chrono_bias(np.random.default_rng(0), 1000, longest=100)
    np.testing.assert_array_equal(b_i, -b_f)
    T = np.exp(b_f)
    assert 1 <= T.min() < 2 and 98 < T.max() <= 99 and abs(T.mean() - 50) < 3
    assert chrono_bias(np.random.default_rng(0), 3, 3)[0].shape == (3,)
    with pytest.raises(ValueError, match="longest: expected a whole number of at least 3"):
        chrono_bias(np.random.default_rng(0), 3, 2)


@pytest.mark.parametrize("wrong", [{"rng": 0}, {"H": 0}, {"longest": 2.5}])
def test_a_wrong_argument_is_named(wrong):
    (name,) = wrong
    for make, right in ((orthogonal, {"H": 3}), (chrono_bias, {"H": 3, "longest": 9})):
        if name in {"rng": 0, **right}:
            with pytest.raises(ValueError, match=f"^{name}: expected"):
                make(**{"rng": np.random.default_rng(0), **right} | wrong)
