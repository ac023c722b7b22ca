"""Initial weights and biases."""

import numpy as np

from lstm_lib.checks import generator, whole_number


def uniform(rng, H, shape):
    """Uniform in ±1/√H from the generator `rng`."""
    bound = H**-0.5
    return rng.uniform(-bound, bound, shape)


def orthogonal(rng, H):
    """A random orthogonal (H, H) matrix: a W_h that keeps the length of h."""
    generator(rng), whole_number("H", H)
    Q, R = np.linalg.qr(rng.normal(size=(H, H)))
    return Q * np.sign(np.diag(R))


def chrono_bias(rng, H, longest):
    """b_f = ln U(1, T − 1) and b_i = −b_f, each (H,), for memories up to T = `longest` steps.

    Tallec & Ollivier 2018 (arXiv 1804.11188).
    """
    generator(rng), whole_number("H", H), whole_number("longest", longest, 3)
    b_f = np.log(rng.uniform(1, longest - 1, H))
    return b_f, -b_f
