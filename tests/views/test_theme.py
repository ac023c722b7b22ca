"""The theme: contrast, colour vision and number formats."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_lib import KINDS
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


def linear(colour):
    c = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return linear(colour) @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    """Of two colours, as WCAG defines it: 1 to 21."""
    dark, light = sorted([luminance(a), luminance(b)])
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """CIELAB of linear RGB, white D65."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    t = xyz / [0.95047, 1, 1.08883]
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen(colour, vision):
    return lab(np.clip(VISION[vision] @ linear(colour), 0, 1))


def ciede2000(lab_1, lab_2):
    """Distance of two colours as Sharma, Wu & Dalal 2005 write it out; angles in degrees."""
    (L_1, a_1, b_1), (L_2, a_2, b_2) = lab_1, lab_2
    C_7 = ((np.hypot(a_1, b_1) + np.hypot(a_2, b_2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(C_7 / (C_7 + 25**7))
    C_1, C_2 = np.hypot(stretch * a_1, b_1), np.hypot(stretch * a_2, b_2)
    h_1, h_2 = np.degrees(np.arctan2([b_1, b_2], [stretch * a_1, stretch * a_2]))
    turn = (h_2 - h_1 + 180) % 360 - 180
    L, C, h = (L_1 + L_2) / 2, (C_1 + C_2) / 2, h_1 + turn / 2

    def cos(degrees):
        return np.cos(np.radians(degrees))

    T = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.20 * cos(4 * h - 63)
    dL = (L_2 - L_1) / (1 + 0.015 * (L - 50) ** 2 / np.sqrt(20 + (L - 50) ** 2))
    dC = (C_2 - C_1) / (1 + 0.045 * C)
    dH = 2 * np.sqrt(C_1 * C_2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * C * T)
    twist = np.sin(np.radians(60 * np.exp(-(((h % 360 - 275) / 25) ** 2))))
    return np.sqrt(dL**2 + dC**2 + dH**2 - 2 * np.sqrt(C**7 / (C**7 + 25**7)) * twist * dC * dH)


@pytest.mark.parametrize(
    ("lab_1", "lab_2", "published"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),  # blue: the twist counts
        ((50, 2.5, 0), (58, 24, 15), 19.4535),  # far apart
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),  # green
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),  # hues more than 180 degrees apart
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),  # near black
    ],
)
def test_ciede2000_gives_the_published_distances(lab_1, lab_2, published):
    assert ciede2000(lab_1, lab_2) == pytest.approx(published, abs=1e-4)


@pytest.mark.parametrize("vision", VISION)
def test_greys_stay_grey(vision):
    assert np.asarray(VISION[vision]) @ np.ones(3) == pytest.approx(np.ones(3), abs=3e-6)


@pytest.mark.parametrize("name", theme.ROLES)
def test_every_ink_is_legible_on_paper_and_on_its_tint(name):
    role = theme.ROLES[name]
    for ground in (theme.PAPER, role.tint):
        assert contrast(role.ink, ground) >= 4.5, f"{name} on {ground}: {contrast(role.ink, ground):.2f}"


@pytest.mark.parametrize(
    "ink", [theme.INK, theme.MUTED, theme.MARK, *(role.ink for role in theme.ROLES.values())]
)
def test_text_is_legible_on_paper_and_on_the_marked_row(ink):
    for ground in (theme.PAPER, theme.MARK_TINT):
        assert contrast(ink, ground) >= 4.5, f"{ink} on {ground}: {contrast(ink, ground):.2f}"


def test_wires_have_enough_contrast():
    assert contrast(theme.WIRE, theme.PAPER) >= 3


@pytest.mark.parametrize("vision", VISION)
def test_colours_of_roles_wires_and_the_mark_are_distinct(vision):
    """Within the picture of each kind of cell."""
    for kind in KINDS.values():
        here = {*(gate.key for gate in kind.gates), *kind.lanes, "h", "x"}
        inks = {name: theme.ROLES[name].ink for name in here} | {"MARK": theme.MARK, "WIRE": theme.WIRE}
        least, a, b = min(
            (ciede2000(seen(inks[a], vision), seen(inks[b], vision)), a, b)
            for a, b in itertools.combinations(inks, 2)
        )
        assert least >= 10, f"{vision}, {kind.name}: {a} and {b} are the closest, {least:.2f} apart"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_gate_also_differs_in_dash_marker_symbol_and_name(kind):
    for cue in ("dash", "marker"):
        assert len({getattr(theme.ROLES[gate.key], cue) for gate in kind.gates}) == len(kind.gates), cue
    for cue in ("symbol", "name"):
        assert len({getattr(gate, cue) for gate in kind.gates}) == len(kind.gates), cue


def test_heat_shows_the_sign_and_text_is_legible_on_it():
    for value in (-6, -0.1, 0, 0.1, 6):
        assert contrast(theme.heat(value, 6), theme.INK) >= 4.5
    for vision in VISION.values():
        ends = [lab(np.clip(vision @ linear(theme.heat(v, 6)), 0, 1)) for v in (-6, 6)]
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
def test_a_gate_s_number_differs_from_one_and_zero(value, shown):
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
                         (0, "0"), (np.inf, "∞"), (np.nan, "NaN"), (512.3, "512"), (0.001, "0.00100"), (1e4, "1.0e4")):  # fmt: skip
        assert theme.amount(value) == words


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (theme.gate_number(-0.9999), "−0.9999"), (theme.gate_number(-1 + 2e-9), "−1+2e−9"), (theme.gate_number(-1), "−1.00"),
        (theme.exact(0.125), "0.125"), (theme.exact(8.0, 0), "8"), (theme.exact(1 / 3), "0.333333"), (theme.exact(-1.25, 1), "−1.25"),
        (theme.beside(7.9992, 8), "7.999"), (theme.beside(8, 8), "8"), (theme.beside(8 - 8e-9, 8), "8−8e−9"),
        (theme.beside(8.1242, 8.125, shown="8.125"), "8.12"), (theme.beside(-10.0004, -10), "−10.0004"),
        (theme.beside(1.54305, 1.5432), "1.54−1e−4"), (theme.beside(3.0, 6), "3"),
        (theme.percent(0.9896, 0.99), "98.96 %"), (theme.percent(0.98996, 0.99), "98.996 %"), (theme.percent(0.99, 0.99), "99 %"),
        (theme.percent(0.001003, 0.001), "0.1003 %"), (theme.percent(0.25, 0.2504), "25 %"),
    ],
)  # fmt: skip
def test_numbers_that_must_differ(shown, wanted):
    assert shown == wanted


@given(st.floats(-1e5, 1e5), st.floats(0, 1), st.sampled_from([theme.number, theme.plain]))
def test_what_is_shown_beside_a_bound_is_on_its_side(bound, share, show):
    value = bound * share
    # as exact decimals: 32768.59−4e−12 rounds to 32768.59
    shown, limit = (sum(theme._terms(text)) for text in (theme.beside(value, bound, show=show), show(bound)))
    assert (shown > limit, shown < limit) == (value > bound, value < bound)


@pytest.mark.parametrize(
    ("text", "value", "sign"),
    [("1.00", 0.9996, "="), ("1.00", 0.99, "≈"), ("8", 7.9992, "="), ("8", 7.98, "≈"), ("(−0.25)", -0.25, "="),
     ("1−6e−6", 0.999994, "="), ("1−6e−6", 1.0, "≈"), ("1.2e6", 1_203_000.0, "≈"), ("3e−5", 2.9e-5, "="), ("3e−5", 2e-5, "≈")],
)  # fmt: skip
def test_equals_or_approximately(text, value, sign):
    assert theme.equals(text, value) == sign
