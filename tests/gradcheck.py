"""One gradient check for all: central differences beside what a backward pass says."""

import numpy as np


def central_differences(loss, arrays, name, step=1e-6):
    """∂loss/∂arrays[name] by central differences; `loss` takes the dict of arrays."""
    array = arrays[name]
    gradient = np.zeros_like(array)
    for at in np.ndindex(*array.shape):
        values = []
        for sign in (1, -1):
            moved = array.copy()
            moved[at] += sign * step
            values.append(loss(arrays | {name: moved}))
        gradient[at] = (values[0] - values[1]) / (2 * step)
    return gradient


def check_gradients(loss, arrays, gradients, names, tolerance=2e-6):
    """Compare each named gradient; a failure prints both numbers where they differ most."""
    for name in names:
        wanted, got = central_differences(loss, arrays, name), np.asarray(getattr(gradients, name))
        assert got.shape == wanted.shape, f"{name}: shape {got.shape}, expected {wanted.shape}"
        scale = max(1.0, float(np.abs(wanted).max()))
        worst = np.unravel_index(np.abs(got - wanted).argmax(), got.shape)
        assert np.abs(got - wanted).max() <= tolerance * scale, (
            f"d{name}{list(map(int, worst))}: backward says {got[worst]:.8g}, differences say {wanted[worst]:.8g}"
        )
