"""Clipping by global norm, gradient descent, and Adam."""

import numpy as np

from lstm_lib.checks import finite_number, quoted


def norm_of(array):
    """√Σ a², also where a² overflows, as for an exploding gradient."""
    flat = np.ravel(array)
    with np.errstate(over="ignore"):
        norm = float(np.sqrt(np.dot(flat, flat)))
    if np.isfinite(norm):
        return norm
    largest = float(np.abs(flat).max())
    return largest * float(np.linalg.norm(flat.astype(float) / largest)) if np.isfinite(largest) else largest


def clip_by_global_norm(gradient, max_norm):
    """Scale `gradient`, a float array, in place to a norm of at most `max_norm`; returns the new norm.

    Pascanu, Mikolov & Bengio 2013. The direction is kept. This helps against exploding gradients, not vanishing ones.
    """
    if not isinstance(max_norm, int | float | np.number) or not max_norm > 0:
        raise ValueError(f"max_norm: expected a number above 0, got {quoted(max_norm)}")
    if not isinstance(gradient, np.ndarray) or gradient.dtype.kind != "f":
        is_array = isinstance(gradient, np.ndarray)
        got = f"an array of {gradient.dtype}" if is_array else type(gradient).__name__
        raise ValueError(f"gradient: expected an array of floats, which is scaled in place, got {got}")
    norm = norm_of(gradient)
    if not np.isfinite(norm):
        raise ValueError("gradient: expected finite numbers, got NaN or infinity")
    if norm <= max_norm:
        return norm
    gradient *= max_norm / norm
    return float(max_norm)


class SGD:
    """θ ← θ − learning_rate · gradient; 0 ≤ learning_rate."""

    def __init__(self, learning_rate=0.1):
        self.learning_rate = finite_number("learning_rate", learning_rate, 0)

    def update(self, theta, gradient):
        """Change `theta` in place."""
        theta -= self.learning_rate * gradient


class Adam:
    """Kingma & Ba 2015 (arXiv 1412.6980), with bias correction and the paper's β₁, β₂ and ε; 0 ≤ learning_rate."""

    BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8

    def __init__(self, learning_rate=0.01):
        self.learning_rate = finite_number("learning_rate", learning_rate, 0)
        self.t, self.m, self.v = 0, None, None

    def update(self, theta, gradient):
        """Change `theta` in place."""
        if self.m is None:
            self.m, self.v = np.zeros_like(theta), np.zeros_like(theta)
        if self.m.shape != theta.shape:
            raise ValueError(
                f"theta: expected {self.m.size} parameters as before, got {theta.size}; use a new optimiser for a new network"
            )
        self.t += 1
        self.m += (1 - self.BETA_1) * (gradient - self.m)
        self.v += (1 - self.BETA_2) * (gradient * gradient - self.v)
        scale = np.sqrt(self.v / (1 - self.BETA_2**self.t)) + self.EPSILON
        theta -= self.learning_rate / (1 - self.BETA_1**self.t) * self.m / scale
