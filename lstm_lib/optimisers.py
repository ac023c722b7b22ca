"""What moves θ: clipping by global norm, gradient descent with momentum, Adam."""

from __future__ import annotations

import numpy as np

__all__ = ["Adam", "SGD", "clip_by_global_norm"]


def clip_by_global_norm(gradient, limit):
    """Scale `gradient` in place so that its norm is at most `limit`; returns the norm it has then.

    Pascanu, Mikolov & Bengio 2013: the direction stays. It cures explosions, not vanishing.
    """
    if not limit > 0:
        raise ValueError(f"limit: expected a number above 0, got {limit!r}")
    norm = float(np.linalg.norm(gradient))
    if norm <= limit:
        return norm
    gradient *= limit / norm
    return float(limit)


class SGD:
    """θ ← θ − rate · velocity, velocity ← momentum · velocity + gradient."""

    def __init__(self, rate=0.1, momentum=0.0):
        self.rate, self.momentum, self.velocity = rate, momentum, None

    def update(self, theta, gradient):
        """Move `theta` in place."""
        if self.velocity is None:
            self.velocity = np.zeros_like(theta)
        self.velocity *= self.momentum
        self.velocity += gradient
        theta -= self.rate * self.velocity


class Adam:
    """Kingma & Ba 2015 (arXiv 1412.6980), with bias correction."""

    def __init__(self, rate=0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.rate, self.beta_1, self.beta_2, self.epsilon = rate, beta_1, beta_2, epsilon
        self.t, self.m, self.v = 0, None, None

    def update(self, theta, gradient):
        """Move `theta` in place."""
        if self.m is None:
            self.m, self.v = np.zeros_like(theta), np.zeros_like(theta)
        self.t += 1
        self.m += (1 - self.beta_1) * (gradient - self.m)
        self.v += (1 - self.beta_2) * (gradient * gradient - self.v)
        scale = np.sqrt(self.v / (1 - self.beta_2**self.t)) + self.epsilon
        theta -= self.rate / (1 - self.beta_1**self.t) * self.m / scale
