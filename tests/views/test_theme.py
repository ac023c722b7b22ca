"""The theme's promises, measured: contrast, colour vision, and numbers as people read them."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_lib.views import theme

# Machado, Oliveira & Fernandes 2009, "A physiologically-based model for simulation of color vision
# deficiency", severity 1.0; they act on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
GATES = ["f", "i", "o", "C_tilde"]


def linear(colour):
    c = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return linear(colour) @ [0.2126, 0.7152, 0.0722]


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    t = xyz / [0.95047, 1, 1.08883]
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("name", theme.ROLES)
def test_every_ink_reads_on_paper_and_on_its_tint(name):
    role = theme.ROLES[name]
    for ground in (theme.PAPER, role.tint):
        assert (luminance(ground) + 0.05) / (luminance(role.ink) + 0.05) >= 4.5


@pytest.mark.parametrize("ink", [theme.INK, theme.MUTED, theme.MARK])
def test_text_reads_on_paper_and_on_the_marked_row(ink):
    for ground in (theme.PAPER, theme.MARK_TINT):
        assert (luminance(ground) + 0.05) / (luminance(ink) + 0.05) >= 4.5


@pytest.mark.parametrize("vision", VISION)
def test_gate_colours_keep_apart(vision):
    seen = {g: lab(np.clip(VISION[vision] @ linear(theme.ROLES[g].ink), 0, 1)) for g in GATES}
    for a, b in itertools.combinations(GATES, 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 20, (a, b)


def test_every_gate_has_a_second_cue_of_its_own():
    for cue in ("dash", "marker", "symbol", "words"):
        assert len({getattr(theme.ROLES[g], cue) for g in GATES}) == len(GATES), cue


def test_heat_tells_signs_apart_and_text_reads_on_it():
    for value in (-6, -0.1, 0, 0.1, 6):
        fill, ink = theme.heat(value, 6)
        assert (luminance(fill) + 0.05) / (luminance(ink) + 0.05) >= 4.5
    for vision in VISION.values():
        ends = [lab(np.clip(vision @ linear(theme.heat(v, 6)[0]), 0, 1)) for v in (-6, 6)]
        assert np.linalg.norm(ends[0] - ends[1]) > 20


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0.00"), (-0.0, "0.00"), (-0.001, "−1e−3"), (-1.5, "−1.50"), (2.06e-9, "2.1e−9"), (np.inf, "∞"), (np.nan, "NaN"),
     (-0.996, "−1.00"), (12, "12.00")],
)  # fmt: skip
def test_numbers(value, shown):
    assert theme.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, "0.50"), (1, "1.00"), (0.9975, "0.9975"), (1 - 6e-6, "1−6e−6"), (1e-11, "1e−11")],
)
def test_a_gate_s_number_tells_it_from_one_and_from_zero(value, shown):
    assert theme.gate_number(value) == shown


@given(st.floats(0, 1))
def test_only_a_true_one_or_zero_is_shown_as_one(f):
    text = theme.gate_number(f)
    assert (text == "1.00") == (f == 1.0)
    assert (text == "0.00") == (f == 0.0)


def test_vectors_and_words():
    assert theme.vector([6, -8, 4.5]) == "[6, −8, 4.5]"
    assert theme.gate_vector([0, 0.25, 1, 0.9975]) == "[0, 0.25, 1, 0.9975]"
    assert theme.words("C_{t-1}, h_t, x_0, W_f and 0.9") == "Cₜ₋₁, hₜ, x₀, W_f and 0.9"
    assert theme.raised(50) == "⁵⁰"


def test_an_amount_shows_three_digits_at_any_size():
    for value, words in ((0.0123, "0.0123"), (4.561, "4.56"), (1.0, "1.00"), (2.56e8, "2.6e8"), (-3e-7, "−3.0e−7"),
                         (0, "0"), (np.inf, "∞"), (np.nan, "NaN"), (512.3, "512")):  # fmt: skip
        assert theme.amount(value) == words
