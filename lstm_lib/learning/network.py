"""A trainable network: a cell of any kind with a linear readout.

All parameters are in one flat vector θ, so norm, clipping and optimiser need no loop over arrays.
"""

import io
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstm_lib.cell.initial import uniform
from lstm_lib.cell.kind import Kind
from lstm_lib.cell.kinds import KINDS, kind_of
from lstm_lib.cell.params import Params, clamped_values
from lstm_lib.checks import FLOATS, as_floats, check_shape, instance, quoted, whole_number
from lstm_lib.learning.tasks import Batch

FORMAT = 1
"""Version of the file format of `save`."""

SIZES = ("input_size", "hidden_size", "output_size")


@dataclass(frozen=True, eq=False)
class NetworkTrace:
    """What the backward pass needs of a forward pass.

    x (T, B, D) : the cell's inputs;  cell : the cell's trace, with `h` (T, B, H) and the final states `last`
    y (T, B, O) : the outputs;  params, V : as used
    """

    x: np.ndarray
    cell: object
    y: np.ndarray
    params: Params
    V: np.ndarray


class Network:
    """A cell, a Kind or its name in `KINDS`, and a readout y_t = V · h_t + c.

    The cell's parameters, V (O, H) and c (O,) are views of the flat `theta`.
    forget_bias : initial bias towards keeping the memory, a number or (H,);  clamp : as in `lstm_forward`
    """

    def __init__(self, input_size, hidden_size, output_size, rng, cell="LSTM", forget_bias=1.0, clamp=None,
                 dtype=np.float64):  # fmt: skip
        self.kind = kind_of(cell)
        D, H = whole_number("input_size", input_size), whole_number("hidden_size", hidden_size)
        self.input_size, self.hidden_size = D, H
        self.output_size = whole_number("output_size", output_size)
        floats = (*FLOATS, np.float64, np.float32, "float64", "float32")
        if isinstance(dtype, np.ndarray) or dtype not in floats:
            raise ValueError(f"dtype: expected float64 or float32, got {quoted(dtype)}")
        self.shapes = {**self.kind.shapes(D, H), "V": (self.output_size, H), "c": (self.output_size,)}
        start = self.kind.random(D, H, rng, forget_bias)
        arrays = {name: getattr(start, name) for name in start.names}
        arrays |= {"V": uniform(rng, H, self.shapes["V"]), "c": np.zeros(self.output_size)}
        self.theta = np.concatenate([arrays[name].ravel() for name in self.shapes]).astype(dtype)
        self.clamp = clamped_values(start, clamp)

    def parts(self, flat):
        """{name: view} of a flat vector with the layout of θ."""
        found, start = {}, 0
        for name, shape in self.shapes.items():
            end = start + math.prod(shape)
            found[name], start = flat[start:end].reshape(shape), end
        if start != len(flat):
            raise ValueError(f"theta: expected {start} parameters, shape ({start},), got {np.shape(flat)}")
        return found

    def __getattr__(self, name):
        if name != "shapes" and name in self.__dict__.get("shapes", ()):
            return self.parts(self.theta)[name]
        cell = self.kind.name if "kind" in self.__dict__ else "cell"
        raise AttributeError(f"a network with a {cell} has no {name}")

    @property
    def params(self):
        """The cell's parameters, a frozen copy."""
        return self._params(self.parts(self.theta))

    def _params(self, parts):
        cell = {name: array for name, array in parts.items() if name not in ("V", "c")}
        return Params(self.kind, **cell)

    def forward(self, x, before=None):
        """A NetworkTrace for x (T, B, D), as returned by `inputs`.

        before : initial states {"h": (B, H), …}, such as `trace.cell.last` of a previous sequence; zero when left out
        """
        parts, B = self.parts(self.theta), x.shape[1]
        before = before or {name: np.zeros((B, self.hidden_size), x.dtype) for name in self.kind.states}
        clamp = {gate: np.broadcast_to(value, (B, self.hidden_size)) for gate, value in self.clamp.items()}
        params, V = self._params(parts), parts["V"].copy()
        cell = self.kind.run(params, x, before, clamp)
        return NetworkTrace(x, cell, cell.h @ V.T + parts["c"], params, V)

    def backward(self, trace, dy):
        """∂loss/∂θ, flat, and ∂loss/∂h_t of every step, (T, B, H), from ∂loss/∂y (T, B, O)."""
        O, H = self.output_size, self.hidden_size  # noqa: E741
        gradient = np.zeros_like(self.theta)
        into = self.parts(gradient)
        into["V"][:] = dy.reshape(-1, O).T @ trace.cell.h.reshape(-1, H)
        into["c"][:] = dy.sum(axis=(0, 1))
        found, _, _, reached = trace.cell.back(trace.params, dy @ trace.V, inputs=False)
        for name, array in found.items():
            into[name][:] = array
        return gradient, reached["h"]

    def inputs(self, x, name="x"):
        """`x`, checked and converted for `forward`."""
        x = as_floats(name, x).astype(self.theta.dtype, copy=False)
        check_shape(name, x, ("T", "B", self.input_size), why=f"(input_size={self.input_size})")
        return x

    def predict(self, x):
        """y (T, B, O) for x (T, B, D)."""
        return self.forward(self.inputs(x)).y

    def save(self, path):
        """Write an `.npz` file with all arrays and the arguments of the constructor. Folders that are missing are made."""
        about = {"format": FORMAT, "cell": self.kind.name} | {name: getattr(self, name) for name in SIZES}
        if self.kind is not KINDS.get(self.kind.name):
            about["equations"] = self.kind.equations
        clamp = {f"clamp_{gate}": value for gate, value in self.clamp.items()}
        path = _npz(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(path, about=np.array(json.dumps(about)), **self.parts(self.theta), **clamp)
        except (
            OSError,
            ValueError,
        ) as error:  # no permission, no possible name, or a file where a folder is wanted
            raise ValueError(
                f"path: {quoted(str(path))} cannot be written ({getattr(error, 'strerror', None) or error})"
            ) from None

    @classmethod
    def load(cls, path):
        """The network that `save` wrote to `path`."""
        path = _npz(path)
        try:
            data = path.read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ValueError(
                f"path: expected a file that Network.save wrote, there is none at {quoted(str(path))} ({reason})"
            ) from None
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            about = json.loads(str(arrays.pop("about")))
            version = about["format"]
        except Exception:  # from zipfile, NumPy or json, which speak of pickles
            what = (
                "other arrays, or a part of one"
                if data[:2] == b"PK"
                else f"a file that begins with {quoted(data[:40])[1:]}"
            )
            raise ValueError(
                f"{path.name}: expected a file that Network.save wrote, got {what}. If it was downloaded, "
                "get the file itself, not its page or a pointer of Git LFS"
            ) from None
        if version != FORMAT:
            raise ValueError(
                f"{path.name}: expected format {FORMAT}, got {quoted(version)}; it was written by another version"
            )
        clamped = [name for name in arrays if name.startswith("clamp_")]
        clamp = {name.removeprefix("clamp_"): arrays.pop(name) for name in clamped}
        try:
            if equations := about.pop("equations", ()):
                about["cell"] = Kind(about["cell"], *equations)
            D, H, O = sizes = [whole_number(name, about[name]) for name in SIZES]  # noqa: E741
            check_shape(
                "V", arrays["V"], (O, H), why="(as the file's sizes say)"
            )  # before a network of these sizes is made
            whole_number("input_size", D, 1, sum(array.size for array in arrays.values()))
            made = cls(*sizes, np.random.default_rng(0), about["cell"], clamp=clamp, dtype=arrays["V"].dtype)
        except (TypeError, KeyError, ValueError) as error:
            raise ValueError(f"{path.name}: expected a file that Network.save wrote ({error})") from None
        if set(arrays) != set(made.shapes):
            raise ValueError(f"{path.name}: expected the arrays {list(made.shapes)}, got {sorted(arrays)}")
        for name, shape in made.shapes.items():
            check_shape(f"{path.name}: {name}", as_floats(f"{path.name}: {name}", arrays[name]), shape)
        made.theta = np.concatenate([arrays[name].ravel() for name in made.shapes])
        return made


def share_of_signs(y, target):
    """Accuracy where the sign decides: the share of numbers y that have the sign of their target."""
    return float(((y > 0) == (target > 0)).mean())


def _npz(path):
    """The path as `save` writes it: with ~ expanded, and with .npz at its end."""
    if not isinstance(path, str | os.PathLike) or not (path := Path(path)).name:
        raise ValueError(f"path: expected the path of a file, got {quoted(path)}")
    path = Path(os.path.expanduser(path))  # an unknown ~name stays
    return path if path.suffix == ".npz" else path.with_name(f"{path.name}.npz")


def fraction_unexplained(network, batch):
    """Squared error as a fraction of the targets' variance, where the mask is set: 0 is perfect, 1 is the mean baseline."""
    instance("network", network, Network), instance("batch", batch, Batch)
    check_shape("batch.target", batch.target, ("T", "B", network.output_size), why="(like the outputs)")
    wanted = batch.mask.astype(bool)
    target, y = batch.target[wanted], network.predict(batch.x)[wanted]
    if not np.ptp(target, axis=0).any():
        raise ValueError("batch.target: expected targets that vary, these have no variance to explain")
    return float(((y - target) ** 2).sum() / ((target - target.mean(axis=0)) ** 2).sum())
