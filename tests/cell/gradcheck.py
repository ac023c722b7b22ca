"""One gradient check for all: central differences beside what a backward pass says."""

import numpy as np

from lstm_lib import central_differences


def check_gradients(loss, arrays, gradients, names, tolerance=2e-6):
    """Compare each named gradient; a failure prints both numbers where they differ most."""
    for name in names:
        wanted = central_differences(lambda moved, name=name: loss(arrays | {name: moved}), arrays[name])
        got = np.asarray(getattr(gradients, name))
        assert got.shape == wanted.shape, f"{name}: shape {got.shape}, expected {wanted.shape}"
        scale = max(1.0, float(np.abs(wanted).max()))
        worst = np.unravel_index(np.abs(got - wanted).argmax(), got.shape)
        assert np.abs(got - wanted).max() <= tolerance * scale, (
            f"d{name}{list(map(int, worst))}: backward says {got[worst]:.8g}, differences say {wanted[worst]:.8g}"
        )
