"""Drawings with matplotlib, always on a given ax: for what is looked at, not dragged."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from lstm_lib.cell.activations import sigmoid
from lstm_lib.views.theme import INK, ROLES


def gate_plane(ax, w, b, points, labels):
    """One gate σ(w · v + b) over a plane of inputs v, with points (N, 2) that want `labels` (N,) 0 or 1.

    w : (2,);  b : number.  A gate's level lines are straight: one line parts open from shut.
    """
    side = np.linspace(-0.5, 1.5, 101)
    v0, v1 = np.meshgrid(side, side)
    gate = sigmoid(w[0] * v0 + w[1] * v1 + b)
    shades = LinearSegmentedColormap.from_list("forget", ["#ffffff", ROLES["f"].ink])
    image = ax.imshow(gate, origin="lower", extent=(-0.5, 1.5, -0.5, 1.5), cmap=shades, vmin=0, vmax=1)
    if np.ptp(gate) > 0.2:
        ax.contour(v0, v1, gate, levels=[0.5], colors=INK, linestyles="--")
    for (a, c), label in zip(points, labels, strict=True):
        ax.plot(
            a, c, "o" if label else "s", color=INK, markerfacecolor=INK if label else "white", markersize=11
        )
        ax.annotate(f"wants {label:g}", (a, c), xytext=(0, 11), textcoords="offset points", ha="center",
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
    ax.set(xlabel="v[0]", ylabel="v[1]", xticks=[0, 1], yticks=[0, 1])
    ax.figure.colorbar(image, ax=ax, label="$f_t$", ticks=[0, 0.5, 1])
