"""Clipping by global norm, gradient descent with momentum, and Adam."""

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
    """θ ← θ − learning_rate · velocity, velocity ← momentum · velocity + gradient; 0 ≤ learning_rate, 0 ≤ momentum < 1."""

    def __init__(self, learning_rate=0.1, momentum=0.0):
        self.learning_rate = finite_number("learning_rate", learning_rate, 0)
        self.momentum = _below_1("momentum", momentum)
        self.velocity = None

    def update(self, theta, gradient):
        """Change `theta` in place."""
        if self.velocity is None:
            self.velocity = np.zeros_like(theta)
        _same_size(self.velocity, theta)
        self.velocity *= self.momentum
        self.velocity += gradient
        theta -= self.learning_rate * self.velocity


class Adam:
    """Kingma & Ba 2015 (arXiv 1412.6980), with bias correction; 0 ≤ learning_rate, 0 ≤ β < 1."""

    def __init__(self, learning_rate=0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.learning_rate = finite_number("learning_rate", learning_rate, 0)
        self.epsilon = finite_number("epsilon", epsilon, 0)
        self.beta_1, self.beta_2 = _below_1("beta_1", beta_1), _below_1("beta_2", beta_2)
        self.t, self.m, self.v = 0, None, None

    def update(self, theta, gradient):
        """Change `theta` in place."""
        if self.m is None:
            self.m, self.v = np.zeros_like(theta), np.zeros_like(theta)
        _same_size(self.m, theta)
        self.t += 1
        self.m += (1 - self.beta_1) * (gradient - self.m)
        self.v += (1 - self.beta_2) * (gradient * gradient - self.v)
        scale = np.sqrt(self.v / (1 - self.beta_2**self.t)) + self.epsilon
        theta -= self.learning_rate / (1 - self.beta_1**self.t) * self.m / scale


def _below_1(name, value):
    return finite_number(name, value, 0, np.nextafter(1, 0))


def _same_size(memory, theta):
    if memory.shape != theta.shape:
        raise ValueError(
            f"theta: expected {memory.size} parameters as before, got {theta.size}; use a new optimiser for a new network"
        )
