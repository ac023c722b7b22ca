"""Static plots with matplotlib, on a given ax."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from lstm_lib.cell.activations import sigmoid
from lstm_lib.views.theme import INK, ROLES


def gate_plane(ax, w, b, points, labels):
    """One gate σ(w · v + b) over a plane of inputs v, and the points (N, 2) with target values `labels` (N,), 0 or 1.

    w : (2,);  b : number.  A gate's level lines are straight: one line separates open from closed.
    """
    side = np.linspace(-0.5, 1.5, 101)
    v0, v1 = np.meshgrid(side, side)
    gate = sigmoid(w[0] * v0 + w[1] * v1 + b)
    shades = LinearSegmentedColormap.from_list("forget", ["#ffffff", ROLES["f"].ink])
    image = ax.imshow(gate, origin="lower", extent=(-0.5, 1.5, -0.5, 1.5), cmap=shades, vmin=0, vmax=1)
    if np.ptp(gate) > 0.2:
        ax.contour(v0, v1, gate, levels=[0.5], colors=INK, linestyles="--")
    for (a, c), label in zip(points, labels, strict=True):
        marker, fill = ("o", INK) if label else ("s", "white")
        ax.plot(a, c, marker, color=INK, markerfacecolor=fill, markersize=11)
        white = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        offset = {"xytext": (0, 11), "textcoords": "offset points", "ha": "center"}
        ax.annotate(f"target {label:g}", (a, c), bbox=white, **offset)
    ax.set(xlabel="v[0]", ylabel="v[1]", xticks=[0, 1], yticks=[0, 1])
    ax.figure.colorbar(image, ax=ax, label="$f_t$", ticks=[0, 0.5, 1])
